"""Short compounds hold together on a page and apostrophes are curved; nothing but running text changes."""

import pytest
from django.test import Client

from education.templatetags.typography import typeset
from tests import cast


@pytest.mark.parametrize("word", ["low-dose", "e-mail", "COVID-19", "5-ASA", "anti-Ro", "one-by-one", "1-800-222-1222"])
def test_a_short_compound_stays_on_one_line(word: str) -> None:
    assert typeset(f"<p>A {word}, then.</p>") == f'<p>A <span class="nowrap">{word}</span>, then.</p>'


@pytest.mark.parametrize(
    "kept",
    [
        "<p>placebo-controlled</p>",  # so long that a narrow phone must be able to break it
        "<p>(212) 555-0140</p>",
        "<p>sam@low-dose.example and low-dose.example</p>",
        "<p>clinic.example/low-dose/page</p>",
        '<a class="care-card" title="low-dose, don\'t">x</a>',
        "<textarea>I don't take low-dose pills</textarea><select><option>low-dose</option></select>",
        "<p>’tis the patients' own</p>",
        '<label><input type="radio"> low-dose tablets</label><li><svg></svg>by e-mail</li>',
    ],
)
def test_what_is_no_short_compound_in_running_text_stays_as_it_is(kept: str) -> None:
    assert typeset(kept) == kept


def test_an_apostrophe_within_a_word_is_curved() -> None:
    assert typeset("<p>Crohn's and Sjögren&#x27;s</p>") == "<p>Crohn’s and Sjögren’s</p>"


def test_no_indentation_is_sent() -> None:
    assert typeset("<ul>\n    <li>A</li>\n\n  </ul>  <b>c</b>") == "<ul><li>A</li></ul> <b>c</b>"


@pytest.mark.parametrize("kept", ["<textarea>\n  \n</textarea>", "<dd>One\n\n  two</dd>", '<input value="a>\n  \n">'])
def test_space_that_somebody_typed_stays(kept: str) -> None:
    assert typeset(kept) == kept


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
    assert edition.article.title == "Crohn's disease"
