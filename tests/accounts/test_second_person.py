"""Nobody gets at patients' requests alone, and everybody concerned hears of a change."""

from typing import Any

import pytest
from django.test import Client

from education.accounts import actions
from education.accounts.models import RoleRequest, User
from education.audit.models import AuditEvent
from education.core import sealing
from education.outbox.models import OutboxMessage
from tests.cast import just_logged_in, logged_in, staff
from tests.screens import form_data

pytestmark = pytest.mark.django_db


def with_mail(name: str, *roles: str) -> User:
    user = staff(name, *roles)
    user.email = f"{name}@clinic.test"
    user.save()
    return user


@pytest.fixture
def adam() -> User:
    return with_mail("adam", "administrator")


@pytest.fixture
def berta() -> User:
    return with_mail("berta", "administrator", "editor")


def saved(client: Client, user: User, roles: list[str], **more: str) -> Any:
    form = {"username": user.username, "email": user.email, "is_active": "on", "roles": roles, **more}
    return client.post(f"/admin/education/user/{user.pk}/change/", form, follow=True)


def mailed() -> dict[str, str]:
    """Who was mailed, and what."""
    return {
        sealing.open_sealed(bytes(mail.recipient), bound_to=mail.key)["to"]: mail.body
        for mail in OutboxMessage.objects.all()
    }


def roles_of(user: User) -> frozenset[str]:
    return User.objects.get(pk=user.pk).role_names


def decide(client: Client, user: User, verb: str) -> Any:
    """Press this button on the page that says which roles wait."""
    path = f"/admin/education/user/{user.pk}/roles/"
    return client.post(f"{path}{verb}/", form_data(client.get(path).content.decode(), verb), follow=True)


@pytest.mark.parametrize("role", ["clinician", "intake", "manager"])
def test_such_a_role_for_oneself_waits_for_a_second_administrator(adam: User, berta: User, role: str) -> None:
    first, second = just_logged_in(adam), just_logged_in(berta)
    assert "another administrator must confirm it" in saved(first, adam, ["administrator", role]).content.decode()
    assert roles_of(adam) == {"administrator"}
    desk = second.get("/admin/").content.decode()
    assert "Roles that a second administrator confirms" in desk
    path = f"/admin/education/user/{adam.pk}/roles/"
    assert path in desk
    assert "adam" in second.get(path).content.decode()
    decide(second, adam, "confirm")
    assert roles_of(adam) == {"administrator", role}
    assert not RoleRequest.objects.exists()
    assert AuditEvent.objects.filter(verb="roles_confirmed", actor="berta", about=f"staff:{adam.pk}").exists()


def test_who_asks_does_not_confirm(adam: User, berta: User) -> None:
    client = just_logged_in(adam)
    saved(client, adam, ["administrator", "intake"])
    path = f"/admin/education/user/{adam.pk}/roles/"
    assert 'id="confirm"' not in client.get(path).content.decode()
    assert client.post(f"{path}confirm/").status_code == 403
    assert client.post(f"{path}refuse/").status_code == 403
    assert roles_of(adam) == {"administrator"}
    assert RoleRequest.objects.exists()


def test_a_refused_role_is_not_given(adam: User, berta: User) -> None:
    saved(just_logged_in(adam), adam, ["administrator", "intake"])
    decide(just_logged_in(berta), adam, "refuse")
    assert roles_of(adam) == {"administrator"}
    assert not RoleRequest.objects.exists()
    assert AuditEvent.objects.filter(verb="roles_refused", actor="berta").exists()


@pytest.mark.parametrize("verb", ["confirm", "refuse"])
def test_nobody_decides_on_roles_that_did_not_stand_on_the_page(adam: User, berta: User, verb: str) -> None:
    first, second = just_logged_in(adam), just_logged_in(berta)
    saved(first, adam, ["administrator", "intake"])
    path = f"/admin/education/user/{adam.pk}/roles/"
    page = form_data(second.get(path).content.decode(), verb)
    saved(first, adam, ["administrator", "intake", "clinician"])
    shown = second.post(f"{path}{verb}/", page, follow=True).content.decode()
    assert "other roles are asked for by now" in shown
    assert "Clinician, Intake" in shown
    assert roles_of(adam) == {"administrator"}
    decide(second, adam, verb)
    assert not RoleRequest.objects.exists()


def test_of_two_administrators_who_decide_at_once_the_first_does(adam: User, berta: User) -> None:
    saved(just_logged_in(adam), adam, ["administrator", "intake"])
    asked = RoleRequest.objects.get()
    actions.refuse_roles(RoleRequest.objects.get(), by=berta)
    with pytest.raises(actions.DecidedMeanwhile):
        actions.confirm_roles(asked, by=with_mail("cora", "administrator"))
    assert roles_of(adam) == {"administrator"}


def test_a_confirmation_asks_for_the_password_again(adam: User, berta: User) -> None:
    saved(just_logged_in(adam), adam, ["administrator", "intake"])
    answer = logged_in(berta).post(f"/admin/education/user/{adam.pk}/roles/confirm/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert roles_of(adam) == {"administrator"}


def test_the_only_administrator_gets_it_with_a_mail_and_a_line_on_the_desk(adam: User) -> None:
    client = just_logged_in(adam)
    saved(client, adam, ["administrator", "intake"])
    assert roles_of(adam) == {"administrator", "intake"}
    assert "Roles: Intake, Administrator. Before: Administrator." in mailed()["adam@clinic.test"]
    assert "adam’s roles: Intake, Administrator" in client.get("/admin/").content.decode()


def test_an_administrator_who_is_switched_off_does_not_count(adam: User, berta: User) -> None:
    User.objects.filter(pk=berta.pk).update(is_active=False)
    saved(just_logged_in(adam), adam, ["administrator", "intake"])
    assert roles_of(adam) == {"administrator", "intake"}


def test_other_roles_and_giving_up_roles_need_nobody(adam: User, berta: User) -> None:
    saved(just_logged_in(adam), adam, ["administrator", "editor"])
    assert roles_of(adam) == {"administrator", "editor"}
    saved(just_logged_in(berta), berta, ["administrator"])
    assert roles_of(berta) == {"administrator"}
    assert not RoleRequest.objects.exists()


def test_the_person_and_all_other_administrators_are_mailed(adam: User, berta: User) -> None:
    ines = with_mail("ines", "intake")
    with_mail("erin", "editor")
    saved(just_logged_in(adam), ines, ["intake", "manager"])
    told = mailed()
    assert set(told) == {"ines@clinic.test", "berta@clinic.test"}
    assert "The account ines" in told["berta@clinic.test"]
    assert "changed by adam" in told["berta@clinic.test"]
    assert "Roles: Intake, Manager. Before: Intake." in told["ines@clinic.test"]


def test_a_new_address_is_told_to_the_old_one(adam: User) -> None:
    ines = with_mail("ines", "intake")
    ines.email = "other@clinic.test"
    saved(just_logged_in(adam), ines, ["intake"])
    assert set(mailed()) == {"other@clinic.test", "ines@clinic.test"}
    assert "Its e-mail address was changed." in mailed()["ines@clinic.test"]


def test_a_link_is_mailed_of_and_shown_on_the_desk_without_its_token(adam: User, berta: User, caplog: Any) -> None:
    ines = with_mail("ines", "intake")
    page = saved(just_logged_in(adam), ines, ["intake"], new_link="on").content.decode()
    assert "to choose a password within 3 days" in page
    token = page.partition("/setup/")[2].partition("/")[0]
    told = mailed()
    assert set(told) == {"ines@clinic.test", "berta@clinic.test"}
    assert "A one-time link was made" in told["berta@clinic.test"]
    assert "ines: link made to choose a new password" in just_logged_in(berta).get("/admin/").content.decode()
    stored = [str(row) for row in [*OutboxMessage.objects.values(), *AuditEvent.objects.values()]]
    assert len(token) > 20
    assert token not in "".join(stored) + caplog.text


def test_an_account_is_announced_when_it_is_made(adam: User, berta: User) -> None:
    form = {"username": "ben", "email": "ben@clinic.test", "roles": ["clinician"]}
    just_logged_in(adam).post("/admin/education/user/add/", form)
    assert set(mailed()) == {"ben@clinic.test", "berta@clinic.test"}
    assert "Roles: Clinician." in mailed()["berta@clinic.test"]


def test_saving_without_a_change_tells_nobody(adam: User, berta: User) -> None:
    saved(just_logged_in(adam), berta, ["administrator", "editor"])
    assert mailed() == {}
    assert not AuditEvent.objects.filter(verb="roles_assigned", actor="adam").exists()


def test_where_nobody_has_an_address_the_clinic_is_told(settings: Any) -> None:
    settings.STAFF_MAIL = ["desk@clinic.test"]
    actions.disable_staff(staff("ines", "intake"), by=None)
    assert "It was switched off." in mailed()["desk@clinic.test"]
    assert "somebody with access to the server" in mailed()["desk@clinic.test"]


def test_the_person_reads_on_the_desk_what_an_administrator_did(adam: User) -> None:
    ines = with_mail("ines", "intake")
    saved(just_logged_in(adam), ines, ["intake", "editor"])
    desk = logged_in(ines).get("/admin/").content.decode()
    assert "Your account was changed" in desk
    assert "ines’s roles: Editor, Intake" in desk
    assert "Changes to staff accounts" not in desk


def test_the_page_of_a_link_tells_no_log_its_token(client: Client) -> None:
    path = actions.setup_link().partition("/setup/")[2]
    answer = client.get(f"/setup/{path}")
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "strict-origin"


def test_an_account_that_no_number_can_name_is_not_found(adam: User) -> None:
    assert logged_in(adam).get(f"/admin/education/user/{2**63}/roles/").status_code == 404


def test_what_waits_for_an_administrator_stands_before_other_work(adam: User, berta: User) -> None:
    saved(just_logged_in(adam), adam, ["administrator", "intake"])
    desk = logged_in(berta).get("/admin/").content.decode()
    assert desk.index("Roles that a second administrator confirms") < desk.index("Drafts not yet published")


def test_an_account_that_is_switched_off_in_its_form_stands_on_the_desk(adam: User, berta: User) -> None:
    ines = staff("ines", "intake")
    saved(just_logged_in(adam), ines, ["intake"], is_active="")
    assert "ines: switched off" in logged_in(berta).get("/admin/").content.decode()


def test_of_many_changes_a_few_stand_on_the_desk_and_all_in_the_trail(adam: User) -> None:
    for number in range(7):
        staff(f"person{number}", "editor")
    client = logged_in(adam)
    desk = client.get("/admin/").content.decode()
    assert desk.count("’s roles: Editor") == 5
    trail = "/admin/education/auditevent/?q=staff:"
    assert trail in desk
    assert client.get(trail).content.decode().count(">Roles assigned</t") >= 8
