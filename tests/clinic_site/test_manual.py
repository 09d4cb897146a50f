"""The operator's manual, as somebody types it at three in the morning: each command is one that is there."""

import re
import shlex
from argparse import ArgumentError
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, get_commands, load_command_class

from education.health import inspection
from tests.each import of_each
from tests.server import ROOT

DEPLOY = ROOT / "clinic_site" / "deploy"
PAGES = {path.name: path.read_text() for path in sorted(DEPLOY.glob("*.md")) if path.name != "stranger.md"}
CODE = re.compile(r"^ *```\n(.*?)^ *```$|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
MANAGE = re.compile(r"(?:clinic-manage|manage\.py) ([a-z_]+[^|<>;&\n]*)")
UNITS = {path.name for path in (DEPLOY / "systemd").iterdir()} | {"nginx.service", "postgresql.service"}
UNITS_NAMED = re.compile(
    r"systemctl (?:--\S+ )?(?:restart|start|stop|reload|status|edit) ([a-z. -]+)|(?<=journalctl) -u ([a-z-]+)"
)
# A bare Debian has the programs of these packages, and sudo.
ESSENTIAL = {
    "coreutils": "cat chown cp diff head id install ls mkdir mv printf readlink rm sha256sum sort tail tee touch du",
    "others": "apt-get cd diff echo grep journalctl mount options sed sh sudo sudoedit systemctl tar timedatectl",
    "this site": "clinic-manage install.sh upgrade.sh",
}
INSTALLED = {
    "python3": "python3 python", "curl": "curl", "psmisc": "fuser", "rsync": "rsync", "certbot": "certbot",
    "nginx": "nginx", "postgresql": "psql createuser createdb", "sshfs": "ssh ssh-keygen",
}  # fmt: skip


def code(page: str) -> Iterator[str]:
    """Each line that somebody may type."""
    for block, inline in CODE.findall(PAGES[page]):
        yield from (block or inline.replace("\\|", "|")).splitlines()


@of_each(list(PAGES))
def test_each_command_of_the_site_is_one_with_these_words(page: str) -> None:
    for line in code(page):
        for words in MANAGE.findall(line):
            name, *rest = shlex.split(words)
            assert name in get_commands(), line
            parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
            if rest and rest != ["…"]:
                try:
                    parser.parse_args(rest)
                except (CommandError, ArgumentError, SystemExit) as error:
                    pytest.fail(f"{line}: {error}")


@of_each(list(PAGES))
def test_each_unit_is_one_of_ours_or_of_what_is_installed(page: str) -> None:
    for line in code(page):
        for named, logged in UNITS_NAMED.findall(line):
            for unit in (named or logged).split():
                assert (unit if "." in unit else f"{unit}.service") in UNITS, line


@of_each(list(PAGES))
def test_each_program_is_on_a_bare_debian_or_the_manual_installs_it(page: str) -> None:
    packages = {word for line in re.findall(r"apt-get install ([^`\n]+)", PAGES["README.md"]) for word in line.split()}
    assert set(INSTALLED) <= packages
    known = {program for programs in (*ESSENTIAL.values(), *INSTALLED.values()) for program in programs.split()}
    for line in code(page):
        for part in re.split(r"\| |&& ", line) if re.match(r"sudo |curl |rsync |mount ", line) else ():
            words = re.sub(r"^sudo (-u \w+ )?([A-Z]+=\S+ )?", "", part.strip()).split()
            assert Path(words[0]).name in known, line


def test_what_doctor_names_stands_in_the_table_for_the_night() -> None:
    table = PAGES["troubles.md"].partition("## What doctor says")[2].partition("\n## ")[0]
    rows = [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines() if line.startswith("| ")]
    named = {name for row in rows[1:] for name in row.split(", ")}
    assert named == set(inspection.CHECKS)
