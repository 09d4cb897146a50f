"""Requests that nobody would send, as every role: none is answered with an error of ours, none takes long, and a worker
is small afterwards. `FUZZ_CALLS=20000` sends that many; README.md says what came of it."""

import http.client
import logging
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings

from education.accounts.models import User
from education.accounts.roles import ROLES
from education.accounts.tokens import enrolment_token
from education.articles.content.blocks.base import Block
from education.articles.models import Article
from education.articles.public.preview import link_path
from education.consultations.public import actions as patient
from education.consultations.upkeep import ingest
from tests import cast
from tests.consultations import asking
from tests.faults.asking import NO_LIMIT
from tests.faults.furnish import EVERYTHING, MEADOW
from tests.faults.fuzz import RECIPES, ROUTES, Call, Form, Recipe, made
from tests.faults.production import in_trial
from tests.faults.visitor import Visitor
from tests.faults.wire import connect
from tests.server import Launcher, Run

CALLS = int(os.environ.get("FUZZ_CALLS", "420"))
SITTING = 40  # calls, then everything is as it was; within a sitting, what was stored may break what comes after
LONGEST = 3.0  # seconds of processor time, which counts for more beside other processes
SMALL = 150  # MB
WHO: dict[str, tuple[str, ...]] = {"visitor": (), **{role: (role,) for role in ROLES}, EVERYTHING: tuple(ROLES)}
SHARE = CALLS // len(WHO)


def each_drawn(number: int, start: int, one: Callable[[Recipe], None]) -> None:
    """`one` is called so many times, and with the same each time this is run."""

    @seed(start)
    @settings(
        max_examples=number, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(RECIPES)
    def each(recipe: Recipe) -> None:
        one(recipe)

    each()


def in_turn(who: str) -> Iterator[str]:
    """All addresses of the site, each role at another place among them."""
    mixed = random.Random(1).sample(ROUTES, len(ROUTES))
    return islice(cycle(mixed), list(WHO).index(who) * SHARE, None)


def say(words: str) -> None:
    """`pytest -rP` shows it."""
    sys.stdout.write(f"{words}\n")


def known() -> dict[str, list[str]]:
    """A clinic with one of everything; what stands in the addresses of it, by the name of the part."""
    cast.clinic()
    draft = cast.complete("gout", title="Gout", blocks=[*cast.every_block_that_passes()])
    cast.issued(draft)
    reference, picture = cast.reference(), cast.picture(name=MEADOW)
    token = patient.submit(asking.submission(**asking.WHOLE), patient.Sender("one"))
    ingest.ingest_new()
    somebody = cast.staff("somebody", "editor")
    pks = sorted({str(row.pk) for row in (draft, reference, picture, somebody, *User.objects.all())} | {"1", "2"})
    kinds = [model for model in apps.get_models() if issubclass(model, Block)]
    blocks = [str(row.pk) for model in kinds for row in model._default_manager.all()]
    return {
        "pk": pks,
        "object_id": pks,
        "number": ["1", "2"],
        "version": ["1", "2"],
        "content_type_id": [str(ContentType.objects.get_for_model(model).pk) for model in (Article, User)],
        "slug": ["gout", "ann-author", "autoimmune-conditions"],
        "topic": ["autoimmune-conditions"],
        "key": [reference.key],
        "name": [f"{MEADOW}-600.jpg"],
        "token": [token, link_path(draft).split("/")[2], enrolment_token(somebody)],
        "verb": ["alive", "lock"],
        "block": blocks[:5] or ["1"],
        "block_type": ["text", "claim", "care"],
    }


class InProcess:
    """One person at Django's test client."""

    def __init__(self, who: str) -> None:
        self.known = known()
        self.client = Client(raise_request_exception=False)
        if WHO[who]:
            cast.staff("anna", *WHO[who])
            self.client.post("/accounts/login/", {"login": "anna", "password": cast.PASSWORD})
        self.cookies = {name: cookie.value for name, cookie in self.client.cookies.items()}
        self.forms: dict[str, dict[str, str]] = {}
        self.found: dict[str, str] = {}
        self.slowest, self.sent = 0.0, 0
        self.statuses: Counter[int] = Counter()
        self.routes = in_turn(who)
        self.start = connection.savepoint()

    def one(self, recipe: Recipe) -> None:
        if self.sent % SITTING == 0:
            self.start_anew()
        call = made(recipe, next(self.routes), self.known, self.form)
        self.sent += 1
        began = time.process_time()
        response = self.send(call)
        took = time.process_time() - began
        self.slowest = max(self.slowest, took)
        self.statuses[response.status_code] += 1
        if response.status_code >= 500:
            self.found.setdefault(reason(response), f"{call.route}\n{call}")
            self.start_anew()
        if took > LONGEST:
            self.found.setdefault(f"{took:.1f} s: {call.method} {call.route}", str(call))

    def start_anew(self) -> None:
        transaction.set_rollback(False)
        connection.savepoint_rollback(self.start)

    def send(self, call: Call) -> Any:
        self.client.cookies.load(self.cookies)
        response: Any = self.client.generic(
            call.method, call.target, call.body, call.content_type, headers=call.headers
        )
        if response.streaming:
            b"".join(response.streaming_content)
        return response

    def form(self, path: str) -> dict[str, str]:
        if path not in self.forms:
            response = self.send(Call("GET", path, path))
            is_page = response.status_code == 200 and response["Content-Type"].startswith("text/html")
            self.forms[path] = Form(response).values() if is_page else {}
        return self.forms[path]


def reason(response: Any) -> str:
    """Where it broke: the same mistake is told once."""
    if not response.exc_info:
        return str(response.status_code)
    kind, error, trace = response.exc_info
    places = []
    while trace:
        places.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{kind.__name__} at {' '.join(places[-3:])}: {str(error)[:80]}"


@pytest.fixture
def _quiet() -> Iterator[None]:
    """Thousands of refusals, each with its traceback, stay out of the test's memory."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("db", "own_media", "own_keys", "_quiet")
@pytest.mark.parametrize("who", WHO)
def test_no_request_breaks_anything(who: str, settings: Any) -> None:
    settings.INTAKE_LIMIT_PER_HOUR = 0
    person = InProcess(who)
    began = time.monotonic()
    each_drawn(SHARE, list(WHO).index(who), person.one)
    seconds = time.monotonic() - began
    say(f"{who}: {person.sent} requests in {seconds:.0f} s, the slowest {person.slowest:.2f} s of processor time")
    say(str(sorted(person.statuses.items())))
    assert not person.found, "\n\n".join(f"{where}\n{call}" for where, call in person.found.items())


class OverTheWire:
    """One person at a site that is served."""

    def __init__(self, visitor: Visitor, who: str) -> None:
        self.visitor, self.own = visitor, dict(visitor.cookies)
        self.known = {"pk": ["1", "2"], "object_id": ["1", "2"], "slug": ["gout"], "topic": ["autoimmune-conditions"]}
        self.routes = in_turn(who)
        self.statuses: Counter[int] = Counter()

    def one(self, recipe: Recipe) -> None:
        self.statuses[self.send(made(recipe, next(self.routes), self.known, self.form))[0]] += 1

    def form(self, path: str) -> dict[str, str]:
        status, content = self.send(Call("GET", path, path))
        return Form(SimpleNamespace(content=content)).values() if status == 200 and b"<html" in content else {}

    def send(self, call: Call) -> tuple[int, bytes]:
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.own.items())} if self.own else {}
        headers = {"Host": self.visitor.host, "Origin": self.visitor.origin, "Content-Type": call.content_type}
        connection = http.client.HTTPConnection("127.0.0.1", self.visitor.port)
        connection.sock = connect(self.visitor.port)
        with closing(connection):
            connection.request(call.method, call.target, call.body, headers | cookies | call.headers)
            answer = connection.getresponse()
            return answer.status, answer.read()


def test_a_worker_is_small_afterwards(launch: Launcher, staffed: Path) -> None:
    """A quarter of the requests, for they take longer here."""
    with in_trial(launch, staffed, "fuzzed", **NO_LIMIT) as site:
        say(f"before: {sizes(site.run)} MB")
        for start, who in enumerate(WHO):
            person = OverTheWire(site.staff(who) if WHO[who] else site.visitor(), who)
            each_drawn(SHARE // 4, start, person.one)
            say(f"{who}: {sorted(person.statuses.items())}")
            assert not [status for status in person.statuses if status >= 500]
        say(f"afterwards: {sizes(site.run)} MB")
        assert site.visitor().get("/").status == 200
        assert 0 < max(sizes(site.run)) < SMALL


def sizes(run: Run) -> list[int]:
    """Of the web workers."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in run.children(run.web())]
    return [count * 4096 // 1_000_000 for count in pages]
