"""What a machine can tell of a page, item by item of PEMAT-P: a verdict where counting settles it, else a hint.

Each look says in words what was counted, so that nobody has to trust it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from education.advice.models import Judgement
from education.advice.reading import LONGEST_PARAGRAPH, NUMBERS, PERCENT, READ, Advice, words_of
from education.articles.content.blocks import BLOCK_TYPES, BLOCKS, BlockContent
from education.articles.content.blocks.base import Role
from education.articles.content.canonical import Content
from education.articles.content.pieces import HEAD, Piece
from education.references.actions import CITATION

YES, NO, NOT_APPLICABLE = Judgement.Verdict
A_PAGE = 300  # words: with two paragraphs at most, PEMAT calls what fits on a page very short
LONGEST_STRETCH = 200  # words without a heading or a block of its own
LONGEST_LIST = 10  # points
MOSTLY = 0.8  # PEMAT's own: an item holds when it holds for four in five
MOST_BOLD = 0.1  # of all words: beyond that nothing stands out
WIDEST_TABLE = 4  # columns
LONGEST_HEADING = 5  # words, of a column
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

    def with_role(self, role: Role) -> list[BlockContent]:
        """The blocks that do this for the reader; of several roles, one is enough."""
        return [block for block in self.content["blocks"] if BLOCK_TYPES[block["type"]].roles & role]

    def names(self, role: Role) -> list[str]:
        """What the blocks with this role are called, each kind once."""
        types = {block["type"] for block in self.with_role(role)}
        return [str(block._meta.verbose_name_plural) for block in BLOCKS if block.block_type in types]

    def has_role(self, piece: Piece, role: Role) -> bool:
        """Whether the block that the piece stands in has this role."""
        return role in BLOCK_TYPES[self.content["blocks"][piece.block]["type"]].roles

    def is_point(self, piece: Piece) -> bool:
        """Whether it is a point of a list; the cells of a table are read across."""
        return piece.kind == "li" and not self.has_role(piece, Role.TABLE)

    @cached_property
    def stretches(self) -> list[list[Piece]]:
        """What is read in one go: between headings, or within a block that stands apart."""
        return list(self._stretches())

    def _stretches(self) -> Iterator[list[Piece]]:
        last: Piece | None = None
        stretch: list[Piece] = []
        for piece in self.pieces:
            if piece.kind not in READ or not (last is None or self._flows(last, piece)):
                yield stretch
                stretch = []
            if piece.kind in READ:
                stretch.append(piece)
            last = piece
        yield stretch

    def _flows(self, before: Piece, piece: Piece) -> bool:
        """Whether one is read right on from the other: in the same block, or both in prose."""
        return piece.block == before.block or all(self.has_role(one, Role.PROSE) for one in (before, piece))


def nothing(page: Page) -> Look:
    return Look()


# Understandability


def purpose(page: Page) -> Look:
    return Look(f"The title is “{page.content['title']}”. Would somebody new to it know what they will read?")


def everyday_words(page: Page) -> Look:
    found = len(page.advice.jargon)
    if not found:
        return Look("No word of it has a plainer one in your list.")
    return Look(f"{_count(found, 'word')} {_has(found)} a plainer one in your list: see above.")


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
    words = f"{passive} of {_count(sentences, 'sentence')} look passive; at most one in five may."
    return Look(words, YES if passive <= (1 - MOSTLY) * sentences else NO)


def numbers(page: Page) -> Look:
    if not NUMBER.search(page.text):
        return Look("There is no number in it.", NOT_APPLICABLE)
    percents = len(PERCENT.findall(page.text))
    found = [f"{_count(percents, 'percentage')}: “3 in 10” is clearer."] if percents else []
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
        f"heading {longest} (at most {LONGEST_STRETCH}), the longest list {_count(points, 'point')} "
        f"(at most {LONGEST_LIST}).",
        YES if short else NO,
    )


def headings(page: Page) -> Look:
    if page.is_very_short:
        return _very_short()
    if not page.headings:
        return Look("It has no heading.", NO)
    return Look(f"It has {_count(page.headings, 'heading')}.")


def summary(page: Page) -> Look:
    if page.is_very_short:
        return _very_short()
    if page.with_role(Role.SUMMARY):
        return Look("It has key points.", YES)
    return Look("It has no key points.", NO)


def cues(page: Page) -> Look:
    found = page.names(Role.CUE)
    words = [word for piece in page.read for word in piece.words]
    bold = sum(word.strong for word in words)
    if not found and not bold:
        return Look("Nothing stands out: no key points, no card, no bold words.", NO)
    if bold > MOST_BOLD * len(words):
        return Look(f"{bold} of {len(words)} words are bold, more than one in ten. Does anything still stand out?")
    return Look(f"It has {', '.join(found) or 'a few bold words'}.", YES)


def pictures(page: Page) -> Look:
    shown = len(page.with_role(Role.PICTURE))
    return Look(f"It has {_count(shown, 'picture')}." if shown else "It has no picture.")


def if_pictures(page: Page) -> Look:
    return Look() if page.with_role(Role.PICTURE) else _no_pictures()


def captions(page: Page) -> Look:
    shown = page.with_role(Role.PICTURE)
    if not shown:
        return _no_pictures()
    bare = sum(not BLOCK_TYPES[block["type"]].is_captioned(block) for block in shown)
    if bare:
        return Look(f"{_count(bare, 'picture')} {_has(bare)} no caption.", NO)
    return Look("Each has one. Is it clear?")


def tables(page: Page) -> Look:
    shown = [BLOCK_TYPES[block["type"]].column_headings(block) for block in page.with_role(Role.TABLE)]
    if not shown:
        return Look("There is none.", NOT_APPLICABLE)
    wide = max(map(len, shown))
    long = [heading for headings in shown for heading in headings if len(words_of(heading)) > LONGEST_HEADING]
    found = [f"The widest has {_count(wide, 'column')}." if wide > WIDEST_TABLE else "None is wide."]
    found += [f"“{heading}” is a long heading." for heading in long]
    return Look(" ".join(found))


# Actionability


def actions(page: Page) -> Look:
    found = page.names(Role.ACTION)
    if found:
        return Look(f"It has {', '.join(found)}.", YES)
    return Look("No block of it is made for things to do: no steps, no do and don’t, no care card.")


def speaks_to_you(page: Page) -> Look:
    found = len(YOU.findall(page.text))
    return Look(f"“You” and “your” stand in it {_count(found, 'time')}.")


def steps(page: Page) -> Look:
    return Look("It has a block of steps." if page.with_role(Role.STEPS) else "It has no block of steps.")


def tools(page: Page) -> Look:
    return Look(
        "It has questions to take along." if page.with_role(Role.TOOL) else "It has no questions to take along."
    )


def if_charts(page: Page) -> Look:
    if page.with_role(Role.PICTURE | Role.TABLE):
        return Look()
    return Look("There are none.", NOT_APPLICABLE)


def _very_short() -> Look:
    return Look("The page is very short: two paragraphs at most.", NOT_APPLICABLE)


def _no_pictures() -> Look:
    return Look("There is none.", NOT_APPLICABLE)


def _length(piece: Piece) -> int:
    return len(words_of(CITATION.sub("", piece.text)))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _has(number: int) -> str:
    return "has" if number == 1 else "have"
