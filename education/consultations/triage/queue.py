"""The order of the queue: urgent, overdue, the other flags, then what is due first; calls agreed for later last.

The order depends on the time, so no single index can hold it. The queue reads one rank after the other, each from an
index, until the page is full: the first page takes as long with a thousand requests as with a million.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.utils import timezone

from education.accounts.models import User
from education.consultations.models import ConsultationRequest, Flag, RequestQuerySet
from education.consultations.workflow import Status

PAGE_SIZE = 50
MAX_PAGE = 200
MINE, OVERDUE = "mine", "overdue"
COUNTED = 300  # open requests at most, for the numbers on the chips: counting all takes longer with each


@dataclass(frozen=True)
class Filter:
    """What the queue shows. Without a status: every open request. `only` is MINE, OVERDUE or empty."""

    status: str = ""
    flag: int | None = None
    only: str = ""

    def apply(self, requests: RequestQuerySet, *, by: User, now: datetime) -> RequestQuerySet:
        requests = requests.filter(status=self.status) if self.status else requests.waiting()
        if self.flag is not None:
            requests = requests.filter(flag=self.flag)
        if self.only == MINE:
            requests = requests.filter(assignee=by)
        return requests.filter(due_at__lte=now, closed_at=None) if self.only == OVERDUE else requests


def ranks(requests: RequestQuerySet, now: datetime) -> Iterator[RequestQuerySet]:
    """The queue in parts, first to last; every request is in exactly one."""
    overdue, later = requests.filter(due_at__lte=now), requests.filter(due_at__gt=now)
    gravest_first = sorted(Flag, reverse=True)
    for flag in [flag for flag in gravest_first if flag >= Flag.URGENT]:
        yield requests.filter(flag=flag)
    yield overdue.filter(flag__lt=Flag.URGENT)
    for flag in [flag for flag in gravest_first if flag < Flag.URGENT]:
        yield later.filter(flag=flag).exclude(status=Status.RETRY)
    yield later.filter(flag__lt=Flag.URGENT, status=Status.RETRY)


def page(wanted: Filter, number: int, *, by: User) -> tuple[list[ConsultationRequest], bool]:
    """The rows of one page in queue order, and whether there are more: one row is read beyond the page.

    Counting all of them would take longer with every request.
    """
    now = timezone.now()
    found = wanted.apply(ConsultationRequest.objects.all(), by=by, now=now)
    end = number * PAGE_SIZE
    keys = list(islice(_keys(found, now, end + 1), end - PAGE_SIZE, end + 1))
    return in_order(keys[:PAGE_SIZE]), len(keys) > PAGE_SIZE


def counts(*, by: User) -> tuple[Counter[tuple[str, str]], bool]:
    """How many open requests each filter of one kind would show, as in `("status", "new")`; and whether there are more.

    All of them together stand under `("status", "")`.
    """
    columns = ("status", "flag", "assignee_id", "due_at")
    rows = list(ConsultationRequest.objects.waiting().order_by("-flag", "due_at").values_list(*columns)[: COUNTED + 1])
    found, now = Counter[tuple[str, str]](), timezone.now()
    for status, flag, assignee, due in rows[:COUNTED]:
        found.update([("status", ""), ("status", status), ("flag", str(flag))])
        found.update([("only", MINE)] * (assignee == by.pk) + [("only", OVERDUE)] * (due <= now))
    return found, len(rows) > COUNTED


def first(most: int) -> list[ConsultationRequest]:
    """Those with which the queue of everybody begins."""
    return in_order(list(_keys(ConsultationRequest.objects.waiting(), timezone.now(), most)))


def _keys(requests: RequestQuerySet, now: datetime, most: int) -> Iterator[int]:
    for rank in ranks(requests, now):
        keys = list(rank.order_by("due_at", "id").values_list("pk", flat=True)[:most])
        yield from keys
        most -= len(keys)
        if most <= 0:
            return


def in_order(keys: list[int]) -> list[ConsultationRequest]:
    rows = ConsultationRequest.objects.filter(pk__in=keys).select_related("assignee").prefetch_related("amendments")
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in keys if key in by_key]
