"""What the editor's pickers offer, and what they add."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from education.articles.publishing import moves
from education.glossary.models import Term
from education.images.models import Picture
from education.references.models import Reference
from tests import cast
from tests.articles.writing import address
from tests.images import uploads
from tests.queries import asked

pytestmark = pytest.mark.django_db
PICK = "/admin/education/article/pick/{}/"


@pytest.fixture
def editor(db: None) -> Client:
    return cast.logged_in(cast.erin_the_editor())


def found(client: Client, kind: str, **query: Any) -> list[dict[str, str]]:
    answer = client.get(PICK.format(kind), query)
    assert answer.status_code == 200
    rows: list[dict[str, str]] = answer.json()["found"]
    return rows


def test_a_page_is_found_by_other_names_and_a_heading_by_its_page(editor: Client) -> None:
    page = cast.complete("lupus", title="Lupus", aliases="SLE", blocks=[cast.text("<h2>Who gets it</h2><p>Few.</p>")])
    cast.live(page)
    (row, *headings) = found(editor, "links", q="sle")
    assert (row["value"], row["words"], row["note"]) == (page.get_absolute_url(), "Lupus", "")
    (heading,) = found(editor, "links", q="lupus gets")
    assert (heading["value"], heading["words"]) == (f"{page.get_absolute_url()}#who-gets-it", "Who gets it")
    assert heading in headings


def test_what_is_named_is_told_with_what_is_wrong(editor: Client) -> None:
    cast.reference("younger-2013", authors="Younger J, Noor N", year=2013)
    page = cast.complete("lupus")
    cast.live(page)
    (study,) = found(editor, "studies", named=["younger-2013", "nobody-1999"])
    assert (study["value"], study["short"]) == ("younger-2013", "Younger 2013")
    Reference.objects.update(status=Reference.Status.RETRACTED)
    assert found(editor, "studies", named=["younger-2013"])[0]["short"] == "Younger 2013 (retracted)"
    rows = found(editor, "links", named=[f"{page.get_absolute_url()}#part", "/nowhere/"])
    assert [bool(row["problem"]) for row in rows] == [False, True]


def test_a_page_that_moves_takes_the_links_to_it_along(editor: Client) -> None:
    cast.live(cast.complete("lupus"))
    other = cast.complete("gout", blocks=[cast.text("<p><a href='/autoimmune-conditions/lupus/#part'>Lupus</a>.</p>")])
    topic = other.topic
    topic.slug = "conditions"
    topic.save()
    moves.topic_saved(topic, old_slug="autoimmune-conditions", by=None)
    other.refresh_from_db()
    assert '<a href="/conditions/lupus/#part">Lupus</a>' in cast.live(other).html
    page = editor.get(address("review", other))
    assert "is old" not in page.content.decode()


def test_a_study_that_is_here_already_is_taken_instead_of_added(editor: Client) -> None:
    cast.reference("younger-2013", title="Low-dose naltrexone for fibromyalgia", year=2013, doi="10.1002/art.37734")
    new = {"title": "Low dose naltrexone for fibromyalgia!", "year": "2013", "kind": "rct", "known_by": "not-seen"}
    for posted in (new, {**new, "title": "Other", "doi": "10.1002/ART.37734"}):
        assert editor.post(PICK.format("studies") + "add/", posted).json()["value"] == "younger-2013"
    another = {**new, "year": "2014", "authors": "Younger J"}
    assert editor.post(PICK.format("studies") + "add/", another).status_code == 201
    assert set(Reference.objects.values_list("key", flat=True)) == {"younger-2013", "younger-2014"}


def test_the_address_of_a_study_typed_without_its_scheme_is_an_https_one(editor: Client) -> None:
    new = {"title": "A registry", "year": "2014", "kind": "rct", "known_by": "not-seen", "url": "registry.test/4"}
    assert editor.post(PICK.format("studies") + "add/", new).status_code == 201
    assert Reference.objects.get().url == "https://registry.test/4"


def test_a_word_is_explained_once_and_only_by_who_may(editor: Client) -> None:
    word = {"term": "Cytokine", "definition": "A messenger of the immune system."}
    assert editor.post(PICK.format("links") + "add/", word).json()["words"] == "Cytokine"
    assert editor.post(PICK.format("links") + "add/", {**word, "term": "cytokine"}).status_code == 422
    assert Term.objects.get().slug == "cytokine"
    manager = cast.logged_in(cast.staff("mona", "manager"))
    assert manager.get(PICK.format("links")).json()["add"] == ""
    assert manager.post(PICK.format("links") + "add/", {**word, "term": "Antibody"}).status_code == 403
    assert cast.logged_in(cast.ines_at_intake()).get(PICK.format("people")).status_code == 403


@pytest.mark.usefixtures("own_media")
def test_a_picture_that_the_full_disk_does_not_take_comes_back_in_the_picker(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads.fill_disk(monkeypatch, room_for=1)
    given = {"file": SimpleUploadedFile("a.png", uploads.picture()), "alt": "Hands.", "focal_x": "50", "focal_y": "50"}
    answer = editor.post("/admin/education/article/pick/pictures/add/", given)
    assert answer.status_code == 507
    first, _, rest = answer.content.decode().partition("</ul>")
    assert "the server’s disk is full" in first.partition('data-field="file"')[2]
    assert "Hands." in rest
    assert not Picture.objects.exists()


def test_further_links_of_a_text_are_named_without_a_further_query(editor: Client) -> None:
    pages = [cast.published(slug).path for slug in ("gout", "lupus", "psoriasis")]
    found(editor, "links", named=pages)
    assert [row["words"] for row in found(editor, "links", named=pages)] == ["Gout", "Lupus", "Psoriasis"]
    few, more = (asked(lambda named=named: found(editor, "links", named=named)) for named in (pages[:1], pages))
    assert more == few
