"""What machines read: sitemap, feed, robots, security.txt."""

import re
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from education.pages import actions as pages
from education.pages import views
from education.pages.models import PageVersion
from education.wording.links import site_links
from education.wording.site import site_words
from tests.cast import clinic, live, published, rewritten
from tests.screens import body

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HARD = "Lupus & “you”: 5 < 6 > 4 <![CDATA[x]]> &amp; it’s"


def test_the_sitemap_lists_every_published_page_by_its_full_address(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://clinic.test"
    published("lupus", title=HARD)
    published("privacy", kind="policy")
    response = client.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml"
    places = [element.text or "" for element in ElementTree.fromstring(response.content).iter(f"{MAP}loc")]
    paths = [place.removeprefix("https://clinic.test") for place in places]
    assert sorted(paths) == ["/", "/autoimmune-conditions/", "/autoimmune-conditions/lupus/", "/privacy/"]
    assert all(client.get(path).status_code == 200 for path in paths)


def test_more_pages_than_a_sitemap_may_hold_are_in_several_which_it_names(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SITE_URL = "https://clinic.test"
    for number in range(6):
        published(f"page-{number}")
    (all_at_once,) = addresses_in(client)
    monkeypatch.setattr(views, "PAGES_IN_SITEMAP", 3)
    files = addresses_in(client)
    assert [len(file) for file in files] == [4, 3, 1]  # seven pages, one of them their topic's, and the home page
    assert [place for file in files for place in file] == all_at_once
    assert [client.get(f"/sitemap-{number}.xml").status_code for number in (0, 4)] == [404, 404]


def addresses_in(client: Client) -> list[list[str]]:
    """Of each file that the sitemap consists of."""
    found = ElementTree.fromstring(client.get("/sitemap.xml").content)
    places = [element.text or "" for element in found.iter(f"{MAP}loc")]
    if found.tag == f"{MAP}urlset":
        return [places]
    files = [ElementTree.fromstring(client.get(place.removeprefix("https://clinic.test")).content) for place in places]
    return [[element.text or "" for element in file.iter(f"{MAP}loc")] for file in files]


def test_the_feed_lists_the_latest_change_first(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://clinic.test"
    clinic(name="A & B Clinic")
    first = published("lupus", title=HARD)
    published("psoriasis")
    live(rewritten(first.article, summary="Other."))
    response = client.get("/feed/")
    assert response["Content-Type"] == "application/atom+xml"
    feed = ElementTree.fromstring(response.content)
    assert feed.findtext(f"{ATOM}title") == "A & B Clinic: new and changed pages"
    entries = feed.findall(f"{ATOM}entry")
    assert HARD in [entry.findtext(f"{ATOM}title") for entry in entries[:2]]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries) == 3
    dates = [datetime.fromisoformat(str(entry.findtext(f"{ATOM}updated"))) for entry in entries]
    assert dates == sorted(dates, reverse=True)
    assert all(date.tzinfo for date in dates)
    assert datetime.fromisoformat(str(feed.findtext(f"{ATOM}updated"))) == dates[0]


@pytest.mark.parametrize("path", ["/feed/", "/sitemap.xml"])
def test_sitemap_and_feed_are_well_formed_before_anything_is_published(client: Client, path: str) -> None:
    ElementTree.fromstring(client.get(path).content)


def test_the_feed_holds_thirty_entries_at_most(client: Client) -> None:
    for number in range(33):
        pages.changed(f"/page-{number}/", title=f"Page {number}")
    assert len(ElementTree.fromstring(client.get("/feed/").content).findall(f"{ATOM}entry")) == 30


def test_a_trial_excludes_robots(client: Client) -> None:
    assert body(client.get("/robots.txt")).splitlines()[:2] == ["User-agent: *", "Disallow: /"]


def test_in_production_robots_may_read_public_pages_only(client: Client, settings: Any) -> None:
    settings.TRIAL, settings.SITE_URL = False, "https://clinic.test"
    response = client.get("/robots.txt")
    lines = body(response).splitlines()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "Disallow: /" not in lines
    for path in ("/admin/", "/accounts/", "/my-request/", "/setup/"):
        assert f"Disallow: {path}" in lines
    assert lines[-1] == "Sitemap: https://clinic.test/sitemap.xml"


def test_security_txt_gives_a_contact_and_has_not_expired(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://clinic.test"
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in body(response).splitlines())
    assert fields["Contact"] == "https://clinic.test/request-a-consultation/"
    left = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=30) < left < timedelta(days=365)


def test_a_withdrawn_page_is_listed_nowhere(client: Client) -> None:
    pages.changed("/page/", title="Page", nav_order=1)
    assert menu() == ["Page"]
    pages.changed("/page/", title="Other name", nav_order=1)
    assert str(PageVersion.objects.get()) == "/page/ v2"
    pages.gone("/page/")
    assert menu() == []
    assert "/page/" not in body(client.get("/sitemap.xml"))


def test_topics_are_in_the_order_that_staff_gave_them() -> None:
    for path, title, order in [("/c/", "C", 1), ("/b/", "B", 2), ("/a/", "A", 2), ("/hidden/", "Hidden", None)]:
        pages.changed(path, title=title, nav_order=order)
    assert menu() == ["C", "A", "B"]


def menu() -> list[str]:
    return [link.title for link in site_links(site_words()).menu]


def test_readers_of_news_find_the_feed(client: Client) -> None:
    published("lupus")
    for path in ("/", "/a-z/"):
        assert re.search(
            '<link rel="alternate" type="application/atom.xml"[^>]* href="/feed/">', body(client.get(path))
        )
    assert '<a href="/feed/">Feed of new and changed pages</a>' in body(client.get("/a-z/"))
