"""Long lists in the admin: nobody turns a thousand pages, so rows are counted up to a limit only."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MAX_ROWS = 5_000  # that can be reached by turning pages; the search finds the others


class CappedPaginator(Paginator[Any]):
    """A count of all rows would get slower with each of them."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MAX_ROWS].count())
