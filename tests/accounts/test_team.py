"""The screens of staff accounts say in words who may do what, and what to do when something is lost."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from education.accounts.models import RoleRequest
from education.accounts.roles import ROLES, SEES_REQUESTS
from tests import cast
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db
TEAM = "/admin/education/user/"


@pytest.fixture
def adam() -> Client:
    return cast.just_logged_in(cast.staff("adam", "administrator"))


@pytest.mark.parametrize("screen", ["", "add/"])
def test_each_role_is_explained_where_it_is_given_and_below_the_list(adam: Client, screen: str) -> None:
    words = plain_words(body(adam.get(f"{TEAM}{screen}")))
    for role in ROLES.values():
        assert f"{role.label} {role.in_words}" in words
    assert "Roles add up: somebody who has two may do what either allows." in words


def test_what_is_said_of_patients_follows_from_what_the_role_allows() -> None:
    sees = {role.label for role in ROLES.values() if role.in_words.endswith("Reads what patients ask for.")}
    assert (
        sees == {role.label for role in ROLES.values() if SEES_REQUESTS in role.permissions} == {"Clinician", "Intake"}
    )


def test_a_new_account_is_made_in_two_steps_that_the_form_names(adam: Client) -> None:
    words = plain_words(body(adam.get(f"{TEAM}add/")))
    assert "a link that works once, with which they choose a password. Hand it over in person." in words
    assert words.index("Who it is for") < words.index("What this person may do")


def test_the_form_says_how_an_account_stands_and_what_to_do_when_something_is_lost(adam: Client) -> None:
    ines = cast.staff("ines", "administrator")
    RoleRequest.objects.create(account=ines, roles="clinician")
    words = plain_words(body(adam.get(f"{TEAM}{ines.pk}/change/")))
    assert "Has never logged in. No second step at log-in. Waits for another administrator: Clinician." in words
    assert (
        words.index("When something is lost") < words.index("manage.py reset_mfa") < words.index("When somebody leaves")
    )


def test_the_list_says_who_has_a_second_step(adam: Client) -> None:
    TOTP.activate(cast.staff("ines", "intake"), "JBSWY3DPEHPK3PXP")
    rows = body(adam.get(TEAM)).partition("<tbody>")[2].partition("</tbody>")[0].split("<tr>")
    found = [plain_words(row) for row in rows if row.strip()]
    assert [row.split()[0] for row in found] == ["adam", "ines"]
    assert "No second step May log in" in found[0]
    assert "Second step on May log in Never logged in" in found[1]


def test_nobody_is_saved_without_a_role(adam: Client) -> None:
    page = body(adam.post(f"{TEAM}add/", {"username": "ines", "email": ""}))
    assert "Choose at least one role." in page
