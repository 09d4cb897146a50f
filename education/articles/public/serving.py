"""The HTML of an edition as patients read it now: edited at its stored places, from left to right, in one pass."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from education.articles.content.links import is_page
from education.articles.rendering.places import Places, Span
from education.clinic.help_lines import CRISIS_SENTENCE, Help, HelpKind, says_crisis_sentence
from education.clinic.models import ClinicProfile
from education.core.html import safe
from education.core.typesetting.html import typeset, without_indentation
from education.glossary.linking import TermLinks

TEXT, DROPPED, RECHECKED = "text", "dropped", "rechecked"
CRISIS_PARAGRAPH = f"<p>{CRISIS_SENTENCE}</p>"
Edit = tuple[int, int, str]  # start, end, and what it becomes: one of the three, or the name of a slot


@dataclass(frozen=True)
class LiveState:
    """What the words of an edition depend on that may change while the edition stays."""

    public: frozenset[str] | None  # the pages it links to that are there to read; None keeps every link
    rechecked: frozenset[str]  # keys of the studies whose findings may no longer stand
    glossary_changed: datetime | None
    signed_terms_only: bool = False


@lru_cache(maxsize=32)
def as_sent(page: str, places: Places, title: str, state: LiveState) -> list[str]:
    """The same as `edited`, typeset: once for all requests between two changes."""
    parts = edited(page, places, title, state)
    return [part if number % 2 else typeset(without_indentation(part)) for number, part in enumerate(parts)]


def edited(page: str, places: Places, title: str, state: LiveState) -> list[str]:
    """The HTML up to the first slot, the name of that slot, the HTML up to the second, and so on.

    A link to a page that is not there (yet, or any more) becomes plain words; a claim that leans on a study which is
    being re-checked says so and turns amber; the first use of each term of the glossary is linked.
    """
    writer = _Writer(TermLinks(state.glossary_changed, title=title, signed_only=state.signed_terms_only))
    at = 0
    for start, end, becomes in sorted(_edits(page, places, state)):
        writer.copy(page[at:start])
        at = end
        if becomes == TEXT:
            writer.text += page[start:end]
        elif becomes == RECHECKED:
            writer.recheck_note()
        elif becomes != DROPPED:
            writer.slot(becomes)
    writer.markup(page[at:])
    return [*writer.parts, "".join(writer.pieces)]


def with_clinic(parts: list[str], clinic: ClinicProfile) -> SafeString:
    """The page with the clinic's own words in the slots left for them."""
    return safe("".join(_slot(part, clinic) if number % 2 else part for number, part in enumerate(parts)))


def _slot(name: str, clinic: ClinicProfile) -> str:
    if name == "facts":
        return typeset(render_to_string("clinic/visit.html", {"clinic": clinic}))
    if name == "crisis_sentence":
        return "" if says_crisis_sentence(clinic.help) else typeset(CRISIS_PARAGRAPH)
    first = name == "emergency"
    return _help_lines(tuple(need for need in clinic.help if first == (need.kind == HelpKind.EMERGENCY)))


@lru_cache(maxsize=32)
def _help_lines(needs: tuple[Help, ...]) -> str:
    return typeset(render_to_string("clinic/_emergency_line.html", {"help": needs}))


def _edits(page: str, places: Places, state: LiveState) -> Iterator[Edit]:
    """What to change in the stored HTML, without overlaps: a link to be dropped is two edits, for its tags, with the
    text between them.
    """
    yield from ((*span, TEXT) for span in places.text)
    yield from places.slots
    for start, end in _emergency_cards(page, places):
        yield end, end, "other_help"
        if (said := page.find(CRISIS_PARAGRAPH, start, end)) >= 0:
            yield said, said + len(CRISIS_PARAGRAPH), "crisis_sentence"
    for claim in places.claims:
        if not state.rechecked.isdisjoint(claim.studies):
            yield claim.start, claim.end, RECHECKED
    for link in places.links:
        if state.public is not None and link.path not in state.public and is_page(link.path):
            yield link.start, link.inner_start, DROPPED
            yield from ((*span, TEXT) for span in link.text)
            yield link.inner_end, link.end, DROPPED


def _emergency_cards(page: str, places: Places) -> Iterator[Span]:
    """From below the clinic's line to the end of each card.

    The lines that are not for an emergency, such as one for a crisis, close the card: above the signs in it, they would
    seem to be what the signs are for. The sentence that says the same as such a line gives way to it. Worked out here,
    so that editions of any age have it so.
    """
    slots = (slot for slot in places.slots if slot.name == "emergency")
    return (Span(slot.end, page.index("</section>", slot.end)) for slot in slots)


class _Writer:
    """The page so far. Text waits for the next tag, since a term may begin before a dropped tag and end after it."""

    def __init__(self, terms: TermLinks) -> None:
        self.terms = terms
        self.parts: list[str] = []
        self.pieces: list[str] = []  # of the part that is being written
        self.text = ""

    def copy(self, between: str) -> None:
        """What is between two edits: markup, or spaces that belong to the text."""
        if between.isspace():
            self.text += between
        elif between:
            self.markup(between)

    def markup(self, markup: str) -> None:
        self.pieces += [self.terms.linked(self.text), markup]
        self.text = ""

    def slot(self, name: str) -> None:
        self.markup("")
        self.parts += ["".join(self.pieces), name]
        self.pieces = []

    def recheck_note(self) -> None:
        """Put, in place of a claim's opening tag, one with a note that the claim is being re-checked."""
        self.markup('<div class="claim claim-rechecked"><p class="claim-recheck"><strong>')
        self.text = "Being re-checked."
        self.markup("</strong>")
        self.text = " A study behind this was corrected, questioned or withdrawn after we wrote it."
        self.markup("</p>")
