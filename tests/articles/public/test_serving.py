"""What changes on a page while its edition stays: links, claims, terms of the glossary, the clinic's own words."""

import re
from datetime import UTC, datetime
from itertools import count

import pytest
from django.test import Client

from education.articles.models import Article
from education.articles.public.serving import LiveState, edited, with_clinic
from education.articles.rendering.places import find_places, places_from
from education.clinic.help_lines import CRISIS_SENTENCE, HelpKind, HelpLine
from education.clinic.models import ClinicProfile
from education.core.html import plain
from education.glossary.linking import last_change
from tests.articles.drawn import drawn
from tests.cast import care, claim, clinic, clinic_facts, explained, published, reference, text
from tests.each import of_each
from tests.screens import body, links, plain_words

pytestmark = pytest.mark.django_db
LUPUS = "/autoimmune-conditions/lupus/"
GOUT = "/autoimmune-conditions/gout/"
CRISIS = f"<p>{CRISIS_SENTENCE}</p>"
WITHOUT_A_CLINIC = {  # what stands in each slot of a stored page
    "emergency": "<!--clinic-emergency-line-->",
    "facts": "<!--clinic-facts-->",
    "other_help": "",
    "crisis_sentence": CRISIS,
}
_changes = count(10**9)  # moments at which no other test changes the glossary


def served(html: str, *, public: tuple[str, ...] | None = None, rechecked: tuple[str, ...] = ()) -> str:
    """As patients get it, each link to the glossary written [term|words]; with `public` None it is a preview."""
    now = datetime.fromtimestamp(next(_changes), UTC)
    state = LiveState(None if public is None else frozenset(public), frozenset(rechecked), now)
    page = with_clinic(edited(html, find_places(html, language="en"), "", state), ClinicProfile())
    return re.sub(r'<a class="term" href="/glossary/#([a-z0-9-]+)"[^>]*>([^<]*)</a>', r"[\1|\2]", page)


# Terms


@of_each(
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
        '<a href="/x/">a <sup class="cite"><a href="#ref-1" id="cite-1-1">1</a></sup> flare</a>',
    ]
)
def test_a_term_is_linked_in_body_text_and_nowhere_else(apart: str) -> None:
    explained("Flare")
    assert served(apart) == apart
    if "references" not in apart:
        assert served(f"{apart}<p>flare</p>") == f"{apart}<p>[flare|flare]</p>"


def test_a_term_is_linked_once_on_a_page_and_inside_of_marks_too() -> None:
    explained("Flare", "flares")
    assert served("<p>A <em>flare</em> goes.</p><p>Flares come.</p>") == (
        "<p>A <em>[flare|flare]</em> goes.</p><p>Flares come.</p>"
    )


# Links


def test_a_link_to_a_page_that_is_not_there_becomes_plain_words() -> None:
    page = f'<p>On <a href="{GOUT}">gout</a>, <a href="/glossary/">words</a>, <a href="https://x.example/">x</a>.</p>'
    assert served(page, public=()) == page.replace(f'<a href="{GOUT}">gout</a>', "gout")
    assert served(page, public=(GOUT,)) == page
    assert served(page) == page


def test_terms_are_linked_in_what_was_a_link_and_across_where_it_began_and_ended() -> None:
    explained("acute gout")
    explained("flare")
    page = f'<p>An acute <a href="{GOUT}">gout <strong>flare</strong></a> hurts.</p>'
    assert served(page, public=(GOUT,)) == page
    assert served(page, public=()) == "<p>An [acute-gout|acute gout] <strong>[flare|flare]</strong> hurts.</p>"
    side_by_side = f'<p><a href="{GOUT}">acute</a> <a href="{LUPUS}">gout</a></p>'
    assert served(side_by_side, public=()) == "<p>[acute-gout|acute gout]</p>"
    assert served(side_by_side, public=(LUPUS,)) == f'<p>acute <a href="{LUPUS}">gout</a></p>'


def test_a_heading_keeps_its_words_when_its_link_goes() -> None:
    explained("gout")
    page = f'<h2 id="x">On <a href="{GOUT}">gout</a></h2>'
    assert served(page, public=()) == '<h2 id="x">On gout</h2>'


def test_a_citation_in_a_link_stays_when_the_link_goes() -> None:
    reference()
    html = drawn(text(f'<p><a href="{GOUT}">gout[@younger-2013] hurts</a>.</p>')).html
    page = served(html, public=())
    assert GOUT not in page
    assert page.count("<a ") == page.count("</a>")
    assert re.search(r'<p>gout<sup class="cite"><a href="#ref-1" id="cite-1-1"[^>]*>.*?</a></sup> hurts\.</p>', page)


# Claims


def test_a_claim_that_leans_on_a_study_being_re_checked_says_so() -> None:
    reference("a-1"), reference("b-1")
    html = drawn(claim("One.", references_for=["a-1"]), claim("Two.", references_for=["a-1", "b-1"])).html
    assert served(html) == html
    page = served(html, rechecked=("b-1", "c-1"))
    assert page.count('<div class="claim claim-rechecked"><p class="claim-recheck">') == 1
    assert page.index("One.") < page.index("claim-rechecked") < page.index("Two.")
    assert "Being re-checked. A study behind this was corrected, questioned or withdrawn" in plain_words(page)
    assert served(html, rechecked=("a-1",)).count("claim-rechecked") == 2


# The clinic's own words


def test_the_clinics_words_are_filled_in_and_never_linked_to_the_glossary(client: Client) -> None:
    explained("wait")
    published("lupus", blocks=[care("emergency", "Call"), clinic_facts(), text("<p>Wait.</p>")])
    clinic(emergency_words="Wait & see <here>.", crisis_words="Stay with someone.", directions="Wait at the door.")
    page = body(client.get(LUPUS))
    assert ">Call 112</a>. Wait &amp; see &lt;here&gt;." in page
    assert "Stay with someone.</p>" in page
    assert "Wait at the door." in page
    assert "<!--clinic" not in page


def test_the_signs_of_an_emergency_stand_between_its_number_and_the_line_for_a_crisis(client: Client) -> None:
    """The line for a crisis stood above them, and they read as what that line is for."""
    signs = "<ul><li>chest pain</li></ul><p>If you have thoughts of ending your life, call 988.</p>"
    cards = [care("emergency", "Call now", signs), care("urgent", "Ask", "<ul><li>a hot joint</li></ul>")]
    published("lupus", blocks=cards)
    lines = [
        HelpLine(HelpKind.EMERGENCY.value, "", call="911"),
        HelpLine(HelpKind.CRISIS.value, "Lifeline", call="988"),
    ]
    clinic(help_lines=[line.stored() for line in lines])
    page = body(client.get(LUPUS))
    card = page[page.index('<section class="care care-emergency"') :].partition("</section>")[0]
    assert plain_words(card).partition("Call now ")[2].strip() == (
        "In an emergency: Call 911 chest pain "
        "If you have thoughts of ending your life, call 988. If you think of harming yourself: Call 988 Lifeline"
    )


def test_an_edition_from_before_the_words_above_its_signs_has_the_line_for_a_crisis_below_them() -> None:
    stored = (
        '<section class="care care-emergency" aria-labelledby="x"><h2 id="x">Call</h2><!--clinic-emergency-line-->'
        "<ul><li>chest pain</li></ul></section><p>After.</p>"
    )
    state = LiveState(None, frozenset(), None)
    profile = ClinicProfile(crisis_words="Stay with someone.", emergency_words="Wait here.")
    page = plain_words(with_clinic(edited(stored, find_places(stored, language="en"), "", state), profile))
    assert page.index("Wait here.") < page.index("chest pain") < page.index("Stay with someone.") < page.index("After.")


@of_each([("988", "988", 0), ("988", "", 1), ("116 123", "116 123", 1), (None, None, 1)])
def test_a_card_says_once_whom_to_call_in_a_crisis(number: tuple[str | None, str, int]) -> None:
    """By the line of the profile if that says all that the sentence says, and else by the sentence."""
    call, text_to, sentences = number
    page = drawn(care("emergency", "Call", f"<ul><li>chest pain</li></ul>{CRISIS}"), text(CRISIS)).html
    line = [HelpLine(HelpKind.CRISIS.value, "Lifeline", call=call, text=text_to)] if call else []
    profile = ClinicProfile(help_lines=[one.stored() for one in line])
    state = LiveState(None, frozenset(), None)
    card, _, after = with_clinic(edited(page, find_places(page, language="en"), "", state), profile).partition("</sec")
    assert plain_words(card).count(CRISIS_SENTENCE) == sentences
    assert ("Lifeline" in card) == bool(line)
    assert CRISIS_SENTENCE in after, "only a card has that line"


# Whole pages


@pytest.fixture
def shipped(starter_pages: None) -> list[tuple[str, str]]:
    """HTML and stored places of each shipped page."""
    editions = [article.current_edition for article in Article.objects.published()]
    assert len(editions) > 20
    return [(edition.html, edition.places.data) for edition in editions if edition]


def test_no_word_is_lost_of_a_shipped_page(shipped: list[tuple[str, str]]) -> None:
    for html, stored in shipped:
        parts = edited(html, places_from(stored), "", LiveState(frozenset(), frozenset(), last_change()))
        assert plain("".join(WITHOUT_A_CLINIC.get(part, part) for part in parts)) == plain(html)


def test_with_nothing_to_change_a_shipped_page_is_served_as_it_is_stored(shipped: list[tuple[str, str]]) -> None:
    for html, stored in shipped:
        parts = edited(html, places_from(stored), "", LiveState(None, frozenset(), None))
        assert "".join(WITHOUT_A_CLINIC.get(part, part) for part in parts) == html


def test_the_line_of_the_profile_takes_the_place_of_a_sentence_in_each_emergency_card(
    shipped: list[tuple[str, str]],
) -> None:
    for html, _ in shipped:
        for card in html.split('<section class="care care-emergency"')[1:]:
            assert card.partition("</section>")[0].rstrip().endswith(CRISIS)


def test_a_page_follows_what_becomes_of_its_studies_and_links(client: Client) -> None:
    made = reference()
    words = [claim(references_for=["younger-2013"]), text(f'<p>On <a href="{GOUT}">gout</a>.</p>')]
    published("lupus", blocks=words)
    assert GOUT not in links(body(client.get(LUPUS)))
    assert "Being re-checked." not in body(client.get(LUPUS))
    published("gout")
    type(made).objects.update(status="retracted")
    assert GOUT in links(body(client.get(LUPUS)))
    assert "Being re-checked." in body(client.get(LUPUS))


@pytest.mark.parametrize("path", ["/lupus/qr.svg", "/autoimmune-conditions/lupus/qr.svg"])
def test_the_code_of_an_address_is_drawn_unless_no_page_could_have_it(client: Client, path: str) -> None:
    assert client.get(path).content.startswith(b"<svg")
    assert client.get(path.replace("lupus", "a" * 5000)).status_code == 404
