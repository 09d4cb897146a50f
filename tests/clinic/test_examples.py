"""The invented clinic of a trial: marked wherever it stands, gone with one tap; and what a page says without it."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from education.audit.models import AuditEvent
from education.clinic.examples import actions as examples
from education.clinic.models import ClinicProfile
from education.consultations.models import ConsultationRequest
from education.consultations.triage.examples import NONCES
from education.images.models import Picture
from education.people.actions import save_person
from education.people.models import Person
from tests.cast import clinic, clinic_facts, complete, live, logged_in, staff, topic
from tests.consultations import asking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
LOAD, REMOVE = "/admin/desk/load-examples/", "/admin/desk/remove-examples/"
VISIT = "/about-this-clinic/coming/"
PAGES = ("/", "/people/", "/contact/", "/request-a-consultation/", VISIT)
TOKEN = re.compile(r"\d{13}\.[\w:-]+")  # of the form, another one each time
# A price, a number to dial, a span of time that is promised, a photograph, or one of the people.
PROMISE = re.compile(
    r"\$\s?\d|tel:\+?\d{4}|mailto:|within \w+ (?:working )?days?|<img class=\"(?:face|photo)|Dr\.? [A-Z]|minutes:"
)


def read(client: Client) -> dict[str, str]:
    return {path: TOKEN.sub("", client.get(path).content.decode()) for path in PAGES}


@pytest.fixture(autouse=True)
def visit_page() -> None:
    live(complete("coming", topic=topic("about-this-clinic"), blocks=[clinic_facts()]))


def test_without_a_profile_no_page_holds_a_figure_a_face_or_a_promise(client: Client) -> None:
    for path, page in read(client).items():
        assert not PROMISE.findall(page), path


def test_the_invented_clinic_is_marked_and_goes_with_one_tap(client: Client) -> None:
    desk = logged_in(staff("mona", "manager"))
    clinic(name="", telephone="")
    before = read(client)
    desk.post(LOAD)
    loaded = read(client)
    assert all("Trial with an invented clinic" in page for page in loaded.values())
    assert all(PROMISE.search(page) for page in loaded.values())  # so the test above would see one
    for path, words in zip(PAGES, ("Rosa Delgado", "Rosa Delgado", "$220", "(212) 555-0140", "$220"), strict=True):
        assert words in loaded[path], path
    assert "If you pay without insurance, we send you a written estimate" in loaded["/contact/"]
    assert "Blue square: where bus 7 stops." in loaded["/contact/"]  # the signs of its map, told in words
    assert loaded["/people/"].count('<img class="face"') == loaded["/people/"].count(">Invented<") == 6
    assert "Remove the examples" in desk.get("/admin/").content.decode()
    assert not ClinicProfile.load().ready_for_requests  # nobody goes live with it
    desk.post(REMOVE)
    assert read(client) == before
    assert not Picture.objects.exists()


def test_what_staff_wrote_stays(client: Client) -> None:
    clinic(fees="Nothing.", telephone="(212) 555-0177")
    desk = logged_in(staff("mona", "manager"))
    desk.post(LOAD)
    nurse = Person.objects.get(name="Leila Haddad")
    nurse.name = "Nora Real"
    save_person(nurse, changed=["name"], by=None)
    desk.post(LOAD)
    desk.post(REMOVE)
    page = client.get("/contact/").content.decode()
    assert "Nothing." in page
    assert "(212) 555-0177" in page
    assert "Quince Lane" not in page
    assert [person.name for person in Person.objects.team()] == ["Nora Real"]
    assert "Trial with" not in page


def test_invented_requests_go_with_it_and_no_other_does() -> None:
    """One tap took the clinic away and left its requests in the queue."""
    asking.request()
    (real,) = ConsultationRequest.objects.values_list("reference", flat=True)
    desk = logged_in(staff("mona", "manager", "intake"))
    desk.post(LOAD)
    assert ConsultationRequest.objects.count() > 1
    desk.post(REMOVE)
    assert list(ConsultationRequest.objects.values_list("reference", flat=True)) == [real]
    assert "This site holds examples" not in desk.get("/admin/").content.decode()
    assert AuditEvent.objects.get(verb="examples_removed").detail == {"count": len(NONCES)}
    desk.post(LOAD)
    assert ConsultationRequest.objects.count() == 1 + len(NONCES), "they can be looked at again"


def test_each_takes_away_what_they_keep() -> None:
    """Requests by whoever works on them, the clinic by whoever keeps its profile."""
    mona, ines = logged_in(staff("mona", "manager")), logged_in(staff("ines", "intake"))
    for desk in (mona, ines):
        desk.post(LOAD)
    mona.post(REMOVE)
    assert ConsultationRequest.objects.count() == len(NONCES)
    assert not ClinicProfile.as_written().example_fields
    assert "An invented clinic with its people." not in ines.get("/admin/").content.decode()
    ines.post(REMOVE)
    assert not ConsultationRequest.objects.exists()
    assert logged_in(staff("erin", "editor")).post(REMOVE).status_code == 403


def test_only_a_trial_has_one(settings) -> None:  # type: ignore[no-untyped-def]
    settings.TRIAL = False
    with pytest.raises(ImproperlyConfigured):
        examples.load(by=staff("mona", "manager"))
