"""Where a page went that used to be at an address."""

from education.pages.models import Redirect

BELOW = "history/"  # what a page has below itself moves with it


def find(path: str) -> str:
    """The address that took the place of `path`; empty when there is none."""
    page = path.removesuffix(BELOW)
    known = {row.old: row.new for row in Redirect.objects.filter(old__in={path, page})}
    if path in known:
        return known[path]
    return known[page] + BELOW if page in known else ""
