"""The first use of a term becomes a link, wherever it is body text, and nowhere else."""

import re
from datetime import UTC, datetime
from itertools import count

import pytest

from education.articles.library.loading import STARTER, load
from education.articles.models import Article
from education.core.html import plain
from education.glossary.linking import last_change, with_terms
from education.glossary.models import Term

pytestmark = pytest.mark.django_db
_changes = count()


def term(name: str, *aliases: str, definition: str = "What it means.") -> Term:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return Term.objects.create(term=name, slug=slug, aliases="\n".join(aliases), definition=definition)


def linked(source: str, title: str = "") -> str:
    """Link the terms as on a page; each link is written as [term|text]."""
    html = with_terms(source, changed_at=datetime.fromtimestamp(next(_changes), UTC), title=title)
    return re.sub(r'<a class="term" href="/glossary/#([a-z0-9-]+)"[^>]*>([^<]*)</a>', r"[\1|\2]", html)


def test_only_the_first_use_is_linked_whatever_its_form() -> None:
    term("Flare", "flares")
    assert linked("<p>Flares come. A flare goes.</p><p>flare</p>") == (
        "<p>[flare|Flares] come. A flare goes.</p><p>flare</p>"
    )


@pytest.mark.parametrize(
    "apart",
    [
        '<a href="/x/">flare</a>',
        "<h2>flare</h2>",
        '<h3 id="x">A <em>flare</em></h3>',
        '<img alt="flare" src="/x.png">',
        '<figure class="figure"><picture><img alt="flare"></picture><figcaption>flare</figcaption></figure>',
        '<sup class="cite"><a href="#ref-1">flare</a></sup>',
        "<button>flare</button>",
        "<summary>flare</summary>",
        "<caption>flare</caption>",
        "<table><tr><th>flare</th></tr></table>",
        "<!-- flare -->",
        '<section class="care care-emergency" aria-labelledby="x"><h2>Call</h2><p>flare</p></section>',
        '<section class="references" aria-labelledby="references"><ol><li>flare</li></ol></section>',
    ],
)
def test_text_other_than_body_text_is_left_alone(apart: str) -> None:
    term("Flare")
    assert linked(apart) == apart
    if "references" not in apart:
        assert linked(f"{apart}<p>flare</p>") == f"{apart}<p>[flare|flare]</p>"


@pytest.mark.parametrize("text", ["flared", "flares", "inflare", "flare-like", "pre-flare", "flare_x", "&flare;"])
def test_only_whole_words_are_linked(text: str) -> None:
    term("Flare")
    assert linked(f"<p>{text}</p>") == f"<p>{text}</p>"


@pytest.mark.parametrize("text", ["(flare)", "“flare”", "flare.", "flare,", "a/flare", "<em>flare</em>", "flare’s"])
def test_punctuation_beside_a_word_does_not_matter(text: str) -> None:
    term("Flare")
    assert linked(f"<p>{text}</p>") == f"<p>{text.replace('flare', '[flare|flare]')}</p>"


def test_the_longest_term_wins() -> None:
    term("Opioid")
    term("Opioid antagonist")
    assert linked("<p>An opioid\n antagonist blocks an opioid.</p>") == (
        "<p>An [opioid-antagonist|opioid\n antagonist] blocks an [opioid|opioid].</p>"
    )


def test_abbreviations_are_matched_case_sensitively() -> None:
    term("ANA", "antinuclear antibody")
    assert linked("<p>Ana had an ANA test.</p>") == "<p>Ana had an [ana|ANA] test.</p>"
    assert linked("<p>Antinuclear antibody</p>") == "<p>[ana|Antinuclear antibody]</p>"


@pytest.mark.parametrize("written", ["Raynaud's", "Raynaud’s", "Raynaud&#x27;s"])
def test_any_kind_of_apostrophe_matches(written: str) -> None:
    term("Raynaud's")
    assert linked(f"<p>{written} is cold.</p>") == f"<p>[raynaud-s|{written}] is cold.</p>"


def test_a_page_is_not_linked_to_its_own_subject() -> None:
    term("Fibromyalgia")
    assert linked("<p>Fibromyalgia hurts.</p>", title="Fibromyalgia") == "<p>Fibromyalgia hurts.</p>"


def test_markup_in_a_term_is_escaped() -> None:
    term("Flare", definition='"><script>alert(1)</script>')
    html = with_terms("<p>flare</p>", changed_at=datetime.fromtimestamp(next(_changes), UTC))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_linking_loses_nothing_of_a_page() -> None:
    """Each shipped page, against every term of the shipped glossary."""
    load(STARTER, by=None, publish=True)
    changed_at = last_change()
    for article in Article.objects.published():
        html = article.current_edition.html
        assert plain(with_terms(html, changed_at=changed_at)) == plain(html)
