"""What a machine can tell of a page, item by item of PEMAT-P: a verdict where counting settles it, else a hint.

Each look says in words what was counted, so that nobody has to trust it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from education.advice.models import Judgement
from education.advice.reading import LONGEST_PARAGRAPH, NUMBERS, PERCENT, READ, Advice, words_of
from education.articles.content.canonical import Content
from education.articles.content.pieces import HEAD, Piece
from education.core.text import counted
from education.references.actions import CITATION

YES, NO, NOT_APPLICABLE = Judgement.Verdict
A_PAGE = 300  # words: with two paragraphs at most, PEMAT calls what fits on a page very short
LONGEST_STRETCH = 200  # words without a heading or a block of its own
LONGEST_LIST = 10  # points
MOSTLY = 0.8  # PEMAT's own: an item holds when it holds for four in five
MOST_BOLD = 0.1  # of all words: beyond that nothing stands out
WIDEST_TABLE = 4  # columns
LONGEST_HEADING = 5  # words, of a column
CUES = {"key-points": "key points", "care": "care cards", "do-dont": "do and don’t", "steps": "steps"}
TO_DO = {"do-dont": "do and don’t", "steps": "steps", "care": "care cards", "questions": "questions to ask"}
YOU = re.compile(r"\byou(?:r|rs|rself)?\b", re.IGNORECASE)
NUMBER = re.compile(rf"\d|\b(?:{'|'.join(word for word in NUMBERS if word != 'one')})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Look:
    """What was found; the verdict is empty where only a person can judge."""

    words: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class Page:
    """A draft as the looks need it."""

    content: Content
    every_piece: list[Piece]
    advice: Advice
    unexplained: list[str]  # unavoidable terms it uses that the glossary does not explain

    @cached_property
    def pieces(self) -> list[Piece]:
        return [piece for piece in self.every_piece if piece.block != HEAD]

    @cached_property
    def read(self) -> list[Piece]:
        """Its paragraphs and points."""
        return [piece for piece in self.pieces if piece.kind in READ]

    @cached_property
    def text(self) -> str:
        return CITATION.sub("", "\n".join(piece.text for piece in self.read))

    @cached_property
    def headings(self) -> int:
        return sum(piece.kind in ("h2", "h3") for piece in self.pieces)

    @property
    def is_very_short(self) -> bool:
        return len(self.read) <= 2 and self.advice.words <= A_PAGE

    def of_type(self, *types: str) -> list[Content]:
        return [block for block in self.content["blocks"] if block["type"] in types]

    def kinds(self, names: dict[str, str]) -> list[str]:
        """Which of these blocks it has, in words."""
        types = {block["type"] for block in self.content["blocks"]}
        return [words for kind, words in names.items() if kind in types]

    def is_point(self, piece: Piece) -> bool:
        """Whether it is a point of a list; the cells of a table are read across."""
        return piece.kind == "li" and self.content["blocks"][piece.block]["type"] != "table"

    @cached_property
    def stretches(self) -> list[list[Piece]]:
        """What is read in one go: between headings, or within a block that stands apart."""
        return list(self._stretches())

    def _stretches(self) -> Iterator[list[Piece]]:
        blocks, last = self.content["blocks"], None
        stretch: list[Piece] = []
        for piece in self.pieces:
            flows = last is None or blocks[piece.block]["type"] == blocks[last]["type"] == "text"
            if piece.kind not in READ or not (piece.block == last or flows):
                yield stretch
                stretch = []
            if piece.kind in READ:
                stretch.append(piece)
            last = piece.block
        yield stretch


def nothing(page: Page) -> Look:
    return Look()


# Understandability


def purpose(page: Page) -> Look:
    return Look(f"The title is “{page.content['title']}”. Would somebody new to it know what they will read?")


def everyday_words(page: Page) -> Look:
    found = len(page.advice.jargon)
    if not found:
        return Look("No word of it has a plainer one in your list.")
    return Look(f"{counted(found, 'word')} {_has(found)} a plainer one in your list: see above.")


def medical_terms(page: Page) -> Look:
    if page.unexplained:
        return Look(f"Your glossary does not explain: {', '.join(page.unexplained)}. Does the page?")
    if page.advice.terms:
        return Look(f"It uses {', '.join(page.advice.terms)}: your glossary explains each.")
    return Look()


def active_voice(page: Page) -> Look:
    sentences = page.advice.sentences
    passive = len({(finding.block, finding.text) for finding in page.advice.passive})
    if not sentences:
        return Look()
    words = f"{passive} of {counted(sentences, 'sentence')} look passive; at most one in five may."
    return Look(words, YES if passive <= (1 - MOSTLY) * sentences else NO)


def numbers(page: Page) -> Look:
    if not NUMBER.search(page.text):
        return Look("There is no number in it.", NOT_APPLICABLE)
    percents = len(PERCENT.findall(page.text))
    found = [f"{counted(percents, 'percentage')}: “3 in 10” is clearer."] if percents else []
    if page.advice.denominators:
        found.append("It tells shares in more than one way: see above.")
    return Look(" ".join(found))


def short_pieces(page: Page) -> Look:
    if page.is_very_short:
        return _very_short()
    longest = max(sum(_length(piece) for piece in stretch) for stretch in page.stretches)
    paragraph = max((_length(piece) for piece in page.read), default=0)
    points = max(sum(page.is_point(piece) for piece in stretch) for stretch in page.stretches)
    short = longest <= LONGEST_STRETCH and paragraph <= LONGEST_PARAGRAPH and points <= LONGEST_LIST
    return Look(
        f"The longest paragraph has {paragraph} words (at most {LONGEST_PARAGRAPH}), the longest stretch without a "
        f"heading {longest} (at most {LONGEST_STRETCH}), the longest list {counted(points, 'point')} "
        f"(at most {LONGEST_LIST}).",
        YES if short else NO,
    )


def headings(page: Page) -> Look:
    if page.is_very_short:
        return _very_short()
    if not page.headings:
        return Look("It has no heading.", NO)
    return Look(f"It has {counted(page.headings, 'heading')}.")


def summary(page: Page) -> Look:
    if page.is_very_short:
        return _very_short()
    if page.of_type("key-points"):
        return Look("It has key points.", YES)
    return Look("It has no key points.", NO)


def cues(page: Page) -> Look:
    found = page.kinds(CUES)
    words = [word for piece in page.read for word in piece.words]
    bold = sum(word.strong for word in words)
    if not found and not bold:
        return Look("Nothing stands out: no key points, no card, no bold words.", NO)
    if bold > MOST_BOLD * len(words):
        return Look(f"{bold} of {len(words)} words are bold, more than one in ten. Does anything still stand out?")
    return Look(f"It has {', '.join(found) or 'a few bold words'}.", YES)


def pictures(page: Page) -> Look:
    shown = len(page.of_type("figure", "risk"))
    return Look(f"It has {counted(shown, 'picture')}." if shown else "It has no picture.")


def if_pictures(page: Page) -> Look:
    return Look() if page.of_type("figure", "risk") else _no_pictures()


def captions(page: Page) -> Look:
    if not page.of_type("figure", "risk"):
        return _no_pictures()
    bare = sum(not figure["caption"] for figure in page.of_type("figure"))
    if bare:
        return Look(f"{counted(bare, 'picture')} {_has(bare)} no caption.", NO)
    return Look("Each has one. Is it clear?")


def tables(page: Page) -> Look:
    shown = page.of_type("table")
    if not shown:
        return Look("There is none.", NOT_APPLICABLE)
    wide = max(len(table["rows"][0]) for table in shown)
    long = [cell for table in shown for cell in table["rows"][0] if len(words_of(cell)) > LONGEST_HEADING]
    found = [f"The widest has {counted(wide, 'column')}." if wide > WIDEST_TABLE else "None is wide."]
    found += [f"“{heading}” is a long heading." for heading in long]
    return Look(" ".join(found))


# Actionability


def actions(page: Page) -> Look:
    found = page.kinds(TO_DO)
    if found:
        return Look(f"It has {', '.join(found)}.", YES)
    return Look("No block of it is made for things to do: no steps, no do and don’t, no care card.")


def speaks_to_you(page: Page) -> Look:
    found = len(YOU.findall(page.text))
    return Look(f"“You” and “your” stand in it {counted(found, 'time')}.")


def steps(page: Page) -> Look:
    return Look("It has a block of steps." if page.of_type("steps") else "It has no block of steps.")


def tools(page: Page) -> Look:
    return Look(
        "It has questions to take along." if page.of_type("questions") else "It has no questions to take along."
    )


def if_charts(page: Page) -> Look:
    if page.of_type("figure", "risk", "table"):
        return Look()
    return Look("There are none.", NOT_APPLICABLE)


def _very_short() -> Look:
    return Look("The page is very short: two paragraphs at most.", NOT_APPLICABLE)


def _no_pictures() -> Look:
    return Look("There is none.", NOT_APPLICABLE)


def _length(piece: Piece) -> int:
    return len(words_of(CITATION.sub("", piece.text)))


def _has(number: int) -> str:
    return "has" if number == 1 else "have"
