"""The filters above the queue: those that one needs all day as chips with how many wait, the others behind a word."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from education.accounts.models import User
from education.consultations.models import Flag
from education.consultations.triage import queue
from education.consultations.triage.queue import MINE, OVERDUE, Filter
from education.consultations.workflow import FINISHED, OPEN, Status
from education.core.text import whole_number

QUEUE = "admin:education_consultationrequest_changelist"
ALWAYS = (Status.NEW, Status.RETRY, Status.CLINICIAN)  # shown even when none waits there


@dataclass(frozen=True)
class Chip:
    words: str
    address: str
    current: bool
    count: str = ""
    flag: str = ""  # the class of its shape, if it stands for a flag


@dataclass(frozen=True)
class Chips:
    often: list[Chip]
    flags: list[Chip]
    finished: list[Chip]

    @property
    def finished_now(self) -> Chip | None:
        return next((chip for chip in self.finished if chip.current), None)


def asked_for(typed: Any) -> Filter:
    """The filter in the query string or form; unknown values are ignored."""
    status, flag, only = typed.get("status", ""), whole_number(typed.get("flag", "")), typed.get("only", "")
    return Filter(
        status=status if status in Status.values else "",
        flag=flag if flag in Flag.values else None,
        only=only if only in (MINE, OVERDUE) else "",
    )


def address(wanted: Filter, page: int = 1) -> str:
    flag = "" if wanted.flag is None else str(wanted.flag)
    given = {"status": wanted.status, "flag": flag, "only": wanted.only, "page": str(page) if page > 1 else ""}
    query = "&".join(f"{name}={value}" for name, value in given.items() if value)
    return f"?{query}" if query else reverse(QUEUE)


def chips(wanted: Filter | None, *, by: User) -> Chips:
    """`wanted` is None after a search: then none of them is current. A chip that is current takes itself back."""
    found, more = queue.counts(by=by)

    def count(kind: str, value: object) -> str:
        number = found[kind, str(value)]
        return f"{number}{'+' if more else ''}"

    def chip(words: str, kind: str, value: Any, **rest: str) -> Chip:
        current = bool(wanted) and getattr(wanted, kind) == value
        cleared = None if kind == "flag" else ""
        changed: Any = {kind: cleared if current and value else value}
        target = replace(wanted or Filter(), **changed)
        return Chip(words, address(target), current, count(kind, value), **rest)

    shown = [status for status in OPEN if status in ALWAYS or found["status", status.value]]
    everything = Chip("All waiting", reverse(QUEUE), wanted == Filter(), count("status", ""))
    states = [chip(str(status.label), "status", status.value) for status in shown]
    own = [chip("Mine", "only", MINE), chip("Overdue", "only", OVERDUE)]
    flags = [
        chip(flag.name.capitalize(), "flag", flag.value, flag=f"flag-{flag.name.lower()}")
        for flag in sorted(Flag, reverse=True)
        if flag
    ]
    ended = [
        Chip(str(s.label), address(Filter(status=s)), bool(wanted) and wanted == Filter(status=s)) for s in FINISHED
    ]
    return Chips([everything, *own, *states], flags, ended)
