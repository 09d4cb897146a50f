"""What can be counted for each item of PEMAT-P: a verdict where counting settles it, otherwise a hint for a person.

Each observation says in words what was counted, so that nobody has to take it on trust.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from education.advice.models import Judgement
from education.advice.reading import BODY_KINDS, MAX_PARAGRAPH_WORDS, NUMBERS, PERCENT, Advice, words_of
from education.articles.content.blocks import BLOCK_TYPES, BLOCKS, BlockContent
from education.articles.content.blocks.base import Role
from education.articles.content.canonical import Content
from education.articles.content.pieces import HEAD, Piece
from education.core.text import counted
from education.references.actions import CITATION

YES, NO, NOT_APPLICABLE = Judgement.Verdict
MAX_VERY_SHORT_WORDS = 300  # PEMAT calls material very short if it has at most two paragraphs and fits on one page
MAX_STRETCH_WORDS = 200  # read in one go, without a heading or a separate block
MAX_LIST_ITEMS = 10
YES_SHARE = 0.8  # PEMAT's own threshold: the verdict is yes if an item is met four times in five
MAX_BOLD_SHARE = 0.1  # of all words: with more, nothing stands out
MAX_TABLE_COLUMNS = 4
MAX_HEADING_WORDS = 5  # of a column
YOU = re.compile(r"\byou(?:r|rs|rself)?\b", re.IGNORECASE)
NUMBER = re.compile(rf"\d|\b(?:{'|'.join(word for word in NUMBERS if word != 'one')})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Observation:
    """What was counted, in words. The verdict is empty where only a person can judge."""

    text: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class PageMetrics:
    """The draft as the observations need it."""

    content: Content
    all_pieces: list[Piece]
    advice: Advice
    unexplained: list[str]  # the unavoidable terms in it that the glossary does not explain

    @cached_property
    def pieces(self) -> list[Piece]:
        return [piece for piece in self.all_pieces if piece.block != HEAD]

    @cached_property
    def body(self) -> list[Piece]:
        """The paragraphs and list items of the draft."""
        return [piece for piece in self.pieces if piece.kind in BODY_KINDS]

    @cached_property
    def text(self) -> str:
        return CITATION.sub("", "\n".join(piece.text for piece in self.body))

    @cached_property
    def headings(self) -> int:
        return sum(piece.kind in ("h2", "h3") for piece in self.pieces)

    @property
    def is_very_short(self) -> bool:
        return len(self.body) <= 2 and self.advice.words <= MAX_VERY_SHORT_WORDS

    def with_role(self, role: Role) -> list[BlockContent]:
        """The blocks that do this for the reader; of several roles, one is enough."""
        return [block for block in self.content["blocks"] if BLOCK_TYPES[block["type"]].roles & role]

    def block_names(self, role: Role) -> list[str]:
        """What the block types with this role are called, each once."""
        types = {block["type"] for block in self.with_role(role)}
        return [str(block._meta.verbose_name_plural) for block in BLOCKS if block.block_type in types]

    def has_role(self, piece: Piece, role: Role) -> bool:
        """Whether the block that the piece is in has this role."""
        return role in BLOCK_TYPES[self.content["blocks"][piece.block]["type"]].roles

    def is_list_item(self, piece: Piece) -> bool:
        """Whether the piece is an item of a list; the cells of a table are not."""
        return piece.kind == "li" and not self.has_role(piece, Role.TABLE)

    @cached_property
    def stretches(self) -> list[list[Piece]]:
        """The body pieces that are read in one go: between two headings, or within a block set apart."""
        return list(self._stretches())

    def _stretches(self) -> Iterator[list[Piece]]:
        last: Piece | None = None
        stretch: list[Piece] = []
        for piece in self.pieces:
            if piece.kind not in BODY_KINDS or not (last is None or self._flows(last, piece)):
                yield stretch
                stretch = []
            if piece.kind in BODY_KINDS:
                stretch.append(piece)
            last = piece
        yield stretch

    def _flows(self, before: Piece, piece: Piece) -> bool:
        """Whether one is read right on from the other: in the same block, or both in prose."""
        return piece.block == before.block or all(self.has_role(one, Role.PROSE) for one in (before, piece))


def not_countable(page: PageMetrics) -> Observation:
    return Observation()


# Understandability


def purpose(page: PageMetrics) -> Observation:
    return Observation(f"The title is “{page.content['title']}”. Would somebody new to it know what they will read?")


def everyday_words(page: PageMetrics) -> Observation:
    found = len(page.advice.jargon)
    if not found:
        return Observation("No word of it has a plainer one in your list.")
    return Observation(f"{counted(found, 'word')} {_has(found)} a plainer one in your list: see above.")


def medical_terms(page: PageMetrics) -> Observation:
    if page.unexplained:
        return Observation(f"Your glossary does not explain: {', '.join(page.unexplained)}. Does the page?")
    if page.advice.terms:
        return Observation(f"It uses {', '.join(page.advice.terms)}: your glossary explains each.")
    return Observation()


def active_voice(page: PageMetrics) -> Observation:
    sentences = page.advice.sentences
    passive = len({(finding.block, finding.text) for finding in page.advice.passive})
    if not sentences:
        return Observation()
    words = f"{passive} of {counted(sentences, 'sentence')} look passive; at most one in five may."
    return Observation(words, YES if passive <= (1 - YES_SHARE) * sentences else NO)


def numbers(page: PageMetrics) -> Observation:
    if not NUMBER.search(page.text):
        return Observation("There is no number in it.", NOT_APPLICABLE)
    percents = len(PERCENT.findall(page.text))
    found = [f"{counted(percents, 'percentage')}: “3 in 10” is clearer."] if percents else []
    if page.advice.denominators:
        found.append("It tells shares in more than one way: see above.")
    return Observation(" ".join(found))


def short_pieces(page: PageMetrics) -> Observation:
    if page.is_very_short:
        return _very_short()
    longest = max(sum(_word_count(piece) for piece in stretch) for stretch in page.stretches)
    paragraph = max((_word_count(piece) for piece in page.body), default=0)
    points = max(sum(page.is_list_item(piece) for piece in stretch) for stretch in page.stretches)
    short = longest <= MAX_STRETCH_WORDS and paragraph <= MAX_PARAGRAPH_WORDS and points <= MAX_LIST_ITEMS
    return Observation(
        f"The longest paragraph has {paragraph} words (at most {MAX_PARAGRAPH_WORDS}), the longest stretch without a "
        f"heading {longest} (at most {MAX_STRETCH_WORDS}), the longest list {counted(points, 'point')} "
        f"(at most {MAX_LIST_ITEMS}).",
        YES if short else NO,
    )


def headings(page: PageMetrics) -> Observation:
    if page.is_very_short:
        return _very_short()
    if not page.headings:
        return Observation("It has no heading.", NO)
    return Observation(f"It has {counted(page.headings, 'heading')}.")


def summary(page: PageMetrics) -> Observation:
    if page.is_very_short:
        return _very_short()
    if page.with_role(Role.SUMMARY):
        return Observation("It has key points.", YES)
    return Observation("It has no key points.", NO)


def visual_cues(page: PageMetrics) -> Observation:
    found = page.block_names(Role.CUE)
    words = [word for piece in page.body for word in piece.words]
    bold = sum(word.strong for word in words)
    if not found and not bold:
        return Observation("Nothing stands out: no key points, no card, no bold words.", NO)
    if bold > MAX_BOLD_SHARE * len(words):
        return Observation(
            f"{bold} of {len(words)} words are bold, more than one in ten. Does anything still stand out?"
        )
    return Observation(f"It has {', '.join(found) or 'a few bold words'}.", YES)


def pictures(page: PageMetrics) -> Observation:
    shown = len(page.with_role(Role.PICTURE))
    return Observation(f"It has {counted(shown, 'picture')}." if shown else "It has no picture.")


def pictures_apply(page: PageMetrics) -> Observation:
    return Observation() if page.with_role(Role.PICTURE) else _no_pictures()


def captions(page: PageMetrics) -> Observation:
    shown = page.with_role(Role.PICTURE)
    if not shown:
        return _no_pictures()
    bare = sum(not BLOCK_TYPES[block["type"]].is_captioned(block) for block in shown)
    if bare:
        return Observation(f"{counted(bare, 'picture')} {_has(bare)} no caption.", NO)
    return Observation("Each has one. Is it clear?")


def tables(page: PageMetrics) -> Observation:
    shown = [BLOCK_TYPES[block["type"]].column_headings(block) for block in page.with_role(Role.TABLE)]
    if not shown:
        return Observation("There is none.", NOT_APPLICABLE)
    wide = max(map(len, shown))
    long = [heading for headings in shown for heading in headings if len(words_of(heading)) > MAX_HEADING_WORDS]
    found = [f"The widest has {counted(wide, 'column')}." if wide > MAX_TABLE_COLUMNS else "None is wide."]
    found += [f"“{heading}” is a long heading." for heading in long]
    return Observation(" ".join(found))


# Actionability


def actions(page: PageMetrics) -> Observation:
    found = page.block_names(Role.ACTION)
    if found:
        return Observation(f"It has {', '.join(found)}.", YES)
    return Observation("No block of it is made for things to do: no steps, no do and don’t, no care card.")


def addresses_the_reader(page: PageMetrics) -> Observation:
    found = len(YOU.findall(page.text))
    return Observation(f"“You” and “your” stand in it {counted(found, 'time')}.")


def steps(page: PageMetrics) -> Observation:
    return Observation("It has a block of steps." if page.with_role(Role.STEPS) else "It has no block of steps.")


def tools(page: PageMetrics) -> Observation:
    return Observation(
        "It has questions to take along." if page.with_role(Role.TOOL) else "It has no questions to take along."
    )


def charts_apply(page: PageMetrics) -> Observation:
    if page.with_role(Role.PICTURE | Role.TABLE):
        return Observation()
    return Observation("There are none.", NOT_APPLICABLE)


def _very_short() -> Observation:
    return Observation("The page is very short: two paragraphs at most.", NOT_APPLICABLE)


def _no_pictures() -> Observation:
    return Observation("There is none.", NOT_APPLICABLE)


def _word_count(piece: Piece) -> int:
    return len(words_of(CITATION.sub("", piece.text)))


def _has(number: int) -> str:
    return "has" if number == 1 else "have"
