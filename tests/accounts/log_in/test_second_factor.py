"""The code of the second factor: it works once and soon, and it can't be guessed."""

import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from tests.cast import PASSWORD, staff

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
SECOND_STEP = "/accounts/2fa/authenticate/"
PERIOD = 30  # seconds that a code is for


@pytest.fixture(autouse=True)
def anna() -> None:
    totp.TOTP.activate(staff("anna", "editor"), SECRET)


def code(*, windows_ago: int = 0) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(SECRET, int(time.time()) // PERIOD - windows_ago)))


def log_in(with_code: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": "anna", "password": PASSWORD})
    client.post(SECOND_STEP, {"code": with_code})
    return client


def is_in(client: Client) -> bool:
    return client.get("/admin/jsi18n/").status_code == 200  # made faster than the desk


def test_a_code_works_once() -> None:
    seen_by_somebody = code()
    assert is_in(log_in(seen_by_somebody))
    assert not is_in(log_in(seen_by_somebody))


@pytest.mark.parametrize("windows_ago", [-1, 1])
def test_a_clock_that_is_half_a_minute_off_does_no_harm(windows_ago: int) -> None:
    assert is_in(log_in(code(windows_ago=windows_ago)))


def test_a_code_that_is_accepted_longer_still_works_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen_by_somebody = code(windows_ago=-1)
    assert is_in(log_in(seen_by_somebody))
    later = time.time() + PERIOD + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert not is_in(log_in(seen_by_somebody))


def test_an_old_code_is_refused() -> None:
    assert not is_in(log_in(code(windows_ago=3)))
    assert is_in(log_in(code()))


def test_guessing_is_stopped() -> None:
    client = log_in("000000")
    for guess in range(1, 11):
        page = client.post(SECOND_STEP, {"code": f"{guess:06}"})
    assert page.status_code in (200, 429)
    client.post(SECOND_STEP, {"code": code()})
    assert not is_in(client), "after ten guesses the right code comes too late"
