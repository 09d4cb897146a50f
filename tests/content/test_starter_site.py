"""The starter library as a site: nothing leads nowhere, and every page says what it is."""

import re
from itertools import pairwise
from urllib.parse import urldefrag

import pytest
from django.test import Client

from education.articles.library import STARTER, load
from education.articles.models import Article, Edition
from tests.content.words import NAMES
from tests.screens import body, harm, links, tags

pytestmark = pytest.mark.django_db
STAFF = ("/admin/", "/accounts/")


@pytest.fixture
def site(client: Client) -> dict[str, str]:
    """Every page that can be reached from the home page by following links."""
    load(STARTER, by=None, publish=True)
    pages: dict[str, str] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in pages or path.startswith(STAFF):
            continue
        response = client.get(path)
        assert response.status_code == 200, path
        pages[path] = body(response) if "html" in response["Content-Type"] else ""
        waiting += [urldefrag(href).url for href in links(pages[path]) if href.startswith("/")]
    return pages


def test_every_page_is_reached_and_every_link_leads_to_something_that_is_there(site: dict[str, str]) -> None:
    editions = Edition.objects.count()
    assert editions == len(NAMES)
    assert {article.get_absolute_url() for article in Article.objects.all()} <= site.keys()
    ids = {path: {given.get("id") for _, given in tags(page)} for path, page in site.items()}
    for path, page in site.items():
        for href in links(page):
            target, part = urldefrag(href)
            if part and not href.startswith("http"):
                assert part in ids[target or path], f"{path} links to {href}"


def test_every_page_that_was_not_reviewed_says_so(site: dict[str, str]) -> None:
    for article in Article.objects.all():
        assert "Not yet reviewed by a clinician." in site[article.get_absolute_url()]


def test_nothing_runs_inline_and_nothing_comes_from_elsewhere(site: dict[str, str]) -> None:
    assert {path: harm(page) for path, page in site.items() if harm(page)} == {}


def test_every_picture_has_words_and_is_there(site: dict[str, str], client: Client) -> None:
    pictures = {str(given["src"]): given for page in site.values() for tag, given in tags(page) if tag == "img"}
    assert len(pictures) == 1
    for address, given in pictures.items():
        assert len(str(given["alt"])) > 40
        response = client.get(address)
        assert response.status_code == 200
        response.close()


def test_on_every_page_headings_skip_no_level_and_ids_are_unique(site: dict[str, str]) -> None:
    for path, page in site.items():
        levels = [int(tag[1]) for tag, _ in tags(page) if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path
        ids = [given["id"] for _, given in tags(page) if given.get("id")]
        assert len(ids) == len(set(ids)), path


def test_the_emergency_line_is_not_invented(site: dict[str, str]) -> None:
    for page in site.values():
        assert "emergency-line" not in page.partition("</style>")[2]
        assert not re.search(r"\btel:", page)
