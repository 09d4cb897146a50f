"""Roles add up, and being a superuser is not a role."""

import os
import re
from io import StringIO
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

import education
from education.accounts import roles
from education.accounts.actions import setup_link
from education.accounts.models import User
from education.articles.workflow import MAY_WRITE
from education.audit.models import AuditEvent
from tests.cast import just_logged_in, logged_in, staff
from tests.each import of_each

pytestmark = pytest.mark.django_db
SOURCES = [path for path in Path(education.__file__).parent.rglob("*.py") if "migrations" not in path.parts]
PERMISSION = re.compile(r"[\"'](education\.[a-z]+_[a-z]+)[\"']")
VIEW = "education.view_consultationrequest"
WORK = "education.work_consultationrequest"


def user_with(*names):
    user = User.objects.create_user("anna", password="four unrelated words do")
    roles.assign(user, *names, by=None)
    return User.objects.get(pk=user.pk)


def test_every_permission_of_the_table_exists():
    named = {codename for role in roles.ROLES.values() for codename in role.permissions}
    known = set(Permission.objects.filter(content_type__app_label="education").values_list("codename", flat=True))
    assert named <= known


def test_the_groups_exist_after_migrate_and_have_the_permissions_of_the_table():
    for name, role in roles.ROLES.items():
        assert set(Group.objects.get(name=name).permissions.values_list("codename", flat=True)) == set(role.permissions)


def test_each_permission_that_the_code_asks_for_is_written_once_and_some_role_has_it():
    lines = [line for path in SOURCES for line in path.read_text(encoding="utf-8").splitlines()]
    found = [(line, name) for line in lines for name in PERMISSION.findall(line)]
    names = [name for _, name in found]
    assert len(names) == len(set(names)) > 12
    assert [line for line, _ in found if not line.startswith("MAY_")] == []
    granted = {f"education.{codename}" for role in roles.ROLES.values() for codename in role.permissions}
    assert set(names) <= granted


def test_ensure_roles_repairs_a_group_that_was_changed_by_hand():
    Group.objects.get(name="intake").permissions.clear()
    roles.ensure_roles()
    assert Group.objects.get(name="intake").permissions.filter(codename="view_consultationrequest").exists()


def test_a_role_can_be_given_even_where_the_groups_were_lost():
    Group.objects.all().delete()
    assert user_with("intake").has_perm(VIEW)


def test_roles_add_up():
    user = user_with("editor", "intake")
    assert user.has_perm("education.publish_article")
    assert user.has_perm(VIEW)
    assert not user.has_perm("education.change_clinicprofile")


@of_each(["article", "topic", "reference", "person", "picture"], ["editor", "clinician"])
def test_writers_may_also_add_what_pages_need(model, role):
    user = user_with(role)
    assert all(user.has_perm(f"education.{verb}_{model}") for verb in ("view", "add", "change"))
    assert not user.has_perm(f"education.delete_{model}")


def test_assign_replaces_roles_and_takes_effect_on_the_same_object():
    user = user_with("intake")
    assert user.has_perm(VIEW)
    roles.assign(user, "editor", by=None)
    assert not user.has_perm(VIEW)
    assert user.has_perm("education.publish_article")


def test_an_account_may_enter_the_staff_area_only_with_a_role():
    user = user_with("intake")
    assert user.is_staff
    roles.assign(user, by=None)
    assert not User.objects.get(pk=user.pk).is_staff


def test_assigning_is_recorded_without_a_name():
    user = user_with("intake", "editor")
    event = AuditEvent.objects.filter(verb="roles_assigned").latest("id")
    assert event.detail == {"roles": "editor intake"}
    assert event.about == f"staff:{user.pk}"


def test_an_unknown_role_is_refused_by_name():
    with pytest.raises(ValueError, match="No such role: owner"):
        user_with("owner")


def test_a_disabled_account_has_no_permission():
    user = user_with("intake")
    user.is_active = False
    assert not user.has_perm(VIEW)


def test_createsuperuser_in_a_trial_gets_every_role(settings):
    assert settings.TRIAL
    user = User.objects.create_superuser("root", "", "four unrelated words do")
    assert user.role_names == roles.ROLES.keys()
    assert user.has_perm(WORK)


@pytest.mark.parametrize("trial", [True, False])
def test_an_account_that_createsuperuser_makes_is_on_record(settings, trial):
    """It could do everything, and the record of actions said nothing of where it came from."""
    settings.TRIAL = trial
    environment = {"DJANGO_SUPERUSER_PASSWORD": "four unrelated words do"}
    with mock.patch.dict(os.environ, environment):
        call_command("createsuperuser", username="root", email="", interactive=False, stdout=StringIO())
    event = AuditEvent.objects.get(verb="staff_created")
    assert (event.actor, event.about) == ("system", f"staff:{User.objects.get(username='root').pk}")
    assert event.detail == {"superuser": 1}


@pytest.mark.parametrize("perm", [VIEW, WORK, "education.change_consultationrequest"])
def test_a_superuser_in_production_sees_no_patient_request(settings, perm):
    settings.TRIAL = False
    user = User.objects.create_superuser("root", "", "four unrelated words do")
    assert user.is_staff
    assert user.has_perm("education.change_article")
    assert not user.has_perm(perm)


def test_a_permission_given_outside_the_roles_does_not_open_requests():
    user = user_with("editor")
    user.user_permissions.add(Permission.objects.get(codename="view_consultationrequest"))
    assert not User.objects.get(pk=user.pk).has_perm(VIEW)


def test_a_permission_given_outside_the_roles_opens_other_things_as_long_as_the_account_is_active():
    user = user_with("intake")
    user.user_permissions.add(Permission.objects.get(codename="change_article"))
    user = User.objects.get(pk=user.pk)
    assert user.has_perm(MAY_WRITE)
    user.is_active = False
    assert not user.has_perm(MAY_WRITE)


@pytest.fixture
def nurse(monkeypatch):
    """A role added to the table."""
    role = roles.Role("Nurse", "work through requests", roles.WORK_REQUESTS)
    monkeypatch.setitem(roles.ROLES, "nurse", role)
    return role


def test_a_new_role_is_offered_wherever_roles_are_given(nurse, client):
    assert nurse.in_words in client.get(urlsplit(setup_link()).path).content.decode()
    administrator = just_logged_in(staff("anna", "administrator"))
    assert nurse.in_words in administrator.get("/admin/education/user/add/").content.decode()
    said = StringIO()
    call_command("create_staff", "nina", "--role", "nurse", stdout=said)
    assert "/setup/" in said.getvalue()
    assert ">Nurse<" in administrator.get("/admin/education/user/").content.decode()


def test_a_new_role_opens_what_its_permissions_allow_and_nothing_else(nurse):
    client = logged_in(staff("nina", "nurse"))
    desk = client.get("/admin/").content.decode()
    assert "Next to answer" in desk
    assert "Drafts not yet published" not in desk
    assert client.get("/admin/education/consultationrequest/").status_code == 200
    assert client.get("/admin/education/article/").status_code == 403


def test_an_answer_is_found_out_once_until_the_account_or_its_roles_change(monkeypatch: pytest.MonkeyPatch) -> None:
    user, asked, find_out = user_with("editor"), [], User._may
    monkeypatch.setattr(User, "_may", lambda self, perm, obj: asked.append(perm) or find_out(self, perm, obj))
    assert [user.has_perm(MAY_WRITE) for _ in range(3)] == [True] * 3
    assert [user.has_perm(roles.MAY_MANAGE_STAFF) for _ in range(3)] == [False] * 3
    assert asked == [MAY_WRITE, roles.MAY_MANAGE_STAFF]
    user.is_active = False
    assert not user.has_perm(MAY_WRITE)
    user.is_active = True
    roles.assign(user, "administrator", by=None)
    assert user.has_perm(roles.MAY_MANAGE_STAFF)
    assert not user.has_perm(MAY_WRITE)
