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
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from clinic_site.deploy.pack import archive, version_of
from tests.faults.by_hand.machines import NAMES, Machine, MailServer, make_world, network, recovery_key_in
from tests.faults.by_hand.people import Person, TwoVisitors
from tests.server import ROOT

MANUAL = ROOT / "clinic_site" / "deploy"
APART = "Public pages on a host of their own"  # a heading of hosts.md
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
        r"^(Get:|Fetched|Do you want|Selecting|Preparing|Unpacking|Setting up|Processing|Created symlink|debconf|"
        r"\(Reading|update-|━)"
    )
    lines = [line.rstrip() for line in words.splitlines() if line.strip() and not noise.match(line.strip())]
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
    looks, *goes_back = blocks("troubles.md", "Back to the version before")[0].splitlines()
    unpack = blocks("README.md", "Steps")[1].splitlines()
    unpacked = "\n".join(unpack[:3])
    old = version_of(ROOT)
    with TwoVisitors(lambda: Person(WWW, folder)) as readers:
        for version, ends in (("9.0.1", 0), ("9.0.2", 1)):
            bring(site, folder, version)
            run.types(site, unpacked)
            said = run.types(site, command, ends=ends)
            assert ("the old version runs again" in said) == bool(ends)
        site.at = "/home/admin"
        listed = run.types(site, looks).split()
        before = next(name for name in listed if name.startswith(f"{old}-"))
        run.types(site, "\n".join(goes_back).replace("VERSION", before))
    kept = [Person(WWW, folder).get(receipt).status for receipt in readers.receipts]
    run.note(f"Meanwhile {readers.read} pages were read and {len(kept)} requests sent: {readers.failed} failed, "
             f"{len(kept) - kept.count(200)} lost.")  # fmt: skip
    assert (readers.failed, set(kept)) == (0, {200})


def has_a_bad_night(run: Run, site: Machine, folder: Path, key: str) -> None:
    """The first page of the database is gone; besides, somebody lost a telephone, and the disk fills up."""
    run.chapter("At three in the morning")
    page = "troubles.md"
    Person(WWW, folder).asks("Nora")
    both = "clinic-web clinic-worker"
    run_quietly(site, f"sudo systemctl stop {both}")
    run_quietly(site, "sudo dd if=/dev/urandom of=/var/lib/clinic-site/clinic.sqlite3 bs=4096 count=1 conv=notrunc")
    run_quietly(site, f"sudo systemctl start --no-block {both}")
    run.note("A request was sent; then the disk destroyed the first page of the database.")
    looks = blocks(page, "At three in the morning")[0].splitlines()
    run.types(site, looks[0], ends=1)
    run.types(site, inline(page, "At three in the morning", "curl"))
    mended = blocks(page, "The database is damaged")[0]
    run.types(site, mended.replace("clinic-….backup", "clinic-first.backup"), typed=f"{key}\n")
    run.types(site, inline(page, "The database is damaged", "sudo clinic-manage doctor --canary"))
    run.types(site, looks[1])
    for begins in ("sudo fuser", "sudo clinic-manage prepare", "sudo timedatectl", "sudo journalctl -u clinic-worker"):
        run.types(site, inline(page, "What doctor says", begins))
    run.types(site, inline(page, "What doctor says", "sudo clinic-manage backup"))
    run.types(site, blocks(page, "The disk is full")[0])
    run.types(site, inline(page, "At three in the morning", "sudo clinic-manage reset_mfa").replace("NAME", "mona"))
    run.types(site, inline(page, "At three in the morning", "sudo clinic-manage check"))
    run.types(
        site, inline(page, "At three in the morning", "sudo clinic-manage create_staff").replace("NEW-NAME", "nell")
    )
    run.types(site, blocks(page, "Somebody may have got in")[0].replace("NAME", "mona"))
    run.types(site, blocks(page, "What to keep for the morning")[0])


def moves_apart(run: Run, site: Machine, public: Machine, folder: Path) -> None:
    """PostgreSQL, and the public pages on a host of their own."""
    run.chapter("Public pages on a host of their own")
    _opens_the_database(run, site)
    _makes_the_public_host(run, site, public, folder)
    named = blocks("hosts.md", APART)[4]
    for machine in (site, public):
        run_quietly(machine, f"sudo sed -i 's/^.* {WWW}$/{public.address} {WWW}/' /etc/hosts")
    run.note(f"{WWW} leads to the public host from here on.")
    run.types(public, blocks("README.md", "Steps")[4])
    run.types(site, named.replace(r"www\.example\.org", WWW.replace(".", r"\.")))
    run.types(public, inline("hosts.md", APART, "sudo clinic-manage doctor"))
    patient = Person(WWW, folder, public.address)
    receipts = [patient.asks(name) for name in ("Bea", "Cara")]
    assert [patient.get(receipt).status for receipt in receipts] == [200, 200]
    assert (patient.get("/admin/").status, Person(STAFF, folder).get("/admin/").status) == (404, 302)
    run.types(site, inline("hosts.md", APART, "sudo clinic-manage doctor --canary"))


def _opens_the_database(run: Run, site: Machine) -> None:
    install, move, roles = blocks("README.md", "PostgreSQL")
    edit = inline("README.md", "Steps", "sudoedit")
    again = inline("README.md", "PostgreSQL", "sudo /opt/clinic-site/current/clinic_site/deploy/install.sh")
    let_in, secret, given, *_ = blocks("hosts.md", APART)
    address = f"postgres://clinic:{DATABASE_PASSWORD}@127.0.0.1:5432/clinic"
    run.types(site, install, typed=f"{DATABASE_PASSWORD}\n" * 2)
    run.types(site, move, typed=f"{address}\n")
    run.types(site, edit, edits={"DATABASE_URL": address})
    run.types(site, again)
    run.types(site, roles, typed=f"{PUBLIC_PASSWORD}\n" * 2)
    run.types(site, let_in)
    before = run_quietly(site, "sudo sed -n 's/^SECRET_KEY=//p' /etc/clinic-site.env")
    fresh = run.types(site, inline("hosts.md", APART, "python3 -c")).strip()
    run.types(site, edit, edits={"STAFF_SECRET_KEY": before, "SECRET_KEY": fresh})
    run.types(site, secret)
    site.at = "/home/admin"
    run.types(site, given)


def _makes_the_public_host(run: Run, site: Machine, public: Machine, folder: Path) -> None:
    steps, made = blocks("README.md", "Steps"), blocks("hosts.md", APART)[3]
    run.types(public, steps[0])
    bring(public, folder, version_of(ROOT))
    for name in ("new-key.txt", "clinic-database.crt"):
        public.put(site.root / "home/admin" / name, f"/home/admin/{name}")
    run.types(public, steps[1], ends=3)
    names = ("SITE_URL", "ALLOWED_HOSTS", "EMAIL_URL", "MAIL_FROM", "STAFF_MAIL", "SECRET_KEY")
    edits = {name: run_quietly(site, f"sudo sed -n 's/^{name}=//p' /etc/clinic-site.env") for name in names}
    address = inline("hosts.md", APART, "DATABASE_URL=").partition("=")[2].replace("PASSWORD", PUBLIC_PASSWORD)
    edits |= {"CLINIC_ROLE": "public", "DATABASE_URL": address.replace("staff.example.org", STAFF)}
    run.types(public, inline("README.md", "Steps", "sudoedit"), edits=edits)
    certificate, first, *rest = made.splitlines(keepends=True)
    run.types(public, certificate + first, ends=1)  # there is no key yet
    run.types(public, "".join(rest))


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
    run.types(site, inline("hosts.md", APART, "sudo clinic-manage doctor --canary"))


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
            key = goes_live(run, site, folder)
            has_a_bad_night(run, site, folder, key)
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
