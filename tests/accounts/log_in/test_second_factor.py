"""The code of the second factor: it works once and soon, and it can't be guessed."""

import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from education.accounts.models import User
from tests.cast import PASSWORD, staff
from tests.screens import body, plain_words, tags

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


def autofocused(page: str) -> list[str | None]:
    return [given.get("name") for _, given in tags(page) if "autofocus" in given]


def test_logging_in_begins_in_the_field_that_is_asked_for() -> None:
    client = Client()
    assert autofocused(body(client.get("/accounts/login/"))) == ["login"]
    client.post("/accounts/login/", {"login": "anna", "password": PASSWORD})
    assert autofocused(body(client.get(SECOND_STEP))) == ["code"]
    refused = body(client.post(SECOND_STEP, {"code": "000000"}))
    assert autofocused(refused) == [None], "the list of what is wrong"


def recovery_codes() -> list[str]:
    codes: list[str] = RecoveryCodes.activate(User.objects.get(username="anna")).get_unused_codes()
    return codes


def test_who_used_a_recovery_code_reads_how_many_are_left() -> None:
    codes = recovery_codes()
    client = log_in(f"{codes[0][:4]} {codes[0][4:]}")  # as it is printed
    assert f"That was a recovery code: {len(codes) - 1} are left." in plain_words(body(client.get("/admin/")))
    assert not is_in(log_in(codes[0])), "it works once"
    for used in codes[1:-1]:
        client = log_in(used)
    assert "That was a recovery code: 1 is left." in plain_words(body(client.get("/admin/")))


def test_who_has_used_up_the_recovery_codes_is_told_so_and_makes_new_ones() -> None:
    for used in recovery_codes():
        client = log_in(used)
    assert "That was a recovery code: none is left." in plain_words(body(client.get("/admin/")))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for path in ("/accounts/2fa/", "/accounts/2fa/recovery-codes/"):
        page = body(client.get(path))
        assert "None is left: you have used each of them." in plain_words(page)
        assert "/accounts/2fa/recovery-codes/generate/" in page
        assert "I have kept them" not in page
