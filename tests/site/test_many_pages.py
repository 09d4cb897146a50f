"""A site of very many pages: “Words of the site” and a redirect ask for an address instead of listing them all."""

import re

import pytest
from django.test import Client

from education.site import lists as site_lists
from tests import cast
from tests.database import SharedRows
from tests.each import of_each
from tests.queries import queries
from tests.screens import body, plain_words
from tests.site.test_lists import FRAME, HOME, LUPUS, menu, press

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_pages")]


@pytest.fixture(scope="module")
def _rows(shared_rows: SharedRows) -> None:
    with shared_rows():
        cast.issued(cast.complete())
        cast.issued(cast.complete("aches", topic=cast.topic("pain", order=20)))
        for number in range(9):
            cast.issued(cast.complete(f"page-{number}", title=f"Page number {number}"))


@pytest.fixture
def _pages(_rows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_lists, "MOST_CHOICES", 8)


@pytest.mark.parametrize("screen", [FRAME, HOME, "/admin/education/redirect/add/"])
def test_of_very_many_pages_only_those_in_the_lists_are_read(erin: Client, screen: str) -> None:
    """At 100,000 pages these screens named each of them, in up to 23 MB."""
    page: list[str] = []
    asked = queries(lambda: page.append(body(erin.get(screen))))
    assert '<option value="/' not in page[0]
    unbounded = [
        sql for sql in asked if 'FROM "education_pageversion"' in sql and not re.search(r"LIMIT|WHERE|COUNT", sql)
    ]
    assert unbounded == []


@pytest.mark.parametrize("said", [LUPUS, "autoimmune-conditions/lupus", f"https://clinic.test{LUPUS}?from=mail"])
def test_of_very_many_pages_one_is_added_by_its_address(erin: Client, said: str) -> None:
    page = press(erin, FRAME, body(erin.get(FRAME)), **{"menu-add": said}, step="menu add")
    press(erin, FRAME, page)
    assert (LUPUS, "Lupus") in menu()


@of_each(
    [
        *[(FRAME, "menu", "/no/such/"), (HOME, "conditions_pages", "/a-z/"), (FRAME, "menu", "lupus")],
        (FRAME, "menu", "http://[lupus"),
    ]
)
def test_an_address_that_can_not_stand_in_a_list_is_refused_in_words(case: tuple[str, str, str], erin: Client) -> None:
    screen, name, said = case
    before = body(erin.get(screen))
    page = press(erin, screen, before, **{f"{name}-add": said}, step=f"{name} add")
    assert f"Not added: at “{said}” there is no published page for this list." in plain_words(page)
    assert f'value="{said}"' in page, "it can be corrected"
    assert page.count(f'name="{name}-') == before.count(f'name="{name}-')


def test_of_very_many_pages_a_moved_address_leads_to_one_that_is_there(erin: Client) -> None:
    screen = "/admin/education/redirect/add/"
    assert "No page to read is at this address." in body(erin.post(screen, {"old": "/old.html", "new": "/no/such/"}))
    erin.post(screen, {"old": "/old.html", "new": LUPUS})
    assert Client().get("/old.html")["Location"] == LUPUS
