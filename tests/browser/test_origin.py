"""Nothing leaves the origin, and a reader's browser is left with nothing."""

from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser import asking
from tests.browser.conftest import Visits
from tests.browser.places import PUBLIC
from tests.browser.sites import Site

LINKS = "() => Array.from(document.querySelectorAll('a[href]'), link => link.href.split('#')[0])"
KEPT = """async () => ({
  cookie: document.cookie,
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map(found => found.name),
  caches: typeof caches === "undefined" ? [] : await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"cookie": "", "local": [], "session": [], "databases": [], "caches": [], "workers": 0}
STAFF_SIDE = ("/admin/", "/accounts/")
LARGE_ENOUGH = 40  # pages; fewer would mean that the walk got lost


def walk(page: Page, site: Site) -> dict[str, int]:
    """Follow every link from home that stays on the public site; path: how far the page is wider than the window."""
    waiting, seen = ["/", "/search/?q=naltrexone"], dict[str, int]()
    while waiting:
        path = waiting.pop()
        page.goto(path)
        seen[path] = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        for address in page.evaluate(LINKS):
            found = address.removeprefix(site.origin)
            known = found in seen or found in waiting or found.startswith(STAFF_SIDE)
            if address.startswith(site.origin) and not known:
                waiting.append(found)
    return seen


def test_every_public_page_by_its_links(visit: Visits, site: Site) -> None:
    """On the narrowest of phones: nothing is kept in the browser, nothing is fetched elsewhere, nothing is too wide."""
    page = visit(site, viewport={"width": 320, "height": 640})
    seen = walk(page, site)
    assert len(seen) > LARGE_ENOUGH
    assert {path: over for path, over in seen.items() if over > 0} == {}
    asking.error_state(page)
    assert page.evaluate(KEPT) == NOTHING
    asking.send(page)
    assert page.evaluate(KEPT) == NOTHING
    assert page.context.cookies() == []


def test_the_walk_meets_what_the_site_lists(visit: Visits, site: Site) -> None:
    page = visit(site)
    answer = page.request.get("/sitemap.xml").text()
    listed = {urlsplit(part.partition("<")[0]).path for part in answer.split("<loc>")[1:]}
    assert listed
    assert listed <= walk(page, site).keys()


def test_no_kind_of_public_page_sets_a_cookie(visit: Visits, site: Site) -> None:
    page = visit(site, expected=(404,))
    for place, go in PUBLIC.items():
        if not place.startswith("log-in"):
            go(page)
            assert page.context.cookies() == [], place
            assert page.evaluate(KEPT) == NOTHING, place
