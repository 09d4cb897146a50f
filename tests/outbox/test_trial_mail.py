"""Without a mail server, mail becomes files that can be read and name nobody."""

import stat
from pathlib import Path
from typing import Any

import pytest

from clinic_site.env import Env
from education.outbox.actions import deliver_due, post
from education.outbox.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trial_mail(settings: Any, tmp_path: Path) -> None:
    for name, value in Env.mail_settings({"EMAIL_BACKEND": "education.outbox.backends.TrialMailBackend"}).items():
        setattr(settings, name, value)
    settings.TRIAL_MAIL_DIR = tmp_path / "mail"


def test_each_mail_is_a_file_that_names_no_recipient(tmp_path: Path) -> None:
    post(key="one", to="patricia.canary@example.test", subject="We have your request", body="Thank you. Ünïcode.")
    post(key="two", to="patricia.canary@example.test", subject="Second", body="More.")
    assert deliver_due() == 2
    files = list((tmp_path / "mail").iterdir())
    words = {file.read_text(encoding="utf-8") for file in files}  # several are under way at once
    assert words == {"Subject: We have your request\n\nThank you. Ünïcode.\n", "Subject: Second\n\nMore.\n"}
    assert len(files) == 2
    for file in files:
        assert "patricia" not in file.read_text(encoding="utf-8") + file.name
        assert stat.S_ISREG(file.stat().st_mode)


def test_a_folder_that_can_not_be_written_is_a_failed_attempt(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    post(key="one", to="pat@example.test", subject="Hello", body="Words.")
    assert deliver_due() == 0
    assert OutboxMessage.objects.get().last_error == "FileExistsError"
