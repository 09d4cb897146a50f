"""Making accounts: the set-up link, the command, and the administrator's screen."""

import io
import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command

from education.accounts import actions, tokens
from education.accounts.models import User
from education.accounts.roles import ROLES
from education.audit.models import AuditEvent
from education.outbox.models import OutboxMessage
from tests.cast import PASSWORD, just_logged_in, logged_in, staff
from tests.each import of_each

pytestmark = pytest.mark.django_db
ALL = [*ROLES]


def path_of(link):
    return re.sub(r"^https?://[^/]+", "", link)


def first(client, path, **changes):
    return client.post(path, {"username": "anna", "password": PASSWORD, "roles": ALL, **changes})


# The set-up link


def test_the_link_is_the_same_after_a_restart_and_differs_between_installations(settings):
    link = actions.setup_link()
    assert link.startswith(f"{settings.SITE_URL}/setup/")
    assert actions.setup_link() == link
    settings.SECRET_KEY = "another installation"
    assert actions.setup_link() != link


def test_the_link_of_an_installation_stays_the_same_after_an_upgrade(settings):
    settings.SECRET_KEY = "a fixed key"
    assert tokens.first_account_token() == "3eedc26b71dd1dfdd4c4728d0742218984861552"


def test_it_makes_an_account_with_all_roles_and_opens_the_desk(client):
    path = path_of(actions.setup_link())
    assert client.get(path).content.decode().count('" checked') == len(ROLES)
    assert first(client, path)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    user = User.objects.get()
    assert user.role_names == set(ALL)
    assert not user.is_superuser
    assert [event.verb for event in AuditEvent.objects.order_by("id")] == [
        "staff_created",
        "roles_assigned",
        "signed_in",
    ]


def test_the_new_session_is_listed_among_those_that_can_be_ended(client):
    first(client, path_of(actions.setup_link()))
    assert "<strong>Here</strong>" in client.get("/accounts/sessions/").content.decode()


def test_it_works_once(client):
    path = path_of(actions.setup_link())
    first(client, path)
    client.logout()
    again = first(client, path, username="mallory")
    assert again.status_code == 404
    assert "This link no longer works" in again.content.decode()
    assert client.get(path).status_code == 404
    assert User.objects.count() == 1
    assert actions.setup_link() == ""


def test_of_two_who_use_the_link_at_once_only_the_first_gets_an_account(monkeypatch, client):
    path = path_of(actions.setup_link())
    real, seen = tokens.is_first_account_token, []

    def someone_is_quicker(token):
        seen.append(real(token))
        if len(seen) == 1:  # the look before the form is read; the next is inside the transaction
            actions.create_staff(username="quick", roles=["administrator"], password=PASSWORD, by=None)
            return True
        return real(token)

    monkeypatch.setattr(tokens, "is_first_account_token", someone_is_quicker)
    assert first(client, path).status_code == 404
    assert list(User.objects.values_list("username", flat=True)) == ["quick"]


@of_each(["x", "0" * 40, "1-x", "zzzzzzzzzzzzzzzzz-1-2", "-", "é"])
def test_a_guessed_link_opens_nothing(token, client):
    assert client.get(f"/setup/{token}/").status_code == 404


@of_each(
    [
        ({"password": "short"}, "This password is too short. It must contain at least 15 characters."),
        ({"password": "anna-anna-anna-anna", "username": "anna-anna-anna-anna"}, "too similar to the username"),
        ({"username": ""}, "Fill this in"),
        ({"username": "a b"}, "Enter a valid username"),
        ({"roles": ["editor"]}, "Choose Administrator too"),
        ({"roles": ["owner"]}, "not one of the available choices"),
        ({"email": "nowhere"}, "such as name@example.com"),
    ]
)
def test_errors_are_shown_beside_the_field_and_no_account_is_made(case, client):
    changes, words = case
    response = first(client, path_of(actions.setup_link()), **changes)
    page = response.content.decode()
    assert words in page
    assert "error-summary" in page
    assert "<title>Error: Set up your site" in page
    assert PASSWORD not in page
    assert not User.objects.exists()


def test_a_name_that_is_taken_by_an_account_without_a_role_is_refused(client):
    User.objects.create_user("anna")
    response = first(client, path_of(actions.setup_link()))
    assert "A user with that username already exists" in response.content.decode()


def test_in_production_only_what_the_first_account_needs_is_ticked(settings, client):
    settings.TRIAL = False
    page = client.get(path_of(actions.setup_link())).content.decode()
    assert page.count('" checked') == 2


def test_where_a_second_factor_is_required_it_is_asked_for_next_without_the_password_again(settings, client):
    settings.STAFF_MFA = "required"
    first(client, path_of(actions.setup_link()))
    assert client.get("/admin/")["Location"] == "/accounts/2fa/?why=required"
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


# manage.py create_staff


def command(*arguments, **options):
    out = io.StringIO()
    call_command("create_staff", *arguments, stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_a_link_with_which_the_owner_chooses_a_password(client):
    said = command("ben", "--role", "intake", "--role", "editor", "--email", "ben@clinic.test")
    user = User.objects.get(username="ben", email="ben@clinic.test")
    assert user.role_names == {"intake", "editor"}
    assert not user.has_usable_password()
    path = path_of(re.search(r"http\S+", said)[0])
    assert "ben" in client.get(path).content.decode()
    assert "too short" in client.post(path, {"password": "short"}).content.decode()
    assert client.post(path, {"password": PASSWORD})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    client.logout()
    assert client.get(path).status_code == 404
    assert User.objects.get(username="ben").check_password(PASSWORD)


def test_the_link_of_the_command_expires_and_is_void_for_a_disabled_account(settings, client):
    path = path_of(actions.create_staff(username="ben", roles=["intake"], by=None))
    User.objects.update(is_active=False)
    assert client.get(path).status_code == 404
    User.objects.update(is_active=True)
    assert client.get(path).status_code == 200
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert client.get(path).status_code == 404


def test_a_new_password_does_not_replace_the_second_factor(client):
    ben = staff("ben", "intake")
    TOTP.activate(ben, "JBSWY3DPEHPK3PXP")
    path = path_of(actions.save_staff(ben, roles=["intake"], new_link=True, by=None))
    assert client.post(path, {"password": PASSWORD})["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/admin/").status_code == 302


def test_with_a_password_on_standard_input_no_link_is_printed(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    said = command("ben", "--role", "intake", "--password-stdin")
    assert "http" not in said
    assert PASSWORD not in said
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (["ben", "--role", "intake", "--password-stdin"], "short", "too short"),
        (["ben", "--role", "intake", "--password-stdin"], "", "too short"),
        (["b en", "--role", "intake"], "", "valid username"),
        (["ben", "--role", "owner"], "", "invalid choice"),
        (["ben"], "", "required"),
    ],
)
def test_the_command_refuses_in_one_line(monkeypatch, arguments, typed, words):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    with pytest.raises(CommandError, match=words):
        command(*arguments)
    assert not User.objects.exists()


def test_the_command_refuses_a_name_that_is_taken():
    staff("ben", "editor")
    with pytest.raises(CommandError, match="already exists"):
        command("ben", "--role", "intake")


# manage.py changepassword

NEW = "another five unrelated words"


def typed(monkeypatch, *lines):
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_a_password_that_is_changed_on_the_server_is_recorded_and_told_and_ends_the_sessions(monkeypatch):
    ben, adam = staff("ben", "intake"), staff("adam", "administrator")
    ben.email = "ben@clinic.test"
    ben.save()
    client = logged_in(ben)
    typed(monkeypatch, NEW, NEW)
    out = io.StringIO()
    call_command("changepassword", "ben", stdout=out)
    assert "ben has a new password, and is logged out everywhere." in out.getvalue()
    assert User.objects.get(username="ben").check_password(NEW)
    events = list(AuditEvent.objects.filter(about=f"staff:{ben.pk}").order_by("id").values_list("verb", "actor"))
    assert events[-2:] == [("password_changed", "system"), ("sessions_ended", "system")]
    assert "Its password was changed." in OutboxMessage.objects.get().body
    assert client.get("/admin/").status_code == 302
    assert "ben: password changed" in logged_in(adam).get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["short"] * 3, "too short.* The password was not changed"),
        ([NEW, "not the same as that one"] * 3, "not the same.* The password was not changed"),
        ([], "The password was not changed"),
    ],
)
def test_nothing_is_changed_or_recorded_unless_it_was_typed_twice_and_is_good_enough(monkeypatch, lines, words):
    ben = staff("ben", "intake")
    typed(monkeypatch, *lines)
    with pytest.raises(CommandError, match=words):
        call_command("changepassword", "ben")
    assert User.objects.get().password == ben.password
    assert not AuditEvent.objects.filter(verb="password_changed").exists()


# The administrator's screen


def test_an_administrator_adds_a_colleague_and_gets_the_link_to_hand_over():
    client = just_logged_in(staff("anna", "administrator"))
    form = {"username": "ben", "email": "", "roles": ["intake"]}
    page = client.post("/admin/education/user/add/", form, follow=True).content.decode()
    user = User.objects.get(username="ben")
    assert user.role_names == {"intake"}
    assert f"/setup/{tokens.enrolment_token(user).split('-')[0]}-" in page


def test_roles_are_changed_and_a_forgotten_password_is_replaced():
    client, ben = just_logged_in(staff("anna", "administrator")), staff("ben", "intake")
    path = f"/admin/education/user/{ben.pk}/change/"
    assert 'value="intake" id="id_roles_2" checked' in client.get(path).content.decode()
    form = {"username": "ben", "email": "", "roles": ["editor"], "is_active": "on", "new_link": "on"}
    assert "/setup/" in client.post(path, form, follow=True).content.decode()
    ben = User.objects.get(username="ben")
    assert ben.role_names == {"editor"}
    assert not ben.has_usable_password()


def test_a_username_stays_so_that_tasks_and_words_go_on_belonging_to_whoever_has_them():
    """They are stored by name: under another one, a task would be on nobody's desk, and own words could be signed."""
    admin, user = just_logged_in(staff("root", "administrator")), staff("ines", "intake")
    path = f"/admin/education/user/{user.pk}/change/"
    form = {"username": "carl", "email": "ines@clinic.test", "roles": ["intake"], "is_active": "on"}
    assert admin.post(path, form).status_code == 302
    user.refresh_from_db()
    assert (user.username, user.email) == ("ines", "ines@clinic.test")
    assert "know this person by it" in admin.get(path).content.decode()


def test_an_account_is_disabled():
    client, ben = just_logged_in(staff("anna", "administrator")), staff("ben", "intake")
    client.post(f"/admin/education/user/{ben.pk}/change/", {"username": "ben", "email": "", "roles": ["intake"]})
    assert not User.objects.get(username="ben").is_active
    assert AuditEvent.objects.filter(verb="staff_changed", about=f"staff:{ben.pk}").exists()


@pytest.mark.parametrize(
    "changes",
    [{"roles": ["editor"]}, {"is_active": ""}, {"new_link": "on"}, {"log_out": "on"}],
    ids=["role", "off", "password", "sessions"],
)
def test_nobody_locks_themselves_out(changes):
    client = just_logged_in(staff("anna", "administrator"))
    me = User.objects.get()
    form = {"username": "anna", "email": "", "roles": ["administrator"], "is_active": "on", **changes}
    page = client.post(f"/admin/education/user/{me.pk}/change/", form).content.decode()
    assert "You can’t" in page
    me = User.objects.get()
    assert me.is_active
    assert me.role_names == {"administrator"}
    assert me.has_usable_password()


@of_each([role for role in ROLES if role != "administrator"])
def test_nobody_else_sees_the_accounts(role):
    client = logged_in(staff("anna", role))
    me = User.objects.get()
    for path in ("/admin/education/user/", "/admin/education/user/add/", f"/admin/education/user/{me.pk}/change/"):
        assert client.get(path).status_code == 403
    assert "/admin/education/user/" not in client.get("/admin/").content.decode()


def test_accounts_are_never_deleted():
    client, ben = just_logged_in(staff("anna", "administrator")), staff("ben", "intake")
    assert client.post(f"/admin/education/user/{ben.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(username="ben").exists()
