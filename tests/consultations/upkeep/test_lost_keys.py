"""Which keys are needed and not here: whatever was sealed with them, and however many they are."""

from typing import Any

import pytest
from django.utils import timezone

from education.accounts.models import User
from education.consultations.models import ConsultationRequest, SealedNote, Status
from education.consultations.triage import actions as triage
from education.consultations.upkeep.lost_keys import lost
from tests.consultations.asking import ingested

pytestmark = pytest.mark.usefixtures("clinic")


def test_each_key_that_is_not_here_is_named_once_and_no_other(ines: User) -> None:
    rows = [ingested(name, full_name=name.title()) for name in ("one", "two", "three", "four", "five")]
    triage.add_note(rows[0], text="Called", by=ines)
    assert lost() == []
    withdrawn, *sealed_elsewhere = rows[:4]
    _change(withdrawn, key_id="", status=Status.WITHDRAWN, closed_at=timezone.now())
    for row, key_id in zip(sealed_elsewhere, ("b" * 16, "b" * 16, "a" * 16), strict=True):
        _change(row, key_id=key_id)
    SealedNote.objects.update(key_id="c" * 16)
    assert lost() == ["a" * 16, "b" * 16, "c" * 16], "one is here, and a withdrawn request needs none"


def _change(row: ConsultationRequest, **columns: Any) -> None:
    ConsultationRequest.objects.filter(pk=row.pk).update(**columns)
