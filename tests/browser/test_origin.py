"""Nothing leaves the origin, a reader's browser is left with nothing, and no page is too wide for a small phone."""

from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser.fitting import SMALL_PHONE, too_wide
from tests.browser.places import MISSING
from tests.browser.profiles import DESKTOP, Profiles, Visits
from tests.browser.sites import Site
from tests.browser.watch import NOTHING, STORED, Watch, assert_nothing_is_stored

REFERENCES = "/references/"
# Two hundred pages that differ in their words alone. One of them takes the place of another where it loads nothing
# else; a page on which it does not fit in that way is opened.
REPLACED = """text => {
  const other = new DOMParser().parseFromString(text, "text/html");
  const files = "[src], [srcset], [data], [poster], link:not([rel=canonical])";
  const around = page => Array.from(page.querySelectorAll(files)).map(one => one.outerHTML).join();
  if (other.querySelector(`main :is(${files})`) || around(other) !== around(document)) { return false; }
  document.querySelector("main").replaceWith(document.adoptNode(other.querySelector("main")));
  return true;
}"""
LINKS = "() => Array.from(document.querySelectorAll('a[href]'), link => link.href.split('#')[0])"
STAFF_SIDE = ("/admin/", "/accounts/")
LARGE_ENOUGH = 40  # pages; fewer would mean that the walk got lost


def listed(page: Page) -> set[str]:
    """What the site tells search engines."""
    parts = page.request.get("/sitemap.xml").text().split("<loc>")[1:]
    return {urlsplit(part.partition("<")[0]).path for part in parts}


def test_the_watch_over_every_test_notices_what_it_should(profiles: Profiles, site: Site) -> None:
    watch = Watch(site.origin)
    with profiles.browser.new_context() as context:
        watch.follow(context)
        page = context.new_page()
        page.goto(f"{site.origin}/search/")
        assert watch.problems() == []
        page.evaluate("document.body.setAttribute('style', 'color: red')")
        with page.expect_event("pageerror"):
            page.evaluate("setTimeout(function () { throw new Error('a broken script'); })")
        page.goto(site.origin.replace("127.0.0.1", "localhost"))
        page.goto(f"{site.origin}{MISSING}")
    noticed = "\n".join(watch.problems())
    for words in (
        "Policy violation: style-src-attr",
        "a broken script",
        "status of 404",
        "Left the origin: http://loc",
    ):
        assert words in noticed


def test_the_next_test_finds_the_browser_profile_empty(profiles: Profiles, site: Site) -> None:
    visits = Visits(profiles)
    page = visits(site, viewport=SMALL_PHONE)
    page.goto("/")
    page.evaluate("document.cookie = 'a=1'; localStorage.a = 1; sessionStorage.a = 1; indexedDB.open('a')")
    page.goto("/search/")
    assert page.evaluate(STORED) != NOTHING
    assert visits.end() == []
    assert visits(site) is page
    assert_nothing_is_stored(page)
    assert page.evaluate("history.length") == 1
    assert page.viewport_size == DESKTOP
    assert visits.end() == []


def took_its_place(page: Page, path: str) -> bool:
    """Whether this page about a study was put in the place of one."""
    return REFERENCES in page.url and bool(page.evaluate(REPLACED, page.request.get(path).text()))


def test_every_public_page_by_its_links(visit: Visits, site: Site) -> None:
    page = visit(site, viewport=SMALL_PHONE)
    waiting = {"/", "/search/?q=naltrexone", *listed(page)}
    seen: dict[str, int] = {}
    while waiting:
        path = min(waiting, key=lambda path: path.startswith(REFERENCES))  # one after the other
        waiting.remove(path)
        if not (path.startswith(REFERENCES) and took_its_place(page, path)):
            page.goto(path)
        seen[path] = too_wide(page)
        ours = [link.removeprefix(site.origin) for link in page.evaluate(LINKS) if link.startswith(site.origin)]
        waiting |= {link for link in ours if link not in seen and not link.startswith(STAFF_SIDE)}
    assert len(seen) > LARGE_ENOUGH
    assert {path: over for path, over in seen.items() if over > 0} == {}
    assert_nothing_is_stored(page)
