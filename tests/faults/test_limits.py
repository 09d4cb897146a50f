"""The limit of requests from one address: the same for four workers together as for one, whatever a sender claims."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.asking import ANSWERS, FORM, TOKEN
from tests.faults.production import Site, in_production, in_trial
from tests.faults.visitor import Page, Visitor
from tests.server import Launcher

LIMITED = {"INTAKE_LIMIT_PER_HOUR": "1", "GUNICORN_CMD_ARGS": "--workers 4"}
WRONG_PASSWORDS = 5  # are looked at: those that follow from the same address for the same account are not
MOST = 10  # ten times the limit are accepted; from the second on they are marked
HOUR = 3600  # seconds
addresses = (f"127.0.2.{number}" for number in itertools.count(1))


@pytest.fixture(scope="module", params=[in_trial, in_production], ids=["trial", "production"])
def site(request: pytest.FixtureRequest, launch_shared: Launcher, staffed: Path) -> Iterator[Site]:
    with request.param(launch_shared, staffed, request.param.__name__, **LIMITED) as site:
        yield site


def send(visitor: Visitor, name: str, **headers: str) -> Page:
    token = TOKEN.search(visitor.get(FORM).body)
    assert token
    answer = visitor.post(FORM, {**ANSWERS, "full_name": name, "token": token[1]}, **headers)
    return visitor.get(answer.location) if FORM in answer.location else answer  # back to the form, which says why


def within_an_hour(site: Site, sends: Callable[[Visitor], list[Page]]) -> list[Page]:
    """What a visitor of whom nothing is counted yet gets. Counts begin anew with each hour of the clock: whoever was
    still sending then is followed by another visitor.
    """
    while True:
        hour = time.time() // HOUR
        pages = sends(site.visitor(next(addresses)))
        if time.time() // HOUR == hour:
            return pages


def test_claiming_to_be_somebody_else_helps_nobody(site: Site) -> None:
    claims = [{"X_Forwarded_For": f"198.51.100.{number}", "X_Real_Ip": f"198.51.100.{number}"} for number in range(30)]
    pages = within_an_hour(
        site, lambda visitor: [send(visitor, f"Greta {number}", **claim) for number, claim in enumerate(claims)]
    )
    assert [page.status for page in pages] == [303] * MOST + [429] * 20


def test_forty_at_once_are_counted_exactly(site: Site) -> None:
    with ThreadPoolExecutor(40) as pool:
        pages = within_an_hour(
            site, lambda visitor: list(pool.map(lambda number: send(visitor, f"Paul {number}"), range(40)))
        )
    assert Counter(page.status for page in pages) == {303: MOST, 429: 30}


def test_twenty_five_wrong_passwords_at_once_are_counted_exactly(site: Site) -> None:
    def guess(number: int) -> Page:
        typed = {"login": "manager", "password": f"a wrong one {number}"}
        return site.visitor("127.0.1.6").send("/accounts/login/", typed)

    def is_refused(page: Page) -> bool:
        """Where attempts wait for each other longer than a second, the last of them is not even counted."""
        return "too many wrong attempts" in page.body or page.status == 429

    with ThreadPoolExecutor(25) as pool:
        pages = list(pool.map(guess, range(25)))
    assert sum("don’t belong together" in page.body for page in pages) == WRONG_PASSWORDS
    assert sum(is_refused(page) for page in pages) == 25 - WRONG_PASSWORDS


def test_whoever_meets_the_limit_keeps_the_answers_and_is_told_whom_to_call(site: Site) -> None:
    names = [*[f"Rosa {number}" for number in range(MOST)], "Rosa Refused"]
    *taken, page = within_an_hour(site, lambda visitor: [send(visitor, name) for name in names])
    assert [page.status for page in taken] == [303] * MOST
    assert page.status == 429
    assert 'value="Rosa Refused"' in page.body
    assert "555 0100" in page.body
    assert page.headers["Retry-After"] == "3600"
    assert send(site.visitor("127.0.1.5"), "Nina Neighbour").status == 303
