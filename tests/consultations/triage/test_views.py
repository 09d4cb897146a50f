"""The queue and the record, as staff use them."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.clinic.models import ClinicProfile
from education.consultations.models import ConsultationRequest, SealedNote
from education.consultations.triage import actions as triage
from education.consultations.triage import queue, views
from education.consultations.upkeep import ingest
from education.consultations.workflow import CLOSE_REASONS
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import QUEUE, WHOLE, Page, address
from tests.each import of_each
from tests.queries import queries

pytestmark = pytest.mark.usefixtures("clinic")


@pytest.fixture
def row(clinic: ClinicProfile) -> ConsultationRequest:
    made = asking.request(**WHOLE)
    ingest.ingest_new()
    return made


def words(response: Any) -> str:
    """As people read it: what keeps a name to itself is not seen."""
    assert response.status_code == 200
    return re.sub("</?bdi>", "", response.content.decode())


def events(verb: str) -> list[dict[str, Any]]:
    return list(AuditEvent.objects.filter(verb=verb).values("actor", "about", "detail"))


def test_the_queue_is_readable(desk: Client, row: ConsultationRequest) -> None:
    shown = words(desk.get(QUEUE))
    age = WHOLE["date_of_birth_year"]
    for said in (row.reference_shown, "Ana Ruiz", "asked for by Mira Patel", "New", "Amber: note it"):
        assert said in shown
    assert age not in shown
    assert '<a class="queue-call" href="tel:' in shown, "the number is one tap away"
    assert row.key_id not in shown


def test_listing_is_recorded_with_what_was_shown(desk: Client, row: ConsultationRequest) -> None:
    desk.get(QUEUE)
    assert events("requests_listed") == [{"actor": "ines", "about": "", "detail": {"references": row.reference}}]


def test_opening_is_recorded_before_anything_is_shown(
    desk: Client, row: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    words(desk.get(address(row)))
    assert events("request_opened") == [{"actor": "ines", "about": f"request:{row.reference}", "detail": {}}]

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(triage, "record", fail)
    for page in (QUEUE, address(row)):
        with pytest.raises(RuntimeError):
            desk.get(page)


def test_the_record_is_made_for_a_telephone_call(desk: Client, row: ConsultationRequest) -> None:
    shown = words(desk.get(address(row)))
    page = Page(desk.get(address(row)))
    assert page.all("a", href="tel:+15550101234,7")
    assert page.all("a", href="mailto:ana@example.org")
    for said in ("Mira Patel asks for them", "call Mira Patel", "Spanish", "Mornings", "Short calls", "Anita", "Amber"):
        assert said in shown
    call, _, answers = shown.partition('class="record-rest"')
    assert "Telephone" in call
    for asked in ("Their main reason for asking", "Pain in the\nmornings", "In the last four weeks"):
        assert asked in answers
    assert "Received" in answers


def test_the_record_says_what_callers_must_not_do(desk: Client) -> None:
    row = asking.request(
        phone="5550100", asking_for="someone", proxy_name="Mira", proxy_contact="mine", proxy_knows="no"
    )
    shown = words(desk.get(address(row)))
    assert "Do not leave a voice message" in shown
    assert "does not know about this request yet" in shown


def test_staff_see_only_the_ways_of_contact_that_were_given(desk: Client) -> None:
    asking.request(phone="5550100", email="")
    shown = words(desk.get(QUEUE))
    assert 'href="tel:5550100"' in shown
    assert "Telephone or e-mail" not in shown


def test_the_queue_calls_a_withdrawn_request_withdrawn_and_shows_no_waiting_time(
    desk: Client, row: ConsultationRequest
) -> None:
    ConsultationRequest.objects.filter(pk=row.pk).update(
        status="withdrawn", sealed=b"", key_id="", closed_at=row.received_at
    )
    shown = words(desk.get(f"{QUEUE}?status=withdrawn"))
    assert 'class="queue-name">Withdrawn' in shown
    assert "Received <span" in shown


@pytest.mark.parametrize("verb", ["note", "call_back", "close"])
def test_an_error_is_listed_at_the_top_and_linked(desk: Client, row: ConsultationRequest, verb: str) -> None:
    page = Page(desk.post(address(row, verb)))
    (target,) = [link["href"][1:] for link in page.all("a") if link.get("href", "").startswith("#id_")]
    assert page.by_id(target)["aria-invalid"] == "true"
    assert "autofocus" in page.by_id("error-summary")


def test_no_page_title_holds_a_name(desk: Client, row: ConsultationRequest) -> None:
    for page in (QUEUE, address(row)):
        title = words(desk.get(page)).partition("<title>")[2].partition("</title>")[0]
        assert "Ana" not in title
        assert "Ruiz" not in title


def test_a_request_that_cannot_be_opened_is_still_listed_and_workable(desk: Client, row: ConsultationRequest) -> None:
    other = asking.request("other")
    ConsultationRequest.objects.filter(pk=row.pk).update(sealed=other.sealed)
    assert "Can’t be opened" in words(desk.get(QUEUE))
    shown = words(desk.get(address(row)))
    assert "changed or damaged" in shown
    assert Page(desk.get(address(row))).all("button", formaction=address(row, "claim"))


def test_suspected_spam_and_examples_are_marked(desk: Client, ines: User) -> None:
    row = asking.request(website="x")
    triage.load_examples(by=ines)
    assert "May be spam" in words(desk.get(QUEUE))
    assert "May be spam." in words(desk.get(address(row)))
    assert words(desk.get(QUEUE)).count("EXAMPLE") >= 4


def test_amendments_are_shown_beside_the_first_answers(desk: Client, row: ConsultationRequest) -> None:
    asking.request(**WHOLE | {"main_reason": "Much worse now", "questions": ""})
    assert "something was added" in words(desk.get(QUEUE))
    shown = words(desk.get(address(row)))
    for said in ("Sent again on", "Much worse now", "Taken back", "Pain in the\nmornings"):
        assert said in shown


def test_from_the_queue_to_closed_and_back(desk: Client, row: ConsultationRequest) -> None:
    def press(verb: str, **data: str) -> str:
        assert verb in {path.split("/")[-2] for path in Page(desk.get(address(row))).actions()}
        return words(desk.post(address(row, verb), data, follow=True))

    assert f"Request {row.reference_shown}: it is yours now." in press("claim")
    assert "with you" in words(desk.get(address(row)))
    assert "Agreed on Monday" in press("note", text="Agreed on Monday")
    assert "marked as contacted" in press("contact")
    assert f"Request {row.reference_shown}: closed." in press("close", reason="answered")
    assert row.reference_shown not in words(desk.get(QUEUE))
    assert "waits in the queue again" in press("reopen")
    history = words(desk.get(address(row))).partition('id="record-history"')[2]
    for said in (
        "Received",
        "Claimed",
        "Note added",
        "Contacted",
        "Closed (answered, no",
        "Reopened",
        "Opened by ines (",
    ):
        assert said in history


@of_each(["claim", "contact", "note", "close", "reopen"])
def test_the_address_of_a_button_leads_back_to_the_record(verb: str, desk: Client, row: ConsultationRequest) -> None:
    shown = desk.get(address(row, verb), follow=True)
    assert shown.redirect_chain == [(address(row), 302)]
    assert "Nothing was done" in words(shown)
    assert not events(f"request_{verb}")
    assert desk.put(address(row, verb)).status_code == 405
    assert desk.post(f"{QUEUE}999999/{verb}/")["Location"] == QUEUE


def test_a_button_on_an_outdated_page_changes_nothing_and_says_so(desk: Client, row: ConsultationRequest) -> None:
    shown = words(desk.post(address(row, "reopen"), follow=True))
    assert "no longer possible" in shown
    assert events("request_reopen") == []


def test_an_empty_note_and_a_missing_reason_are_errors_and_nothing_is_lost(
    desk: Client, row: ConsultationRequest
) -> None:
    shown = words(desk.post(address(row, "note"), {"text": " "}))
    assert "Write the note first." in shown
    assert "<title>Error:" in shown
    assert "Choose a reason first." in words(desk.post(address(row, "close")))
    long = "x" * 5001
    kept = Page(desk.post(address(row, "note"), {"text": long})).values()
    assert kept["text"] == long
    assert not SealedNote.objects.exists()


def test_every_reason_can_be_chosen(desk: Client, row: ConsultationRequest) -> None:
    offered = {attrs["value"] for attrs in Page(desk.get(address(row))).all("option")}
    assert offered == {"", *CLOSE_REASONS, "ines"}  # a task may be left for oneself


def test_filters_know_every_status_and_flag(desk: Client, ines: User, row: ConsultationRequest) -> None:
    red = asking.request("red", screening_opioids="yes")
    triage.claim(red, by=ines)
    for query, expected in {
        "": {red, row},
        "?status=new": {row},
        "?status=claimed": {red},
        "?status=closed": set(),
        "?flag=2": {red},
        "?flag=1&status=new": {row},
        "?flag=9&status=nonsense&page=x": {red, row},
    }.items():
        shown = words(desk.get(QUEUE + query))
        assert {r for r in (red, row) if r.reference_shown in shown} == expected, query


def test_the_chips_count_what_waits_and_take_themselves_back(
    desk: Client, ines: User, row: ConsultationRequest
) -> None:
    red = asking.request("red", screening_opioids="yes")
    triage.claim(red, by=ines)
    chips = re.findall(r'<li[^>]*><a href="([^"]*)"[^>]*>(.*?)</a>', words(desk.get(f"{QUEUE}?flag=2")))
    said = {" ".join(re.sub("<[^>]+>", " ", chip).split()): address for address, chip in chips}
    assert {"Waiting 2", "New 1", "Claimed 1", "Mine 1", "Overdue", "Amber 1", "Urgent"} <= set(said)
    assert said["Red 1"] == QUEUE
    assert said["New 1"] == "?status=new&amp;flag=2"


def test_the_likeliest_button_is_the_only_filled_one(desk: Client, ines: User, row: ConsultationRequest) -> None:
    red = asking.request("red", screening_opioids="yes")

    def filled(request: ConsultationRequest) -> list[str]:
        shown = words(desk.get(address(request)))
        return re.findall(r'<button class="button" type="submit" form="record-form"[^>]*>([^<]*)<', shown)

    assert filled(row) == filled(red) == ["Claim"]
    for request in (row, red):
        triage.claim(request, by=ines)
    assert filled(row) == ["Contacted"]
    assert filled(red) == ["Needs a clinician"]
    triage.mark_contacted(row, by=ines)
    assert filled(row) == ["Booked"]


def test_the_only_request_that_a_caller_can_mean_opens_at_once(desk: Client, row: ConsultationRequest) -> None:
    asking.request("other", full_name="Bea Stone")
    ingest.ingest_new()
    found = desk.post(f"{QUEUE}search/", {"q": "ana ruiz", "open": "yes"})
    assert found.headers["Location"] == address(row)
    assert events("requests_searched")[0]["detail"] == {"references": row.reference}
    assert desk.post(f"{QUEUE}search/", {"q": "nobody", "open": "yes"}).status_code == 200


def test_an_answer_that_raised_a_flag_is_marked_and_others_are_not(clinic: ClinicProfile, clara: Client) -> None:
    row = asking.request("red", screening_opioids="yes")
    marked = re.findall(
        r'<div class="summary-row flagged flagged-(\w+)"><dt>(.*?)</dt>', words(clara.get(address(row)))
    )
    assert [(flag, "opioid" in question) for flag, question in marked if flag == "red"] == [("red", True)]


def test_graver_flags_come_first_then_the_longest_wait(desk: Client) -> None:
    plain = asking.request("a")
    later = asking.request("b")
    red = asking.request("c", screening_opioids="yes")
    shown = words(desk.get(QUEUE))
    places = [shown.index(row.reference_shown) for row in (red, plain, later)]
    assert places == sorted(places)


def test_the_queue_has_pages_and_no_count(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE_SIZE", 2)
    rows = [asking.request(f"n{number}") for number in range(5)]
    first = words(desk.get(QUEUE))
    assert [row.reference_shown in first for row in rows] == [True, True, False, False, False]
    assert "Further down the queue" in first
    assert "Earlier in the queue" not in first
    last = words(desk.get(f"{QUEUE}?page=3"))
    assert rows[4].reference_shown in last
    assert "Further down" not in last
    assert "Earlier in the queue" in last
    assert words(desk.get(f"{QUEUE}?page=999"))


def test_the_queue_makes_the_same_number_of_queries_for_one_and_for_ten(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asking.request("first", main_reason="A")
    asking.request("first", main_reason="B")
    desk.get(QUEUE)
    one = queries(lambda: desk.get(QUEUE))
    for number in range(9):
        asking.request(f"n{number}")
    with django_assert_num_queries(len(one)):
        desk.get(QUEUE)
    assert not [sql for sql in one if "COUNT(" in sql.upper()]


def test_search_goes_by_post_and_is_recorded(desk: Client, row: ConsultationRequest) -> None:
    other = asking.request("other", full_name="Bea Stone")
    ingest.ingest_new()
    shown = words(desk.post(f"{QUEUE}search/", {"q": "ana ruiz"}))
    assert row.reference_shown in shown
    assert other.reference_shown not in shown
    assert events("requests_searched")[0]["detail"] == {"references": row.reference}
    assert desk.get(f"{QUEUE}search/?q=ana").headers["Location"] == QUEUE
    assert "No request has all of that" in words(desk.post(f"{QUEUE}search/", {"q": "nobody"}))
    assert words(desk.post(f"{QUEUE}search/"))


def test_search_stops_at_one_page(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE_SIZE", 1)
    for name in ("a", "b"):
        asking.request(name)
    ingest.ingest_new()
    assert "of many" in words(desk.post(f"{QUEUE}search/", {"q": "ruiz"}))


@pytest.mark.parametrize("person", [cast.erin_the_editor, cast.adam_the_administrator])
def test_other_roles_see_and_do_nothing(person: Any, row: ConsultationRequest) -> None:
    client = cast.logged_in(person())
    for path in (QUEUE, f"{QUEUE}search/", *(address(row, verb) for verb in ("change", "claim", "note", "close"))):
        for response in (client.get(path), client.post(path, {"text": "x", "reason": "answered"})):
            assert response.status_code in (403, 405), path
        row.refresh_from_db()
        assert row.status == "new", path
        assert not row.notes.exists(), path


def test_a_superuser_without_a_role_sees_nothing(row: ConsultationRequest, settings: Any) -> None:
    settings.TRIAL = False
    root = User.objects.create_superuser("root", password=cast.PASSWORD)
    assert cast.logged_in(root).get(QUEUE).status_code == 403


def test_anonymous_visitors_are_sent_to_the_log_in(row: ConsultationRequest) -> None:
    for page in (QUEUE, address(row)):
        assert Client().get(page).status_code == 302


@pytest.mark.parametrize("page", ["{pk}/delete/", "{pk}/history/", "{pk}/"])
def test_nothing_is_added_or_deleted_by_hand(desk: Client, row: ConsultationRequest, page: str) -> None:
    assert desk.post(QUEUE + page.format(pk=row.pk), {"post": "yes"}).status_code in (403, 404)
    assert ConsultationRequest.objects.count() == 1
