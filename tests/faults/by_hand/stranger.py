"""A stranger's run: from a bare Debian to production, with nothing typed but what the operator's manual says.

    python -m tests.faults.by_hand.stranger FOLDER [--lay FOLDER] [--record FILE]

Every command is read out of the manual when it is run, so the two can't differ; what a person puts in for the names of
the manual, types when asked, or does in a browser stands here. FOLDER keeps the bare Debian for the next run.
Needs root and `apt-get install debootstrap systemd-container nftables`. `--lay`: files that every machine is born with,
such as the certificate of a proxy between here and the archives of packages.
"""

import argparse
import json
import re
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from allauth.mfa.totp.internal import auth as totp

from clinic_site.deploy.pack import archive, version_of
from tests.faults.asking import ANSWERS, FORM, TOKEN
from tests.faults.by_hand.machines import NAMES, Machine, MailServer, make_world, network, recovery_key_in
from tests.faults.visitor import CSRF, Visitor
from tests.faults.wire import HttpsPort
from tests.screens import form_data
from tests.server import ROOT

MANUAL = ROOT / "clinic_site" / "deploy"
WWW, STAFF = "www.quillwater.test", "staff.quillwater.test"
PUT_IN = {
    **{"www.example.org": WWW, "staff.example.org": STAFF, "YOUR.HOST": WWW, "YOUR-NAME": "mona"},
    **{"10.0.0.2": NAMES[WWW], "10.0.0.3": "10.77.0.3"},
}
HEAD = """# A stranger's run

Two bare machines with Debian 12 (`debootstrap --variant=minbase`, booted with their own systemd) become a site in
production, on {day}. `python -m tests.faults.by_hand.stranger` reads each command out of this manual when it types it,
puts in the names of the two machines, and writes down here what they said; what is secret on a real site is left out.
Real are Debian's systemd, nginx and PostgreSQL, all packages, and TLS as browsers check it. Played are the certificate
authority behind `certbot`, the mail server, the name server, and the person at the keyboard and in the browser.
"""
PASSWORD = "four words that nobody knows"
DATABASE_PASSWORD, PUBLIC_PASSWORD = secrets.token_hex(8), secrets.token_hex(8)


def section(page: str, heading: str) -> str:
    text = (MANUAL / page).read_text()
    found = re.search(rf"^(#+) {re.escape(heading)}$(.*?)(?=^#+ (?!#)|\Z)", text, re.M | re.S)
    assert found, f"{page} has no “{heading}”"
    return found[2]


def blocks(page: str, heading: str) -> list[str]:
    """The commands that stand by themselves, in their order."""
    found = re.findall(r"^( *)```\n(.*?)^ *```$", section(page, heading), re.M | re.S)
    return [re.sub(rf"^{indent}", "", lines, flags=re.M) for indent, lines in found]


def inline(page: str, heading: str, begins: str) -> str:
    """A command within a sentence."""
    found = next(
        (
            words
            for words in re.findall(
                r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```$", "", section(page, heading), flags=re.M | re.S)
            )
            if words.startswith(begins)
        ),
        "",
    )
    assert found, f"{page}, “{heading}” has no command that begins with {begins}"
    return found


class Person(Visitor):
    """Somebody with a browser, who trusts the played authority."""

    def __init__(self, name: str, folder: Path, machine: str = "") -> None:
        super().__init__(HttpsPort(443))
        self.name, self.machine = name, machine or NAMES[name]
        self.trusts = ssl.create_default_context(cafile=str(folder / "world/ca.crt"))

    @property
    def host(self) -> str:
        return self.name

    def connected(self) -> socket.socket:
        plain = socket.create_connection((self.machine, 443), 30)
        return self.trusts.wrap_socket(plain, server_hostname=self.name)

    def sets_up(self, link: str) -> None:
        """Chooses a password and an authenticator app, by the link of `create_staff`."""
        path = link.partition(self.name)[2]
        assert self.send(path, {"password": PASSWORD}).status == 302
        app = "/accounts/2fa/totp/activate/"
        page = self.get(app).body  # each time with another secret
        shown, token = re.search(r'class="secret">([^<]+)', page), CSRF.search(page)
        assert shown
        assert token
        secret = re.sub(r"\s", "", shown[1])
        assert self.post(app, {"csrfmiddlewaretoken": token[1], "code": _code(secret)}).status == 302
        asked = self.get("/admin/").location
        assert self.send(asked, {"code": _code(secret, later=1)}).status == 302
        assert self.get("/admin/").status == 200

    def fills_in_the_profile(self) -> None:
        path = "/admin/education/clinicprofile/1/change/"
        page = self.get(path)
        data = form_data(page.body, "clinicprofile_form")
        typed = {"name": "Clinic by the Quillwater", "telephone": "212 555 0100", "email": "desk@quillwater.test"}
        typed |= {"opening_hours": "Monday to Friday, 9 to 5", "reply_promise": "We call within two working days."}
        data |= {name: [words] for name, words in typed.items()} | {"_save": ["Save"]}
        assert self.post(path, data).status == 302

    def asks(self, name: str) -> str:
        found = TOKEN.search(self.get(FORM).body)
        assert found, "the form is closed"
        sent = self.post(FORM, {**ANSWERS, "full_name": name, "token": found[1]})
        assert sent.status == 303, sent.body
        return sent.location


def _code(secret: str, later: int = 0) -> str:
    """What the app shows now, or when it changes next."""
    counter = int(time.time()) // 30 + later
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


class Run:
    """What was typed, and what was said, for the record."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.lines, self.steps = folder, [], 0  # type: ignore[var-annotated]

    def chapter(self, words: str) -> None:
        self._note(f"\n## {words}\n")

    def note(self, words: str) -> None:
        self._note(f"*{words}*\n")

    def types(self, machine: Machine, commands: str, *, typed: str = "", ends: int = 0, edits: object = None) -> str:
        for name, value in PUT_IN.items():
            commands = commands.replace(name, value)
        commands = re.sub(r"(?<![\w/])manage\.py", "sudo clinic-manage", commands)  # as the manual says
        machine.run(f"printf %s {_quoted(json.dumps(edits or {}))} >/tmp/typed")
        lines, words = commands.strip().splitlines(), ""
        for line in lines:
            began = time.monotonic()
            said = machine.run(line, "y\n" if "apt-get install" in line else typed)
            self.steps += 1
            self._note(
                f"```\n$ {line}\n{shortened(said.words)}\n```\n{machine.name}, {time.monotonic() - began:.0f} s\n"
            )
            assert said.status == (ends if line is lines[-1] else 0), f"ended with {said.status}:\n{said.words[-3000:]}"
            words += said.words
        if isinstance(edits, dict):
            self.note(f"Written in the editor: {', '.join(edits)}.")
        return words

    def _note(self, words: str) -> None:
        sys.stdout.write(f"{words}\n")
        sys.stdout.flush()
        self.lines.append(words)


def shortened(words: str) -> str:
    """Without what is secret on a real site, and without what apt and pip say of each package."""
    words = re.sub(r"\b(?:[0-9A-Z]{4}-){13}[0-9A-Z]{4}\b", "XXXX-…-XXXX", words)
    words = re.sub(r"/setup/[\w-]+/", "/setup/…/", words)
    words = re.sub(r"(?m)^[\w-]{60,}$|^[.+*-]{5,}$", "…", words)
    noise = re.compile(
        r"^(Get:|Selecting|Preparing|Unpacking|Setting up|Processing|Created symlink|debconf|\(Reading|update-)"
    )
    lines = [line.rstrip() for line in words.splitlines() if line.strip() and not noise.match(line)]
    return "\n".join(lines if len(lines) <= 14 else [*lines[:3], "…", *lines[-10:]])


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "'\\''") + "'"


def release(folder: Path, version: str, breaks: str = "") -> Path:
    """The archive of what is committed, as `make release` packs it; a later version of it under another number."""
    source, target = ROOT, folder / version
    target.mkdir(exist_ok=True)
    if version != version_of(ROOT):
        source = folder / f"source-{version}"
        shutil.rmtree(source, ignore_errors=True)
        subprocess.run(["git", "clone", "-q", str(ROOT), str(source)], check=True)
        numbered = (source / "pyproject.toml").read_text().replace(f'"{version_of(ROOT)}"', f'"{version}"', 1)
        (source / "pyproject.toml").write_text(numbered)
        if breaks:
            with (source / breaks).open("a") as file:
                file.write("raise SystemExit('this version is broken')\n")
        own = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", "-C", str(source), *own, "commit", "-qam", version], check=True)
    packed = target / f"clinic-site-{version}.tar.gz"
    packed.write_bytes(archive(source, version))
    sums = subprocess.run(["sha256sum", packed.name], cwd=target, check=True, capture_output=True, text=True).stdout
    (target / "SHA256SUMS").write_text(sums)
    return target


def bring(machine: Machine, folder: Path, version: str) -> None:
    for path in sorted((folder / version).iterdir()):
        machine.put(path, f"/home/admin/{version}/{path.name}")
    machine.at = f"/home/admin/{version}"


class Readers:
    """Two who read and ask all the while, as far as they can; what failed."""

    def __init__(self, person: Callable[[], Person]) -> None:
        self.person, self.read, self.failed = person, 0, 0
        self.enough = threading.Event()
        self.receipts: list[str] = []
        self.threads = [threading.Thread(target=self._go, args=[asks]) for asks in (False, True)]

    def __enter__(self) -> "Readers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.enough.set()
        for thread in self.threads:
            thread.join()

    def _go(self, asks: bool) -> None:
        while not self.enough.wait(8 if asks else 0.2):
            try:
                if asks:
                    self.receipts.append(self.person().asks("Ana"))
                else:
                    assert self.person().get("/").status == 200
                    self.read += 1
            except (OSError, AssertionError) as error:
                sys.stdout.write(f"FAILED: {error!r:.300}\n")
                self.failed += 1


def goes_live(run: Run, site: Machine, folder: Path) -> str:
    """The steps of the manual, one after the other. The recovery key."""
    steps = blocks("README.md", "Steps")
    run.chapter("From a bare Debian to production")
    run.types(site, steps[0])
    bring(site, folder, version_of(ROOT))
    run.types(site, steps[1], ends=3)
    mail = "smtp+tls://site:a-password-for-mail@mail.quillwater.test:587"
    run.types(site, inline("README.md", "Steps", "sudoedit"), edits={
        "SITE_URL": f"https://{WWW}", "ALLOWED_HOSTS": WWW, "EMAIL_URL": mail, "MAIL_FROM": f"site@{WWW}",
        "STAFF_MAIL": "desk@quillwater.test",
    })  # fmt: skip
    key = recovery_key_in(run.types(site, steps[2]))
    run.types(site, steps[3], typed=f"{key}\n")
    run.types(site, steps[4])
    link = run.types(site, inline("README.md", "Steps", "sudo clinic-manage create_staff"))
    mona = Person(WWW, folder)
    mona.sets_up(link.split()[-1])
    mona.fills_in_the_profile()
    run.note("In a browser: mona chose a password, set up an authenticator app, and filled in the profile.")
    run.types(site, steps[5], typed=f"{key}\n")
    run.types(site, steps[6])
    return key


def upgrades(run: Run, site: Machine, folder: Path) -> None:
    """To the next version, to one that does not start, and back by hand, while two read and ask."""
    run.chapter("A newer version, one that is broken, and back")
    (command,) = blocks("README.md", "A newer version")
    back = inline("troubles.md", "At three in the morning", "sudo clinic_site/deploy/upgrade.sh --backup-made")
    unpack = blocks("README.md", "Steps")[1].splitlines()
    unpacked = "\n".join(unpack[:3])
    old = version_of(ROOT)
    with Readers(lambda: Person(WWW, folder)) as readers:
        for version, ends in (("9.0.1", 0), ("9.0.2", 1)):
            bring(site, folder, version)
            run.types(site, unpacked)
            said = run.types(site, command, ends=ends)
            assert ("the old version runs again" in said) == bool(ends)
        site.at = f"/home/admin/{old}/clinic-site-{old}"
        run.types(site, back)
    kept = [Person(WWW, folder).get(receipt).status for receipt in readers.receipts]
    run.note(f"Meanwhile {readers.read} pages were read and {len(kept)} requests sent: {readers.failed} failed, "
             f"{len(kept) - kept.count(200)} lost.")  # fmt: skip
    assert (readers.failed, set(kept)) == (0, {200})


def moves_apart(run: Run, site: Machine, public: Machine, folder: Path) -> None:
    """PostgreSQL, and the public pages on a host of their own."""
    run.chapter("Public pages on a host of their own")
    install, move, roles = blocks("README.md", "PostgreSQL")
    run.types(site, install, typed=f"{DATABASE_PASSWORD}\n" * 2)
    address = f"postgres://clinic:{DATABASE_PASSWORD}@127.0.0.1:5432/clinic"
    run.types(site, move, typed=f"{address}\n")
    edit, again = inline("README.md", "Steps", "sudoedit"), blocks("README.md", "Steps")[2]
    run.types(site, edit, edits={"DATABASE_URL": address})
    run.types(site, again)
    run.types(site, roles, typed=f"{PUBLIC_PASSWORD}\n" * 2)
    title = "Public pages on a host of their own"
    let_in, secret, given, made, named = blocks("hosts.md", title)
    run.types(site, let_in)
    before = run_quietly(site, "sudo sed -n 's/^SECRET_KEY=//p' /etc/clinic-site.env")
    fresh = run.types(site, inline("hosts.md", title, "python3 -c")).strip()
    run.types(site, edit, edits={"STAFF_SECRET_KEY": before, "SECRET_KEY": fresh})
    run.types(site, secret)
    site.at = "/home/admin"
    run.types(site, given)

    steps = blocks("README.md", "Steps")
    run.types(public, steps[0])
    bring(public, folder, version_of(ROOT))
    for name in ("new-key.txt", "clinic-database.crt"):
        public.put(site.root / "home/admin" / name, f"/home/admin/{name}")
    run.types(public, steps[1], ends=3)
    shared = {name: run_quietly(site, f"sudo sed -n 's/^{name}=//p' /etc/clinic-site.env") for name in (
        "SITE_URL", "ALLOWED_HOSTS", "EMAIL_URL", "MAIL_FROM", "STAFF_MAIL", "SECRET_KEY")}  # fmt: skip
    form = inline("hosts.md", title, "DATABASE_URL=").partition("=")[2].replace("PASSWORD", PUBLIC_PASSWORD)
    run.types(public, edit, edits=shared | {
        "CLINIC_ROLE": "public", "DATABASE_URL": form.replace("staff.example.org", STAFF)
    })  # fmt: skip
    first, *rest = made.splitlines(keepends=True)
    run.types(public, first + rest[0], ends=1)
    run.types(public, "".join(rest[1:]))
    for machine in (site, public):
        run_quietly(machine, f"sudo sed -i 's/^.* {WWW}$/{public.address} {WWW}/' /etc/hosts")
    run.note(f"{WWW} leads to the public host from here on.")
    run.types(public, steps[4])
    run.types(site, named.replace(r"www\.example\.org", WWW.replace(".", r"\.")))
    run.types(public, inline("hosts.md", title, "sudo clinic-manage doctor"))
    patient = Person(WWW, folder, public.address)
    receipts = [patient.asks(name) for name in ("Bea", "Cara")]
    assert [patient.get(receipt).status for receipt in receipts] == [200, 200]
    assert (patient.get("/admin/").status, Person(STAFF, folder).get("/admin/").status) == (404, 302)
    run.types(site, inline("hosts.md", title, "sudo clinic-manage doctor --canary"))


def rotates(run: Run, site: Machine, public: Machine, folder: Path) -> None:
    run.chapter("Another key over both hosts")
    heading = "Changing the key"
    patient = Person(WWW, folder, public.address)
    old = run.types(site, inline("keys.md", heading, "manage.py seal_keys list")).split()[0]
    site.at = public.at = "/home/admin"
    run.types(site, inline("keys.md", heading, "manage.py seal_keys new"))
    run.types(site, inline("keys.md", heading, "manage.py seal_keys public"))
    before = patient.asks("Dora")
    public.put(site.root / "home/admin/new-key.txt", "/home/admin/new-key.txt")
    run.types(public, inline("keys.md", heading, "manage.py seal_keys add"))
    after = patient.asks("Ella")
    run.types(site, inline("keys.md", heading, "manage.py seal_keys list"))
    run.types(site, inline("keys.md", heading, "manage.py seal_keys reseal"))
    run.types(site, inline("keys.md", heading, "manage.py seal_keys retire KEY").replace("KEY", old))
    assert [patient.get(receipt).status for receipt in (before, after)] == [200, 200]
    run.types(site, inline("hosts.md", "Public pages on a host of their own", "sudo clinic-manage doctor --canary"))


def run_quietly(machine: Machine, command: str) -> str:
    """Something that a person knows or sees, which is no step of the manual."""
    return machine.run(command).words.strip()


def walk(folder: Path, laid: Path | None) -> Run:
    run = Run(folder)
    make_world(folder)
    release(folder, version_of(ROOT))
    release(folder, "9.0.1")
    release(folder, "9.0.2", breaks="clinic_site/gunicorn.conf.py")
    with network():
        mail, machines = MailServer(folder / "world"), []
        try:
            for name, address in (("first", NAMES[WWW]), ("public", "10.77.0.3")):
                machines.append(Machine(folder, name, address, laid))
                machines[-1].boot()
            site, public = machines
            goes_live(run, site, folder)
            upgrades(run, site, folder)
            moves_apart(run, site, public, folder)
            rotates(run, site, public, folder)
        finally:
            for machine in machines:
                machine.end()
            mail.shutdown()
    run.note(f"{run.steps} commands, each out of the manual; 0 of one's own. {len(mail.mails)} mails were taken.")
    return run


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.by_hand.stranger", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lay", type=Path, help="files for each machine")
    parser.add_argument("--record", type=Path, help="where what was typed and said is written down")
    given = parser.parse_args()
    run = walk(given.folder.resolve(), given.lay)
    if given.record:
        given.record.write_text(f"{HEAD.format(day=date.today())}\n" + "\n".join(run.lines) + "\n")


if __name__ == "__main__":
    main()
