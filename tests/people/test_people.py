"""Authors and reviewers: named, with credentials and conflicts of interest, at an address that stays."""

import pytest
from django.test import Client

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.people.actions import replace_credits, save_person
from education.people.models import Credit, Person
from tests.cast import article, complete, erin_the_editor, issued, live, logged_in, picture, published, rewritten
from tests.screens import body, edit, links, plain_words

pytestmark = pytest.mark.django_db
LUPUS = "/autoimmune-conditions/lupus/"


@pytest.fixture
def ann() -> Person:
    return Person.objects.create(
        slug="ann", name="Ann Author", credentials="MD", role="Rheumatologist", disclosure="None to declare."
    )


def test_their_page_says_who_they_are(client: Client, ann: Person) -> None:
    published("lupus", author=ann)
    published("gout")
    page = body(client.get("/people/ann/"))
    words = plain_words(page)
    for said in ("Ann Author", "MD", "Role Rheumatologist", "Conflicts of interest None to declare."):
        assert said in words
    assert "Pages they wrote Lupus" in words
    assert "reviewed" not in words
    assert [href for href in links(page) if href == LUPUS] == [LUPUS]
    assert "/autoimmune-conditions/gout/" not in links(page)


def test_the_list_of_people_says_what_it_tells_of_them(client: Client, ann: Person) -> None:
    published("lupus", author=ann)
    words = plain_words(body(client.get("/people/")))
    assert "Who reviews and who writes these pages. We also say who pays them." in words
    ann.on_team = True
    save_person(ann, changed=["on_team"], by=None)
    words = plain_words(body(client.get("/people/")))
    assert "Who works at the clinic, who reviews and who writes these pages. We also say who pays them." in words


def test_a_missing_disclosure_is_said_to_be_missing(client: Client) -> None:
    Person.objects.create(slug="bea", name="Bea")
    assert "Conflicts of interest Not stated yet." in plain_words(body(client.get("/people/bea/")))
    assert client.get("/people/nobody/").status_code == 404


def test_an_article_links_its_author_as_published(client: Client, ann: Person) -> None:
    draft = published("lupus", author=ann).article
    bea = Person.objects.create(slug="bea", name="Bea Brown")
    rewritten(draft, author=bea)
    page = body(client.get(LUPUS))
    assert '<a href="/people/ann/">Ann Author, MD</a>' in page
    assert "Bea" not in page
    live(draft)
    assert '<a href="/people/bea/">Bea Brown</a>' in body(client.get(LUPUS))
    assert "Pages they wrote" not in body(client.get("/people/ann/"))


def test_a_page_may_have_a_reviewer(client: Client, ann: Person) -> None:
    replace_credits(LUPUS, title="Lupus", wrote=ann, reviewed=ann)
    words = plain_words(body(client.get("/people/ann/")))
    assert "Pages they wrote Lupus Pages they reviewed Lupus" in words


def test_a_page_without_an_author_names_none(client: Client) -> None:
    draft = article("lupus")
    live(rewritten(draft, author=None))
    assert "Written by" not in body(client.get(LUPUS))
    assert not Credit.objects.exists()


def test_staff_edit_conflicts_of_interest_and_the_address_stays(ann: Person) -> None:
    erin = logged_in(erin_the_editor())
    path = f"/admin/education/person/{ann.pk}/change/"
    edit(erin, path, form_id="person_form", disclosure="Paid talks for a maker of LDN.", slug="other")
    ann.refresh_from_db()
    assert (ann.slug, ann.disclosure) == ("ann", "Paid talks for a maker of LDN.")
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.detail) == ("person_saved", {"fields": "disclosure"})
    assert "maker" not in str(event.detail)


def test_the_form_of_a_person_shows_the_photo_that_patients_see(erin: Client, ann: Person) -> None:
    """It named it, by what its text alternative says."""
    path = f"/admin/education/person/{ann.pk}/change/"
    assert "Photo now None. A drawn figure stands in its place." in plain_words(body(erin.get(path)))
    ann.photo = picture()
    save_person(ann, changed=["photo"], by=None)
    assert f'src="{ann.photo.square_url}"' in body(erin.get(path))
    assert "Photo now" not in body(erin.get("/admin/education/person/add/"))


def test_a_reviewer_has_a_face_on_the_page_and_a_drawn_one_without_a_photograph(client: Client) -> None:
    draft = complete("lupus")
    issued(draft)
    assert '<svg class="face"' in body(client.get(LUPUS))
    reviewer = Person.objects.get(name="Dr Clara Kline")
    reviewer.photo = picture()
    save_person(reviewer, changed=["photo"], by=None)
    for path in (LUPUS, "/", "/people/", reviewer.get_absolute_url()):
        assert f'<img class="face" src="{reviewer.photo.square_url}"' in body(client.get(path)), path


def test_the_starter_library_is_not_drawn_as_a_person(client: Client) -> None:
    library = Person.objects.create(slug=Person.STARTER_LIBRARY, name="Starter library", credentials="not a clinician")
    published("lupus", author=library)
    for path in ("/people/", library.get_absolute_url()):
        shown = body(client.get(path))
        assert '<span class="face no-face"' in shown
        assert '<svg class="face"' not in shown


def test_whoever_may_delete_a_person_leaves_a_trace_of_it(ann: Person) -> None:
    """No role may; a superuser may."""
    boss = logged_in(User.objects.create_superuser("boss"))
    listed = boss.post("/admin/education/person/", {"action": "delete_selected", "_selected_action": [str(ann.pk)]})
    assert "Are you sure" not in listed.content.decode()
    boss.post(f"/admin/education/person/{ann.pk}/delete/", {"post": "yes"})
    assert not Person.objects.filter(pk=ann.pk).exists()
    event = AuditEvent.objects.get(verb="person_deleted")
    assert (event.actor, event.about) == ("boss", f"person:{ann.pk}")
