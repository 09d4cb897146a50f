"""The clinic's own words around its pages: what is built in, until somebody writes, and signs, other words."""

import pytest
from django.test import Client

from education.wording.models import SitePlace
from education.wording.places import Place, pages, places
from education.wording.site import Written, write
from tests import cast
from tests.each import of_each
from tests.queries import queries
from tests.screens import body

OTHER = "Where words are plain"
MAIL = Place("mail.link", "Link", "See {link}", fills=("link", "reference"), needs=("link",))


@pytest.mark.django_db
def test_plain_words_stand_at_once_and_others_once_they_are_signed(client: Client) -> None:
    cast.clinic()
    write([Written("home.reach", "Find us"), Written("home.heading", OTHER)], by=cast.erin_the_editor())
    page = body(client.get("/"))
    assert "Living with pain or an autoimmune condition?" in page
    assert OTHER not in page
    assert "Find us" in page
    cast.shown(SitePlace.objects.get(key="home.heading"))
    assert f"<h1>{OTHER}</h1>" in body(client.get("/"))
    write(
        [Written("home.heading", places()["home.heading"].words)], by=None
    )  # what is built in has to be signed again, too
    assert f"<h1>{OTHER}</h1>" in body(client.get("/"))


@pytest.mark.django_db
def test_reading_the_words_costs_no_query_until_they_change(client: Client) -> None:
    cast.clinic()

    def home() -> str:
        return body(client.get("/"))

    home()
    before = queries(home)
    assert not any(kept in sql for sql in before for kept in ("siteplace", "clinicprofile", "nav_order"))
    write([Written("home.search_label", "What do you look for?")], by=None)
    assert "What do you look for?" in home()
    write([Written("frame.site_pages", "/contact/\n/privacy/\n/accessibility/")], by=None)
    assert "Words explained" not in home()
    assert queries(home) == before


def test_every_place_may_say_what_is_built_in() -> None:
    assert {key: found for key, place in places().items() if (found := place.problem(place.words))} == {}
    assert [page.name for page in pages().values() if not page.places] == []


@of_each(
    [
        (" ", "Write some words here, or press “As built in”."),
        ("See {link} " + "x" * 200, "These are 211 characters. Shorten them to 200."),
        ("See {lnk}", "“{lnk}” is nothing that can be filled in here. You may use {link}, {reference}."),
        ("See {link", "A bracket { or } stands alone. You may use {link}, {reference}."),
        ("See it", "Write {link} somewhere in these words: patients need it."),
        ("See {link} {reference}", ""),
    ]
)
def test_what_cannot_stand_at_a_place_is_said_in_words(case: tuple[str, str]) -> None:
    words, problem = case
    assert MAIL.problem(words) == problem
