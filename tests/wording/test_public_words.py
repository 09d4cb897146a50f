"""Words beside the articles: patients read what a clinician signed until she signs other words."""

from datetime import date
from typing import Any

import pytest
from django.contrib.messages import WARNING, get_messages
from django.db import Error, connection
from django.test import Client

from education.accounts.models import User
from education.articles.models import Topic
from education.audit.actions import verify
from education.audit.models import AuditEvent
from education.clinic.models import Bulletin, ClinicProfile
from education.consultations.models import ScreeningQuestion
from education.desk.words import count_waiting
from education.glossary.models import Term
from education.images.models import Picture
from education.people.models import Person
from education.references.actions import set_status
from education.references.models import Reference
from tests import cast
from tests.cast import (
    clara,
    clara_the_clinician,
    complete,
    explained,
    figure,
    issued,
    key_points,
    logged_in,
    picture,
    published,
    reference,
    sign_words,
    staff,
    text,
)
from tests.database import SharedRows
from tests.desk.reading import desk
from tests.each import of_each
from tests.queries import asked
from tests.screens import body, edit, plain_words

pytestmark = pytest.mark.django_db
SCREEN, SIGN = "/admin/words-waiting/", "/admin/words-waiting/sign/"
LUPUS, GOUT = "/autoimmune-conditions/lupus/", "/autoimmune-conditions/gout/"
FORM = "/request-a-consultation/"
DOSE = "Take double the dose from now on."


@pytest.fixture(scope="module", autouse=True)
def lupus(shared_rows: SharedRows) -> None:
    """A signed page with everything beside it that needs a signature, all of it signed."""
    with shared_rows():
        cast.clinic(emergency_words="Or go to a hospital.", crisis_words="Call 988.", who_we_see="Adults.")
        reference(status="retracted", notice="Retraction of 1 May")
        issued(complete(blocks=[text("<p>A flare.[@younger-2013]</p>"), key_points(), cast.care()]))
        explained("Flare", definition="A worse time.")
        cast.shown(Bulletin.objects.create(path=LUPUS, words="A trial came out."))


def change_url(row: Any) -> str:
    return f"/admin/education/{row._meta.model_name}/{row.pk}/change/"


def rewrite(client: Client, row: Any, button: str = "_continue", **fields: str) -> Any:
    return edit(client, change_url(row), button, form_id=f"{row._meta.model_name}_form", **fields)


TOPIC = ("/", LUPUS, "/autoimmune-conditions/")
CASES = [
    ("editor", Bulletin, "words", "A trial came out.", (LUPUS,)),
    ("editor", Term, "definition", "A worse time.", ("/glossary/", LUPUS)),
    ("editor", Topic, "title", "Autoimmune conditions", TOPIC),
    ("editor", Reference, "notice", "Retraction of 1 May", ("/references/younger-2013/",)),
    ("editor", Reference, "title", "Study younger-2013", (LUPUS,)),
    ("manager", ScreeningQuestion, "help", "Chest pain", (FORM,)),
    ("manager", ClinicProfile, "emergency_words", "Or go to a hospital.", ("/",)),
    ("administrator", ClinicProfile, "emergency_words", "Or go to a hospital.", (FORM,)),
]


@of_each(CASES)
def test_patients_read_the_signed_words_until_the_new_ones_are_signed(
    case: tuple[str, Any, str, str, tuple[str, ...]], client: Client
) -> None:
    role, model, field, signed, paths = case
    row = model.objects.first()
    answer = rewrite(logged_in(staff("anna", role)), row, **{field: DOSE})
    assert answer.status_code == 302, plain_words(body(answer))
    row.refresh_from_db()
    assert getattr(row, field) == DOSE
    for path in paths:
        page = body(client.get(path))
        assert signed in page, path
        assert DOSE not in page, path
    doctor = logged_in(clara())
    waiting = plain_words(body(doctor.get(SCREEN)))
    assert DOSE in waiting
    assert "Removed:" in waiting
    sign_words(doctor)
    for path in paths:
        assert DOSE in body(client.get(path)), path
    assert AuditEvent.objects.filter(verb="words_signed", actor="clara").exists()
    assert count_waiting() == 0


def test_news_that_nobody_signed_stands_nowhere_and_waits_on_the_desk_and_on_the_clinicians_list(
    client: Client,
) -> None:
    Bulletin.objects.create(path=LUPUS, words=DOSE)
    page = body(client.get(LUPUS))
    assert "Reviewed by" in page
    assert DOSE not in page
    assert "Words waiting for a signature 1 Read and sign them" in desk("clinician")
    assert "Words waiting for a signature 1 See what waits" in desk("editor", username="ed")
    assert "Words waiting for a signature: 1" in plain_words(
        body(logged_in(clara()).get("/admin/education/article/review-run/"))
    )


def test_a_clinician_who_saves_words_gets_them_to_sign_and_an_editor_is_told_that_they_wait() -> None:
    term = Term.objects.get()
    erin = logged_in(staff("erin", "editor"))
    rewrite(erin, term, definition="Other words.")
    assert "until a clinician signs these" in plain_words(body(erin.get(change_url(term))))
    doctor = logged_in(clara())
    answer = rewrite(doctor, term, "_save", definition="Her own words.")
    assert answer["Location"] == f"{SCREEN}#term-{term.pk}"
    assert f'id="term-{term.pk}"' in body(doctor.get(SCREEN))


ELSEWHERE = [
    ("manager", ClinicProfile, {"emergency_words": DOSE}, {"fees": "A first visit is 200 dollars."}),
    ("editor", Bulletin, {"words": DOSE}, {"until": "2099-12-31"}),
    ("editor", Topic, {"summary": DOSE}, {"order": "7"}),
    ("editor", Reference, {"notice": DOSE}, {"year": "2012"}),
    ("manager", ScreeningQuestion, {"help": DOSE}, {"order": "7"}),
    ("clinician", Term, {"definition": DOSE}, {}),
    ("clinician", Topic, {"summary": DOSE}, {"order": "7"}),
]


@of_each(ELSEWHERE)
def test_a_save_that_left_the_words_as_they_were_does_not_say_that_they_wait(
    case: tuple[str, Any, dict[str, str], dict[str, str]],
) -> None:
    """What it did change may stand on the public page already, as fees do."""
    role, model, written, fields = case
    row = model.objects.first()
    model.objects.filter(pk=row.pk).update(**written)
    client = logged_in(staff("anna", role))
    answer = rewrite(client, row, "_save", **fields)
    assert answer.status_code == 302, plain_words(body(answer))
    assert not answer["Location"].startswith(SCREEN), model
    row.refresh_from_db()
    assert {name: str(getattr(row, name)) for name in fields} == fields
    warned = [one for one in get_messages(answer.wsgi_request) if one.level >= WARNING]
    assert not warned, model
    rewrite(client, row, "_continue", **{name: f"{words} Now." for name, words in written.items()})
    assert "clinician" in plain_words(body(client.get(change_url(row))).partition("messagelist")[2][:900]), model


def test_only_a_clinician_signs_and_only_what_was_on_the_screen() -> None:
    term = Term.objects.get()
    Term.objects.update(definition=DOSE)
    token = f"term {term.pk} {Term.objects.get().words_sha256()}"
    assert logged_in(staff("erin", "editor")).post(SIGN, {"words": token}).status_code == 403
    assert logged_in(staff("max", "manager")).post(SIGN, {"words": token}).status_code == 403
    Term.objects.update(definition=f"{DOSE} And more.")
    answer = logged_in(clara()).post(SIGN, {"words": token}, follow=True)
    assert "the words were changed while you were reading." in plain_words(body(answer))
    assert count_waiting() == 1
    assert logged_in(clara()).post(SIGN, {"words": "user 1 x"}).status_code == 404


def test_all_words_are_signed_with_fewer_than_a_hundred_queries() -> None:
    """With no more for many than for a few; only a topic with pages takes some more, as the menu changes with it."""
    doctor = logged_in(clara())
    for number in range(8):
        title = f"Topic {number}"
        page = complete(f"page-{number}", blocks=[text(), key_points(), cast.care()])
        page.topic = Topic.objects.create(title="Before", slug=f"topic-{number}", summary="Summary.", order=number)
        page.save()
        cast.shown(page.topic)
        issued(page)
        Topic.objects.filter(pk=page.topic.pk).update(title=title)

    def take(count: int) -> int:
        for number in range(count):
            Term.objects.update_or_create(
                slug=f"word-{number}", defaults={"term": f"Word {number}", "definition": f"{count}"}
            )
        tokens = [f"term {term.pk} {term.words_sha256()}" for term in Term.objects.filter(definition=count)]
        assert len(tokens) == count
        return asked(lambda: doctor.post(SIGN, {"words": tokens}))

    few, many = take(2), take(40)
    assert many < few + 10  # a session may be noted as in use between them
    assert many < 50
    topics = [f"topic {topic.pk} {topic.words_sha256()}" for topic in Topic.objects.filter(title__startswith="Topic")]
    assert len(topics) == 8
    assert asked(lambda: doctor.post(SIGN, {"words": topics})) < 100
    assert count_waiting() == 0
    assert verify().is_intact
    assert AuditEvent.objects.filter(verb="words_signed").count() == 50


def test_a_second_person_signs_where_the_clinic_asks_for_it() -> None:
    """The same rule as for pages: until somebody else has signed, and in the sentence that pages have."""
    term, doctor, other = Term.objects.get(), logged_in(clara()), logged_in(staff("dora", "clinician"))
    cast.signing_as(User.objects.get(username="dora"))
    rewrite(doctor, term, definition="Her own words.")
    token = f"term {term.pk} {Term.objects.get().words_sha256()}"
    assert SIGN in body(doctor.get(SCREEN)), "a clinic that asks for nobody else"
    ClinicProfile.objects.update(second_person_signs=True)
    page = doctor.get(SCREEN)
    assert "Your clinic asks a second person to sign them" in plain_words(body(page))
    assert token not in body(page)
    refused = doctor.post(SIGN, {"words": token}, follow=True)
    assert "You wrote some of these words." in plain_words(body(refused))
    assert count_waiting() == 1
    assert token in body(other.get(SCREEN))
    other.post(SIGN, {"words": token})
    assert count_waiting() == 0
    rewrite(other, term, definition="The words of somebody else.")
    doctor.post(SIGN, {"words": f"term {term.pk} {Term.objects.get().words_sha256()}"})
    assert count_waiting() == 0


def test_a_word_and_a_study_that_come_in_beside_a_page_or_from_a_file_are_of_whoever_brought_them() -> None:
    doctor, bib = logged_in(clara()), "@article{a, title={Older}, author={Muller, A}, year={2019}}"
    ClinicProfile.objects.update(second_person_signs=True)
    word = {"term": "Cytokine", "definition": DOSE}
    study = {"title": "Newer", "year": "2021", "kind": "rct", "known_by": "not-seen"}
    assert doctor.post("/admin/education/article/pick/links/add/", word).status_code == 201
    assert doctor.post("/admin/education/article/pick/studies/add/", study).status_code == 201
    doctor.post("/admin/education/reference/import/", {"text": bib, "take": ["", "1"], "kind-1": "rct"})
    added = [Term.objects.get(slug="cytokine"), Reference.objects.get(year=2021), Reference.objects.get(year=2019)]
    for row in added:
        refused = doctor.post(SIGN, {"words": f"{row.words_kind()} {row.pk} {row.words_sha256()}"}, follow=True)
        assert f"“{row}”: you wrote some of these words." in plain_words(body(refused))


def test_an_editor_sees_what_waits_without_a_button() -> None:
    Term.objects.update(definition=DOSE)
    page = body(logged_in(staff("erin", "editor")).get(SCREEN))
    assert DOSE in plain_words(page)
    assert SIGN not in page


def test_words_that_patients_read_unsigned_are_not_called_new_and_a_choice_is_named_by_its_label() -> None:
    """Below “that patients read” stood “Kind, new” and “yes”, the value as it is stored."""
    ScreeningQuestion.objects.all().delete()
    question = ScreeningQuestion.objects.create(key="sleep", words="Do you sleep badly?", help="Most nights.")
    cast.shown(question, name="")
    doctor = logged_in(clara())
    label = "“Yes” is the answer to notice"
    fold = f"Do you sleep badly? Question Do you sleep badly? Help Most nights. Kind {label} Sign"
    assert fold in plain_words(body(doctor.get(SCREEN)))
    ScreeningQuestion.objects.update(kind="no")
    changed = plain_words(body(doctor.get(SCREEN)))
    assert "Removed: “Yes” . End of what was removed. Added: “No”" in changed
    assert "Question, new" not in changed


def test_a_clinician_first_says_who_signs() -> None:
    User.objects.all().update(is_active=True)
    Term.objects.update(definition=DOSE)
    User.objects.filter(username="clara").delete()
    answer = sign_words(logged_in(clara_the_clinician()))
    assert answer.redirect_chain[0][0] == f"/admin/education/article/who-signs/?next={SCREEN}"


@pytest.mark.parametrize("do", ["UPDATE education_publicwords SET words = '{}'", "DELETE FROM education_publicwords"])
def test_what_patients_read_can_not_be_changed_behind_a_signature(do: str) -> None:
    with pytest.raises(Error, match="can't be changed"), connection.cursor() as cursor:
        cursor.execute(do)


def test_words_as_patients_read_them_can_not_be_saved_over_those_of_staff() -> None:
    with pytest.raises(TypeError, match="would undo what staff wrote since"):
        ClinicProfile.load().save()


def test_what_was_loaded_and_signed_by_nobody_is_not_inserted_in_signed_pages(client: Client) -> None:
    unsigned = {"term": "Key points", "slug": "key-points", "definition": "Loaded."}
    cast.shown(Term.objects.create(**unsigned), name="")
    explained("Gout")  # the glossary is read again
    assert "Loaded." not in body(client.get(LUPUS))
    assert "Loaded. Not yet reviewed by a clinician." in plain_words(body(client.get("/glossary/")))
    published("starter", blocks=[text("<p>Key points</p>")])
    assert "Loaded." in body(client.get("/autoimmune-conditions/starter/"))


def test_a_check_of_the_studies_speaks_at_once_and_shows_no_other_words(client: Client) -> None:
    study = Reference.objects.get()
    rewrite(logged_in(staff("erin", "editor")), study, title=DOSE)
    study.refresh_from_db()
    set_status(study, Reference.Status.RETRACTED, notice="Retraction of 2 May", on=date(2026, 5, 2), by=None)
    page = body(client.get("/references/younger-2013/"))
    assert "Retraction of 2 May" in page
    assert DOSE not in page


def test_only_a_clinician_says_that_a_study_stands_again() -> None:
    study = Reference.objects.get()
    refused = rewrite(logged_in(staff("erin", "editor")), study, status="current")
    assert "Only a clinician may say that it stands again." in plain_words(body(refused))
    assert rewrite(logged_in(clara()), study, status="current").status_code == 302


@pytest.mark.usefixtures("own_media")
def test_a_picture_and_its_words_can_not_be_swapped_behind_an_edition(client: Client) -> None:
    shown = picture(alt="A meadow.", caption="Grass.")
    block = figure(drawing="", picture=shown.name, alt="", caption="")
    issued(
        complete("gout", blocks=[text(), key_points(), cast.care(), block | {"alt": "A meadow.", "caption": "Grass."}])
    )
    before = body(client.get(GOUT))
    erin = logged_in(staff("erin", "editor"))
    assert rewrite(erin, shown, alt=DOSE, caption=DOSE, credit=DOSE, focal_x="1").status_code == 302
    assert Picture.objects.get().caption == DOSE
    assert body(client.get(GOUT)) == before
    erin.post(f"/admin/education/picture/{shown.pk}/delete/", {"post": "yes"})
    assert Picture.objects.exists()


def test_the_title_of_a_draft_is_not_shown_where_its_page_was_withdrawn(client: Client) -> None:
    draft = complete("gout")
    issued(draft)
    cast.actions.withdraw(draft, reason="Out of date.", by=None)
    cast.rewritten(draft, title=DOSE)
    page = plain_words(body(client.get(GOUT)))
    assert "“Gout” was withdrawn" in page
    assert DOSE not in page


def test_nobody_but_themselves_or_a_clinician_changes_what_patients_read_of_a_colleague() -> None:
    kline = Person.objects.get(account__username="clara")
    assert logged_in(staff("erin", "editor")).post(change_url(kline), {"name": DOSE}).status_code == 403
    assert rewrite(logged_in(clara()), kline, role="Rheumatologist here").status_code == 302
