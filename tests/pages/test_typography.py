"""Short compounds hold together on a page and apostrophes are curved; nothing but running text changes."""

import pytest
from django.template.base import TextNode
from django.template.loader import get_template
from django.test import Client

from education.articles.public import serving
from education.core.typesetting.html import typeset, without_indentation
from education.templatetags.typography import hours_held
from tests import cast
from tests.cast import text
from tests.each import of_each


@of_each(["low-dose", "e-mail", "COVID-19", "5-ASA", "anti-Ro", "one-by-one", "1-800-222-1222", "38 °C"])
def test_a_short_compound_stays_on_one_line(word: str) -> None:
    assert typeset(f"<p>A {word}, then.</p>") == f'<p>A <span class="nowrap">{word}</span>, then.</p>'


@of_each(
    [
        "<p>placebo-controlled</p>",  # so long that a narrow phone must be able to break it
        "<p>(212) 555-0140</p>",
        "<p>sam@low-dose.example and low-dose.example</p>",
        "<p>clinic.example/low-dose/page</p>",
        '<a class="care-card" title="low-dose, don\'t">x</a>',
        "<textarea>I don't take low-dose pills</textarea><select><option>low-dose</option></select>",
        "<p>’tis 'the patients' own' and 'these words' are quoted</p>",
        "<p>The patients'</p>",  # what follows it, nobody knows
        "<p>Low-dose naltrexone</p>",  # it begins its line
        '<li><a href="/x/"><svg></svg><span>Low-dose naltrexone</span></a></li>',
        '<h3>\n  <a href="/low-dose/">Low-dose naltrexone</a></h3><p><strong>By-the-by</strong></p>',
        '<label><input type="radio"> low-dose tablets</label><li><svg></svg>by e-mail</li>',
    ]
)
def test_what_is_no_short_compound_in_running_text_stays_as_it_is(kept: str) -> None:
    assert typeset(kept) == kept


def test_an_apostrophe_within_a_word_is_curved() -> None:
    assert typeset("<p>Crohn's and Sjögren&#x27;s</p>") == "<p>Crohn’s and Sjögren’s</p>"


def test_in_a_title_apostrophes_are_curved_and_nothing_is_held() -> None:
    assert typeset("<title>LDN for Crohn's: low-dose</title>") == "<title>LDN for Crohn’s: low-dose</title>"


def test_the_apostrophe_after_a_plural_is_curved_where_nothing_is_quoted() -> None:
    assert typeset("<p>Graves' disease, the patients&#x27; own</p>") == "<p>Graves’ disease, the patients’ own</p>"


def test_only_the_first_word_of_a_line_needs_no_hold() -> None:
    held = '<span class="nowrap">low-dose</span>'
    assert typeset("<p>Low-dose or low-dose</p>") == f"<p>Low-dose or {held}</p>"
    assert typeset("<p>As <em>low-dose</em> tablets</p>") == f"<p>As <em>{held}</em> tablets</p>"
    assert typeset("<p>As </em>low-dose tablets</p>") == f"<p>As </em>{held} tablets</p>"


@of_each(
    [
        *(
            "hydroxy·chloro·quine",
            "anti·phospho·lipid",
            "Immuno·suppres·sants",
            "spondylo·arthritis",
            "hyper·thyroidism",
        ),
        *("poly·auto·immunity", "auto·anti·bodies", "cyclo·phospha·mide", "recommenda·tions", "rheumato·logist"),
        *("consultation", "amitriptyline", "antiviralxyz", "Sharafaddinzadeh"),  # too short, or without a known part
    ]
)
def test_a_long_word_may_break_between_its_parts(word: str) -> None:
    bare, parted = word.replace("·", ""), word.replace("·", "\xad")
    assert typeset(f"<p>{bare} and <b>({bare})</b>, {bare}.</p>") == f"<p>{parted} and <b>({parted})</b>, {parted}.</p>"


@of_each(
    [
        "<title>Hydroxychloroquine</title>",
        '<a href="/hydroxychloroquine/" title="on hydroxychloroquine">x</a>',
        '<script type="application/ld+json">{"name": "of hydroxychloroquine"}</script>',
        "<textarea>I take hydroxychloroquine</textarea><select><option>hydroxychloroquine</option></select>",
        "<p>sam@hydroxychloroquine.example, hydroxychloroquine@x.example</p>",
        "<p>hydroxychloroquine.example/gastroenterology</p>",
    ]
)
def test_soft_hyphens_are_put_into_nothing_but_words_on_the_page(kept: str) -> None:
    assert typeset(kept) == kept


@of_each(["9 a.m. to noon", "1:30 p.m. – 5 p.m.", "9–12", "09:00-17:00", "noon to 4 p.m."])
def test_a_span_of_opening_hours_stays_on_one_line(span: str) -> None:
    assert hours_held(f"Daily <b>: {span}, then") == f'Daily &lt;b&gt;: <span class="nowrap">{span}</span>, then'


def test_days_stay_on_the_line_of_their_comma() -> None:
    held = '<span class="nowrap">Monday to Friday,</span> <span class="nowrap">9 a.m. to 5 p.m.</span>'
    assert hours_held("Monday to Friday, 9 am to 5 pm") == held
    assert (
        hours_held("Mon–Thu: closed; sunny to Sunday") == '<span class="nowrap">Mon–Thu</span>: closed; sunny to Sunday'
    )


def test_indentation_between_tags_says_nothing() -> None:
    assert without_indentation("<ul>\n    <li>A</li>\n\n  </ul>  <b>c</b>") == "<ul><li>A</li></ul> <b>c</b>"
    assert without_indentation("<b>a</b>\n\n  <i>b</i>\n  </p>") == "<b>a</b>\n<i>b</i></p>"


def test_a_part_of_a_template_that_follows_a_word_keeps_a_space_before_the_next() -> None:
    assert [without_indentation(part) for part in ("\n  <b>c</b>", "  <b>c</b>", "\n  <p>c</p>", "\n  c")] == [
        *("\n<b>c</b>", " <b>c</b>", "<p>c</p>", "\n  c"),
    ]


@pytest.mark.parametrize("kept", ["<textarea>\n  \n</textarea>", "<dd>One\n\n  two</dd>", '<input value="a>\n  \n">'])
def test_space_that_somebody_typed_stays(kept: str) -> None:
    assert without_indentation(kept) == typeset(kept) == kept


@pytest.mark.parametrize("address", ["https://x.example/a>low-dose b<c", "a<low-dose>e-mail", "<", ">"])
def test_nothing_is_put_into_an_attribute(address: str) -> None:
    page = f'<p title="x">One</p><a href="{address}">two</a>'
    assert typeset(page) == page


@pytest.mark.django_db
def test_every_page_is_set_that_way(client: Client) -> None:
    edition = cast.published("crohns", title="Crohn's disease", summary="About low-dose naltrexone.")
    page = client.get(edition.article.get_absolute_url()).content.decode()
    assert 'About <span class="nowrap">low-dose</span> naltrexone.' in page
    assert "<h1>Crohn’s disease</h1>" in page
    assert "<title>Crohn’s disease – " in page
    assert "<title>Crohn’s disease</title>" in client.get("/feed/").content.decode()
    assert edition.article.title == "Crohn's disease"


def is_indented(name: str) -> bool:
    """Whether any of its lines is, as it is kept for all requests."""
    nodes = get_template(name).template.nodelist.get_nodes_by_type(TextNode)
    return any("\n " in node.s for node in nodes)


@pytest.mark.parametrize("name", ["base.html", "articles/article.html", "consultations/form.html"])
def test_a_public_template_is_kept_without_its_indentation(name: str) -> None:
    assert not is_indented(name)


def test_a_template_of_staff_pages_is_kept_as_it_was_written() -> None:
    assert is_indented("admin/desk/board.html")


@pytest.mark.django_db
def test_the_words_of_an_edition_are_set_once_for_all_its_readers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = cast.published("lupus", blocks=[text("<p>Ask about low-dose naltrexone.</p>")]).article.get_absolute_url()
    first = client.get(address).content.decode()
    assert first.count('<span class="nowrap">low-dose</span> naltrexone.') == 1
    monkeypatch.setattr(serving, "typeset", lambda html: pytest.fail("The same words are set again."))
    assert client.get(address).content.decode() == first
