"""What the database holds of a session opens nothing, and administrators can end it."""

import os
import runpy
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.conf import settings as site
from django.db import connection
from django.test import Client

from education.accounts.models import StaffSession, User
from education.accounts.sessions import SessionStore, hashed
from education.audit.models import AuditEvent
from tests.cast import PASSWORD, logged_in_by_form, staff
from tests.clinic_site.production import COMPLETE

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def anna() -> Client:
    return logged_in_by_form(staff("anna", "intake"))


def everything_stored() -> str:
    """All that the database holds, as somebody reads it who copied it."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(str(cursor.fetchall()))
    return "\n".join(found)


def with_cookie(value: str) -> Client:
    client = Client()
    client.cookies[site.SESSION_COOKIE_NAME] = value
    return client


def opens(client: Client) -> bool:
    return client.get("/admin/jsi18n/").status_code == 200  # made faster than the desk


def test_the_database_does_not_hold_the_key_that_the_browser_has(anna: Client) -> None:
    key = anna.cookies["sessionid"].value
    assert opens(with_cookie(key))
    assert key not in everything_stored()


def test_no_value_of_a_copied_row_opens_anything(anna: Client) -> None:
    row = StaffSession.objects.get()
    for value in (row.session_key, row.session_key[:32], row.session_data, f"{row.session_key}:{row.session_data}"):
        assert not opens(with_cookie(value))


def test_a_row_works_under_its_own_key_only(anna: Client) -> None:
    """Whoever can also write to the database moves Anna's session into one of their own, in vain."""
    bert = logged_in_by_form(staff("bert", "editor"))
    hers, his = StaffSession.objects.get(account__username="anna"), StaffSession.objects.get(account__username="bert")
    StaffSession.objects.filter(pk=his.pk).update(session_data=hers.session_data)
    assert not opens(bert)
    StaffSession.objects.filter(pk=hers.pk).update(session_key=hashed("a" * 32))
    assert not opens(with_cookie("a" * 32))


def test_nobody_makes_a_session_without_the_secret_of_the_installation(anna: Client, settings: Any) -> None:
    """Nor with SECRET_KEY, which the public side has too, where the staff's has a setting of its own."""
    own, settings.STAFF_SECRETS = ["the staff's own"], [settings.SECRET_KEY]
    data = SessionStore("b" * 32).encode({"_auth_user_id": str(User.objects.get().pk)})
    settings.STAFF_SECRETS = own
    row = StaffSession.objects.get()
    StaffSession.objects.create(session_key=hashed("b" * 32), session_data=data, expire_date=row.expire_date)
    assert SessionStore("b" * 32).load() == {}


def test_what_waits_in_a_session_cannot_be_read_in_the_database(anna: Client) -> None:
    form = {"username": "ben", "email": "ben.private@clinic.test", "roles": ["intake"]}
    client = Client()
    client.force_login(staff("adam", "administrator"))
    client.post("/admin/education/user/add/", form)  # kept until the password is typed again
    assert "ben.private" in str(dict(client.session.items()))
    assert "ben.private" not in everything_stored()
    assert all(SessionStore().decode(row.session_data) == {} for row in StaffSession.objects.all())


def test_sessions_survive_a_new_secret_while_the_old_one_is_a_fallback(anna: Client, settings: Any) -> None:
    settings.STAFF_SECRETS = ["a new one, after the old one had to go", *settings.STAFF_SECRETS]
    assert opens(anna)


def test_an_expired_session_is_over(anna: Client) -> None:
    StaffSession.objects.update(expire_date="2020-01-01T00:00Z")
    assert not opens(anna)


def test_logging_in_forgets_sessions_that_are_over(anna: Client) -> None:
    StaffSession.objects.update(expire_date="2020-01-01T00:00Z")
    logged_in_by_form(staff("bert", "editor"))
    assert [session.account.username for session in StaffSession.objects.exclude(account=None)] == ["bert"]


def test_the_list_shows_where_and_logs_out_elsewhere(anna: Client) -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
    other, third = Client(headers={"user-agent": edge}), Client(headers={"user-agent": "An old telephone"})
    third.post("/accounts/login/", {"login": "anna", "password": PASSWORD})
    other.post("/accounts/login/", {"login": "anna", "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    page = anna.get("/accounts/sessions/").content.decode()
    assert "<strong>Here</strong>" in page
    assert "Edge on Windows<br>" in page
    assert "An old telephone" in page
    assert "Address 203.0.113.9" in page
    assert page.count("ince today at\u00a0") == 3, "no line ends within a date or a time"
    anna.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "Nowhere else." in anna.post("/accounts/sessions/", follow=True).content.decode()
    assert opens(anna)
    assert not opens(other)


def test_an_administrator_logs_somebody_out_everywhere(anna: Client) -> None:
    adam, user = logged_in_by_form(staff("adam", "administrator")), User.objects.get(username="anna")
    form = {"username": "anna", "email": "", "roles": ["intake"], "is_active": "on", "log_out": "on"}
    adam.post(f"/admin/education/user/{user.pk}/change/", form)
    assert not opens(anna)
    assert opens(adam)
    assert AuditEvent.objects.filter(verb="sessions_ended", actor="adam", about=f"staff:{user.pk}").exists()
    assert User.objects.get(username="anna").has_usable_password()


def test_cookies_of_production_are_for_this_host_and_https_only(tmp_path: Path) -> None:
    with mock.patch.dict(os.environ, {"CLINIC_DATA_DIR": str(tmp_path), **COMPLETE}, clear=True):
        production = runpy.run_path(str(ROOT / "clinic_site" / "settings.py"))
    for kind in ("SESSION", "CSRF", "DEVICE"):
        assert production[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert production.get(f"{kind}_COOKIE_DOMAIN") is None
        assert production.get(f"{kind}_COOKIE_PATH", "/") == "/"
    assert production["SESSION_COOKIE_SECURE"] is production["CSRF_COOKIE_SECURE"] is True
    assert production["CSRF_COOKIE_HTTPONLY"] is True
    assert production["SESSION_COOKIE_SAMESITE"] == production["CSRF_COOKIE_SAMESITE"] == "Lax"


def test_cookies_are_what_a_browser_takes_under_such_a_name(settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    staff("anna", "intake")
    client = Client()
    client.get("/accounts/login/", secure=True)
    client.post("/accounts/login/", {"login": "anna", "password": PASSWORD}, secure=True)
    assert sorted(client.cookies) == ["__Host-csrftoken", "__Host-sessionid"]
    for cookie in client.cookies.values():
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_the_tables_that_held_keys_are_gone() -> None:
    assert not {"django_session", "usersessions_usersession"} & set(connection.introspection.table_names())
    assert not apps.is_installed("allauth.usersessions")
    assert import_module(site.SESSION_ENGINE).SessionStore is SessionStore
