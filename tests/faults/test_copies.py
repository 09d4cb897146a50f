"""A copy of the process that has loaded the site is what a process of its own would be."""

import os
import signal
from pathlib import Path

from tests import copies
from tests.server import manage, run_command

# Whatever in memory holds something of the settings of the original: a module that kept it, or what was made of it.
REMEMBERED = """
import gc
from urllib.parse import clear_cache

def is_of_it(held, mark, number):
    words = held if type(held) is str else held.decode(errors="replace") if type(held) is bytes else ""
    return mark in words or type(held) is int and held == number

def remembered(mark, number):
    for one in gc.get_objects():
        for held in gc.get_referents(one):
            if is_of_it(held, mark, number):
                yield one

clear_cache()  # of addresses that were taken apart
gc.unfreeze()
gc.collect()
for one in remembered({mark!r}[::-1], int({number!r}[::-1])):
    print(type(one), repr(one)[:300])
"""
OWN = """
import gc, os, sys, tempfile
from django.conf import settings
from django.db import connection
print(input(), os.getcwd(), sys.argv[:2], os.path.basename(tempfile.gettempdir()), gc.isenabled(), os.getsid(0) == 1)
print(settings.SITE_URL, settings.DATABASES["default"]["NAME"], connection.settings_dict["NAME"])
print(settings.INTAKE_LIMIT_PER_HOUR, settings.STAFF_MAIL, getattr(settings, "MAILERS", "") or settings.EMAIL_HOST)
open({file!r}, "w").close()
sys.exit("It ends here.")
"""


def test_nothing_is_left_of_the_settings_of_the_original(tmp_path: Path) -> None:
    """Turned round: the command holds its own words."""
    code = REMEMBERED.format(mark=copies.MARK[::-1], number=str(copies.NUMBER)[::-1])
    assert manage(tmp_path, "shell", "--no-imports", "-c", code) == ""


def ended(folder: Path, *, anew: bool) -> tuple[int, str, str, int]:
    (folder / "tmp").mkdir(parents=True)
    code = OWN.format(file=str(folder / "made"))
    more = {"INTAKE_LIMIT_PER_HOUR": "7", "STAFF_MAIL": "a@b.test", "EMAIL_URL": "smtp://c.test"}
    words = (folder, "shell", "--no-imports", "-c", code)
    usual = os.umask(0o027)
    try:
        done = run_command(*words, typed="A line.\n", port=8123, anew=anew, TMPDIR=str(folder / "tmp"), **more)
    finally:
        os.umask(usual)
    return done.returncode, done.stdout, done.stderr, (folder / "made").stat().st_mode


def test_it_reads_says_and_ends_as_a_process_of_its_own_does(tmp_path: Path) -> None:
    code, said, complaint, mode = ended(tmp_path / "copy", anew=False)
    assert (code, complaint, mode & 0o777) == (1, "It ends here.\n", 0o640)
    assert "A line." in said
    assert f"{tmp_path}/copy/clinic.sqlite3" in said
    assert (code, said.replace("/copy/", "/own/"), complaint, mode) == ended(tmp_path / "own", anew=True)


def test_whoever_started_it_learns_how_it_was_killed(tmp_path: Path) -> None:
    code = "import os; os.kill(os.getpid(), 9)"
    assert run_command(tmp_path, "shell", "--no-imports", "-c", code).returncode == -signal.SIGKILL
