"""Asking the index: all the words, then words that begin so, then a spelling that exists."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from modelsearch.backends import get_search_backend
from rapidfuzz import fuzz, process

from education.core.text import clean_input, folded
from education.search.models import SearchEntry

LONGEST_QUERY = 200
MOST_RESULTS = 30
CLOSE_ENOUGH = 76  # of 100; below this a "did you mean" misleads more than it helps
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


@dataclass(frozen=True)
class Found:
    results: Sequence[SearchEntry]
    suggestion: str = ""


def find(query: str) -> Found:
    """Published pages for what a patient typed. A suggestion is the spelling that was searched instead."""
    words = WORD.findall(folded(clean_input(query)[:LONGEST_QUERY]))
    if not words:
        return Found([])
    exact = _matching(words)
    if exact:
        return Found(exact)
    corrected = _corrected(words)
    if corrected == words:
        return Found([])
    return Found(_matching(corrected), " ".join(corrected))


def _matching(words: list[str]) -> list[SearchEntry]:
    """Pages that hold every word, else pages whose words begin like these."""
    backend = get_search_backend()
    query = " ".join(_bare(word) for word in words)
    whole = list(backend.search(query, SearchEntry, operator="and")[:MOST_RESULTS])
    return whole or list(backend.autocomplete(query, SearchEntry, operator="and")[:MOST_RESULTS])


def _bare(word: str) -> str:
    """Without a possessive or plural end, which the index does not fold; `receptors` begins like `receptor`."""
    return re.sub(r"(?:'s|(?<=\w{3})s)$", "", word).replace("'", " ")


def _corrected(words: list[str]) -> list[str]:
    vocabulary = _vocabulary()
    return [word if word in vocabulary else _nearest(word, vocabulary) for word in words]


def _nearest(word: str, vocabulary: set[str]) -> str:
    match = process.extractOne(word, vocabulary, scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    return match[0] if match else word


def _vocabulary() -> set[str]:
    """The words of titles, other names and headings: what patients mean when they mistype."""
    texts = SearchEntry.objects.values_list("title", "aliases", "headings")
    return {word for row in texts for text in row for word in WORD.findall(folded(text)) if len(word) > 2}
