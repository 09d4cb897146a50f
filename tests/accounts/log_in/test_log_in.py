"""Logging in: throttled, in plain words, with nothing open that staff don't need."""

import inspect
import re
import time
from urllib.parse import urlsplit

import pytest
from allauth.account.internal.flows import password_change
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as codes_flows
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal import flows as totp_flows
from allauth.mfa.webauthn.internal import flows as webauthn_flows
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client

from education.accounts.actions import LOG_IN_CHANGES
from education.accounts.log_in.adapter import StaffAccountAdapter, StaffMFAAdapter
from education.accounts.models import User
from education.audit.models import AuditEvent
from education.outbox.models import OutboxMessage
from tests.cast import PASSWORD, logged_in, staff
from tests.consultations.asking import recipients
from tests.each import of_each

pytestmark = pytest.mark.django_db


def log_in(client, password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": "anna", "password": password, **more}, follow=False)


def test_the_page_asks_for_login_and_password_only(client):
    page = client.get("/accounts/login/").content.decode()
    assert 'name="login"' in page
    assert 'name="password"' in page
    assert 'name="remember"' not in page
    assert "placeholder" not in page
    assert "/password/reset/" not in page
    assert "<script>" not in page


def test_logging_in_leads_to_the_desk_and_is_recorded(client):
    user = staff("anna", "editor")
    assert log_in(client)["Location"] == "/admin/"
    assert AuditEvent.objects.filter(verb="signed_in", actor=user.username).count() == 1
    assert client.session.get_expire_at_browser_close()


def test_a_wrong_password_says_so_without_saying_which_was_wrong(client):
    staff("anna", "editor")
    known = log_in(client, "not the right one")
    unknown = client.post("/accounts/login/", {"login": "nobody", "password": "not the right one"})
    for page in (known, unknown):
        assert "This username and password don’t belong together." in page.content.decode()
        assert "<title>Error: Staff log-in" in page.content.decode()


def test_a_flood_of_posts_gets_a_page_that_explains(client):
    for _ in range(31):
        response = client.post("/accounts/login/", {"login": "", "password": ""})
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()


def test_log_in_does_not_lead_to_another_site(client):
    staff("anna", "editor")
    assert log_in(client, next="https://evil.test/")["Location"] == "/admin/"


@of_each(["signup/", "email/", "confirm-email/", "password/reset/", "password/reset/key/1-x/", "login/code/"])
def test_what_staff_do_not_need_is_not_there(path, client):
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}", {"email": "a@b.test"}).status_code == 404


@pytest.mark.usefixtures("hash_as_in_production")
def test_passwords_are_hashed_with_argon2id_of_19_mib():
    hashed = make_password(PASSWORD)
    assert hashed.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert not identify_hasher(hashed).must_update(hashed)


def test_a_deactivated_account_is_logged_out_at_once():
    client = logged_in(staff("anna", "editor"))
    assert client.get("/admin/").status_code == 200
    User.objects.update(is_active=False)
    assert client.get("/admin/").status_code == 302


def test_logging_out_asks_first_and_then_ends_the_session():
    client = logged_in(staff("anna", "editor"))
    assert "Log out?" in client.get("/accounts/logout/").content.decode()
    assert client.get("/admin/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/admin/").status_code == 302


def test_changing_the_password_ends_the_other_sessions(client):
    staff("anna", "editor")
    other = Client()
    log_in(client)
    log_in(other)
    new = "five wholly unrelated words now"
    form = {"oldpassword": PASSWORD, "password1": new}
    assert client.post("/accounts/password/change/", form).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


def test_what_somebody_changes_about_their_own_log_in_is_recorded_and_mailed(
    client, django_capture_on_commit_callbacks
):
    User.objects.filter(pk=staff("anna", "editor").pk).update(email="anna@clinic.test")
    log_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    activate = "/accounts/2fa/totp/activate/"
    client.get(activate)
    secret = client.session["mfa.totp.secret"]
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(activate, {"code": code}).status_code == 302
    client.post("/accounts/2fa/reauthenticate/", {"code": code})
    assert client.post("/accounts/2fa/recovery-codes/generate/").status_code == 302
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    new = "five wholly unrelated words now"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new})
    wanted = ["authenticator_app_added", "authenticator_app_removed", "password_changed"]
    found = AuditEvent.objects.filter(verb__in=wanted, actor="anna").order_by("id")
    assert [event.verb for event in found] == wanted
    assert recipients().count("anna@clinic.test") == len(wanted)
    mail = OutboxMessage.objects.order_by("id").first()
    assert "An authenticator app was added" in mail.body
    assert "If that was not anna, tell an administrator at once." in mail.body


def test_all_that_can_be_changed_about_a_log_in_has_its_words():
    """What allauth tells the adapter of, on the pages that this site has."""
    flows = [password_change, totp_flows, webauthn_flows, codes_flows]
    told = re.findall(r'"(?:account|mfa)/email/([a-z_]+)"', "".join(inspect.getsource(one) for one in flows))
    assert {*told} == LOG_IN_CHANGES.keys()


@of_each(
    [
        ("/accounts/2fa/", "Your account"),
        ("/accounts/sessions/", "Where you are logged in"),
        ("/accounts/password/change/", "Change your password"),
        ("/accounts/reauthenticate/", "Confirm that it is you"),
        ("/accounts/2fa/webauthn/", "None yet"),
        ("/accounts/2fa/webauthn/add/", "Add a passkey"),
        ("/accounts/2fa/totp/activate/", "Add an authenticator app"),
        ("/accounts/inactive/", "This account is switched off"),
    ]
)
def test_account_pages_are_ours_and_run_nothing_inline(case, client):
    path, words = case
    staff("anna", "editor")
    log_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get(path)
    text = page.content.decode()
    assert page.status_code == 200
    assert words in text
    assert "account-card" in text
    assert "<script>" not in text
    assert "onclick" not in text
    assert "style=" not in text


def test_the_secrets_of_a_second_factor_are_not_in_the_database(settings):
    settings.MFA_ADAPTER = "education.accounts.log_in.adapter.StaffMFAAdapter"
    totp.TOTP.activate(staff("anna", "editor"), "JBSWY3DPEHPK3PXP")
    kept = Authenticator.objects.get()
    assert "JBSWY3DPEHPK3PXP" not in str(kept.data)
    settings.STAFF_SECRETS = ["a new one, after the old one had to go", *settings.STAFF_SECRETS]
    counter = next(totp.yield_hotp_counters_from_time())
    assert kept.wrap().validate_code(totp.format_hotp_value(totp.hotp_value("JBSWY3DPEHPK3PXP", counter)))


def test_a_secret_that_was_encrypted_by_an_earlier_version_can_be_decrypted(settings):
    settings.STAFF_SECRETS = ["a fixed key"]
    kept = "gAAAAABrCv2tN23shtV7ii-jwkcb7ejeQGlLMevt1B7JvPIqrOkaxMxOA7hEUZh2S0IGxgjmAoqGJX-GLq-B94GcENkoJAdDfQ=="
    assert StaffMFAAdapter().decrypt(kept) == "secret"


def test_nobody_signs_up_even_if_an_address_led_there(rf):
    assert not StaffAccountAdapter().is_open_for_signup(rf.get("/"))


def test_the_qr_code_has_a_white_background_of_its_own():
    assert 'fill="#fff"' in StaffMFAAdapter().build_totp_svg("otpauth://totp/anna?secret=JBSWY3DPEHPK3PXP")


def test_passkeys_get_plain_names():
    user, adapter = staff("anna", "editor"), StaffMFAAdapter()
    assert adapter.generate_authenticator_name(user, Authenticator.Type.WEBAUTHN) == "My passkey"
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
    assert adapter.generate_authenticator_name(user, Authenticator.Type.WEBAUTHN) == "My passkey 2"


def test_a_proxy_that_leaves_out_the_port_keeps_nobody_from_logging_in(settings):
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/", headers={"host": "127.0.0.1"})
    form = {"login": "nobody", "password": "wrong", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    own = {"host": "127.0.0.1", "origin": settings.SITE_URL}
    assert urlsplit(settings.SITE_URL).port
    assert client.post("/accounts/login/", form, headers=own).status_code == 200
    assert client.post("/accounts/login/", form, headers=own | {"origin": "https://evil.test"}).status_code == 403
