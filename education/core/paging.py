"""Long lists in the admin: nobody turns a thousand pages, so nothing is counted that far."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST = 5_000  # rows that can be reached by turning pages; for what lies beyond there is the search


class CappedPaginator(Paginator[Any]):
    """Counting every row would slow the list with each of them."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST].count())
