"""Bare machines for `stranger.py`: Debian in a folder, booted with its own systemd, on a network of their own, and what
a machine finds in the world around it. Needs root, debootstrap, systemd-nspawn, nft and openssl.
"""

import os
import re
import shutil
import socketserver
import ssl
import subprocess
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.server import until

BRIDGE, NETWORK, GATEWAY = "clinicbr", "10.77.0.0/24", "10.77.0.1"
NAMES = {"www.quillwater.test": "10.77.0.2", "staff.quillwater.test": "10.77.0.2", "two.quillwater.test": "10.77.0.3",
         "mail.quillwater.test": GATEWAY}  # fmt: skip
PATIENCE = 900
# As Let's Encrypt does, it looks whether the name leads to this machine, and then signs.
CERTBOT = """#!/usr/bin/python3
import pathlib, shutil, sys, urllib.request
words = sys.argv[1:]
name, root = words[words.index("-d") + 1], pathlib.Path(words[words.index("-w") + 1])
proof = root / ".well-known/acme-challenge/proof"
proof.parent.mkdir(parents=True, exist_ok=True)
proof.write_text("proof of " + name)
said = urllib.request.urlopen(f"http://{name}/.well-known/acme-challenge/proof", timeout=10).read().decode()
assert said == "proof of " + name
shutil.copytree(f"/opt/world/{name}", f"/etc/letsencrypt/live/{name}", dirs_exist_ok=True)
print("Successfully received certificate.")
"""
# The person at the keyboard, as an editor that writes what they would: lines NAME=VALUE take the place of those that
# are there; in a unit's drop-in they go where systemd wants them.
EDITOR = """#!/usr/bin/python3
import json, re, sys
text, typed = open(sys.argv[-1]).read(), json.load(open("/tmp/typed"))
for name, value in typed.items():
    text, found = re.subn(rf"(?m)^#?{name}=.*$", lambda _: f"{name}={value}", text, count=1)
    if not found:
        here = re.search("will become the .*file\\n", text)
        at = here.end() if here else len(text)
        text = text[:at] + ("\\n[Service]\\n" if here else "") + f"{name}={value}\\n" + text[at:]
open(sys.argv[-1], "w").write(text)
"""
NETWORKD = "[Match]\nName=host0\n[Network]\nAddress={}/24\nGateway=" + GATEWAY + "\n"


def run(*words: str, typed: str = "") -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True, input=typed).stdout


def bare(folder: Path) -> Path:
    """Debian as small as it gets, with an administrator who may use sudo."""
    root = folder / "bare"
    if not (root / "etc/sudoers.d/admin").is_file():
        shutil.rmtree(root, ignore_errors=True)
        run("debootstrap", "--variant=minbase", "--include=systemd,systemd-sysv,dbus,sudo", "bookworm", str(root))
        run("chroot", str(root), "useradd", "--create-home", "--shell", "/bin/bash", "admin")
        (root / "etc/sudoers.d/admin").write_text("admin ALL=(ALL) NOPASSWD: ALL\n")
    return root


@dataclass
class Said:
    """What a machine said to a command, or to a block of them."""

    status: int
    words: str


class Machine:
    def __init__(self, folder: Path, name: str, address: str, laid: Path | None) -> None:
        self.name, self.address, self.root = name, address, folder / name
        shutil.rmtree(self.root, ignore_errors=True)
        run("cp", "-a", str(bare(folder)), str(self.root))
        if laid:
            run("cp", "-r", f"{laid}/.", str(self.root))
        self._lay(folder)
        self.started: subprocess.Popen[bytes] | None = None
        self.at = "/home/admin"

    def _lay(self, folder: Path) -> None:
        etc = self.root / "etc"
        (etc / "hostname").write_text(f"{self.name}\n")
        lines = [f"127.0.0.1 localhost {self.name}", *(f"{address} {name}" for name, address in NAMES.items())]
        (etc / "hosts").write_text("\n".join(lines) + "\n")
        (etc / "systemd/network/10-host0.network").write_text(NETWORKD.format(self.address))
        run("systemctl", f"--root={self.root}", "enable", "systemd-networkd")
        (etc / "resolv.conf").unlink(missing_ok=True)
        shutil.copy("/etc/resolv.conf", etc / "resolv.conf")
        shutil.copytree(folder / "world", self.root / "opt/world", dirs_exist_ok=True)
        for path, program in (("usr/local/bin/certbot", CERTBOT), ("usr/bin/editor", EDITOR)):
            (self.root / path).write_text(program)
            (self.root / path).chmod(0o755)
        trusted = self.root / "usr/local/share/ca-certificates"
        trusted.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "world/ca.crt", trusted / "played.crt")

    def boot(self) -> None:
        own_run = 'mount -t tmpfs tmpfs /run && mkdir /run/systemd && exec systemd-nspawn "$@"'
        options = ["-q", "--register=no", "--keep-unit", "--boot", "--console=pipe", "--resolv-conf=off"]
        where = [f"--network-bridge={BRIDGE}", f"--machine={self.name}", "-D", str(self.root)]
        command = ["unshare", "-m", "sh", "-c", own_run, "sh", *options, *where]
        self.started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        assert until(lambda: self.run("systemctl is-system-running --wait").words.strip() == "running", 60)

    def run(self, block: str, typed: str = "", **environment: str) -> Said:
        """As the administrator, in the folder where the last block ended."""
        leader = self._leader()
        if not leader:
            return Said(1, "")
        script = f"cd {self.at} || exit 9\ntrap 'pwd >/tmp/.at' EXIT\nset -e\n{block}"
        path = "/usr/local/bin:/usr/bin:/bin"
        given = {"HOME": "/home/admin", "PATH": path, "LANG": "C.UTF-8", "TERM": "dumb", **environment}
        command = ["nsenter", "-t", leader, "-a", "env", "-i", *(f"{name}={value}" for name, value in given.items())]
        command += ["setpriv", "--reuid=admin", "--regid=admin", "--init-groups", "bash", "-c", script]
        done = subprocess.run(command, input=typed.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=PATIENCE)  # fmt: skip
        ended = subprocess.run(["nsenter", "-t", leader, "-a", "cat", "/tmp/.at"], capture_output=True, text=True)
        self.at = ended.stdout.strip() or self.at
        return Said(done.returncode, done.stdout.decode(errors="replace"))

    def _leader(self) -> str:
        if not self.started:
            return ""
        children = Path(f"/proc/{self.started.pid}/task/{self.started.pid}/children").read_text().split()
        return children[0] if children else ""

    def put(self, source: Path, target: str) -> None:
        """As somebody brings a file there, such as by scp."""
        there = self.root / target.lstrip("/")
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, there)
        os.chown(there, *[(self.root / "home/admin").stat().st_uid] * 2)
        os.chown(there.parent, *[(self.root / "home/admin").stat().st_uid] * 2)

    def end(self) -> None:
        if self.started:
            if leader := self._leader():
                subprocess.run(["kill", "-RTMIN+4", leader], check=False)  # systemd powers off
            try:
                self.started.wait(60)
            except subprocess.TimeoutExpired:
                self.started.kill()


def make_world(folder: Path) -> None:
    """A certificate authority, and what it signs for each name."""
    world = folder / "world"
    world.mkdir(parents=True, exist_ok=True)
    authority = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=played authority"]
    run("openssl", "req", *authority, "-keyout", f"{folder}/ca.key", "-out", f"{world}/ca.crt")
    for name in NAMES:
        own = world / name
        own.mkdir(exist_ok=True)
        key = ["-newkey", "rsa:2048", "-nodes", "-keyout", f"{own}/privkey.pem", "-subj", f"/CN={name}"]
        asked = run("openssl", "req", *key, "-addext", f"subjectAltName=DNS:{name}")
        signer = ["-CA", f"{world}/ca.crt", "-CAkey", f"{folder}/ca.key", "-CAcreateserial", "-days", "30"]
        run("openssl", "x509", "-req", *signer, "-copy_extensions", "copy", "-out", f"{own}/fullchain.pem", typed=asked)


@contextmanager
def network() -> Iterator[None]:
    """A bridge of this run, from which the machines reach the archives of packages."""
    forwarded = Path("/proc/sys/net/ipv4/ip_forward")
    before = forwarded.read_text()
    run("ip", "link", "add", BRIDGE, "type", "bridge")
    try:
        run("ip", "addr", "add", f"{GATEWAY}/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        forwarded.write_text("1")
        chain = f"type nat hook postrouting priority 100; ip saddr {NETWORK} oifname != {BRIDGE} masquerade;"
        run("nft", "-f", "-", typed=f"table ip {BRIDGE} {{\n chain out {{ {chain} }}\n}}\n")
        yield
    finally:
        subprocess.run(["nft", "delete", "table", "ip", BRIDGE], check=False)
        run("ip", "link", "del", BRIDGE)
        forwarded.write_text(before)


class _Mail(socketserver.StreamRequestHandler):
    """Takes mail after STARTTLS and a password, and keeps its words."""

    server: "MailServer"

    def handle(self) -> None:
        self._say("220 mail.quillwater.test ESMTP")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "EHLO":
                more = "AUTH PLAIN" if isinstance(self.connection, ssl.SSLSocket) else "STARTTLS"
                self._say(f"250-mail.quillwater.test\r\n250 {more}")
            elif verb == "STARTTLS":
                self._say("220 go on")
                self.connection = self.request = self.server.context.wrap_socket(self.connection, server_side=True)
                self.setup()
            elif verb == "AUTH":
                known = b64decode(line.split()[-1]) == b"\0site\0a-password-for-mail"
                self._say("235 welcome" if known else "535 no")
            elif verb == "DATA":
                self._say("354 go on")
                self.server.mails.append("".join(iter(lambda: self.rfile.readline().decode(), ".\r\n")))
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, world: Path) -> None:
        super().__init__((GATEWAY, 587), _Mail)
        self.mails: list[str] = []
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        own = world / "mail.quillwater.test"
        self.context.load_cert_chain(own / "fullchain.pem", own / "privkey.pem")
        threading.Thread(target=self.serve_forever, daemon=True).start()


def recovery_key_in(words: str) -> str:
    found = re.search(r"\b(?:[0-9A-Z]{4}-){13}[0-9A-Z]{4}\b", words)
    assert found, "no recovery key was printed"
    return found[0]
