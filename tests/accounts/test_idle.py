"""A session locks when nobody uses it, ends after a day's work, and can be ended by others at once."""

import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.management import CommandError, call_command
from django.test import Client

from education.accounts import actions, idle, roles
from education.accounts.models import User
from education.audit.models import AuditEvent
from education.consultations.models import ConsultationRequest
from tests.cast import PASSWORD, clinic, logged_in, staff
from tests.consultations import asking
from tests.screens import form_data

pytestmark = pytest.mark.django_db
CLOCK = "/accounts/clock/"
INSIDE = "/admin/jsi18n/"  # as hard to enter as any staff page, and made faster than the desk


@pytest.fixture
def anna() -> User:
    return staff("anna", "intake", "editor")


@pytest.fixture
def client(anna: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": "anna", "password": PASSWORD})
    assert client.get(INSIDE).status_code == 200
    return client


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Any:
    now = [time.time()]
    monkeypatch.setattr("education.accounts.idle.time.time", lambda: now[0])

    def go_on(minutes: float) -> None:
        now[0] += minutes * 60

    return go_on


@pytest.fixture
def row() -> ConsultationRequest:
    clinic()
    return asking.request()


def strict_client(user: User) -> Client:
    """Logged in, and checked for the token of its forms as a browser is."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def test_after_a_quarter_of_an_hour_the_session_is_locked_and_shows_nothing(client: Client, wait: Any) -> None:
    wait(14)
    assert client.get(INSIDE).status_code == 200
    wait(16)
    locked = client.get("/admin/education/consultationrequest/?status=new")
    assert locked.status_code == 403
    assert "<h1>Locked</h1>" in locked.content.decode()
    for part in ('<nav class="staff-nav"', "staff-find", "logout-form", "js/idle.js"):
        assert part not in locked.content.decode(), "what waits is counted, and the rest needs an open session"
    assert client.get("/admin/jsi18n/").status_code == 403
    assert client.get("/accounts/2fa/").status_code == 403


def test_what_a_message_says_waits_until_the_screen_is_unlocked(client: Client, wait: Any) -> None:
    row = asking.request()
    client.post(asking.address(row, "claim"))
    wait(16)
    said = f"{row.reference_shown}: it is yours now"
    assert said not in client.get(asking.address(row)).content.decode()
    client.post(f"{CLOCK}unlock/", {"password": PASSWORD})
    assert said in client.get(asking.address(row)).content.decode()


def test_the_password_unlocks_and_leads_back_to_the_same_page(client: Client, wait: Any) -> None:
    client.get(INSIDE)
    wait(16)
    page = client.get("/admin/?x=1").content.decode()
    wrong = client.post("/admin/?x=1", form_data(page, "unlock") | {"unlock_password": "not it"})
    assert "This is not the password of anna" in wrong.content.decode()
    back = client.post("/admin/?x=1", form_data(page, "unlock") | {"unlock_password": PASSWORD})
    assert back["Location"] == "/admin/?x=1"
    assert client.get(INSIDE).status_code == 200


def test_what_was_being_sent_survives_the_lock(client: Client, wait: Any, row: ConsultationRequest) -> None:
    """Without scripts, too: the page carries it and sends it on."""
    note = asking.address(row, "note")
    client.get(INSIDE)
    wait(16)
    locked = client.post(note, {"text": "Called,\nnobody there"})
    assert locked.status_code == 403
    assert not row.notes.exists()
    sent = form_data(locked.content.decode(), "unlock") | {"unlock_password": PASSWORD}
    assert client.post(note, sent, follow=True).status_code == 200
    assert row.notes.count() == 1
    assert b"nobody there" in client.get(asking.address(row)).content


def test_the_script_reports_activity_locks_and_unlocks(client: Client, wait: Any) -> None:
    wait(10)
    assert client.post(CLOCK).status_code == 204
    wait(10)
    assert client.get(INSIDE).status_code == 200
    assert client.post(f"{CLOCK}lock/").status_code == 204
    assert client.get(INSIDE).status_code == 403
    assert client.post(CLOCK).status_code == 403
    assert client.post(f"{CLOCK}unlock/", {"password": "no"}).status_code == 403
    assert client.post(f"{CLOCK}unlock/", {"password": PASSWORD}).status_code == 204
    assert client.get(INSIDE).status_code == 200
    assert Client().post(f"{CLOCK}unlock/", {"password": PASSWORD}).status_code == 401
    assert client.get(CLOCK).status_code == 405


def test_attempts_to_unlock_are_counted_before_anything_is_hashed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(f"{CLOCK}lock/")
    hashed: list[str] = []
    monkeypatch.setattr(User, "check_password", lambda self, raw: bool(hashed.append(raw)))
    for _ in range(30):
        client.post(f"{CLOCK}unlock/", {"password": "guess"})
    assert 0 < len(hashed) <= 10
    assert AuditEvent.objects.filter(verb="unlock_failed").count() == len(hashed)


def test_ten_hours_end_a_session_however_busy_it_is(client: Client, wait: Any) -> None:
    for _ in range(59):
        wait(10)
        assert client.get("/admin/jsi18n/").status_code == 200
    wait(11)
    assert client.get("/admin/")["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("verb", ["", "lock/", "unlock/"])
def test_a_page_that_was_locked_overnight_is_told_that_its_session_has_ended(
    client: Client, wait: Any, verb: str
) -> None:
    """Not led to the log-in, which its script would take for a refusal of the right password."""
    client.post(f"{CLOCK}lock/")
    wait(15 * 60)
    assert client.post(f"{CLOCK}{verb}", {"password": PASSWORD}).status_code == 401
    assert "_auth_user_id" not in client.session


def test_taking_a_role_away_takes_effect_on_the_next_request(client: Client, anna: User) -> None:
    queue = "/admin/education/consultationrequest/"
    assert client.get(queue).status_code == 200
    roles.assign(anna, "editor", by=None)
    assert client.get(queue).status_code == 403
    roles.assign(anna, by=None)
    assert client.get(INSIDE).status_code == 403


def test_a_disabled_account_is_logged_out_at_once(client: Client, anna: User) -> None:
    call_command("disable_staff", "anna", stdout=StringIO())
    assert client.get("/admin/")["Location"].startswith("/accounts/login/")
    anna.refresh_from_db()
    assert not anna.is_active
    assert AuditEvent.objects.filter(verb="staff_disabled", about=f"staff:{anna.pk}").exists()


def test_switching_off_the_last_administrator_says_how_to_make_another(anna: User) -> None:
    out = StringIO()
    staff("adam", "administrator")
    call_command("disable_staff", "anna", stdout=out)
    assert "No administrator" not in out.getvalue()
    call_command("disable_staff", "adam", stdout=out)
    assert "manage.py create_staff NAME --role administrator" in out.getvalue()


def test_ending_all_sessions_of_one_leaves_others_alone(client: Client, anna: User) -> None:
    other = logged_in(staff("bert", "intake"))
    call_command("end_sessions", "anna", stdout=StringIO())
    assert client.get(INSIDE).status_code == 302
    assert other.get(INSIDE).status_code == 200


def test_a_lost_second_factor_is_reset(client: Client, anna: User) -> None:
    totp.TOTP.activate(anna, "JBSWY3DPEHPK3PXP")
    call_command("reset_mfa", "anna", stdout=StringIO())
    assert not Authenticator.objects.filter(user=anna).exists()
    assert client.get(INSIDE).status_code == 302
    assert AuditEvent.objects.get(verb="second_factor_reset").detail == {"count": 1}


@pytest.mark.parametrize("command", ["reset_mfa", "end_sessions", "disable_staff"])
def test_an_unknown_account_is_an_error_that_lists_the_known_ones(command: str) -> None:
    with pytest.raises(CommandError, match=r"There is no account nobody\. There are none at all yet"):
        call_command(command, "nobody")
    staff("anna", "intake")
    with pytest.raises(CommandError, match=r"There are: anna\."):
        call_command(command, "nobody")


def test_an_administrator_who_disables_an_account_ends_its_sessions(client: Client, anna: User) -> None:
    anna.is_active = False
    actions.save_staff(anna, roles=["intake"], by=None)
    assert AuditEvent.objects.filter(verb="sessions_ended", about=f"staff:{anna.pk}").exists()


def test_a_failed_log_in_is_recorded_without_what_was_typed(anna: User) -> None:
    for name in ("anna", "my secret passphrase"):
        Client().post("/accounts/login/", {"login": name, "password": "wrong"})
    events = AuditEvent.objects.filter(verb="sign_in_failed").order_by("id")
    assert [event.about for event in events] == [f"staff:{anna.pk}", ""]
    assert "secret" not in str([(event.about, event.detail, event.actor) for event in events])


def test_the_page_counts_the_same_seconds_as_the_server(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'data-idle="900" data-warning="60"' in client.get("/admin/").content.decode()
    monkeypatch.setattr(idle, "LOCK_AFTER", timedelta(minutes=30))
    assert 'data-idle="1800"' in client.get("/admin/").content.decode()


def test_the_locked_page_carries_nothing_that_a_foreign_page_sent(
    anna: User, wait: Any, row: ConsultationRequest
) -> None:
    """The browser sends the cookie along with a form of another site; the owner must not send it on by unlocking."""
    note = asking.address(row, "note")
    client = strict_client(anna)
    client.get(INSIDE)
    wait(16)
    locked = client.post(note, {"text": "Written elsewhere"}, headers={"origin": "https://evil.test"})
    page = locked.content.decode()
    assert locked.status_code == 403
    assert "Written elsewhere" not in page
    assert "It is not sent on." in page
    client.post(note, form_data(page, "unlock") | {"unlock_password": PASSWORD}, follow=True)
    assert not row.notes.exists()
    assert client.get(INSIDE).status_code == 200


def test_a_foreign_page_neither_unlocks_nor_uses_up_attempts(anna: User, wait: Any) -> None:
    client = strict_client(anna)
    client.get(INSIDE)
    wait(16)
    for _ in range(30):
        assert client.post("/admin/", {"unlock_password": PASSWORD}).status_code == 403
    assert not AuditEvent.objects.filter(verb="unlock_failed").exists()
    page = client.get("/admin/").content.decode()
    assert client.post("/admin/", form_data(page, "unlock") | {"unlock_password": PASSWORD}).status_code == 302


def test_what_our_own_page_sent_is_still_carried_with_its_token(
    anna: User, wait: Any, row: ConsultationRequest
) -> None:
    note = asking.address(row, "note")
    client = strict_client(anna)
    client.get(asking.address(row))
    token = client.cookies["csrftoken"].value
    wait(16)
    locked = client.post(note, {"text": "Written here", "csrfmiddlewaretoken": token}).content.decode()
    client.post(note, form_data(locked, "unlock") | {"unlock_password": PASSWORD}, follow=True)
    assert row.notes.count() == 1


@pytest.mark.parametrize("site", ["same-origin", "cross-site", "same-site", ""])
def test_a_page_from_before_another_log_in_offers_what_was_typed_and_stores_it_nowhere(
    anna: User, row: ConsultationRequest, site: str
) -> None:
    note = asking.address(row, "note")
    client = strict_client(anna)
    client.get(asking.address(row))
    typed = {"text": "Rang <twice>.", "csrfmiddlewaretoken": "x" * 64}
    stale = client.post(note, typed, headers={"sec-fetch-site": site})
    page = stale.content.decode()
    assert stale.status_code == 403
    assert "no-store" in stale["Cache-Control"]
    assert not row.notes.exists()
    assert "Rang" not in str(dict(client.session))
    if site == "same-origin":
        assert "What you typed is still here." in page
        assert client.post(note, form_data(page, "carried")).status_code == 302
        assert row.notes.count() == 1
    else:
        assert "Rang" not in page
        assert "Go back and copy what you typed" in page
