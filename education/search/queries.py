"""Asking the index: all the words, then a spelling that exists, then any of the words. The best pages come first."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelsearch.backends import get_search_backend
from rapidfuzz import fuzz, process

from education.search.models import SearchEntry
from education.search.words import COMMON, words_of

LONGEST_QUERY = 200
MOST_WORDS = 12
MOST_RESULTS = 30
# Ranking looks at this many pages, the newest, however many match. It is ours alone: the index on SQLite would look up
# every page that matches among all that match.
MOST_RANKED = 200
MOST_READ = 1000  # pages whose words a correction may come from
SHORTEST_CORRECTED = 4  # below this a "did you mean" would turn MS into FMS
CLOSE_ENOUGH = 76  # of 100
WEIGHTS = {"title": 10, "aliases": 8, "headings": 4, "summary": 3}


@dataclass(frozen=True)
class Found:
    results: Sequence[SearchEntry]
    suggestion: str = ""


def find(query: str) -> Found:
    """Published pages for what a patient typed. A suggestion is the spelling that was searched instead."""
    words = _asked(query)
    if not words:
        return Found([])
    if results := _with_all(words):
        return Found(_ranked(results, words))
    corrected = _corrected(words)
    results = _ranked((corrected != words and _with_all(corrected)) or _with_any(corrected), corrected)
    return Found(results, " ".join(corrected) if results and corrected != words else "")


def _asked(query: str) -> list[str]:
    """The words that say something; when none does, those there are."""
    words = list(dict.fromkeys(words_of(query[:LONGEST_QUERY])))
    return [word for word in words if word not in COMMON][:MOST_WORDS] or words[:MOST_WORDS]


def _with_all(words: list[str]) -> list[SearchEntry]:
    """Pages that hold every word; else pages that hold all but the last, which some word begins with."""
    backend, query = get_search_backend(), " ".join(words)
    how = {"operator": "and", "order_by_relevance": False}
    whole = list(backend.search(query, SearchEntry, **how)[:MOST_RANKED])
    return whole or list(backend.autocomplete(query, SearchEntry, **how)[:MOST_RANKED])


def _with_any(words: list[str]) -> list[SearchEntry]:
    found = get_search_backend().search(" ".join(words), SearchEntry, operator="or", order_by_relevance=False)
    return list(found[:MOST_RANKED])


def _ranked(entries: list[SearchEntry], words: list[str]) -> list[SearchEntry]:
    """Where a word stands counts more than how often: a page named for it comes first."""
    return sorted(entries, key=lambda entry: _score(entry, words), reverse=True)[:MOST_RESULTS]


def _score(entry: SearchEntry, words: list[str]) -> int:
    score = 0
    for name, weight in WEIGHTS.items():
        there = " ".join(words_of(getattr(entry, name)))
        score += sum(weight for word in words if f" {word}" in f" {there}")
    names = [words_of(name) for name in (entry.title, *entry.aliases.splitlines())]
    held = sum(f" {word}" in f" {entry.words}" for word in words)
    return score + 100 * held + 50 * (words in names)


def _corrected(words: list[str]) -> list[str]:
    vocabulary = _vocabulary()
    return [word if word in vocabulary else _nearest(word, vocabulary) for word in words]


def _nearest(word: str, vocabulary: set[str]) -> str:
    if len(word) < SHORTEST_CORRECTED:
        return word
    match = process.extractOne(word, sorted(vocabulary), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    return match[0] if match else word


def _vocabulary() -> set[str]:
    """The words that published pages use."""
    texts = SearchEntry.objects.values_list("words", flat=True)[:MOST_READ]
    return {word for text in texts for word in text.split() if len(word) >= SHORTEST_CORRECTED}
