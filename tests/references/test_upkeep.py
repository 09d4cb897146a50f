"""References are checked against an export of retractions, and their DOIs by a resolver, only on request."""

from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Event

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.pages.models import PageVersion
from education.references.models import Reference
from education.references.upkeep import check_online, check_retractions
from tests.cast import logged_in, published, reference, text
from tests.played import HERE, Quiet, running
from tests.references.exports import HEAD, Export, row
from tests.screens import body, edit, links, plain_words

pytestmark = pytest.mark.django_db
LUPUS = "/autoimmune-conditions/lupus/"


def status(key: str = "younger-2013") -> str:
    return Reference.objects.get(key=key).status


# Retractions


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"doi": "10.1002/ART.37734"}, {"doi": "10.1002/art.37734"}),
        ({"doi": "10.1002/art.37734"}, {"doi": " HTTPS://DOI.ORG/10.1002/ART.37734 "}),
        ({"pmid": "23359310"}, {"pmid": "23359310"}),
        ({"doi": "10.1/other", "pmid": "23359310"}, {"doi": "unavailable", "pmid": "23359310"}),
    ],
)
def test_a_retracted_study_is_found_by_doi_or_pmid(
    export: Export, ours: dict[str, str], theirs: dict[str, str]
) -> None:
    reference(**ours)
    result = check_retractions(export(row("10.1/somebody-else"), row(**theirs)))
    found = Reference.objects.get()
    assert (found.status, found.notice) == ("retracted", "Retraction of March 12, 2024")
    assert found.checked_on == timezone.localdate()
    assert result.changed == ["younger-2013"]
    event = AuditEvent.objects.get(verb="reference_checked")
    assert event.about == "reference:younger-2013"
    assert event.detail["before"] == "current"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("Correction", "1/2/2020 0:00")], "corrected"),
        ([("Expression of concern", "1/2/2020 0:00")], "corrected"),
        ([("Expression of concern", "1/2/2020 0:00"), ("Retraction", "1/2/2021 0:00")], "retracted"),
        ([("Retraction", "1/2/2021 0:00"), ("Correction", "1/2/2022 0:00")], "retracted"),
        ([("Reinstatement", "1/2/2022 0:00"), ("Retraction", "1/2/2021 0:00")], "current"),
        ([("Gossip", "1/2/2021 0:00")], "current"),
        ([("Retraction", "some day")], "current"),
        ([("Partial Retraction", "1/2/2020 0:00"), ("Retraction", "1/2/2021 0:00")], "retracted"),
    ],
)
def test_the_latest_notice_counts_but_a_correction_does_not_undo_a_retraction(
    export: Export, rows: list[tuple[str, str]], expected: str
) -> None:
    reference(doi="10.1/x")
    check_retractions(export(*(row("10.1/X", nature=nature, on=on) for nature, on in rows)))
    assert status() == expected


@pytest.mark.parametrize("odd", ["²", "9" * 20])
def test_an_odd_pmid_is_passed_over(export: Export, odd: str) -> None:
    reference(pmid=odd)
    check_retractions(export(row("10.1/somebody-else", pmid=odd)))
    assert status() == "current"


def test_a_reinstated_study_may_be_cited_again(export: Export) -> None:
    reference(doi="10.1/x", status="retracted")
    check_retractions(export(row("10.1/x"), row("10.1/x", nature="Reinstatement", on="3/13/2024 0:00")))
    assert status() == "current"


def test_the_same_correction_does_not_overrule_staff_twice(export: Export) -> None:
    reference(doi="10.1/x")
    file = export(row("10.1/x", nature="Correction"))
    check_retractions(file)
    boss = logged_in(User.objects.create_superuser("boss"))
    path = f"/admin/education/reference/{Reference.objects.get().pk}/change/"
    edit(boss, path, form_id="reference_form", status="current")
    assert check_retractions(file).changed == []
    assert status() == "current"
    check_retractions(export(row("10.1/x", nature="Correction", on="5/1/2025 0:00")))
    assert status() == "corrected"
    check_retractions(export(row("10.1/x")))
    edit(boss, path, form_id="reference_form", status="current")
    check_retractions(export(row("10.1/x")))
    assert status() == "retracted"


def test_a_reference_without_a_notice_is_confirmed_and_an_unverified_one_stays_so(export: Export) -> None:
    reference("a-1", doi="10.1/a")
    reference("b-1", doi="10.1/b", status="unverified")
    reference("c-1")
    check_retractions(export(row("10.1/z")))
    days = {found.key: found.checked_on for found in Reference.objects.all()}
    assert days == {"a-1": timezone.localdate(), "b-1": None, "c-1": None}


def test_a_file_that_is_not_an_export_is_refused(export: Export, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"lacks the column RetractionNature\. Is it a Retraction Watch export"):
        call_command("check_references", retractions=export(head=HEAD.replace("RetractionNature", "Nature")))
    with pytest.raises(CommandError, match="can’t be read"):
        call_command("check_references", retractions=tmp_path / "nowhere.csv")


# What patients and staff see


def test_patients_are_told_at_once_and_the_edition_does_not_change(client: Client, export: Export) -> None:
    reference(doi="10.1/x", title="A study of sleep")
    edition = published("lupus", blocks=[text("<p>Words.[@younger-2013]</p>")])
    published("gout")
    before = dict(PageVersion.objects.values_list("path", "version"))
    assert "re-checked" not in body(client.get(LUPUS))
    check_retractions(export(row("10.1/x")))
    page = body(client.get(LUPUS))
    assert "A study this page cites is being re-checked. It was corrected" in plain_words(page)
    note = page[page.index("notice-amber") : page.index("</ul>", page.index("notice-amber"))]
    assert links(note) == ["/references/younger-2013/"]
    assert "A study of sleep" in note
    assert "re-checked" not in body(client.get("/autoimmune-conditions/gout/"))
    edition.refresh_from_db()
    assert "re-checked" not in edition.html
    after = dict(PageVersion.objects.values_list("path", "version"))
    assert [path for path in after if after[path] != before[path]] == [LUPUS]


@pytest.mark.parametrize("quiet", ["current", "unreachable", "unverified"])
def test_other_states_do_not_alarm_patients(client: Client, quiet: str) -> None:
    reference(status=quiet)
    published("lupus", blocks=[text("<p>Words.[@younger-2013]</p>")])
    assert "re-checked" not in body(client.get(LUPUS))


def test_its_page_shows_the_notice_and_its_date(client: Client, export: Export) -> None:
    reference(doi="10.1/x", population="Women with fibromyalgia", size=31)
    check_retractions(export(row("10.1/x")))
    words = plain_words(body(client.get("/references/younger-2013/")))
    assert "Retraction of March 12, 2024." in words
    assert f"Status Retracted, as of {date_format(timezone.localdate())}" in words
    assert "Who took part Women with fibromyalgia How many people 31" in words


def test_a_status_changed_by_staff_is_recorded(client: Client) -> None:
    made = reference()
    published("lupus", blocks=[text("<p>Words.[@younger-2013]</p>")])
    boss = logged_in(User.objects.create_superuser("boss"))
    edit(boss, f"/admin/education/reference/{made.pk}/change/", form_id="reference_form", status="corrected")
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.actor, event.detail) == (
        "reference_saved",
        "boss",
        {"status": "corrected", "before": "current"},
    )
    assert PageVersion.objects.get(path=LUPUS).version == 2


def test_querysets_and_the_right_to_support_a_claim_follow_the_status() -> None:
    for state in Reference.Status.values:
        reference(f"{state}-1", status=state)
    assert {found.status for found in Reference.objects.in_trouble()} == {"retracted", "corrected", "unreachable"}
    assert {found.status for found in Reference.objects.being_rechecked()} == {"retracted", "corrected"}
    assert {found.status for found in Reference.objects.all() if found.can_support_claim} == {"current", "unreachable"}


# Resolving


@pytest.fixture
def resolver() -> Iterator[tuple[str, dict[str, int], list[str]]]:
    """(address, status by DOI, paths requested). The default status is 302; 0 means that it never answers."""
    answers: dict[str, int] = {}
    asked: list[str] = []
    over = Event()

    class Handler(Quiet):
        def do_HEAD(self) -> None:
            asked.append(self.path)
            code = answers.get(self.path.removeprefix("/doi/"), 302)
            if code == 0:
                over.wait(20)
                return
            self.send_response(code)
            self.send_header("Location", "http://elsewhere.invalid/")
            self.end_headers()

    with running(ThreadingHTTPServer(HERE, Handler)) as server:
        yield f"http://127.0.0.1:{server.server_port}/doi/", answers, asked
        over.set()


def test_an_unresolvable_doi_is_marked_and_unmarked(resolver: tuple[str, dict[str, int], list[str]]) -> None:
    address, answers, asked = resolver
    reference("a-1", doi="10.1/A<b>")
    reference("b-1", doi="https://doi.org/10.1/b")
    reference("c-1")
    answers["10.1/a%3Cb%3E"] = 404
    check_online(resolver=address)
    assert (status("a-1"), status("b-1"), status("c-1")) == ("unreachable", "current", "current")
    assert asked == ["/doi/10.1/a%3Cb%3E", "/doi/10.1/b"]
    assert Reference.objects.get(key="a-1").notice.startswith("Its DOI leads nowhere since ")
    answers.clear()
    check_online(resolver=address)
    assert (status("a-1"), Reference.objects.get(key="a-1").notice) == ("current", "")


@pytest.mark.parametrize("answer", [0, 403, 429, 503])
def test_an_inconclusive_answer_changes_nothing(resolver: tuple[str, dict[str, int], list[str]], answer: int) -> None:
    address, answers, _ = resolver
    reference(doi="10.1/x")
    answers["10.1/x"] = answer
    patience = 20 if answer else 0.1
    assert check_online(resolver=address, limit=patience).unanswered == ["younger-2013"]
    assert status() == "current"


@pytest.mark.parametrize("state", ["retracted", "corrected", "unverified"])
def test_an_unresolvable_doi_does_not_hide_a_graver_status(
    resolver: tuple[str, dict[str, int], list[str]], state: str
) -> None:
    address, answers, _ = resolver
    reference(doi="10.1/x", status=state)
    answers["10.1/x"] = 404
    check_online(resolver=address)
    assert status() == state


def test_a_doi_that_is_none_is_not_said_to_lead_somewhere(resolver: tuple[str, dict[str, int], list[str]]) -> None:
    address, _, asked = resolver
    reference()
    Reference.objects.update(doi="see the journal")
    assert check_online(resolver=address).unanswered == ["younger-2013"]
    assert asked == []


def test_the_network_is_used_only_on_request(
    resolver: tuple[str, dict[str, int], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    address, answers, asked = resolver
    reference(doi="10.1/x")
    answers["10.1/x"] = 410
    call_command("check_references", resolver=address)
    assert asked == []
    assert "References in trouble: 0" in capsys.readouterr().out
    call_command("check_references", "--online", resolver=address)
    assert asked == ["/doi/10.1/x"]
    said = capsys.readouterr().out
    assert "DOIs: 1 changed, 0 as before, 0 without an answer" in said
    assert "younger-2013: Not reachable. Its DOI leads nowhere" in said


def test_dois_are_resolved_over_https_only() -> None:
    reference(doi="10.1/x")
    with pytest.raises(CommandError, match="must start with https"):
        call_command("check_references", "--online", resolver="http://doi.example/")
