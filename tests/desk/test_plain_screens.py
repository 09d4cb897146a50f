"""Every screen of every role, opened by following links: none of them speaks as Django does."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import ResolverMatch, resolve

from education.accounts.roles import ROLES
from education.advice.models import PlainWord
from education.clinic.models import Bulletin
from education.consultations.models import IntakePause
from tests import cast
from tests.consultations import asking
from tests.screens import body, form_data, links, plain_words, tags

pytestmark = pytest.mark.django_db
RAW = (
    *("Select [a-z ]+ to (change|view)", r"^(Change|Add) [a-z]+$", "Change history", "change history", "Home ›"),
    *("This field is required", "Please correct the error", "Are you sure", "Take me back", "Items must be selected"),
    *("[0-9] of [0-9]+ selected", "Add another", "Save and add another", "Show counts", "↓ By", "View on site"),
    *("---------", r" object \(", r"\bSlug\b", r"\bTrue\b", r"\bFalse\b", "administration", r"\badmin site\b"),
    *("Django", r"</?(code|b|br|span)>", r"`\w"),
)
FOUND = re.compile("|".join(RAW), re.MULTILINE)
LEFT_OUT = ("/admin/logout/", "/admin/jsi18n/", "/accounts/logout/")


def furnish() -> None:
    """A row of everything that has a list."""
    cast.clinic()
    cast.live(cast.complete("lupus"))
    cast.article("gout")
    cast.reference()
    cast.explained("Flare")
    cast.picture()
    Bulletin.objects.create(path="/lupus/", words="News.")
    PlainWord.objects.create(phrase="prior to", swap="before")
    IntakePause.objects.create(message="We are closed.")
    asking.request()


def screen(path: str) -> str:
    """What kind of screen it is: of rows that are alike, one is enough."""
    found: ResolverMatch = resolve(path)
    kind = found.kwargs.get("object_id", found.kwargs.get("pk", ""))
    return f"{found.view_name} {'one' if kind else ''}"


def opened(client: Client) -> Iterator[tuple[str, Any]]:
    """Each kind of screen that links lead to from the desk, once as it is and once after an empty form was sent."""
    waiting, known = ["/admin/", "/admin/education/"], set[str]()
    while waiting:
        path = waiting.pop(0)
        if screen(path) in known or path in LEFT_OUT:
            continue
        known.add(screen(path))
        page = client.get(path, follow=True)
        if page["Content-Type"].partition(";")[0] != "text/html":
            continue
        assert page.status_code == 200, (path, page.status_code)
        yield path, page
        if any(given.get("name") in ("_save", "_continue") for _, given in tags(body(page))):
            yield f"{path} sent empty", client.post(path, emptied(body(page)), follow=True)
        found = [link.partition("#")[0].partition("?")[0] for link in links(body(page))]
        waiting += [link for link in found if link.startswith(("/admin/", "/accounts/"))]


def emptied(html: str) -> dict[str, Any]:
    """What the form of a screen sends when everything that can be cleared was cleared."""
    found = re.search(r'<form [^>]*id="(\w+_form|changelist-form)"', html)
    assert found
    kept = re.compile(r"_FORMS$|^draft_base$|^form_key$|-id$")
    return {name: values if kept.search(name) else "" for name, values in form_data(html, found[1]).items()} | {
        "_save": "pressed"
    }


def said(page: Any) -> str:
    """The words of a page, with what its pictures and buttons are called."""
    html = body(page)
    seen = [given for _, given in tags(html) if given.get("type") != "hidden"]
    named = [given.get(name) or "" for given in seen for name in ("alt", "title", "value", "placeholder")]
    headings = [plain_words(found) for found in re.findall(r"<h1>.*?</h1>", html, re.DOTALL)]
    return "\n".join([plain_words(html.partition("<main")[2]), *headings, *named])


@pytest.mark.thorough
@pytest.mark.parametrize("role", ROLES)
def test_no_screen_of_a_role_speaks_as_django_does(role: str, own_media: None) -> None:
    furnish()
    client = cast.just_logged_in(cast.staff("anna", role))
    raw = {path: found[0] for path, page in opened(client) if (found := FOUND.search(said(page)))}
    assert raw == {}, raw


def test_the_search_of_a_list_says_in_sight_what_it_finds(client: Client) -> None:
    admin = cast.logged_in(cast.staff("anna", *(str(role) for role in ROLES)))
    for model, said in (("article", "Find an article"), ("term", "Find a term"), ("user", "Find a staff account")):
        assert f'<label for="searchbar">{said}</label>' in body(admin.get(f"/admin/education/{model}/"))
