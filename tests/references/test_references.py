"""Each reference has a page that says what it is, how far to trust it, and which pages cite it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.references.actions import (
    CitedReference,
    UnknownReference,
    cited_keys,
    delete_citations,
    delete_reference,
    load,
    resolve,
    set_status,
)
from education.references.models import Citation, Reference
from tests.cast import live, logged_in, published, reference, rewritten, shown, staff, text
from tests.each import of_each
from tests.screens import body, edit, links, plain_words

pytestmark = pytest.mark.django_db
CITING = [text("<p>Words.[@younger-2013]</p>")]
PAGE = "/references/younger-2013/"


@of_each(
    [
        ("Younger J, Noor N", "A trial", "Younger 2021"),
        ("van der Berg J. W., Noor N", "A trial", "van der Berg 2021"),
        ("Gouda", "A review", "Gouda 2021"),
        ("Bruun KD et al.", "A trial", "Bruun 2021"),
        ("Drug War Facts", "A label, as quoted", "Drug War Facts 2021"),
        ("US FDA", "A warning", "US FDA 2021"),
        (f"National Institute of Arthritis and {'Skin ' * 9}", "A", "National Institute of Arthritis and Skin… 2021"),
        ("", "Low-dose naltrexone and amitriptyline in pain", "Low-dose naltrexone and amitriptyline… 2021"),
        ("", "x" * 50, f"{'x' * 40}… 2021"),
    ]
)
def test_staff_know_a_study_by_its_short_name(case: tuple[str, str, str]) -> None:
    """Without an author its title was cut in mid-word, and “Drug War Facts” was “Drug”."""
    authors, title, name = case
    assert Reference(authors=authors, title=title, year=2021).short_name == name


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


@of_each(
    [
        ("current", ""),
        ("retracted", "Retracted. This study was withdrawn after it was published. Don’t rely on what it says."),
        ("corrected", "Corrected or questioned since."),
        ("unreachable", "Not reachable."),
        ("unverified", "Not yet checked against the original."),
    ]
)
def test_its_page_says_how_far_to_trust_it(case: tuple[str, str], client: Client) -> None:
    status, said = case
    reference(status=status)
    page = body(client.get(PAGE))
    assert ("notice" in page) == bool(said)
    assert said in plain_words(page)


@pytest.mark.parametrize(
    ("known_by", "said"),
    [
        ("whole", "We read the whole text."),
        ("excerpt", "We read its abstract or an excerpt, not the whole text."),
        ("not-seen", "We have not seen the original, and know it from another source."),
    ],
)
def test_its_page_says_how_we_know_it(client: Client, known_by: str, said: str) -> None:
    reference(known_by=known_by)
    assert f"How we know it {said}" in plain_words(body(client.get(PAGE)))


def test_how_we_know_it_outlasts_a_notice(client: Client) -> None:
    """The stopgap was a sentence in the notice, which the check for retractions overwrites."""
    made = reference(known_by="excerpt")
    set_status(made, Reference.Status.CORRECTED, notice="Correction of May 1", on=date(2026, 5, 2), by=None)
    words = plain_words(body(client.get(PAGE)))
    assert "Correction of May 1. " in words
    assert "How we know it We read its abstract or an excerpt" in words


def test_nobody_claims_to_have_read_a_reference_before_saying_so() -> None:
    assert Reference().known_by == "not-seen"


@of_each(
    [
        ({"doi": "10.1/x", "pmid": "1", "url": "https://a.test/"}, "https://doi.org/10.1/x"),
        ({"pmid": "1", "url": "https://a.test/"}, "https://pubmed.ncbi.nlm.nih.gov/1/"),
        ({"url": "https://a.test/"}, "https://a.test/"),
        ({}, ""),
    ]
)
def test_its_page_links_to_the_original(case: tuple[dict[str, str], str], client: Client) -> None:
    fields, link = case
    made = reference(**fields)
    outside = [href for href in links(body(client.get(PAGE))) if href.startswith("https:")]
    assert made.link == link
    assert outside[:1] == ([link] if link else [])


@pytest.mark.parametrize(
    ("doi", "address"),
    [
        ("https://doi.org/10.1002/art.37734", "https://doi.org/10.1002/art.37734"),
        ("10.1002/1(19)1:1<16::AID#1>3.0.CO;2-2", "https://doi.org/10.1002/1(19)1:1%3C16::AID%231%3E3.0.CO;2-2"),
        ("https://doi.org/10.1002/a%3Cb%3E", "https://doi.org/10.1002/a%3Cb%3E"),
        ("see the journal", ""),
    ],
)
def test_a_doi_that_is_stored_already_leads_to_the_study(client: Client, doi: str, address: str) -> None:
    made = reference()
    Reference.objects.update(doi=doi)
    made.refresh_from_db()
    shown(made)
    assert made.link == address
    assert [link for link in links(body(client.get(PAGE))) if "doi.org" in link] == ([address] if address else [])


@of_each(
    [
        ("doi", "https://www.doi.org/10.1002%2Fart.37734.", "10.1002/art.37734"),
        ("doi", "doi:10.1002/art.37734\u200b", "10.1002/art.37734"),
        ("doi", "10.1002/1(19)1:1<16::AID#1>3.0.CO;2-2", "10.1002/1(19)1:1<16::AID#1>3.0.CO;2-2"),
        ("pmid", "PMID: 23359310", "23359310"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/23359310/", "23359310"),
    ]
)
def test_a_number_is_stored_without_what_was_copied_with_it(case: tuple[str, str, str]) -> None:
    field, typed, stored = case
    made = reference()
    boss = logged_in(User.objects.create_superuser("boss"))
    path = f"/admin/education/reference/{made.pk}/change/"
    assert edit(boss, path, form_id="reference_form", **{field: typed}).status_code == 302
    assert getattr(Reference.objects.get(), field) == stored
    load([{"key": "b-1", "title": "B", "kind": "rct", field: typed}])
    assert getattr(Reference.objects.get(key="b-1"), field) == stored


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("doi", "art.37734", "This is not a DOI. It begins with 10."),
        ("doi", "https://journal.test/10.1002/art.37734", "This is not a DOI. It begins with 10."),
        ("pmid", "PMC3333", "This is not a PubMed number (PMID). It has digits only"),
    ],
)
def test_what_is_no_such_number_is_refused(field: str, typed: str, said: str) -> None:
    made = reference()
    boss = logged_in(User.objects.create_superuser("boss"))
    page = edit(boss, f"/admin/education/reference/{made.pk}/change/", form_id="reference_form", **{field: typed})
    assert said in plain_words(body(page))
    with pytest.raises(ValidationError, match="This is not a"):
        load([{"key": "b-1", "title": "B", "kind": "rct", field: typed}])


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


@of_each(["Younger-2013", "younger 2013", "2013-younger", "younger--2013", "younger_2013", ""])
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
    delete_citations("/autoimmune-conditions/lupus/")
    assert not made.citations.exists()


def test_a_later_retraction_is_shown_on_its_page_at_once_and_in_the_next_edition(client: Client) -> None:
    made = reference()
    draft = published("lupus", blocks=CITING).article
    made.status = "retracted"
    made.save()
    assert "Retracted." in body(client.get(PAGE))
    live(rewritten(draft, summary="Other."))
    assert "Retracted." in body(client.get("/autoimmune-conditions/lupus/"))


def test_the_form_of_a_study_is_headed_by_its_name_not_by_its_key() -> None:
    made = reference("gouda-2021", authors="Gouda W, Noor N", year=2021)
    page = body(logged_in(User.objects.create_superuser("boss")).get(f"/admin/education/reference/{made.pk}/change/"))
    assert "<h1>Gouda 2021</h1>" in page


def test_the_key_that_published_pages_cite_is_fixed() -> None:
    """Their claims know the study by it: under another key, a later retraction would not reach them."""
    made = reference()
    path = f"/admin/education/reference/{made.pk}/change/"
    boss = logged_in(User.objects.create_superuser("boss"))
    edit(boss, path, form_id="reference_form", key="young-2013")
    published("lupus", blocks=[text("<p>Words.[@young-2013]</p>")])
    edit(boss, path, form_id="reference_form", key="old-2013", title="Other title")
    assert Reference.objects.values_list("key", "title").get() == ("young-2013", "Other title")


def test_a_study_that_published_pages_cite_can_not_be_deleted_with_its_warning() -> None:
    cited, other = reference(status="retracted"), reference("other-2014")
    published("lupus", blocks=CITING)
    boss = logged_in(User.objects.create_superuser("boss"))
    answers = [
        boss.post(f"/admin/education/reference/{row.pk}/delete/", {"post": "yes"}).status_code for row in (cited, other)
    ]
    assert answers == [403, 302]
    ticked = {"action": "delete_selected", "_selected_action": [str(cited.pk)], "post": "yes"}
    boss.post("/admin/education/reference/", ticked)
    with pytest.raises(CitedReference):
        delete_reference(cited, by=None)
    assert list(Reference.objects.values_list("key", flat=True)) == ["younger-2013"]
    assert AuditEvent.objects.get(verb="reference_deleted").about == "reference:other-2014"


def test_the_list_of_references_goes_by_the_names_that_it_shows_and_says_once_that_nobody_checked_one() -> None:
    reference("zebra-2020", authors="Abend AH")
    reference("alpha-2019", authors="", title="moon and pain", status="unverified", checked_on=None)
    reference("beta-2018", authors="Zhou L")
    listed = body(logged_in(staff("boss", "editor")).get("/admin/education/reference/")).partition("<tbody>")[2]
    names = [listed.index(f">{name}") for name in ("Abend 2013", "moon and pain 2013", "Zhou 2013")]
    assert names == sorted(names)
    row = listed[names[1] : names[2]]
    assert "Not checked" in row
    assert '<span class="nothing">not checked</span>' in row  # takes no room on a phone
