"""The order of the queue: urgent, overdue, the other flags, then what is due first; calls agreed for later last.

The order depends on the time, so no single index can hold it. The queue reads one rank after the other, each from an
index, until the page is full: the first page takes as long with a thousand requests as with a million.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Case, Q, SmallIntegerField, When
from django.urls import reverse
from django.utils import timezone

from education.accounts.models import User
from education.consultations import clinicians, workflow
from education.consultations.models import ConsultationRequest, RequestQuerySet
from education.consultations.workflow import FINISHED, OPEN, Flag, Status

PAGE_SIZE = 50
MAX_PAGE = 200
QUEUE = "admin:education_consultationrequest_changelist"
MINE, OVERDUE, LEFT = "mine", "overdue", "left"
NO_CLINICIAN = "no-clinician"  # beside a flag: as CLINICIAN_FIRST, of that flag alone
CLINICIAN_FIRST = "clinician-first"  # in place of one flag: no clinician has talked yet to one who is red or graver
OFTEN = (Status.NEW, Status.RETRY, Status.CLINICIAN)  # the others are behind a word
COUNTED = 300  # open requests at most, for the numbers on the chips: counting all takes longer with each


@dataclass(frozen=True)
class Filter:
    """What the queue shows. Without a status: every open request. `flag` is the number of a flag, CLINICIAN_FIRST or
    empty; `only` is MINE, OVERDUE, LEFT, NO_CLINICIAN or empty.
    """

    status: str = ""
    flag: str = ""
    only: str = ""

    def apply(self, requests: RequestQuerySet, *, by: User, now: datetime) -> RequestQuerySet:
        requests = requests.filter(status=self.status) if self.status else requests.waiting()
        if self.flag == CLINICIAN_FIRST:
            requests = requests.filter(clinicians.come_first())
        elif self.flag:
            requests = requests.filter(flag=int(self.flag))
        if self.only == MINE:
            requests = requests.filter(assignee=by)
        elif self.only == LEFT:
            requests = requests.filter(left_behind())
        elif self.only == NO_CLINICIAN:
            requests = requests.filter(clinicians.come_first())
        return requests.filter(due_at__lte=now, closed_at=None) if self.only == OVERDUE else requests


def left_behind() -> Q:
    """Of requests: whoever has it can't work on it any more, having been switched off or lost the role. So nobody has
    it, and anybody may claim it.
    """
    able = User.objects.with_permission(workflow.MAY_WORK).order_by().values("pk")
    return Q(assignee__isnull=False) & ~Q(assignee__in=able)


def ranks(now: datetime) -> list[Q]:
    """The queue in parts, first to last: conditions of which every request fulfills exactly one."""
    overdue, later = Q(due_at__lte=now), Q(due_at__gt=now)
    gravest_first = sorted(Flag, reverse=True)
    return [
        *(Q(flag=flag) for flag in gravest_first if flag >= Flag.URGENT),
        overdue & Q(flag__lt=Flag.URGENT),
        *(later & Q(flag=flag) & ~Q(status=Status.RETRY) for flag in gravest_first if flag < Flag.URGENT),
        later & Q(flag__lt=Flag.URGENT, status=Status.RETRY),
    ]


def page(wanted: Filter, number: int, *, by: User) -> tuple[list[ConsultationRequest], bool]:
    """The rows of one page in queue order, and whether there are more: one row is read beyond the page.

    Counting all of them would take longer with every request.
    """
    now = timezone.now()
    found = wanted.apply(ConsultationRequest.objects.all(), by=by, now=now)
    end = number * PAGE_SIZE
    keys = list(islice(_keys(found, ranks(now), end + 1), end - PAGE_SIZE, end + 1))
    return in_order(keys[:PAGE_SIZE]), len(keys) > PAGE_SIZE


def counts(*, by: User) -> tuple[Counter[tuple[str, str]], bool]:
    """How many open requests each filter of one kind would show, as in `("status", "new")`; and whether there are more.

    All of them together are under `("status", "")`.
    """
    columns = ("status", "flag", "assignee_id", "due_at", "contacted_at")
    rows = list(ConsultationRequest.objects.waiting().order_by("-flag", "due_at").only(*columns)[: COUNTED + 1])
    able: set[int | None] = {None}
    if any(row.assignee_id for row in rows):
        able.update(User.objects.with_permission(workflow.MAY_WORK).values_list("pk", flat=True))
    now, counted = timezone.now(), rows[:COUNTED]
    found = Counter(("status", row.status) for row in counted)
    found["status", ""] = len(counted)
    found.update(("flag", str(row.flag)) for row in counted)
    grave = [row for row in counted if row.flag >= Flag.RED]
    unmet = len(grave) - len(clinicians.talked_to(grave))
    found["flag", CLINICIAN_FIRST] = found["only", NO_CLINICIAN] = unmet
    found["only", MINE] = sum(row.assignee_id == by.pk for row in counted)
    found["only", LEFT] = sum(row.assignee_id not in able for row in counted)
    found["only", OVERDUE] = sum(row.due_at <= now for row in counted)
    return found, len(rows) > COUNTED


def next_after(row: ConsultationRequest, *, by: User) -> int | None:
    """The request that comes after this one in the queue, of those that wait for `by` or for nobody yet; the first of
    them after the last, and once this one waits no more.
    """
    now = timezone.now()
    waiting, parts = _waiting_for(by, now), ranks(now)
    rank = Case(*(When(part, then=number) for number, part in enumerate(parts)), output_field=SmallIntegerField())
    own = waiting.filter(pk=row.pk).annotate(rank=rank).values_list("rank", "due_at").first()
    others = waiting.exclude(pk=row.pk)
    if own:
        number, due_at = own
        behind = Q(due_at__gte=due_at) & (Q(due_at__gt=due_at) | Q(pk__gt=row.pk))  # begins in the index
        after = next(_keys(others, [parts[number] & behind, *parts[number + 1 :]], 1), None)
        if after:
            return after
    return next(_keys(others, parts, 1), None)


def _waiting_for(by: User, now: datetime) -> RequestQuerySet:
    """Those whose patients nobody has reached yet, but no call agreed for later, and nothing that is left to others."""
    found = ConsultationRequest.objects.waiting().exclude(status=Status.CONTACTED)
    found = found.filter(Q(assignee=None) | Q(assignee=by) | left_behind()).exclude(status=Status.RETRY, due_at__gt=now)
    return found if by.has_perm(workflow.MAY_SEE_CLINICAL) else found.exclude(status=Status.CLINICIAN)


def first(most: int) -> list[ConsultationRequest]:
    """The first requests of the whole queue, not to be opened."""
    keys = list(_keys(ConsultationRequest.objects.waiting(), ranks(timezone.now()), most))
    return _as_listed(keys, ConsultationRequest.objects.defer("sealed"))


def ways_left(row: ConsultationRequest) -> str:
    """What there is to reach its patient by, without a look at anything sealed. Which they would rather is sealed."""
    ways = {(True, False): "Telephone", (False, True): "E-mail", (True, True): "Telephone and e-mail"}
    return ways.get((bool(row.phone_mac), bool(row.email_mac)), "")


def _keys(requests: RequestQuerySet, parts: list[Q], most: int) -> Iterator[int]:
    for part in parts:
        keys = list(requests.filter(part).order_by("due_at", "id").values_list("pk", flat=True)[:most])
        yield from keys
        most -= len(keys)
        if most <= 0:
            return


def in_order(keys: list[int]) -> list[ConsultationRequest]:
    """The requests with these keys, with all that opening them needs."""
    rows = _as_listed(keys, ConsultationRequest.objects.prefetch_related("amendments"))
    if any(row.assignee_id for row in rows):
        gone = ConsultationRequest.objects.filter(left_behind(), pk__in=keys)
        left = set(gone.values_list("pk", flat=True))
        for row in rows:
            row.is_left_behind = row.pk in left
    return rows


def _as_listed(keys: list[int], requests: RequestQuerySet) -> list[ConsultationRequest]:
    by_key = {row.pk: row for row in requests.filter(pk__in=keys).select_related("assignee")}
    return [by_key[key] for key in keys if key in by_key]


# The filters above it: those that one needs all day as chips with how many wait, the others behind a word


@dataclass(frozen=True)
class Chip:
    words: str
    address: str
    current: bool
    count: str = ""
    flag: str = ""  # the class of its shape, if it stands for a flag
    stays: bool = False  # on a phone, where the others fold away
    narrows: bool = False  # folds away on a small desktop too


@dataclass(frozen=True)
class Chips:
    often: list[Chip]
    flags: list[Chip]
    others: list[Chip]  # the states that are asked for now and then
    active: int  # how many filters are set

    @property
    def flag_now(self) -> Chip | None:
        return next((chip for chip in self.flags if chip.current), None)

    @property
    def other_now(self) -> Chip | None:
        return next((chip for chip in self.others if chip.current), None)


def asked_for(typed: Any) -> Filter:
    """The filter in the query string or form; unknown values are ignored."""
    status, flag, only = (typed.get(name, "") for name in ("status", "flag", "only"))
    return Filter(
        status=status if status in Status.values else "",
        flag=flag if flag in (CLINICIAN_FIRST, *map(str, Flag.values)) else "",
        only=only if only in (MINE, OVERDUE, LEFT, NO_CLINICIAN) else "",
    )


def address(wanted: Filter, page: int = 1) -> str:
    given = {"status": wanted.status, "flag": wanted.flag, "only": wanted.only, "page": str(page) if page > 1 else ""}
    query = "&".join(f"{name}={value}" for name, value in given.items() if value)
    return f"?{query}" if query else reverse(QUEUE)


def chips(wanted: Filter | None, *, by: User) -> Chips:
    """`wanted` is None after a search: then none of them is current. A chip that is current takes itself back."""
    found, more = counts(by=by)

    def count(kind: str, value: str) -> str:
        number = found[kind, value]
        return f"{number}{'+' if more else ''}"

    def chip(words: str, kind: str, value: str, **rest: Any) -> Chip:
        current = bool(wanted) and getattr(wanted, kind) == value
        changed: Any = {kind: "" if current else value}
        target = replace(wanted or Filter(), **changed)
        shown = count(kind, value)
        return Chip(words, address(target), current, shown if shown != "0" else "", **rest)

    everything = Chip("Waiting", reverse(QUEUE), wanted == Filter(), count("status", ""), stays=True)
    states = [chip(str(status.label), "status", status.value, narrows=status != Status.NEW) for status in OFTEN]
    own = [chip("Mine", "only", MINE), chip("Overdue", "only", OVERDUE, stays=True)]
    left = chip("Left behind", "only", LEFT)
    own += [left] if left.count or left.current else []
    unmet = chip("No clinician yet", "only", NO_CLINICIAN)
    own += [unmet] if unmet.current else []
    flags = [
        chip(flag.name.capitalize(), "flag", str(flag.value), flag=flag.css_class)
        for flag in sorted(Flag, reverse=True)
        if flag
    ]
    flags.append(chip("A clinician first", "flag", CLINICIAN_FIRST, flag=Flag.RED.css_class))
    others = [chip(str(status.label), "status", status.value) for status in OPEN if status not in OFTEN]
    others += [
        Chip(str(s.label), address(Filter(status=s)), bool(wanted) and wanted == Filter(status=s)) for s in FINISHED
    ]
    active = sum(map(bool, (wanted.status, wanted.flag, wanted.only))) if wanted else 0
    return Chips([everything, *own, *states], flags, others, active)
