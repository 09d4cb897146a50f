"""Before an account is changed, all that a log-in asks for is asked for again."""

import time
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from education.accounts.models import User
from tests.cast import PASSWORD, logged_in_by_form, staff
from tests.each import of_each

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_half_minute")]
SECRET = "JBSWY3DPEHPK3PXP"
SENSITIVE = [
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/password/change/",
    "/admin/education/user/add/",
]


def code() -> str:
    return str(totp.format_hotp_value(totp.hotp_value(SECRET, next(totp.yield_hotp_counters_from_time()))))


@pytest.fixture
def adam() -> Client:
    """An administrator with a second factor, whose log-in was a while ago."""
    client = Client()
    user = staff("adam", "administrator")
    totp.TOTP.activate(user, SECRET)
    client.force_login(user)
    return client


@of_each(SENSITIVE)
def test_the_password_and_then_the_second_factor_are_asked_for(path: str, adam: Client) -> None:
    first = adam.get(path)["Location"]
    assert first.startswith("/accounts/reauthenticate/?next=")
    assert adam.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path})["Location"] == path
    assert adam.get(path)["Location"].startswith("/accounts/2fa/reauthenticate/?next=")


def test_what_was_being_sent_waits_for_both_and_is_then_done(adam: Client) -> None:
    path = "/admin/education/user/add/"
    form = {"username": "ben", "email": "", "roles": ["intake"]}
    assert adam.post(path, form)["Location"].startswith("/accounts/reauthenticate/")
    second = adam.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path})
    assert second["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert not User.objects.filter(username="ben").exists()
    adam.post("/accounts/2fa/reauthenticate/", {"code": code(), "next": path})
    assert User.objects.get(username="ben").role_names == {"intake"}


def test_a_proof_is_too_old_after_some_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    client, now = logged_in_by_form(staff("adam", "administrator")), time.time()
    assert client.get("/admin/education/user/add/").status_code == 200
    monkeypatch.setattr("time.time", lambda: now + 400)
    assert client.get("/admin/education/user/add/")["Location"].startswith("/accounts/reauthenticate/")


def test_ending_other_sessions_asks_again_too() -> None:
    client = Client()
    client.force_login(staff("anna", "editor"))
    assert client.get("/accounts/sessions/").status_code == 200
    assert client.post("/accounts/sessions/")["Location"].startswith("/accounts/reauthenticate/")


def test_a_code_of_a_moment_ago_opens_the_accounts(client: Client, settings: Any) -> None:
    totp.TOTP.activate(staff("adam", "administrator"), SECRET)
    client.post("/accounts/login/", {"login": "adam", "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert client.get("/admin/education/user/add/").status_code == 200
    cache.clear()
