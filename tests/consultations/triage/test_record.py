"""A request with its amendments and notes, decrypted."""

import pytest
from django.test import Client
from django.utils import timezone

from education.accounts.models import User
from education.consultations.models import (
    SealedNote,
)
from education.consultations.triage import actions as triage
from education.consultations.triage.record import open_note, open_row
from tests.consultations import asking
from tests.consultations.asking import WHOLE, address, ingested

pytestmark = pytest.mark.usefixtures("clinic")


def test_an_amendment_never_lowers_a_flag() -> None:
    asking.request(screening_opioids="yes")
    row = asking.request(screening_opioids="no")
    assert row.flag == 2


def test_changing_an_answer_back_is_kept_as_well() -> None:
    row = asking.request(main_reason="A")
    asking.request(main_reason="B")
    asking.request(main_reason="A")
    opened = open_row(row)
    assert opened.answers["main_reason"] == "A"
    assert len(opened.amendments) == 2


def test_an_answer_taken_back_is_listed() -> None:
    row = asking.request(questions="May I bring my dog?")
    asking.request()
    assert open_row(row).amendments[0].withdrawn == ["Questions you would like to ask us"]


def test_a_note_with_another_number_can_not_be_decrypted(ines: User) -> None:
    row = asking.request()
    triage.add_note(row, text="Called", by=ines)
    SealedNote.objects.update(number=2, author=None)
    note = open_note(row.notes.get())
    assert "can’t be opened" in note.text
    assert note.author == ""


def test_the_checklist_depends_on_who_asks_for_whom(desk: Client) -> None:
    row = ingested(**WHOLE | {"date_of_birth_year": str(timezone.localdate().year - 10), "proxy_knows": "no"})
    shown = desk.get(address(row)).content.decode()
    for said in ("interpreter on the line", "does not know yet", "a parent or guardian", "compare", "Mira Patel"):
        assert said in shown
