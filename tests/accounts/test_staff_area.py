"""Who may enter the staff area, and what its responses tell caches and browsers."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.test import Client
from django.urls import reverse

from education.accounts.models import User
from education.core.upload_pass import upload_pass_holder
from tests.cast import PASSWORD, just_logged_in, logged_in, staff
from tests.each import of_each
from tests.screens import body, plain_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_half_minute")]
ADMIN_PATHS = [
    "/admin/",
    "/admin/jsi18n/",
    "/admin/education/clinicprofile/1/change/",
    "/admin/education/user/",
    "/admin/desk/load-examples/",
    "/admin/autocomplete/",
    "/admin/no-such-page/",
]


def log_in(client, username="anna"):
    return client.post("/accounts/login/", {"login": username, "password": PASSWORD})


def code(secret):
    counter = next(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def enrol(client):
    """As a person does it: the page with the code to scan, then the six digits."""
    page = body(client.get("/accounts/2fa/totp/activate/"))
    secret = re.search(r'<code class="secret">([\w ]+)</code>', page)[1].replace(" ", "")
    return secret, client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})


@of_each([*ADMIN_PATHS, "/admin/password_change/"])
def test_an_anonymous_visitor_is_sent_to_the_log_in_and_comes_back(path, client):
    response = client.get(path, {"q": "x"})
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=%2Fadmin%2F")
    assert "q%3Dx" in response["Location"]


def way_back(page):
    """The words of each step of it, as people read them."""
    return plain_words(page.partition('<div class="breadcrumbs">')[2].partition("</div>")[0]).split(" › ")


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("/accounts/2fa/", ["Your account"]),
        ("/accounts/sessions/", ["Your account", "Where you are logged in"]),
        ("/accounts/2fa/webauthn/", ["Your account", "Passkeys and security keys"]),
        ("/accounts/2fa/totp/activate/", ["Confirm that it is you"]),  # which comes before it
    ],
)
def test_ones_own_account_stands_in_the_frame_of_the_staff_pages(client, path, way):
    staff("anna", "intake")
    log_in(client)
    page = body(client.get(path, follow=True))
    assert '<nav class="staff-nav"' in page
    places = re.findall(r"</svg>(\w+)", page.partition('<nav class="staff-nav"')[2])
    assert places == ["Desk", "Requests"]
    assert way_back(page) == ["Desk", *way]
    assert f"<h1>{way[-1]}</h1>" in page
    for part in ("theme-toggle", "data-shortcuts", 'id="shortcuts"', "js/idle.js"):
        assert part in page, part
    assert 'class="site-footer"' not in page
    assert "Request a consultation" not in page
    anonymous = body(Client().get("/accounts/login/"))
    assert [part in anonymous for part in ('<nav class="staff-nav"', 'class="site-footer"')] == [False, True]


def test_without_scripts_no_passkey_is_offered():
    page = body(just_logged_in(staff("anna", "editor"), confirmed=True).get("/accounts/2fa/webauthn/add/"))
    form = re.search(r"<form [^>]*webauthn/add[^>]*>", page)[0]
    assert form.endswith(" data-passkeys hidden>")
    assert "This browser can’t add one" in plain_words(page)


def test_who_logs_out_after_the_session_has_ended_is_not_led_back_to_logging_out(client):
    for ask in (client.get, client.post):
        assert ask("/admin/logout/")["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    assert logged_in(staff("anna", "editor")).get("/admin/logout/")["Location"] == "/accounts/logout/"


def test_the_admins_own_log_in_page_is_not_used(client):
    assert client.get("/admin/login/?next=/admin/jsi18n/")["Location"] == "/accounts/login/?next=%2Fadmin%2Fjsi18n%2F"
    assert client.get("/admin/login/")["Location"] == "/accounts/login/?next=%2Fadmin%2F"


def test_somebody_logged_in_is_redirected_from_the_admins_own_pages():
    client = logged_in(staff("anna", "editor"))
    assert client.get("/admin/login/")["Location"] == "/admin/"
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"


@of_each(ADMIN_PATHS)
def test_an_account_without_a_role_is_refused(path, client):
    client.force_login(User.objects.create_user("nobody"))
    response = client.get(path)
    assert response.status_code == 403
    assert response["Cache-Control"] == "private, no-store"


@of_each(ADMIN_PATHS)
def test_without_a_second_factor_every_admin_address_leads_to_enrolment(path, settings):
    settings.STAFF_MFA = "required"
    response = logged_in(staff("anna", "administrator")).get(path)
    assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/?why=required")


@pytest.mark.parametrize("path", ["/admin/", "/admin/education/user/"])
def test_where_the_second_factor_is_optional_the_desk_opens(settings, path):
    settings.STAFF_MFA = "optional"
    assert logged_in(staff("anna", "administrator")).get(path).status_code == 200


def test_a_session_without_the_second_factor_is_asked_for_it(settings, client):
    settings.STAFF_MFA = "required"
    user = staff("anna", "editor")
    totp.TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    client.force_login(user)  # as after a session was made without the second step
    response = client.get("/admin/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F")


def test_enrolling_then_working(settings, client):
    """The whole way: log in, be asked to enrol, confirm the password, scan, type one code, keep the codes, work."""
    settings.STAFF_MFA = "required"
    staff("anna", "editor")
    log_in(client)
    page = client.get("/admin/", follow=True)
    assert "This clinic asks for a second step" in page.content.decode()
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    _, answer = enrol(client)
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert len(re.findall(r"<li><code>\d{4} \d{4}</code>", body(client.get(answer["Location"])))) == 10
    assert client.get("/admin/").status_code == 200


def test_a_wrong_code_of_a_new_app_proves_nothing(settings, client):
    settings.STAFF_MFA = "required"
    staff("anna", "editor")
    log_in(client)
    client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert client.get("/admin/")["Location"] == "/accounts/2fa/?why=required"


def test_with_a_second_factor_the_password_alone_opens_nothing(client):
    totp.TOTP.activate(staff("anna", "editor"), "JBSWY3DPEHPK3PXP")
    assert log_in(client)["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/admin/")["Location"].startswith("/accounts/login/")
    client.post("/accounts/2fa/authenticate/", {"code": code("JBSWY3DPEHPK3PXP")})
    assert client.get("/admin/").status_code == 200


def test_without_the_last_factor_the_admin_is_closed_again(settings, client):
    settings.STAFF_MFA = "required"
    user = staff("anna", "editor")
    totp.TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    log_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code("JBSWY3DPEHPK3PXP")})
    assert client.get("/admin/").status_code == 200
    Authenticator.objects.filter(user=user).delete()
    assert client.get("/admin/")["Location"] == "/accounts/2fa/?why=required"


@of_each(["/admin/", "/accounts/login/", "/accounts/2fa/", "/setup/no-such-link/"])
def test_no_cache_keeps_a_staff_page(path, client):
    assert client.get(path)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/theme.css", "/robots.txt", "/"])
def test_readers_get_no_cookie_and_no_page_that_varies_by_one(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_only_who_is_admitted_gets_a_pass_for_uploads(erin: Client, client: Client) -> None:
    given = erin.get("/admin/").cookies[settings.UPLOAD_PASS_COOKIE]
    assert given["httponly"]
    assert given["samesite"] == "Strict"
    assert upload_pass_holder(given.OutputString()) == str(User.objects.get(username__startswith="erin").pk)
    assert settings.UPLOAD_PASS_COOKIE not in client.get("/admin/").cookies
    assert settings.UPLOAD_PASS_COOKIE not in client.get("/accounts/login/").cookies
