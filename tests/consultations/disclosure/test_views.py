"""Requests leave the site only with a permission of their own, and recorded first."""

import csv
import re
import time
import timeit
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.consultations.disclosure import actions as disclosure
from education.consultations.models import (
    BlindIndexEntry,
    ConsultationRequest,
    Erasure,
    SealedNote,
)
from education.consultations.public import actions as public
from education.consultations.triage import actions as triage
from education.consultations.triage import chart
from education.outbox.models import OutboxMessage
from tests import cast
from tests.consultations.asking import QUEUE, WHOLE, Page, address, ingested, receipt_of
from tests.each import of_each

pytestmark = pytest.mark.usefixtures("clinic")


@pytest.fixture
def mona(db: None, settings: Any, tmp_path: Any) -> Client:
    """A manager who is also at intake: may export and erase. She has just typed her password again."""
    settings.BACKUP_DIR = tmp_path / "backups"
    return cast.just_logged_in(cast.staff("mona", "manager", "intake"), confirmed=True)


def test_the_text_for_the_chart_is_complete_and_copying_it_is_recorded(desk: Client, ines: User) -> None:
    row = ingested(**WHOLE)
    triage.add_note(row, text="Called twice", by=ines)
    assert desk.get(address(row, "copy"))["Location"] == address(row)
    text = desk.post(address(row, "copy")).content.decode()
    for said in (row.reference_shown, "Lupus", "Called twice", "(for clinicians only)"):
        assert said in text
    assert "I would rather talk about it" not in text.partition("opioid or alcohol use")[2][:60]
    assert AuditEvent.objects.filter(verb="request_copied", about=row.about, actor="ines").exists()


def test_prints_are_recorded(desk: Client) -> None:
    row = ingested(**WHOLE)
    assert "Lupus" in desk.post(address(row, "print")).content.decode()
    assert row.reference_shown in desk.post(f"{QUEUE}print/", {"status": "", "only": "", "page": "1"}).content.decode()
    assert AuditEvent.objects.filter(verb="request_printed", about=row.about).exists()
    assert AuditEvent.objects.get(verb="requests_printed").detail == {"references": row.reference}


def test_an_export_asks_for_the_password_and_a_reason(mona: Client, desk: Client) -> None:
    ingested(**WHOLE)
    today = timezone.localdate().isoformat()
    assert desk.get(f"{QUEUE}export/").status_code == 403
    fresh = cast.logged_in(User.objects.get(username="mona"))
    assert fresh.get(f"{QUEUE}export/")["Location"].startswith("/accounts/reauthenticate/")
    days = {"begins": today, "ends": today}
    assert "Choose a reason first." in mona.post(f"{QUEUE}export/", days).content.decode()
    backwards = {"begins": today, "ends": "2020-01-01", "reason": "audit"}
    assert "end before it begins" in mona.post(f"{QUEUE}export/", backwards).content.decode()
    file = mona.post(f"{QUEUE}export/", days | {"reason": "audit"})
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(StringIO(file.content.decode("utf-8-sig"))))
    assert dict(zip(rows[0], rows[1], strict=True))["Full name"] == "Ana Ruiz"
    assert "(for clinicians only)" in rows[1]
    event = AuditEvent.objects.get(verb="requests_exported")
    assert event.detail == {"count": 1, "reason": "audit", "begins": today, "ends": today}


def test_a_file_of_requests_holds_what_patients_sent_later(mona: Client) -> None:
    row = ingested(**WHOLE)
    ingested(**WHOLE | {"current_medicines": "Tramadol", "screening_opioid_treatment": "yes", "questions": ""})
    public.add_text(receipt_of("one").split("/")[2], text="It got worse")
    ingested("two", full_name="Bea Stone")
    today = timezone.localdate().isoformat()
    file = mona.post(f"{QUEUE}export/", {"begins": today, "ends": today, "reason": "moving"}).content.decode(
        "utf-8-sig"
    )
    added = {one["Reference"]: one["Added later"] for one in csv.DictReader(StringIO(file))}
    for said in (
        "Tramadol",
        "It got worse",
        "(for clinicians only)",
        "Questions you would like to ask us (taken back)",
    ):
        assert said in added[row.reference]
    assert [said for reference, said in added.items() if reference != row.reference] == [""]


@of_each(["=1+1", "+1 555", "-2", "@SUM(A1)", "＝1+1", "\tx", "\r\nx"])
def test_no_answer_becomes_a_formula_in_a_spreadsheet(value: str) -> None:
    assert chart.spreadsheet_cell(value) == f"'{value}"


SKIPPED = ["", " ", "\t", "\n", "\r\n", "\ufeff", "\u200b", "\xa0", '"', ' \ufeff"']


@of_each(["", ";", "Pain; ", "Pain\t", "Pain\n", "a;b;"], SKIPPED)
def test_what_a_spreadsheet_skips_hides_no_formula(separator: str, skipped: str) -> None:
    """Opened where “;” or a tab separates cells, the quotation marks of the file protect nothing."""
    cell = chart.spreadsheet_cell(f"{separator}{skipped}=HYPERLINK(1)")
    file = StringIO()
    csv.writer(file).writerow(["ABCD2345", cell, "x"])
    for part in re.split(r"[;\t\r\n]", file.getvalue()):
        assert not part.strip(' "\xa0\ufeff\u200b').startswith(("=", "+", "-", "@"))
    assert cell.replace("'", "") == f"{separator}{skipped}=HYPERLINK(1)", "and nothing is lost"


@of_each([" ", "\t", "\n", ";", "; ", '" ', "\ufeff"])
def test_a_hostile_answer_takes_no_longer_than_its_length_allows(piece: str) -> None:
    """With the square of its length, the longer one would take many times as long as is allowed here."""

    def seconds(length: int) -> float:
        value = piece * length
        return min(timeit.repeat(lambda: chart.spreadsheet_cell(value), timer=time.process_time, number=5, repeat=3))

    assert seconds(20_000) < 12 * max(seconds(5_000), 0.01), "some clocks count hundredths"


@of_each(["plain = 1", "Mon-Fri; not Tuesday", "a+b", "ana@example.org", "", "Lupus\nPain"])
def test_other_answers_stay_as_they_are(value: str) -> None:
    assert chart.spreadsheet_cell(value) == value


def test_everything_about_one_person_is_exported_and_erased(mona: Client, ines: User, settings: Any) -> None:
    row, same = ingested(**WHOLE), ingested("b", full_name="Ana R", email="ana@example.org")
    other = ingested("c", full_name="Bea Stone", email="bea@example.org")
    triage.add_note(row, text="Called", by=ines)
    page = mona.get(address(row, "person")).content.decode()
    assert same.reference_shown in page
    assert other.reference_shown not in page
    ticked = {"request": [str(row.pk), str(same.pk), str(other.pk), "9" * 5000]}
    text = mona.post(address(row, "person/export"), ticked).content.decode()
    assert "Lupus" in text
    assert "Called" in text
    assert "Bea" not in text
    mona.post(address(row, "person/erase"), ticked)
    assert ConsultationRequest.objects.count() == 3, "without being sure nothing happens"
    mona.post(address(row, "person/erase"), ticked | {"sure": "yes"})
    assert list(ConsultationRequest.objects.all()) == [other]
    assert not SealedNote.objects.exists()
    assert set(BlindIndexEntry.objects.values_list("request_id", flat=True)) == {other.pk}
    assert not OutboxMessage.objects.filter(key__contains=f"{row.reference}/patient").exists()
    assert set(Erasure.objects.values_list("reference", flat=True)) == {row.reference, same.reference}
    assert AuditEvent.objects.get(verb="person_erased").detail == {"references": f"{row.reference} {same.reference}"}


TWO = {"full_name": "Ana Ruiz", "phone": "212 555 0188", "email": ""}
BORN = {"date_of_birth_day": "14", "date_of_birth_month": "May", "date_of_birth_year": "1979"}


def rows_on(page: Any) -> dict[str, str]:
    """What each row of the page says, by its reference."""
    table = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    said = [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in table.split("</tr>") if "<td" in row]
    return {row[:9]: row for row in said}


def test_numbers_that_only_end_alike_are_not_the_same(mona: Client) -> None:
    row, other = ingested(**TWO), ingested("b", full_name="Bea Stone", phone="415 555 0188", email="")
    same = ingested("c", full_name="A Ruiz", phone="+1 (212) 555-0188", email="")
    shown = rows_on(mona.get(address(row, "person")))
    assert set(shown) == {row.reference_shown, same.reference_shown}
    assert "Same telephone number, but another name" in shown[same.reference_shown]
    everything = {"request": [str(row.pk), str(other.pk)]}
    assert "Bea" not in mona.post(address(row, "person/export"), everything).content.decode()


def test_a_number_without_its_area_code_says_so(mona: Client) -> None:
    row, other = ingested(**TWO | {"phone": "555 0188"}), ingested("b", **TWO | {"phone": "555-0188"})
    shown = rows_on(mona.get(address(row, "person")))
    assert "Same telephone number, without a known area code" in shown[other.reference_shown]


def test_a_household_that_shares_a_number_stays_two_people(mona: Client) -> None:
    row = ingested(**TWO, **BORN)
    child = ingested("b", **TWO | {"full_name": "Mia Ruiz"}, **BORN | {"date_of_birth_year": "2012"})
    twin = ingested("c", **TWO | {"phone": "", "email": "ana@example.org"}, **BORN)
    page = mona.get(address(row, "person"))
    shown = rows_on(page)
    assert (
        "Mia Ruiz May 14, 2012 Same telephone number, but another name and another date of birth"
        in shown[child.reference_shown]
    )
    assert "Ana Ruiz May 14, 1979 Same name and date of birth" in shown[twin.reference_shown]
    boxes = Page(page).all("input", name="request")
    assert len(boxes) == 3
    assert not [box for box in boxes if "checked" in box], "nothing is ticked for staff"


def test_without_a_tick_nothing_leaves_and_nothing_is_erased(mona: Client) -> None:
    row = ingested(**TWO)
    assert "Nothing was downloaded" in mona.post(address(row, "person/export"), follow=True).content.decode()
    assert not AuditEvent.objects.filter(verb="person_exported").exists()
    shown = mona.post(address(row, "person/erase"), {"request": str(row.pk)}, follow=True)
    assert "Nothing was erased" in shown.content.decode()
    assert "checked" in Page(shown).by_id(f"request-{row.pk}"), "what was ticked stays ticked"


def test_erasing_needs_both_permissions(ines: User) -> None:
    row = ingested()
    manager = cast.staff("mo", "manager")
    for person in (ines, manager):
        with pytest.raises(PermissionDenied):
            disclosure.erase_person([row], by=person)
        with pytest.raises(PermissionDenied):
            disclosure.export(timezone.localdate(), timezone.localdate(), reason="audit", by=person)
    assert ConsultationRequest.objects.count() == 1
