"""What staff write in a draft is seen nowhere until they publish; then it is seen everywhere at once."""

import pytest
from django.test import Client

from education.pages.models import PageVersion
from tests.cast import article, key_points, live, published, reference, rewritten, text
from tests.screens import body

pytestmark = pytest.mark.django_db
LUPUS = "/autoimmune-conditions/lupus/"
OLD = {"title": "Oldtitle", "summary": "Oldsummary, Oldalias.", "aliases": "Oldalias"}
NEW = {"title": "Newtitle", "summary": "Newsummary, Newalias.", "aliases": "Newalias"}
# What each public address shows of a page. Searches ask for the old words before, for the new ones after.
SHOWN = {
    "/": ["title", "summary"],
    "/autoimmune-conditions/": ["title", "summary"],
    LUPUS: ["title", "summary", "heading", "words", "points"],
    "/autoimmune-conditions/psoriasis/": ["title"],
    "/a-z/": ["title", "alias"],
    "/search/?q={}title": ["title", "summary"],
    "/search/?q={}alias": ["title", "summary"],
    "/search/?q={}words": ["title", "summary"],
    "/search/?q={}heading": ["title", "summary"],
    "/feed/": ["title"],
    "/references/younger-2013/": ["title"],
}


def blocks(age: str) -> list[dict[str, object]]:
    words = text(f"<h2>{age}heading</h2><p>{age}words.[@younger-2013]</p>")
    return [words, key_points(f"{age}points.")]


def pages(client: Client, age: str) -> dict[str, str]:
    return {path: body(client.get(path.format(age))) for path in SHOWN}


def everything(client: Client) -> dict[str, str]:
    return pages(client, "Old") | {"/sitemap.xml": body(client.get("/sitemap.xml"))}


def test_a_draft_changes_no_public_page(client: Client) -> None:
    reference()
    draft = published("lupus", blocks=blocks("Old"), **OLD).article
    published("psoriasis")
    before = everything(client)
    rewritten(draft, *blocks("New"), **NEW)
    assert everything(client) == before
    for path, page in pages(client, "New").items():
        assert "Newsummary" not in page, path
        assert "Newwords." not in page, path


def test_publishing_changes_them_at_once(client: Client) -> None:
    reference()
    draft = published("lupus", blocks=blocks("Old"), **OLD).article
    published("psoriasis")
    assert lacking(pages(client, "Old"), "Old") == []
    live(rewritten(draft, *blocks("New"), **NEW))
    assert lacking(after := pages(client, "New"), "New") == []
    assert [path for path, page in after.items() if "Oldtitle" in page or "Oldwords" in page] == []


def lacking(pages: dict[str, str], age: str) -> list[tuple[str, str]]:
    return [(path, word) for path, words in SHOWN.items() for word in words if f"{age}{word}" not in pages[path]]


def test_a_page_that_was_never_published_appears_nowhere(client: Client) -> None:
    article("lupus", **OLD)
    assert client.get(LUPUS).status_code == 404
    assert client.get("/autoimmune-conditions/").status_code == 404
    for path in ("/", "/a-z/", "/search/?q=oldtitle", "/feed/", "/sitemap.xml"):
        page = body(client.get(path))
        assert "Oldsummary" not in page, path
        assert "autoimmune-conditions" not in page, path


def test_a_publication_raises_the_version_of_every_page_it_changes() -> None:
    draft = published("lupus").article

    def versions() -> dict[str, int]:
        return dict(PageVersion.objects.values_list("path", "version"))

    assert versions() == {LUPUS: 1, "/autoimmune-conditions/": 1}
    live(rewritten(draft, title="Other"))
    assert versions() == {LUPUS: 2, "/autoimmune-conditions/": 2}


def test_what_is_no_longer_cited_is_no_longer_listed(client: Client) -> None:
    reference()
    draft = published("lupus", blocks=blocks("Old")).article
    assert "Pages here that use it" in body(client.get("/references/younger-2013/"))
    live(rewritten(draft, text()))
    assert "Pages here that use it" not in body(client.get("/references/younger-2013/"))


def test_a_policy_is_at_the_top_level_and_nowhere_else(client: Client) -> None:
    published("privacy", kind="policy", title="Privacy rules")
    assert "Privacy rules" in body(client.get("/privacy/"))
    assert client.get("/autoimmune-conditions/privacy/").status_code == 404
    assert "Privacy rules" not in body(client.get("/"))
    assert 'href="/privacy/"' in body(client.get("/autoimmune-conditions/"))


def test_an_article_is_below_its_own_topic_only(client: Client) -> None:
    published("lupus")
    assert client.get(LUPUS).status_code == 200
    assert client.get("/lupus/").status_code == 404
    assert client.get("/fibromyalgia-and-chronic-pain/lupus/").status_code == 404


def test_topics_appear_in_the_navigation_once_they_have_a_live_page(client: Client) -> None:
    draft = article("lupus")
    assert '<a href="/autoimmune-conditions/">' not in body(client.get("/a-z/"))
    live(draft)
    assert '<a href="/autoimmune-conditions/">Autoimmune conditions</a>' in body(client.get("/a-z/"))
