"""The screen “Words of the site”, as an editor, a clinician and a visitor meet it."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from education.audit.models import AuditEvent
from education.clinic.context import SharedRows
from education.clinic.models import ClinicProfile
from education.consultations import mails
from education.outbox.models import OutboxMessage
from education.people.models import Person
from education.site.forms import box_name
from education.wording.models import SitePlace
from education.wording.places import WORDS, Place, pages
from tests import cast
from tests.screens import body, edit, form_data, links, plain_words

pytestmark = pytest.mark.django_db
LIST, HOME = "/admin/education/siteplace/", "/admin/education/siteplace/page/home/"
BUILT_IN, OTHER = "Living with pain or an autoimmune condition?", "Here for you when it hurts"


@pytest.fixture
def erin() -> Client:
    return cast.logged_in(cast.erin_the_editor())


def save(client: Client, page: str = "home", **typed: str) -> Any:
    boxes = {name.replace("__", "-"): words for name, words in typed.items()}
    return edit(client, f"{LIST}page/{page}/", "_save", form_id="site_form", **boxes)


def test_words_go_from_the_screen_to_a_signature_and_then_to_patients(client: Client, erin: Client) -> None:
    assert "in your own words" not in plain_words(body(erin.get(LIST)))
    answer = erin.get(save(erin, heading__words=OTHER, reach__plain="Find us")["Location"])
    assert "until a clinician signs these" in plain_words(body(answer))
    assert f"Until then patients read: “{BUILT_IN}”" in plain_words(body(answer))
    assert "2 passages of" in plain_words(body(erin.get(LIST)))
    assert "1 waits for a signature" in plain_words(body(erin.get(LIST)))
    home = body(client.get("/"))
    assert BUILT_IN in home
    assert OTHER not in home
    doctor = cast.logged_in(cast.clara())
    waiting = body(doctor.get("/admin/words-waiting/"))
    assert OTHER in plain_words(waiting)
    row = SitePlace.objects.get(key="home.heading")
    assert doctor.get(f"/admin/education/siteplace/{row.pk}/change/")["Location"] == f"{HOME}#box-heading"
    cast.sign_words(doctor)
    assert f"<h1>{OTHER}</h1>" in body(client.get("/"))
    assert AuditEvent.objects.filter(verb="site_words_saved", actor="erin", about="site:home.heading").exists()


def test_pages_in_a_list_have_curved_apostrophes(erin: Client) -> None:
    cast.published("graves-disease", title="Graves' disease")
    page = unescape(body(erin.get(HOME)))
    assert "Move up: Graves’ disease" in page
    assert "Graves' disease" not in page


def test_a_place_that_may_be_left_empty_says_what_then_becomes_of_its_part(erin: Client) -> None:
    home = plain_words(body(erin.get(HOME)))
    assert ": then the drawing stays, without a description." in home
    assert ": then it isn’t shown." in home
    save(erin, scene__words="")
    cast.shown(SitePlace.objects.get(key="home.scene"))
    page = body(erin.get("/"))
    assert '<svg class="scene"' in page
    assert "An older woman with a walking stick" not in page


def test_what_cannot_stand_is_refused_in_words_and_stays_in_its_box(erin: Client) -> None:
    page = body(save(erin, heading__words="x" * 91, lede__words="", reach__plain="Find us"))
    assert "At the top, headline : These are 91 characters. Shorten them to 90." in plain_words(page)
    assert "Write some words here, or press “As built in”." in plain_words(page)
    typed = form_data(page, "site_form")
    assert (typed["heading-words"], typed["reach-plain"]) == (["x" * 91], ["Find us"])
    assert not SitePlace.objects.exists()
    page = body(erin.post(HOME, {**typed, "built_in": "lede"}))
    assert form_data(page, "site_form")["lede-words"][0].startswith("You may have tried so much")
    assert form_data(page, "site_form")["reach-plain"] == ["Find us"]


def test_two_people_never_overwrite_each_other_unseen(erin: Client) -> None:
    """Boxes that one of them left alone keep what the other saved, however old the form is."""
    hers = form_data(body(erin.get(HOME)), "site_form")
    max_ = cast.logged_in(cast.staff("max", "manager"))
    save(max_, reach__plain="Come and see us", team__plain="Our team")
    page = body(erin.post(HOME, {**hers, "reach-plain": "Find us", "_save": "x"}))
    assert "Somebody else saved other words here meanwhile: “Come and see us”" in plain_words(page)
    typed = form_data(page, "site_form")
    assert typed["reach-plain"] == ["Find us"]
    assert erin.post(HOME, typed).status_code == 302
    assert dict(SitePlace.objects.values_list("key", "words")) == {"home.reach": "Find us", "home.team": "Our team"}


def test_the_preview_draws_the_public_page_and_stores_nothing(erin: Client) -> None:
    typed = form_data(body(erin.get(HOME)), "site_form") | {"heading-words": OTHER}
    answer = erin.post(f"{HOME}preview/", typed)
    assert f"<h1>{OTHER}</h1>" in body(answer)
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "sha256-" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert not SitePlace.objects.exists()


@pytest.mark.usefixtures("starter_pages")
def test_every_place_stands_on_the_page_that_the_preview_draws(erin: Client) -> None:
    """But one heading, above those who write, in whose place that above the clinic's people stands, and what stands
    beside topics with an emergency card only: the topic of the preview is that with pages about this site.
    """
    cast.clinic(opening_hours="Monday to Friday")
    Person.objects.create(name="Ann", slug="ann", on_team=True)
    lost = []
    for page in pages().values():
        passages = [place for place in page.places if place.kind == WORDS]
        said = {box_name(place): f"{place.label}, {place.key} {_filled_in(place)}" for place in passages}
        drawn = unescape(body(erin.post(f"{LIST}page/{page.name}/preview/", said)))
        lost += [place.key for place in passages if f"{place.label}, {place.key}" not in drawn]
    assert lost == ["home.people", "topic.signs", "topic.signs_link"]


def _filled_in(place: Place) -> str:
    return " ".join(f"{{{name}}}" for name in place.fills)


def test_the_form_the_mail_and_the_page_that_is_not_there_say_what_was_signed(client: Client, erin: Client) -> None:
    cast.clinic()
    save(erin, "not_found", heading__plain="Nothing is here")
    save(erin, "form", private__words="Few people read it.", deleted__words="Deleted on {date}.")
    refused = plain_words(body(save(erin, "mail", subject__words="We have it", link__words="See {lnk}")))
    assert "subject : Write {reference} somewhere in these words: patients need it." in refused
    assert "“{lnk}” is nothing that can be filled in here. You may use {link}." in refused
    save(erin, "mail", subject__words="Received: {reference}", link__words="Look at {link}")
    assert "Nothing is here" in body(client.get("/no/such/page/"))

    def read() -> str:
        mails.acknowledge("ABCD2345", "ana@example.org", due=timezone.now(), rows=SharedRows(), link="x")
        mail = OutboxMessage.objects.latest("pk")
        mail.delete()
        return f"{mail.subject} {mail.body} {plain_words(body(client.get('/request-a-consultation/')))}"

    assert "We received your request ABCD 2345" in (before := read())
    assert "Only staff who need to can read your answers." in before
    cast.sign_words(cast.logged_in(cast.clara()))
    assert "Received: ABCD 2345" in (after := read())
    assert "Look at {the link}" in after
    assert "Few people read it." in after
    assert (
        f"Deleted on {date_format(timezone.localdate() + timedelta(days=ClinicProfile.load().retention_days))}."
        in after
    )


def test_earlier_words_come_back_into_the_form_and_are_saved_only_then(client: Client, erin: Client) -> None:
    cast.clinic()
    save(erin, reach__plain="Find us")
    save(erin, reach__plain="Come and see us")
    history = "/admin/education/siteplace/passage/home.reach/"
    page = body(erin.get(history))
    assert "Patients read now: “Come and see us”" in plain_words(page)
    (back, *_) = [link for link in links(page)[::-1] if "version=" in link]
    filled_in = form_data(body(erin.get(back)), "site_form")
    assert filled_in["reach-plain"] == ["Find us"]
    assert "Come and see us" in body(client.get("/"))
    erin.post(HOME, filled_in)
    assert SitePlace.objects.get().words == "Find us"


def test_what_was_typed_and_not_saved_waits_for_its_editor_alone(erin: Client) -> None:
    typed = form_data(body(erin.get(HOME)), "site_form") | {"heading-words": OTHER}
    assert "Autosaved at" in erin.post(f"{HOME}keep/", typed).json()["words"]
    other_window = form_data(body(erin.get(HOME)), "site_form")
    assert erin.post(f"{HOME}keep/", other_window).status_code == 409
    assert "You have unsaved words here" in plain_words(body(erin.get(HOME)))
    assert "unsaved" not in plain_words(body(cast.logged_in(cast.staff("max", "manager")).get(HOME)))
    resumed = form_data(body(erin.get(f"{HOME}?unsaved=1")), "site_form")
    assert resumed["heading-words"] == [OTHER]
    assert erin.post(f"{HOME}keep/", resumed).status_code == 200
    assert erin.post(HOME, resumed).status_code == 302
    assert "You have unsaved words here" not in plain_words(body(erin.get(HOME)))


@pytest.mark.parametrize("path", [LIST, HOME, f"{HOME}preview/", f"{HOME}keep/", f"{LIST}passage/home.heading/"])
def test_only_those_who_write_may_open_it(path: str) -> None:
    intake = cast.logged_in(cast.ines_at_intake())
    assert (intake.post if "preview" in path else intake.get)(path).status_code == 403
