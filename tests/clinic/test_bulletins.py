"""News that can't wait for the next review stands at the top of a page, from its first day to its last."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from education.audit.models import AuditEvent
from education.clinic import forms
from education.clinic.actions import refresh_bulletins, save_bulletin
from education.clinic.models import Bulletin
from education.pages.models import PageVersion
from tests.cast import clara, erin_the_editor, ines_at_intake, logged_in, published, shown, sign_words
from tests.each import of_each
from tests.queries import asked
from tests.screens import body, edit, form_data, harm, plain_words

pytestmark = pytest.mark.django_db
ADD = "/admin/education/bulletin/add/"
LUPUS = "/autoimmune-conditions/lupus/"


def day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


def bulletin(begins: int = 0, until: int | None = None, words: str = "A new warning came out.") -> Bulletin:
    made = Bulletin(path=LUPUS, words=words, begins=day(begins), until=None if until is None else day(until))
    save_bulletin(made, by=None)
    return shown(made)


def add(client: Client, **changes: str) -> Any:
    data = form_data(body(client.get(ADD)), "bulletin_form")
    return client.post(ADD, data | {"path": LUPUS, "words": "News.", "begins": str(day(0)), **changes})


def test_an_editors_bulletin_stands_above_the_text_once_a_clinician_has_signed_it(client: Client) -> None:
    published("lupus")
    published("gout")
    erin = logged_in(erin_the_editor())
    response = add(erin, words="A <b>new</b>\n warning.")
    assert response.status_code == 302
    assert "News since" not in body(client.get(LUPUS))
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.actor, event.about) == ("bulletin_saved", "erin", LUPUS)
    assert "warning" not in str(event.detail)
    sign_words(logged_in(clara()))
    page = body(client.get(LUPUS))
    assert f"News since {date_format(day(0))} : A <b>new</b> warning." in plain_words(page)
    assert page.index("News since") < page.index('class="prose"')
    assert not harm(page)
    assert "News since" not in body(client.get("/autoimmune-conditions/gout/"))


def test_among_very_many_pages_the_one_is_named_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MOST_CHOICES", 1)
    for slug in ("lupus", "gout"):
        published(slug)
    erin = logged_in(erin_the_editor())
    assert "Choose a page" not in body(erin.get(ADD))
    assert "No published page is at this address." in body(add(erin, path="/no/page/"))
    assert add(erin).status_code == 302
    assert Bulletin.objects.get().path == LUPUS


@of_each([(0, None, True), (-3, 0, True), (0, 0, True), (1, None, False), (-3, -1, False)])
def test_it_is_shown_from_its_first_day_to_its_last(case: tuple[int, int | None, bool], client: Client) -> None:
    begins, until, shown = case
    published("lupus")
    made = bulletin(begins, until)
    assert ("News since" in body(client.get(LUPUS))) == shown == made.is_shown_on(timezone.localdate())


def test_the_newest_bulletin_comes_first(client: Client) -> None:
    published("lupus")
    for begins, words in ((-5, "Older."), (-1, "Newer."), (-9, "Oldest.")):
        bulletin(begins, words=words)
    words = plain_words(body(client.get(LUPUS)))
    assert words.index("Newer.") < words.index("Older.") < words.index("Oldest.")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"path": "/no/such-page/"}, "This can’t be chosen any more"),
        ({"until": str(day(-1))}, "It would end before it begins."),
        ({"words": ""}, "Fill this in."),
    ],
)
def test_a_bulletin_that_would_never_be_shown_is_refused(changes: dict[str, str], said: str) -> None:
    published("lupus")
    response = add(logged_in(erin_the_editor()), **changes)
    assert said in body(response)
    assert not Bulletin.objects.exists()


def test_intake_staff_may_not_add_bulletins() -> None:
    assert logged_in(ines_at_intake()).get(ADD).status_code == 403


def test_a_bulletin_is_ended_not_deleted() -> None:
    published("lupus")
    made = bulletin()
    erin = logged_in(erin_the_editor())
    assert erin.post(f"/admin/education/bulletin/{made.pk}/delete/", {"post": "yes"}).status_code == 403
    edit(erin, f"/admin/education/bulletin/{made.pk}/change/", form_id="bulletin_form", until=str(day(0)))
    made.refresh_from_db()
    assert made.until == day(0)


def test_a_page_becomes_stale_on_the_day_its_bulletin_begins_or_ends() -> None:
    published("lupus")
    bulletin(begins=1, until=2)
    seen = [refresh_bulletins(today=day(offset)) for offset in (0, 0, 1, 1, 2, 3, 3)]
    assert seen == [0, 0, 1, 0, 0, 1, 0]
    assert PageVersion.objects.get(path=LUPUS).version == 4  # published, saved, begun, ended


def test_a_longer_list_asks_the_database_no_more_often() -> None:
    erin = logged_in(erin_the_editor())

    def listed() -> int:
        return asked(lambda: erin.get("/admin/education/bulletin/"))

    bulletin()
    listed()
    before = listed()
    for words in ("Two.", "Three.", "Four."):
        bulletin(words=words)
    assert listed() == before
