"""An account signs pages in the name of its person: who may say whose it is, at every door."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from education.accounts.models import User
from education.articles.content.blocks.markdown import BrokenSource
from education.articles.library.loading import load
from education.audit.models import AuditEvent
from education.people.actions import save_person
from education.people.models import Person
from tests.cast import clara_the_clinician, erin_the_editor, logged_in, staff
from tests.screens import body, edit, form_data, plain_words

pytestmark = pytest.mark.django_db
ADD = "/admin/education/person/add/"
FORM = "person_form"
ONLY_ITS_OWNER = "Only its owner says whose account it is, or an administrator"


@pytest.fixture
def clara() -> User:
    return clara_the_clinician()


@pytest.fixture
def doctor() -> Person:
    return Person.objects.create(slug="dora", name="Dora Dean", credentials="MD", disclosure="None to declare.")


def address(person: Person) -> str:
    return f"/admin/education/person/{person.pk}/change/"


def test_an_editor_can_not_say_that_the_account_of_a_colleague_is_this_person(clara: User, doctor: Person) -> None:
    """Clara would have signed her first page as Dora, without having been asked."""
    erin = logged_in(erin_the_editor())
    refused = edit(erin, address(doctor), form_id=FORM, account=str(clara.pk))
    assert ONLY_ITS_OWNER in plain_words(body(refused))
    new = form_data(body(erin.get(ADD)), FORM) | {"name": "D", "slug": "d", "account": str(clara.pk)}
    assert ONLY_ITS_OWNER in plain_words(body(erin.post(ADD, new)))
    assert not Person.objects.filter(account=clara).exists()


def test_everybody_says_it_of_their_own_account_and_takes_it_back(doctor: Person) -> None:
    editor = erin_the_editor()
    erin = logged_in(editor)
    edit(erin, address(doctor), form_id=FORM, account=str(editor.pk))
    doctor.refresh_from_db()
    assert doctor.account == editor
    assert AuditEvent.objects.latest("id").detail == {"fields": "account"}
    edit(erin, address(doctor), form_id=FORM, account="")
    doctor.refresh_from_db()
    assert doctor.account is None


def test_a_clinician_who_corrects_a_colleagues_page_leaves_the_account_as_it_is(clara: User, doctor: Person) -> None:
    Person.objects.filter(pk=doctor.pk).update(account=staff("dora", "clinician"))
    edit(logged_in(clara), address(doctor), form_id=FORM, role="Rheumatologist", account=str(clara.pk))
    doctor.refresh_from_db()
    assert (doctor.role, doctor.account) == ("Rheumatologist", User.objects.get(username="dora"))


def test_an_administrator_who_keeps_people_says_it_of_any_account(clara: User, doctor: Person) -> None:
    boss = logged_in(staff("boss", "administrator", "manager"))
    edit(boss, address(doctor), form_id=FORM, account=str(clara.pk))
    doctor.refresh_from_db()
    assert doctor.account == clara


def test_the_action_refuses_it_whatever_screen_asks(clara: User, doctor: Person) -> None:
    erin = erin_the_editor()
    doctor.account = clara
    with pytest.raises(PermissionDenied):
        save_person(doctor, changed=["account"], by=erin)
    save_person(doctor, changed=["account"], by=None)
    doctor.account = None
    with pytest.raises(PermissionDenied):
        save_person(doctor, changed=["account"], by=erin)


@pytest.mark.parametrize("key", ["account", "account_id"])
def test_no_file_says_whose_an_account_is(clara: User, tmp_path: Path, key: str) -> None:
    (tmp_path / "people.yaml").write_text(f"- slug: dora\n  name: Dora Dean\n  {key}: {clara.pk}\n")
    with pytest.raises(BrokenSource, match="Entry 1 lacks a key, or has one that is not known"):
        load(tmp_path, by=None, publish=False)
    assert not Person.objects.filter(account=clara).exists()


def test_an_account_can_not_be_typed_into_the_address(clara: User) -> None:
    erin: Client = logged_in(erin_the_editor())
    assert f'value="{clara.pk}"' not in body(erin.get(f"{ADD}?account={clara.pk}"))
