"""The menu and the footer as patients see them: links to pages that are there to read, in the order staff gave them."""

from dataclasses import dataclass, field

from django.db.models import Q

from education.pages import redirects
from education.pages.models import PageVersion
from education.wording.lists import Item, items, names, shown
from education.wording.places import Words, as_built_in

# Pages that are always there, without being an article or a topic, and what a link to each says.
OF_THE_SITE = {
    "/a-z/": "All pages, A to Z",
    "/glossary/": "Words explained",
    "/people/": "People",
    "/contact/": "Contact",
    "/search/": "Search",
    "/request-a-consultation/": "Request a consultation",
}
FRAME = "frame"  # the page of the screen “Words of the site” that has the lists
LISTS = {"menu": True, "read_pages": True, "site_pages": False}  # whether topics that are not listed follow


@dataclass(frozen=True)
class Link:
    title: str
    path: str


@dataclass(frozen=True)
class SiteLinks:
    """`read` and `site` are the two lists of the footer."""

    menu: list[Link] = field(default_factory=list)
    read: list[Link] = field(default_factory=list)
    site: list[Link] = field(default_factory=list)


def site_links(words: Words) -> SiteLinks:
    """The links that staff listed. One query, and two more while a list has a page under an address from which it has
    moved.
    """
    frame, listed = words[FRAME], _named(words)
    topics, titles = _live(listed)
    gone = redirects.find_all(missing) if (missing := listed - titles.keys()) else {}
    if gone:
        titles |= _live(set(gone.values()))[1]
    return SiteLinks(
        *(
            _links(shown(frame[name], topics if follow else ()), names(frame[f"{name}_names"]), titles, gone)
            for name, follow in LISTS.items()
        )
    )


def without_pages() -> SiteLinks:
    """What can be said with the database away."""
    frame = as_built_in()[FRAME]
    titles = dict(OF_THE_SITE)
    return SiteLinks(site=_links(shown(frame["site_pages"]), names(frame["site_pages_names"]), titles, {}))


def is_named(path: str, words: Words) -> bool:
    """Whether the menu or the footer lists this page, be it under an address from which it has moved."""
    named = _named(words)
    return path in named or path in redirects.find_all(named).values()


def moved(listed: list[Item]) -> list[Item]:
    """The same pages, each that has moved at its new address, and once."""
    now = redirects.find_all([item.value for item in listed])
    found = (Item(now.get(item.value, item.value), item.shown) for item in listed)
    return list({item.value: item for item in found}.values())


def _named(words: Words) -> set[str]:
    """The pages that staff listed, live or not. Topics are there without being listed."""
    return {item.value for name in LISTS for item in items(words[FRAME][name])}


def _live(listed: set[str]) -> tuple[list[str], dict[str, str]]:
    """The topics in their order; and the title of each of them, of the listed pages and of the site's own."""
    pages = PageVersion.objects.filter(Q(nav_order__isnull=False) | Q(path__in=listed)).order_by("nav_order", "title")
    rows = list(pages.values_list("path", "title", "nav_order"))
    return [path for path, _, place in rows if place is not None], {
        **{path: title for path, title, _ in rows},
        **OF_THE_SITE,
    }


def _links(listed: list[str], called: dict[str, str], titles: dict[str, str], moved: dict[str, str]) -> list[Link]:
    """A page that is not there to read gets no link."""
    found: dict[str, Link] = {}
    for path in listed:
        now = path if path in titles else moved.get(path, "")
        if now in titles:
            found.setdefault(now, Link(called.get(path) or called.get(now) or titles[now], now))
    return list(found.values())
