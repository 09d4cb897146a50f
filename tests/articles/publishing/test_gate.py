"""Each publication rule names what fails: on the review screen, and to whoever posts without it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from education.articles.content.blocks.lists import KeyPointsBlock
from education.articles.models import Article, Edition
from education.articles.publishing import actions
from education.articles.publishing.gate import RULES, add_months, check
from education.articles.publishing.signing import NotSignable, SignOffRequest
from education.clinic.models import ClinicProfile
from education.pages.actions import moved
from education.people.models import Person
from tests import cast
from tests.cast import (
    care,
    claim,
    clara,
    clinic,
    complete,
    every_block_that_passes,
    figure,
    issued,
    key_points,
    known,
    reference,
    rewritten,
    risk,
    seen,
    signed,
    table,
    text,
)
from tests.each import of_each
from tests.queries import asked
from tests.screens import body, links, plain_words

pytestmark = pytest.mark.django_db
WHOLE = [text(), key_points(), care(), known()]


def without(kind: str) -> list[dict[str, Any]]:
    return [block for block in WHOLE if block["type"] != kind]


def with_block(block: dict[str, Any]) -> list[dict[str, Any]]:
    return [*WHOLE, block]


def body_of(html: str) -> dict[str, Any]:
    return {"blocks": with_block(text(html))}


GRADED = {"grade": "low", "references_for": ["younger-2013"], "nothing_against": False}
NOTHING_CURRENT = "rests on nothing current: Younger 2013 ("
CASES: list[tuple[str, dict[str, Any], str]] = [
    ("words", {"blocks": []}, "The page has no words yet."),
    ("words", {"summary": ""}, "The summary is empty."),
    ("author", {"author": None}, "The page has no author. Choose one under “Topic, address and author”."),
    ("key-points", {"blocks": without("key-points")}, "The page has no key points."),
    ("urgent-help", {"blocks": without("care")}, "The page does not say when to get help at once."),
    ("urgent-help", {"blocks": [*without("care"), care("non-urgent")]}, "The page does not say when to get help"),
    ("known", {"kind": "treatment", "blocks": without("known")}, "The page does not say what is known"),
    ("claims", {"blocks": with_block(claim(grade="low"))}, "names no study behind it."),
    ("claims", {"blocks": with_block(claim(**GRADED, graded_by=""))}, "does not say who graded it and when."),
    ("claims", {"blocks": with_block(claim(**GRADED, graded_on=""))}, "does not say who graded it and when."),
    ("claims", {"blocks": with_block(claim(**GRADED | {"grade": ""}))}, "is not graded."),
    ("claims", {"blocks": with_block(claim(**GRADED | {"grade": "moderate"}))}, "names no study against it."),
    ("claims", {"blocks": with_block(claim(**GRADED | {"grade": "strong"}))}, "names no study against it."),
    ("claims", {"blocks": with_block(claim(grade="none", nothing_against=False))}, "names no study behind it."),
    ("pictures", {"blocks": with_block(figure(alt=""))}, "A figure has no text alternative."),
    ("pictures", {"blocks": with_block(table(caption=""))}, "A table has no caption."),
    ("pictures", {"blocks": with_block(table(rows=[["a", ""], ["b", "c"]]))}, "A table has columns without a heading."),
    ("headings", {"blocks": [text("<h3>Too small</h3><p>x</p>"), *WHOLE]}, "The heading “Too small” skips a level."),
    ("links", body_of('<p><a href="/nowhere/at-all/">x</a></p>'), "The link to /nowhere/at-all/ leads nowhere."),
    ("links", body_of('<p><a href="/nothing/">x</a></p>'), "The link to /nothing/ leads nowhere."),
    ("links", body_of('<p><a href="/references/nobody/">x</a></p>'), "The link to /references/nobody/ leads nowhere."),
    ("links", body_of('<p><a href="/people/nobody/">x</a></p>'), "The link to /people/nobody/ leads nowhere."),
    ("citations", body_of("<p>Words.[@nobody-1999]</p>"), "No reference has the key nobody-1999."),
    ("signed", {}, "No clinician has signed exactly these words."),
]


DENIED = {"key-points", "urgent-help", "known", "signed"}  # their failure says that the statement is not so


@of_each(CASES)
def test_a_failing_rule_is_named_on_the_review_screen_and_in_the_refusal(
    case: tuple[str, dict[str, Any], str], erin: Client
) -> None:
    rule, fields, said = case
    reference()
    draft = complete(**fields)
    failing = {result.rule.name for result in check(draft).results if not result.passed}
    also = {"key-points", "urgent-help"} if fields == {"blocks": []} else set()
    assert failing == {rule, "signed", *also}
    address = f"/admin/education/article/{draft.pk}"
    review = body(erin.get(f"{address}/review/"))
    statement = next(one.statement for one in RULES if one.name == rule)
    assert f"{statement}: not yet" in plain_words(review)
    assert (said in plain_words(review)) is (rule not in DENIED), "nothing is said twice"
    assert f"{address}/publish/" not in review
    refused = erin.post(f"{address}/publish/", {"reason": "now"})
    assert refused.status_code == 409
    assert said in plain_words(body(refused))
    with pytest.raises(actions.NotPublishable, match=said.replace("(", r"\(").replace(".", r"\.")):
        actions.publish(draft, by=None)
    assert not Edition.objects.exists()


def test_every_rule_that_editing_can_satisfy_has_a_case() -> None:
    covered = {rule for rule, _, _ in CASES}
    taken_over = {"author-here", "grades-here", "checked", "studies"}  # in test_taking_over.py
    assert covered | taken_over | {"second-person", "reviewer", "review-dates"} == {rule.name for rule in RULES}


def test_a_complete_and_signed_draft_passes_the_gate(erin: Client) -> None:
    reference()
    draft = complete(kind="treatment", blocks=every_block_that_passes())
    signed(draft)
    assert check(draft).failure_messages() == []
    screen = f"/admin/education/article/{draft.pk}/review/"
    assert "All checks pass." in body(erin.get(screen))
    actions.publish(draft, by=clara())
    assert "All checks pass." in body(erin.get(screen))
    rewritten(draft, *every_block_that_passes(), summary="Other words.")
    assert "A clinician signed exactly these words: not yet" in plain_words(body(erin.get(screen)))


def test_the_list_of_checks_says_nothing_twice(erin: Client) -> None:
    """“A clinician signed exactly these words: not yet. No clinician has signed exactly these words.”"""
    clinic()
    details = {"credentials": "not a clinician", "disclosure": "None to declare."}
    library = Person.objects.create(slug="starter-library", name="Starter library", **details)
    reference(status="unverified")
    draft = complete(author=library, blocks=[text("<p>Words.[@younger-2013]</p>")])
    page = plain_words(body(erin.get(f"/admin/education/article/{draft.pk}/review/")))
    for said in (
        "Who wrote it: not chosen yet Patients would read",
        "It has key points: not yet Add a block with",
        "says when to get help at once: not yet Add an urgent or emergency care card.",
        "checked against the original: not yet Still to check: Younger 2013. Check them",
        "A clinician signed exactly these words: not yet Checks that",
    ):
        assert said in page
    assert "No clinician has signed exactly" not in page
    assert "starter library: not yet" not in page


def test_a_failure_links_to_its_block(erin: Client) -> None:
    draft = complete(blocks=[claim(grade="none"), *WHOLE, text(""), claim("Bad", grade="low"), text("<p>a[@x]</p>")])
    page = body(erin.get(f"/admin/education/article/{draft.pk}/review/"))
    change = f"/admin/education/article/{draft.pk}/change/"
    places = [link.removeprefix(change) for link in links(page) if link.startswith(f"{change}#")]
    assert places == ["#education_claimblock_set-1", "#education_textblock_set-2"]
    form = body(erin.get(change))
    assert all(f'id="{place[1:]}"' in form for place in places)


# Claims


@pytest.mark.parametrize(
    ("status", "holds"),
    [("current", True), ("unreachable", True), ("unverified", False), ("corrected", False), ("retracted", False)],
)
def test_a_claim_needs_a_study_that_still_stands(status: str, holds: bool) -> None:
    reference(status=status)
    draft = complete(blocks=with_block(claim(**GRADED)))
    assert (NOTHING_CURRENT not in " ".join(check(draft).failure_messages())) == holds
    reference("bruun-2024")
    more = claim(**GRADED | {"references_for": ["younger-2013", "bruun-2024"]})
    assert check(complete("gout", blocks=with_block(more))).ready_to_sign


@pytest.mark.parametrize("against", [{"references_against": ["younger-2013"]}, {"nothing_against": True}])
def test_well_graded_evidence_names_the_studies_against_it_or_says_there_are_none(against: dict[str, Any]) -> None:
    reference()
    assert check(complete(blocks=with_block(claim(**GRADED | {"grade": "strong"} | against)))).ready_to_sign


# Headings and links


def test_a_blocks_own_heading_may_be_followed_by_a_third_level_heading() -> None:
    assert check(complete(blocks=[*WHOLE, text("<h3>Small</h3><p>x</p>")])).ready_to_sign
    assert check(complete("gout", blocks=[*WHOLE, risk(), text("<h2>A</h2><h3>B</h3><p>x</p>")])).ready_to_sign


WORKING = (
    *("/", "/a-z/", "/search/?q=x", "/glossary/", "/request-a-consultation/", "/feed/", "#part"),
    *("/autoimmune-conditions/lupus/", "/autoimmune-conditions/lupus/#part", "/autoimmune-conditions/"),
    *("/references/younger-2013/", "/people/ann-author/", "https://example.org/gone/", "mailto:a@b.test"),
    *("/autoimmune-conditions/being-written/", "/autoimmune-conditions/live/"),
)


def test_working_links_pass() -> None:
    """The gate names each that does not, as the cases above show."""
    reference()
    complete("being-written")
    issued(complete("live"))
    words = "".join(f'<p><a href="{href}">x</a></p>' for href in WORKING)
    assert check(complete(**body_of(words))).failure_messages(include_clinician=False) == []


def test_a_link_to_a_moved_page_goes_along_and_one_to_a_withdrawn_page_is_told_that_it_is_gone() -> None:
    issued(complete("live"))
    moved("/old/", "/autoimmune-conditions/live/")
    gone = issued(complete("gone")).article
    actions.withdraw(gone, reason="Wrong.", by=clara())
    draft = complete(**body_of('<p><a href="/old/">x</a> <a href="/autoimmune-conditions/gone/">y</a></p>'))
    reasons = " ".join(check(draft).failure_messages(include_clinician=False))
    assert "/old/" not in reasons
    assert "The link to /autoimmune-conditions/gone/ leads to a page that was withdrawn." in reasons


def test_a_link_to_an_address_at_which_another_page_is_since_leads_to_that_page() -> None:
    issued(complete("live"))
    moved("/autoimmune-conditions/ra/", "/autoimmune-conditions/live/")
    issued(complete("ra"))
    page = issued(complete(**body_of('<p><a href="/autoimmune-conditions/ra/">x</a></p>')))
    assert 'href="/autoimmune-conditions/ra/"' in page.html


# Rules that only a clinician can satisfy


def test_changing_one_character_after_signing_closes_the_gate(erin: Client) -> None:
    draft = complete()
    signed(draft)
    assert check(draft).is_open
    points = KeyPointsBlock.objects.get()
    points.items += "."
    points.save()  # bypasses the form, which would void the signature at once
    assert check(draft).failure_messages() == [
        "The words were changed after a clinician signed them. They have to be signed again."
    ]
    assert erin.post(f"/admin/education/article/{draft.pk}/publish/").status_code == 409


@pytest.mark.parametrize("field", ["credentials", "disclosure"])
def test_author_and_reviewer_need_credentials_and_a_statement_of_interests(field: str) -> None:
    draft = complete()
    signed(draft)
    Person.objects.update(**{field: ""})
    lack = {"credentials": "credentials", "disclosure": "statement on conflicts of interest"}[field]
    draft = Article.objects.select_related("topic", "author", "signature").get()
    assert check(draft).failure_messages() == [
        f"The author, Ann Author, has no {lack} yet. Add it under People.",
        f"The reviewer, Dr Clara Kline, has no {lack} yet. Add it under People.",
    ]


def test_a_clinic_that_starts_to_require_a_second_signer_blocks_what_is_signed_already(erin: Client) -> None:
    draft = complete()
    actions.draft_saved(cast.rewritten(draft, title="Mine"), by=None)
    Article.objects.update(writers=["clara"])
    signed(Article.objects.select_related("topic", "author").get())
    draft = Article.objects.select_related("topic", "author", "signature").get()
    assert check(draft).is_open
    clinic(second_person_signs=True)
    assert check(draft).failure_messages() == [
        "It is signed by somebody who wrote it. Your clinic asks a second person to sign."
    ]


def test_review_dates_are_checked_against_the_clinics_policy() -> None:
    draft = complete()
    signed(draft)
    today = timezone.localdate()
    due = add_months(today, 12)
    assert draft.signature
    assert draft.signature.next_review == due
    assert check(draft, today=due).is_open
    late = check(draft, today=due + timedelta(days=1)).failure_messages()
    day = date_format(due)
    assert late == [f"Its full review was due on {day}. It needs another: a signature on a change won’t do."]
    ClinicProfile.objects.update_or_create(pk=1, defaults={"review_months": 6})
    assert "beyond your policy of 6 months" in check(draft).failure_messages()[0]


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 5, 5), 36, date(2029, 5, 5)),
    ],
)
def test_adding_months_ends_on_the_last_day_of_a_shorter_month(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


def test_the_gate_makes_as_many_queries_for_one_claim_as_for_thirty() -> None:
    studies = [reference(f"study-{number}").key for number in range(30)]
    few = complete("few", blocks=with_block(claim(**GRADED | {"references_for": studies[:1]})))
    many = complete("many", blocks=[*WHOLE, *(claim(**GRADED | {"references_for": [study]}) for study in studies)])
    articles = Article.objects.select_related("topic", "author", "signature")
    counts = {asked(lambda pk=pk: check(articles.get(pk=pk))) for pk in (few.pk, many.pk)}
    assert len(counts) == 1


def test_only_the_content_that_was_on_the_screen_can_be_signed() -> None:
    draft = complete()
    was = seen(draft)
    cast.rewritten(draft, title="Other")
    with pytest.raises(NotSignable, match="changed while you were reading"):
        actions.sign(draft, request=SignOffRequest(attested=True), seen=was, by=clara())
