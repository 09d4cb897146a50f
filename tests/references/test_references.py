"""Each reference has a page that says what it is, how far to trust it, and which pages cite it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from education.accounts.models import User
from education.references.actions import UnknownReference, cited_keys, forget_citations, load, resolve
from education.references.models import Citation, Reference
from tests.cast import live, logged_in, published, reference, rewritten, text
from tests.screens import body, edit, links, plain_words

pytestmark = pytest.mark.django_db
CITING = [text("<p>Words.[@younger-2013]</p>")]
PAGE = "/references/younger-2013/"


def test_its_page_lists_the_pages_that_cite_it(client: Client) -> None:
    reference()
    published("lupus", blocks=CITING)
    published("psoriasis", blocks=CITING)
    published("gout")
    page = body(client.get(PAGE))
    cited_by = [href for href in links(page[page.index("Pages here that use it") :]) if href.count("/") == 3]
    assert cited_by == ["/autoimmune-conditions/lupus/", "/autoimmune-conditions/psoriasis/"]


def test_it_lists_titles_as_published(client: Client) -> None:
    reference()
    rewritten(published("lupus", blocks=CITING).article, title="Draft title")
    assert "Draft title" not in body(client.get(PAGE))


def test_an_article_links_to_it(client: Client) -> None:
    reference()
    published("lupus", blocks=CITING)
    assert PAGE in links(body(client.get("/autoimmune-conditions/lupus/")))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("current", ""),
        ("retracted", "Retracted. This study was withdrawn after it was published. Don’t rely on what it says."),
        ("corrected", "Corrected or questioned since."),
        ("unreachable", "Not reachable."),
        ("unverified", "Not yet checked against the original."),
    ],
)
def test_its_page_says_how_far_to_trust_it(client: Client, status: str, said: str) -> None:
    reference(status=status)
    page = body(client.get(PAGE))
    assert ("notice" in page) == bool(said)
    assert said in plain_words(page)


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ({"doi": "10.1/x", "pmid": "1", "url": "https://a.test/"}, "https://doi.org/10.1/x"),
        ({"pmid": "1", "url": "https://a.test/"}, "https://pubmed.ncbi.nlm.nih.gov/1/"),
        ({"url": "https://a.test/"}, "https://a.test/"),
        ({}, ""),
    ],
)
def test_its_page_links_to_the_original(client: Client, fields: dict[str, str], link: str) -> None:
    made = reference(**fields)
    outside = [href for href in links(body(client.get(PAGE))) if href.startswith("https:")]
    assert made.link == link
    assert outside[:1] == ([link] if link else [])


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"volume": "65", "pages": "529-38"}, "A Journal 2013 65:529-38"),
        ({"volume": "65"}, "A Journal 2013 65"),
        ({"pages": "e1"}, "A Journal 2013 e1"),
        ({"journal": "", "year": None}, ""),
    ],
)
def test_the_source_is_one_line(fields: dict[str, str], line: str) -> None:
    assert reference(**fields).source == line
    assert str(Reference.objects.get()) == "younger-2013"


@pytest.mark.parametrize("key", ["nobody-1999", "UPPER", "x" * 500])
def test_an_unknown_reference_is_not_found(client: Client, key: str) -> None:
    assert client.get(f"/references/{key}/").status_code == 404


@pytest.mark.parametrize("key", ["Younger-2013", "younger 2013", "2013-younger", "younger--2013", "younger_2013", ""])
def test_an_invalid_key_is_refused(key: str) -> None:
    boss = logged_in(User.objects.create_superuser("boss"))
    response = edit(
        boss, "/admin/education/reference/add/", form_id="reference_form", key=key, title="A study", kind="rct"
    )
    assert response.status_code == 200
    assert not Reference.objects.exists()


def test_cited_keys_come_in_order_of_first_use_and_once() -> None:
    assert cited_keys("a[@b-1] b[@a-1][@b-1] [@] [@ c] [@<d>]") == ["b-1", "a-1"]


def test_resolving_keeps_the_order_and_names_missing_keys() -> None:
    one, two = reference("a-1"), reference("b-1")
    assert list(resolve(["b-1", "a-1", "b-1"]).values()) == [two, one]
    with pytest.raises(UnknownReference, match="has the key c-1, d-1"):
        resolve(["c-1", "a-1", "d-1"])


def test_loading_adds_new_references_and_keeps_what_staff_edited() -> None:
    reference("a-1", title="Staff’s words")
    rows = [{"key": "a-1", "title": "File’s words", "kind": "rct"}, {"key": "b-1", "title": "New", "kind": "review"}]
    assert (load(rows), load(rows)) == (1, 0)
    assert Reference.objects.get(key="a-1").title == "Staff’s words"
    assert Reference.objects.get(key="b-1").status == "unverified"


def test_one_invalid_reference_and_none_is_loaded() -> None:
    with pytest.raises(ValidationError):
        load([{"key": "a-1", "title": "Fine", "kind": "rct"}, {"key": "b-1", "title": "Not", "kind": "gossip"}])
    assert not Reference.objects.exists()


def test_a_page_cites_a_reference_once() -> None:
    made = reference()
    published("lupus", blocks=[text("<p>a[@younger-2013] b[@younger-2013]</p>")])
    assert Citation.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Citation.objects.create(reference=made, path="/autoimmune-conditions/lupus/", title="x")
    forget_citations("/autoimmune-conditions/lupus/")
    assert not made.citations.exists()


def test_a_later_retraction_is_shown_on_its_page_at_once_and_in_the_next_edition(client: Client) -> None:
    made = reference()
    draft = published("lupus", blocks=CITING).article
    made.status = "retracted"
    made.save()
    assert "Retracted." in body(client.get(PAGE))
    live(rewritten(draft, summary="Other."))
    assert "Retracted." in body(client.get("/autoimmune-conditions/lupus/"))
