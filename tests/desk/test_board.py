"""The review board, and what the desk shows about pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from education.accounts.models import User
from education.articles.models import Article
from education.articles.publishing import actions
from education.articles.publishing.signing import SignOffRequest
from education.desk import pages
from education.references.models import Reference
from tests.cast import article, clara, complete, issued, logged_in, published, reference, seen, signed, staff, text
from tests.desk.reading import desk
from tests.each import of_each
from tests.screens import body, links, plain_words

pytestmark = pytest.mark.django_db
BOARD = "/admin/review-board/"


def due_in(days: int, slug: str) -> Article:
    """A live page whose next review is due in so many days."""
    draft = complete(slug)
    then = timezone.now() - timedelta(days=200)
    request = SignOffRequest(attested=True, next_review=timezone.localdate() + timedelta(days=days))
    actions.sign(draft, request=request, seen=seen(draft), by=clara(), now=then)
    actions.publish(draft, by=clara())
    return draft


def board() -> str:
    return plain_words(body(logged_in(staff("maria", "manager")).get(BOARD)))


def test_who_looks_after_a_page_is_named_where_somebody_does() -> None:
    published("never")
    maria = logged_in(staff("maria", "manager"))
    assert "Looked after by" not in body(maria.get(BOARD))
    Article.objects.update(owner=staff("olga", "editor"))
    assert "Page Kind Looked after by Never Condition olga" in plain_words(body(maria.get(BOARD)))


def test_pages_are_grouped_by_when_their_review_is_due() -> None:
    for days, slug in ((5, "soon"), (45, "later"), (80, "latest"), (120, "far")):
        due_in(days, slug)
    late = due_in(1, "late")
    published("never")
    page = board()
    for said in (
        "Due within 30 days 2 Page",
        "Due in 31 to 60 days 1",
        "Due in 61 to 90 days 1",
        "Due later 1",
        "Never reviewed 1 Page Kind Never Condition",
    ):
        assert said in page
    order = ["Never", "Late", "Soon", "Later", "Latest", "Far"]
    tables = page[page.index("Page Kind") :]
    assert [tables.index(f"{name} ") for name in order] == sorted(tables.index(f"{name} ") for name in order)
    assert "Overdue" not in page
    Article.objects.filter(pk=late.pk).update(review=overdue_review(late))
    assert "Overdue 1 Never reviewed 1 Due within 30 days 1" in plain_words(body(logged_in(clara()).get(BOARD)))


def test_of_very_many_pages_the_board_shows_the_first_and_counts_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ON_THE_BOARD", 2)
    for slug in ("gout", "acne", "lupus"):
        published(slug)
    page = board()
    assert "Never reviewed 3 Page" in page
    assert [name in page for name in ("Acne", "Gout", "Lupus")] == [True, True, False]
    assert "And 1 more: all 3 in the list of articles ." in page
    maria = logged_in(User.objects.get(username="maria"))
    (address,) = [href for href in links(body(maria.get(BOARD))) if "?review=" in href]
    listed = plain_words(body(maria.get(address)))
    assert all(name in listed for name in ("Acne", "Gout", "Lupus"))


def test_the_groups_of_the_board_are_named_at_its_head_with_how_many_there_are() -> None:
    """Of 300 pages the last group began 20,000 pixels further down."""
    for days, slug in ((5, "soon"), (45, "later")):
        due_in(days, slug)
    assert "#group-1" not in links(body(logged_in(staff("ed", "editor")).get(BOARD)))
    published("never")
    assert "Never reviewed 1 Due within 30 days 1 Due in 31 to 60 days 1 Never reviewed 1" in board()


def test_where_no_page_waits_the_board_says_so_instead_of_leading_to_none() -> None:
    dora, run = logged_in(staff("dora", "clinician")), "/admin/education/article/review-run/"
    assert "No page waits for your signature." in plain_words(body(dora.get(BOARD)))
    assert run not in links(body(dora.get(BOARD)))
    actions.submit(complete(), by=clara())
    assert run in links(body(dora.get(BOARD)))


def overdue_review(page: Article) -> int:
    """An old full review of these words, whose date has passed."""
    draft = complete("elsewhere")
    then = timezone.now() - timedelta(days=300)
    request = SignOffRequest(attested=True, next_review=timezone.localdate() - timedelta(days=1))
    return actions.sign(draft, request=request, seen=seen(draft), by=clara(), now=then).pk


def test_the_board_lists_planned_changes_and_studies_in_trouble() -> None:
    planned, live = complete("planned"), issued(complete("live")).article
    signed(planned)
    actions.schedule(planned, at=timezone.now() + timedelta(days=3), by=clara())
    actions.set_expiry(live, at=timezone.now() + timedelta(days=9), by=clara())
    reference()
    reference("unused-2000", status="retracted")
    published("gout", blocks=[text("<p>Words.[@younger-2013]</p>")])
    assert "Every study that a page cites still stands." in board()
    Reference.objects.filter(key="younger-2013").update(status="retracted", notice="Retraction of 1 May 2026")
    page = plain_words(body(logged_in(clara()).get(BOARD)))
    assert "Planned will be published on" in page
    assert "Live will be taken down on" in page
    assert "Younger 2013 : Retracted. Retraction of 1 May 2026 Cited by Gout ." in page
    assert "unused-2000" not in page


@of_each([("editor", 200), ("clinician", 200), ("manager", 200), ("intake", 403), ("administrator", 403)])
def test_who_may_see_the_board(case: tuple[str, int]) -> None:
    role, status = case
    client = logged_in(staff("someone", role))
    assert client.get(BOARD).status_code == status
    assert (BOARD in links(body(client.get("/admin/")))) == (status == 200)


def test_the_desk_leads_a_clinician_to_what_waits() -> None:
    assert "No page waits for your signature." in desk("clinician", username="dora")
    actions.submit(complete(), by=clara())
    said = desk("clinician", username="dan")
    assert "Pages for you to review Begin, or go on where you left off Lupus Sent for review." in said
    assert "Drafts not yet published No draft is still being written." in said
    run, dan = "/admin/education/article/review-run/", logged_in(User.objects.get(username="dan"))
    assert f'<a href="{run}"><b>1</b> <span>page waits for review</span></a>' in body(dan.get("/admin/"))
    assert run in links(body(dan.get(BOARD)))
    ed = logged_in(staff("eve", "editor"))
    assert f'<a href="{BOARD}">1 page waits for review</a>' in body(ed.get("/admin/"))
    assert run not in links(body(ed.get(BOARD)))
    assert "Pages for you to review" not in desk("editor", username="ed")


def test_the_desk_lists_what_is_signed_planned_unsigned_and_in_trouble() -> None:
    reference(status="retracted")
    published("gout", blocks=[text("<p>Words.[@younger-2013]</p>")])
    signed(complete("signed"))
    planned = complete("planned")
    signed(planned)
    actions.schedule(planned, at=timezone.now() + timedelta(days=3), by=clara())
    actions.publish_unsigned(complete("hurried"), reason="Recall.", by=clara())
    said = desk("editor")
    for words in (
        "Published without a signature 1 Hurried Patients read that it awaits clinical review.",
        "Signed, and not yet published 1 Signed",
        "Studies in trouble that pages cite 1 Younger 2013 Retracted.",
        "Planned publications 1 Planned",
        "Drafts not yet published Everything that was written is published.",
    ):
        assert words in said, words


def test_the_desk_leaves_out_what_does_not_exist() -> None:
    article()
    said = desk("editor")
    for words in ("Published without a signature", "Signed, and not", "Studies in trouble", "Planned publications"):
        assert words not in said
