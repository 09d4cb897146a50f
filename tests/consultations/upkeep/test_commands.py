"""The commands about keys and purging."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from education.core import sealing

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_new_makes_a_key_in_production_and_list_shows_it(settings: Any) -> None:
    settings.TRIAL = False
    assert "Run: manage.py seal_keys new" in run("seal_keys", "list")
    made = run("seal_keys", "new")
    (key_id,) = sealing.key_ids()
    assert key_id in made
    assert "safe place" in made
    assert f"{key_id}  opens and seals, used by 0\nRecovery key: " in run("seal_keys", "list")
    (settings.SEAL_KEY_DIR / f"seal_private_{key_id}.pem").unlink()
    assert f"{key_id}  seals only, used by 0\n" in run("seal_keys", "list")


def test_a_folder_that_cannot_be_written_is_named_in_one_line(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.SEAL_KEY_DIR = tmp_path / "file" / "keys"
    with pytest.raises(CommandError, match="can't be written"):
        run("seal_keys", "new")
