"""Looking up the new address of a page that has moved."""

from collections.abc import Iterable

from education.pages.models import Redirect

SUBPAGE = "history/"  # moves together with its page


def find_all(paths: Iterable[str]) -> dict[str, str]:
    """The addresses that replaced these, for those that were replaced; one query."""
    return dict(Redirect.objects.filter(old__in=[path for path in paths if "\0" not in path]).values_list("old", "new"))


def find(path: str) -> str:
    """The address that replaced `path`; empty when there is none."""
    if "\0" in path:
        return ""  # PostgreSQL refuses to look for it
    page = path.removesuffix(SUBPAGE)
    redirects = {row.old: row.new for row in Redirect.objects.filter(old__in={path, page})}
    if path in redirects:
        return redirects[path]
    return redirects[page] + SUBPAGE if page in redirects else ""
