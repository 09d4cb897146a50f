"""Searching: pages with all the words, else with the words' corrected spelling, else with any of them; best first.

No correction may change a medical meaning: vicodin is not a slip for iodine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from modelsearch.backends import get_search_backend
from rapidfuzz import process
from rapidfuzz.distance import OSA

from education.search import engine
from education.search.intentions import EVERY_WORD, answers, is_urgent, named_opioid
from education.search.medical_words import MEANINGFUL, MISSPELT
from education.search.models import SearchEntry
from education.search.words import STOP_WORDS, words_of

MAX_QUERY_LENGTH = 200
MAX_QUERY_WORDS = 12
MAX_RESULTS = 30
# At most this many matches, the newest, are ranked. We rank them here because SQLite's own ranking takes time for every
# page that matches.
MAX_RANKED = 200
MAX_VOCABULARY_PAGES = 1000  # whose words may serve as a correction
MIN_CORRECTED_LENGTH = 4  # correcting shorter words would turn MS into FMS
MIN_LENGTH_TO_MEDICAL = 5  # heat is not a slip for heart, nor bowl for bowel
SLIPS = ((8, 2), (MIN_CORRECTED_LENGTH, 1))  # from how many letters on, and how many slips of the finger are mended
WEIGHTS = {"title": 10, "aliases": 8, "headings": 4, "summary": 3}


@dataclass(frozen=True)
class SearchResults:
    """`is_urgent`, `names_opioid` and `answers` say what is shown before the pages."""

    results: Sequence[SearchEntry]
    suggestion: str = ""
    is_urgent: bool = False
    names_opioid: bool = False
    answers: Sequence[str] = ()


def find(query: str) -> SearchResults:
    """Published pages for what a patient typed. `suggestion` is the corrected query, if that was searched instead."""
    query = query[:MAX_QUERY_LENGTH]
    found, suggestion = _pages(_query_words(query))
    opioid = named_opioid(query)
    if opioid and not found:
        found, _ = _pages(_query_words("opioid"))
    return SearchResults(found, suggestion, is_urgent(query), opioid, answers(query))


def _pages(words: list[str]) -> tuple[list[SearchEntry], str]:
    if not words:
        return [], ""
    spelt = [MISSPELT.get(word, word) for word in words]  # first: chron is also how chronic begins
    if spelt != words and (results := _with_all(spelt)):
        return _ranked(results, spelt), " ".join(spelt)
    if results := _with_all(words):
        return _ranked(results, words), ""
    corrected = _corrected(words)
    results = _ranked((corrected != words and _with_all(corrected)) or _with_any(corrected), corrected)
    return results, " ".join(corrected) if results and corrected != words else ""


def _query_words(query: str) -> list[str]:
    """The words of the query without stop words; all of its words, if there are only stop words."""
    words = list(dict.fromkeys(words_of(query[:MAX_QUERY_LENGTH])))
    return [word for word in words if word not in STOP_WORDS][:MAX_QUERY_WORDS] or words[:MAX_QUERY_WORDS]


def _with_all(words: list[str]) -> list[SearchEntry]:
    """Pages that have every word; if there are none, the last word may be the beginning of one on the page."""
    return _matches("search", words, "and") or _matches("autocomplete", words, "and")


def _with_any(words: list[str]) -> list[SearchEntry]:
    return _matches("search", words, "or")


def _matches(kind: str, words: list[str], operator: str) -> list[SearchEntry]:
    query = " ".join(words)
    found = engine.matches(kind, query, operator)
    if found is None:
        search = getattr(get_search_backend(), kind)
        found = list(search(query, SearchEntry, operator=operator, order_by_relevance=False)[:MAX_RANKED])
    return found


def _ranked(entries: list[SearchEntry], words: list[str]) -> list[SearchEntry]:
    """In which field a word occurs counts, not how often: a page with the word in its name comes first."""
    return sorted(entries, key=lambda entry: _score(entry, words), reverse=True)[:MAX_RESULTS]


def _score(entry: SearchEntry, words: list[str]) -> int:
    score = 0
    for name, weight in WEIGHTS.items():
        field_words = " ".join(_page_words(getattr(entry, name)))
        score += sum(weight for word in words if f" {word}" in f" {field_words}")
    names = [list(_page_words(name)) for name in (entry.title, *entry.aliases.splitlines())]
    matched = sum(f" {word}" in f" {entry.words}" for word in words)
    return score + 100 * matched + 50 * (words in names)


@lru_cache(maxsize=2048)
def _page_words(text: str) -> tuple[str, ...]:
    """Kept, as each search compares the same few hundred names and summaries."""
    return tuple(words_of(text))


def _corrected(words: list[str]) -> list[str]:
    vocabulary = _vocabulary()
    return [word if word in vocabulary else _nearest(word, vocabulary) for word in words]


def _nearest(word: str, vocabulary: set[str]) -> str:
    """The word on our pages that was meant, if the one typed is no word of its own and only a slip away."""
    slips = next((slips for length, slips in SLIPS if len(word) >= length), 0)
    if not slips or word in MEANINGFUL or word in EVERY_WORD:
        return word
    known = sorted(each for each in vocabulary if each[0] == word[0] and _may_become(word, each))
    match = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=slips)
    return match[0] if match else word


def _may_become(word: str, known: str) -> bool:
    """Whether one may be a slip for the other. A longer word that only begins like it is another word: chronicle."""
    is_another = word.startswith(known) and len(word) - len(known) > 1
    return not is_another and (known not in MEANINGFUL or len(word) >= MIN_LENGTH_TO_MEDICAL)


def _vocabulary() -> set[str]:
    """The words on published pages that are long enough to serve as a correction."""
    texts = SearchEntry.objects.values_list("words", flat=True)[:MAX_VOCABULARY_PAGES]
    return {word for text in texts for word in text.split() if len(word) >= MIN_CORRECTED_LENGTH}
