"""Two people edit the same row: nobody's words are overwritten unseen, and nobody's switches are put back."""

from typing import Any

import pytest
from django.test import Client

from education.accounts.models import User
from education.clinic.models import ClinicProfile
from education.consultations.models import ScreeningQuestion
from tests import cast
from tests.screens import body, edit, form_data, plain_words

pytestmark = pytest.mark.django_db
PROFILE, PROFILE_FORM = "/admin/education/clinicprofile/1/change/", "clinicprofile_form"
SAVE = {"_save": "Save"}
REFUSED = "saved this after you had opened it"


def opened(client: Client, path: str, form_id: str) -> dict[str, Any]:
    return form_data(body(client.get(path)), form_id)


def test_a_profile_that_was_saved_meanwhile_is_overwritten_only_by_a_second_save() -> None:
    cast.clinic(telephone="(212) 555-0188")
    mo, mia = (cast.logged_in(cast.staff(name, "manager")) for name in ("mo", "mia"))
    page = opened(mo, PROFILE, PROFILE_FORM)
    edit(mia, PROFILE, "_save", form_id=PROFILE_FORM, telephone="(212) 555-0123")
    answer = mo.post(PROFILE, page | {"address": "1 Main Street", "_save": "x"})
    shown = plain_words(body(answer))
    assert REFUSED in shown
    assert "It differs from yours in: Telephone, Address." in shown
    assert ClinicProfile.as_written().telephone == "(212) 555-0123"
    again = form_data(body(answer), PROFILE_FORM)
    assert again["address"] == ["1 Main Street"]
    assert mo.post(PROFILE, again | {"_save": "x"}).status_code == 302
    assert ClinicProfile.as_written().address == "1 Main Street"


def test_an_account_that_was_switched_off_meanwhile_is_not_switched_on_by_an_older_page() -> None:
    adam, berta = (cast.just_logged_in(cast.staff(name, "administrator")) for name in ("adam", "berta"))
    ines = cast.staff("ines", "intake")
    path = f"/admin/education/user/{ines.pk}/change/"
    page = opened(adam, path, "user_form")
    assert berta.post(path, page | {"is_active": []}).status_code == 302
    assert REFUSED in plain_words(body(adam.post(path, page | {"email": "ines@clinic.test"})))
    assert not User.objects.get(pk=ines.pk).is_active


def test_whoever_is_alone_is_never_asked_twice() -> None:
    """Each form of the staff area, saved as it was opened and saved again with its own answer."""
    clara = cast.logged_in(cast.clara_the_clinician())
    question = ScreeningQuestion.objects.get(key="opioids")
    path = f"/admin/education/screeningquestion/{question.pk}/change/"
    for words in ("Do you take an opioid?", "Do you take any opioid?"):
        assert edit(clara, path, form_id="screeningquestion_form", words=words).status_code == 302
    cast.clinic()
    mo = cast.logged_in(cast.staff("mo", "manager"))
    for name in ("One", "Two"):
        assert edit(mo, PROFILE, form_id=PROFILE_FORM, name=name).status_code == 302


def test_an_older_list_of_questions_puts_none_back_on_the_form() -> None:
    clara, cora = (cast.logged_in(cast.staff(name, "clinician")) for name in ("clara", "cora"))
    path, opioids = "/admin/education/screeningquestion/", ScreeningQuestion.objects.get(key="opioids")
    page, newer = (opened(one, path, "changelist-form") for one in (clara, cora))
    row = next(name for name, value in page.items() if value == [str(opioids.pk)] and name.endswith("-id"))[:-3]
    assert cora.post(path, {name: v for name, v in newer.items() if name != f"{row}-active"} | SAVE).status_code == 302
    opioids.refresh_from_db()
    assert not opioids.active
    assert clara.post(path, page | {f"{row}-order": "7"} | SAVE).status_code == 302
    opioids.refresh_from_db()
    assert (opioids.active, opioids.order) == (False, 7)
