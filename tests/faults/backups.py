"""Commands that ask for the recovery key, and the key itself."""

import re
from pathlib import Path

from tests.server import run_command

KEY = re.compile(r"^ +((?:[0-9A-Z]{4}-){13}[0-9A-Z]{4})$", re.M)


def manage(data_dir: Path, *words: str, typed: str = "", fails: bool = False) -> str:
    """Run a command of manage.py that is typed something, and may have to fail; all that it printed."""
    done = run_command(data_dir, *words, typed=typed, STAFF_MAIL="d@clinic.test")
    assert bool(done.returncode) is fails, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def recovery_key(data_dir: Path) -> str:
    found = KEY.search(manage(data_dir, "seal_keys", "recovery"))
    assert found
    return found[1]
