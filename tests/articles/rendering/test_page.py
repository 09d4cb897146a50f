"""From canonical content to the HTML that patients read."""

import re

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from education.articles.content.canonical import sha256
from education.core.richtext import canonical_html
from education.references.actions import UnknownReference
from tests.articles.drawn import drawn, html_of
from tests.cast import (
    care,
    claim,
    clinic,
    every_block,
    figure,
    key_points,
    published,
    questions,
    reference,
    shown,
    text,
)
from tests.screens import body, tags

pytestmark = pytest.mark.django_db
LUPUS = "/autoimmune-conditions/lupus/"


def test_ids_on_a_page_are_unique() -> None:
    reference()
    cited = text(
        "<h2>Main</h2><h2>References</h2><h2>Main</h2><h2>Related</h2><h3>Key points</h3>"
        "<p>a[@younger-2013]b[@younger-2013]</p>"
    )
    page = html_of(
        cited, key_points(), care(title="Main"), questions("Main"), text("<h2>Ünïcode &amp; ☃</h2><h2>☃</h2>")
    )
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    expected = {"main-2", "main-3", "main-4", "main-5", "references-2", "related-2", "key-points-2", "unicode", "part"}
    assert expected < set(ids)


def test_references_are_numbered_by_first_use_and_link_back_to_each_use() -> None:
    second, first = reference("a-1"), reference("b-1", status="retracted")
    rendered = drawn(text("<p>x[@b-1]y[@a-1]z[@b-1]</p>"), key_points("again[@b-1]"))
    page = rendered.html
    assert rendered.references == [first, second]
    assert re.findall(r'<sup class="cite"><a href="#(ref-\d)" id="(cite-\d-\d)"', page) == [
        ("ref-1", "cite-1-1"),
        ("ref-2", "cite-2-1"),
        ("ref-1", "cite-1-2"),
        ("ref-1", "cite-1-3"),
    ]
    assert re.findall(r'<a href="#(cite-[^"]+)">', page) == ["cite-1-1", "cite-1-2", "cite-1-3", "cite-2-1"]
    assert page.count("<strong>Retracted.</strong>") == 1


def test_the_first_citation_of_a_study_in_a_paragraph_carries_its_note_for_the_margin() -> None:
    reference("a-1", kind="rct", size=99, year=2024), reference("b-1", kind="website", size=None, year=None)
    page = html_of(text("<p>x[@a-1]y[@b-1]z[@a-1]</p><p>w[@a-1]</p>"), key_points("k[@a-1]"))
    assert re.findall(r' data-number="(.*?)" data-note="(.*?)"', page) == [
        ("1", "Trial, 99 people, 2024"),
        ("2", "Health site"),
        ("1", "Trial, 99 people, 2024"),
    ]


def test_studies_cited_together_are_in_the_order_of_their_numbers() -> None:
    reference("a-1"), reference("b-1"), reference("c-1")
    page = html_of(text("<p>x[@a-1]y[@b-1]z[@c-1][@a-1][@b-1]</p>"), claim(references_for=["b-1", "a-1"]))
    cited = re.findall(r'id="cite-(\d)-\d"', page)
    assert cited == ["1", "2", "1", "2", "3", "1", "2"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("50 mg a day", "50\N{NO-BREAK SPACE}mg a day"),
        ("0.1 mg for each kg", "0.1\N{NO-BREAK SPACE}mg for each kg"),
        ("2 groups", "2 groups"),
    ],
)
def test_no_line_ends_between_a_dose_and_its_unit(written: str, kept: str) -> None:
    page = html_of(text(f"<p>{written}</p>"), key_points(written))
    assert page.count(kept) == 2


def test_a_reference_carries_the_address_for_print_if_it_has_one() -> None:
    reference("a-1", doi="10.1002/art.37734")
    reference("b-1", doi="", pmid="", url="")
    page = html_of(text("<p>x[@a-1]y[@b-1]</p>"))
    assert re.findall(r'<li id="(ref-\d)"(?: data-at="([^"]*)")?>', page) == [
        ("ref-1", "doi.org/10.1002/art.37734"),
        ("ref-2", ""),
    ]


def test_citations_in_a_link_a_heading_or_a_point_work_too() -> None:
    reference()
    typed = '<h2>Why?[@younger-2013]</h2><p><a href="/x/?q=[@younger-2013]">x[@younger-2013]</a></p>'
    rendered = drawn(text(canonical_html(typed)))
    page = rendered.html
    assert rendered.places.headings[0] == ("why", "Why?")
    assert page.count('id="cite-') == page.count("#cite-") == 2
    assert 'href="/x/?q=%5B@younger-2013%5D"' in page


def test_all_unknown_keys_are_reported_at_once() -> None:
    with pytest.raises(UnknownReference, match="No reference has the key a-1, b-1"):
        html_of(text("<p>x[@a-1][@b-1][@a-1]</p>"))


def test_text_that_only_looks_like_a_citation_stays_text() -> None:
    assert "[@]" in html_of(text("<p>mail me [@] or [@ home] or @x</p>"))


def test_a_care_card_says_its_level_in_words() -> None:
    page = html_of(care("emergency", "Call"), care("urgent", "Ask"), care("non-urgent", "See"))
    words = re.sub(r"<[^>]+>", "", page).split()
    assert [word for word in words if word.endswith(":")] == ["Emergency:", "Urgent:", "urgent:"]
    assert page.count("<section class=") == page.count('aria-labelledby="') == 3


def test_each_section_is_labelled_by_an_existing_heading() -> None:
    page = html_of(*every_block())
    ids = {given["id"] for _, given in tags(page) if "id" in given}
    named = {given["aria-labelledby"] for _, given in tags(page) if "aria-labelledby" in given}
    assert named <= ids


def test_a_figure_has_its_texts_its_size_and_its_dark_version() -> None:
    page = html_of(figure(alt='A "key"'))
    picture = next(given for tag, given in tags(page) if tag == "img")
    assert picture["alt"] == 'A "key"'
    assert picture["width"]
    assert picture["height"]
    assert "(prefers-color-scheme: dark)" in next(str(given["media"]) for tag, given in tags(page) if tag == "source")
    assert "How it may work." in page
    assert "<figcaption>" not in html_of(figure(caption="", credit=""))


def test_an_edition_does_not_contain_hashed_file_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next release has another hash; the edition stays."""
    monkeypatch.setattr(staticfiles_storage, "url", lambda name: f"/static/{name}.0123456789ab.svg")
    page = html_of(figure())
    assert "0123456789ab" not in page
    assert 'src="/static/drawings/opioid-receptor-block.svg"' in page


def test_a_page_renders_although_its_drawing_is_missing() -> None:
    assert '<img src="/static/drawings/gone.svg"' in html_of(figure(drawing="gone"))


def test_the_emergency_line_is_the_clinics_own_and_changes_without_a_new_edition(client: Client) -> None:
    published("lupus", blocks=[care("emergency", "Call"), care("urgent", "Ask")])
    assert "emergency-line" not in body(client.get(LUPUS))
    profile = clinic(emergency_words="Wait & see <here>.")
    line = (
        '<strong>In an emergency:</strong> <span><a href="tel:112">Call 112</a></span> '
        "<span>Wait &amp; see &lt;here&gt;.</span>"
    )
    assert body(client.get(LUPUS)).count(f'<p class="emergency-line">{line}</p>') == 1
    profile.emergency_words = "Stay calm."
    profile.save()
    shown(profile)
    assert "Call 112</a></span> <span>Stay calm.</span></p>" in body(client.get(LUPUS))


def test_the_table_of_contents_lists_second_level_headings_only(client: Client) -> None:
    published("lupus", blocks=[text("<h2>One &amp; all</h2><h3>Inner</h3><p>x</p>"), questions("Two")])
    page = body(client.get(LUPUS))
    listed = re.search(r'<nav class="contents".*?</nav>', page, re.DOTALL)
    assert listed
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', listed[0]) == [("one-all", "One &amp; all"), ("two", "Two")]


def test_the_reading_time_does_not_count_the_references(client: Client) -> None:
    reference(title="word " * 90)
    published("lupus", blocks=[text(f"<p>{'word ' * 540}[@younger-2013]</p>")])
    assert "About 3 minutes to read." in body(client.get(LUPUS))


def test_a_page_without_a_reviewer_says_so(client: Client) -> None:
    published("lupus")
    page = body(client.get(LUPUS))
    assert "Not yet reviewed by a clinician." in page
    assert "<dd>not yet</dd>" in page


def test_different_contents_have_different_hashes() -> None:
    assert sha256({"blocks": [text()]}) != sha256({"blocks": [text("<p>Plain  words.</p>")]})
