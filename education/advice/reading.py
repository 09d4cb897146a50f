"""Advice on the wording of a page: reading grades, and findings that people judge. It never blocks anything.

Pure functions over the pieces of canonical content. Two reading grades, because each errs in its own way:
Flesch-Kincaid needs syllables, which have to be guessed; Coleman-Liau counts letters instead.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from education.articles.content.pieces import Piece
from education.core.text import folded
from education.references.actions import CITATION

MAX_SENTENCE_WORDS = 20
MAX_PARAGRAPH_WORDS = 75
HARDEST_SHOWN = 5
MIN_GRADED_WORDS = 5  # the grade of a shorter text says nothing
BODY_KINDS = ("p", "li")  # of pieces: those that are read as running text

WORD = re.compile(r"[^\W_]+(?:[’'.,-][^\W_]+)*")
VOWELS = re.compile(r"[aeiouy]+")
# Neighbouring vowels that are pronounced separately, and vowels that are silent.
HIATUS = re.compile(
    r"(?<![ct])i(?:a|ous|um)|(?<![ctsgx])io|(?<![ct])ie(?=n[ct]|ts?$)|(?<=sc)ie|(?<![qg])ua|(?<=[^aeiouy])y[ao]|"
    r"[aeiouy](?=ing)|ea$|crea(?=t)|eo(?=$|r|us|l)"
)
SILENT = re.compile(
    r"(?<![aeiouy])(?<![^aeiouy][lr])e$|(?<=[gq]u)e$|(?<![aeiouydt])ed$|(?<![aeiouycgszx])(?<!sh)(?<!ch)es$|eve(?=ry)"
)
SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"”’)]))\s+(?=[\"“‘(]?[A-Z0-9])")
ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|Dr|Mr|Mrs|Ms|Prof|St|approx|al|Fig)|^[A-Z]|\b[A-Z]\.[A-Z])\.$")
PASSIVE = re.compile(
    r"\b(?:am|is|are|was|were|be|been|being|get|gets|got)\s+(?:(?:not|also|often|never|always|\w+ly)\s+){0,2}"
    r"(\w+ed|born|bought|brought|built|caught|chosen|done|drawn|driven|eaten|fed|felt|found|forgotten|given|gone|"
    r"grown|heard|held|hidden|hurt|kept|known|led|left|lost|made|meant|met|paid|put|read|said|seen|sent|set|shown|sold|"
    r"taken|taught|thought|told|understood|worn|written)\b",
    re.IGNORECASE,
)
NOT_PASSIVE = {"tired", "worried", "interested", "excited", "scared", "supposed", "need", "indeed", "red", "gone"}
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
NUMBERS |= {"ten": 10, "twenty": 20, "hundred": 100, "a hundred": 100, "thousand": 1000, "a thousand": 1000}
_NUMBER = r"\d[\d,]{0,11}|" + "|".join(sorted(NUMBERS, key=len, reverse=True))
SHARE = re.compile(
    rf"\b(?:{_NUMBER})\s+(?:in|out of)(?:\s+every)?\s+({_NUMBER})\b"
    r"(?!\s*(?:hours?|days?|weeks?|months?|years?|minutes?|mg|ml|%|[.,]\d|to\b))",
    re.IGNORECASE,
)
PERCENT = re.compile(r"\d[\d.,]{0,11}\s*(?:%|per ?cent\b)", re.IGNORECASE)
YEARS = range(1900, 2101)


@dataclass(frozen=True)
class Finding:
    """Something that an editor may want to look at. `block` is an index; -1 stands for the page's title or summary."""

    block: int
    text: str
    note: str


@dataclass(frozen=True)
class Grade:
    """A US school grade: for all words, and with unavoidable terms left out."""

    all_words: float
    without_terms: float


@dataclass
class Advice:
    words: int = 0
    sentences: int = 0
    terms: list[str] = field(default_factory=list)  # the unavoidable terms that it uses
    flesch_kincaid: Grade | None = None  # None: the text is too short
    coleman_liau: Grade | None = None
    hardest: list[Finding] = field(default_factory=list)
    long_sentences: list[Finding] = field(default_factory=list)
    long_paragraphs: list[Finding] = field(default_factory=list)
    passive: list[Finding] = field(default_factory=list)
    jargon: list[Finding] = field(default_factory=list)
    denominators: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Sentence:
    block: int
    text: str
    words: tuple[str, ...]
    without_terms: tuple[str, ...]  # the words without unavoidable terms


def advise_on(page: Iterable[Piece], *, unavoidable: Iterable[str], swaps: Mapping[str, str]) -> Advice:
    """Everything there is to say about the page.

    `unavoidable` are terms that are left out of the second grade; `swaps` maps a phrase to plainer words.
    """
    phrases = tuple(unavoidable)
    terms = _any_phrase(phrases)
    body = [piece for piece in page if piece.kind in BODY_KINDS]
    sentences = [sentence for piece in body for sentence in _sentences(piece, terms)]
    return Advice(
        words=sum(len(sentence.words) for sentence in sentences),
        sentences=len(sentences),
        terms=_terms_used(sentences, terms, phrases),
        flesch_kincaid=_grade(sentences, flesch_kincaid),
        coleman_liau=_grade(sentences, coleman_liau),
        hardest=_hardest(sentences),
        long_sentences=list(_long_sentences(sentences)),
        long_paragraphs=list(_long_paragraphs(body)),
        passive=list(_passive(sentences)),
        jargon=list(_jargon(sentences, swaps)),
        denominators=list(_denominators(sentences)),
    )


# Words


@lru_cache(maxsize=8)
def _any_phrase(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that matches any of these phrases, longest first, and nothing when there are none."""
    longest_first = sorted(phrases, key=len, reverse=True)
    choice = "|".join(re.sub("['’]", "['’]", re.escape(phrase)).replace(r"\ ", r"\s+") for phrase in longest_first)
    return re.compile(rf"(?<![\w-])(?:{choice})(?![\w-])" if choice else r"(?!)", re.IGNORECASE)


def _terms_used(sentences: list[_Sentence], terms: re.Pattern[str], phrases: tuple[str, ...]) -> list[str]:
    """The phrases that occur, spelt as in the list, in order of first use."""
    spelling = {folded(phrase): phrase for phrase in phrases}
    with_terms = (sentence.text for sentence in sentences if sentence.without_terms is not sentence.words)
    found = (folded(match[0]) for text in with_terms for match in terms.finditer(text))
    return [spelling[name] for name in dict.fromkeys(found)]


def words_of(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(text))


@lru_cache(maxsize=10_000)
def syllables(word: str) -> int:
    """The number of syllables, at least 1: a guess by the spelling that is right for most English words."""
    bare = re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", word.lower()))
    return max(1, len(VOWELS.findall(bare)) + len(HIATUS.findall(bare)) - len(SILENT.findall(bare)))


@lru_cache(maxsize=10_000)
def letters(word: str) -> int:
    return sum(character.isalnum() for character in word)


# Sentences


def _sentences(piece: Piece, terms: re.Pattern[str]) -> Iterator[_Sentence]:
    text = " ".join(CITATION.sub("", piece.text).split())
    parts: list[str] = []  # of the sentence so far: an abbreviation does not end it
    for part in SENTENCE_END.split(text):
        parts.append(part)
        if ABBREVIATION.search(part if len(parts) == 1 else f" {part}"):
            continue
        yield from _sentence(piece.block, " ".join(parts), terms)
        parts = []
    yield from _sentence(piece.block, " ".join(parts), terms)


def _sentence(block: int, text: str, terms: re.Pattern[str]) -> Iterator[_Sentence]:
    if words := words_of(text):
        rest, found = terms.subn(" ", text)
        yield _Sentence(block, text, words, words_of(rest) if found else words)


# Grades


def flesch_kincaid(words: int, sentences: int, counted: tuple[str, ...]) -> float:
    """The Flesch-Kincaid grade: 0.39 × words per sentence + 11.8 × syllables per word - 15.59.

    `words` and `sentences` are those of the whole text; `counted` are the words whose syllables count.
    """
    return 0.39 * words / sentences + 11.8 * sum(map(syllables, counted)) / len(counted) - 15.59


def coleman_liau(words: int, sentences: int, counted: tuple[str, ...]) -> float:
    """The Coleman-Liau grade: 0.0588 × letters per 100 words - 0.296 × sentences per 100 words - 15.8.

    `words` and `sentences` are those of the whole text; `counted` are the words whose letters count.
    """
    return 5.88 * sum(map(letters, counted)) / len(counted) - 29.6 * sentences / words - 15.8


Formula = Callable[[int, int, tuple[str, ...]], float]


def _grade(sentences: list[_Sentence], formula: Formula) -> Grade | None:
    words = tuple(word for sentence in sentences for word in sentence.words)
    without_terms = tuple(word for sentence in sentences for word in sentence.without_terms)
    if len(words) < MIN_GRADED_WORDS or not without_terms:
        return None
    grades = (max(0.0, formula(len(words), len(sentences), counted)) for counted in (words, without_terms))
    return Grade(*(round(grade, 1) for grade in grades))


def _hardest(sentences: list[_Sentence]) -> list[Finding]:
    """Graded without unavoidable terms, which nobody can make easier."""
    graded = [
        (flesch_kincaid(len(sentence.words), 1, sentence.without_terms), sentence)
        for sentence in sentences
        if len(sentence.without_terms) >= MIN_GRADED_WORDS
    ]
    graded.sort(key=lambda pair: -pair[0])
    return [Finding(found.block, found.text, f"Grade {max(1, grade):.0f}") for grade, found in graded[:HARDEST_SHOWN]]


# Findings


def _long_sentences(sentences: list[_Sentence]) -> Iterator[Finding]:
    for sentence in sentences:
        if len(sentence.words) > MAX_SENTENCE_WORDS:
            yield Finding(sentence.block, sentence.text, f"{len(sentence.words)} words. Say it in two sentences.")


def _long_paragraphs(body: list[Piece]) -> Iterator[Finding]:
    for piece in body:
        text = CITATION.sub("", piece.text)
        if len(words_of(text)) > MAX_PARAGRAPH_WORDS:
            yield Finding(piece.block, text, f"{len(words_of(text))} words. Split it, or make it a list.")


def _passive(sentences: list[_Sentence]) -> Iterator[Finding]:
    for sentence in sentences:
        matches = PASSIVE.finditer(sentence.text)
        if found := [match[0] for match in matches if match[1].lower() not in NOT_PASSIVE]:
            yield Finding(sentence.block, sentence.text, f"{_quoted(found)}: can you say who does it?")


def _jargon(sentences: list[_Sentence], swaps: Mapping[str, str]) -> Iterator[Finding]:
    plainer = {folded(phrase): swap for phrase, swap in swaps.items()}
    wanted = _any_phrase(tuple(swaps))
    for sentence in sentences:
        for match in wanted.finditer(sentence.text):
            yield Finding(sentence.block, sentence.text, f"“{match[0]}”: perhaps “{plainer[folded(match[0])]}”?")


def _denominators(sentences: list[_Sentence]) -> Iterator[Finding]:
    """Shares with another denominator than most, such as 3 in 100 where most are in 10: they are hard to compare."""
    counts = Counter(out_of for sentence in sentences for out_of, _ in _shares(sentence.text))
    if len(counts) < 2:
        return
    (usual, most), (_, next_most), *_ = counts.most_common()
    for sentence in sentences:
        shares = _shares(sentence.text)
        if found := [phrase for out_of, phrase in shares if out_of != usual or most == next_most]:
            note = f"{_quoted(found)}: elsewhere the page counts in another way."
            yield Finding(sentence.block, sentence.text, note)


def _quoted(phrases: list[str]) -> str:
    return ", ".join(f"“{phrase}”" for phrase in phrases)


def _shares(text: str) -> Iterator[tuple[int, str]]:
    """(denominator, phrase) of each share; percentages have the denominator 0, to tell them from “in 100”."""
    for match in SHARE.finditer(text):
        word = match[1].lower()
        number = NUMBERS.get(word) or int(word.replace(",", "") or 0)
        if number > 1 and number not in YEARS:
            yield number, match[0]
    for match in PERCENT.finditer(text):
        yield 0, match[0]
