"""nginx with TLS in front of a site, as the operator's manual has it: the same file, with ports and a certificate made
for the run."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clinic_site.bootstrap import end_with_parent, nginx_program
from tests.faults.wire import HttpsPort
from tests.server import ROOT, TIMEOUT, free_port, port_is_free, until

CONFIG = ROOT / "clinic_site" / "deploy" / "nginx.conf"
NAME = "127.0.0.1"  # of the site: tests reach it by this name in both modes
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/start.log warn;
{user}
events {{ worker_connections 4096; }}
http {{
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/unused;
    uwsgi_temp_path {folder}/unused;
    scgi_temp_path {folder}/unused;
    include {folder}/clinic-site.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    port: HttpsPort
    plain_port: int  # for http, which it sends on to https
    folder: Path
    process: "subprocess.Popen[bytes]"

    def logged(self) -> str:
        """All that it wrote down while it ran."""
        return "".join(path.read_text() for path in self.folder.glob("*.log") if path.name != "start.log")

    def forbid_files(self) -> None:
        """From now on, a body or an answer that it would keep in a file is an error."""
        for name in ("bodies", "answers"):
            (self.folder / name).rmdir()
            (self.folder / name).write_text("A file has no files in it.")


@contextmanager
def in_front_of(site_port: int, folder: Path) -> Iterator[Proxy]:
    """nginx, for as long as the block lasts."""
    if not nginx_program():
        pytest.fail("There is no nginx. Run `make nginx`, then try again.", pytrace=False)
    folder.mkdir()
    make_certificate(folder)
    port, plain_port = HttpsPort(free_port()), free_port()
    (folder / "clinic-site.conf").write_text(filled_in(folder, port, plain_port, site_port))
    user = f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    command = [nginx_program(), "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "start.log")]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=end_with_parent)
    try:
        assert until(lambda: not port_is_free(port) or process.poll() is not None)
        assert process.poll() is None, (folder / "start.log").read_text()
        proxy = Proxy(port, plain_port, folder, process)
        proxy.forbid_files()
        yield proxy
    finally:
        process.terminate()
        process.wait(TIMEOUT)


def filled_in(folder: Path, port: int, plain_port: int, site_port: int) -> str:
    """The operator's file. Each place that has to be filled in is there."""
    words = CONFIG.read_text()
    letsencrypt = "/etc/letsencrypt/live/www.example.org"
    for place, value in {
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl;\n": "",
        "listen 80;": f"listen 127.0.0.1:{plain_port};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        f"{letsencrypt}/fullchain.pem": str(folder / "certificate.pem"),
        f"{letsencrypt}/privkey.pem": str(folder / "key.pem"),
        "server_name www.example.org;": f"server_name {NAME};",
        "/var/log/nginx/": f"{folder}/",
        "http://127.0.0.1:8000;": f"http://127.0.0.1:{site_port};",
    }.items():
        assert place in words, place
        words = words.replace(place, value)
    return words


def make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(NAME))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, pkcs8, plain))
    (folder / "key.pem").chmod(0o600)
