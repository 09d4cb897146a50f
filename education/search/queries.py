"""Searching: pages with all the words, else with the words' corrected spelling, else with any of them; best first.

No correction may change a medical meaning: vicodin is not a slip for iodine.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from modelsearch.backends import get_search_backend
from rapidfuzz import process
from rapidfuzz.distance import OSA

from education.search import engine
from education.search.intentions import EVERY_WORD, answers, is_about_self_harm, is_urgent, named_opioid
from education.search.medical_words import IN_MEDICAL_WORDS, MEANINGFUL, MISSPELT
from education.search.models import Part, SearchEntry
from education.search.names import CONDITION, NAMES_OF_MEDICINES
from education.search.words import STOP_WORDS, words_of

MAX_QUERY_LENGTH = 200
MAX_QUERY_WORDS = 12
MAX_RESULTS = 30
MAX_PARTS = 2  # of a page, to go to
# At most this many matches, the newest, are ranked. We rank them here because SQLite's own ranking takes time for every
# page that matches.
MAX_RANKED = 200
MAX_VOCABULARY_PAGES = 1000  # whose words may serve as a correction
MIN_CORRECTED_LENGTH = 4  # correcting shorter words would turn MS into FMS
MIN_LENGTH_TO_MEDICAL = 5  # heat is not a slip for heart, nor bowl for bowel
SLIPS = ((8, 2), (MIN_CORRECTED_LENGTH, 1))  # from how many letters on, and how many slips of the finger are mended
WEIGHTS = {"title": 10, "aliases": 8, "headings": 4, "summary": 3}


class Hit(NamedTuple):
    """A page that was found. `is_named`: what was searched for is in its title or in another name of it, and no page
    has more of it; or it is on a condition that was searched for.
    `parts`: where to go on the page for words that do not name it. `together`: how many of the words name it or are in
    the first of these parts.
    """

    page: SearchEntry
    is_named: bool
    parts: list[Part]
    together: int


@dataclass(frozen=True)
class SearchResults:
    """`is_urgent`, `names_opioid` and `answers` say what is shown before the pages. `words`: those that were found.
    `is_cut`: more pages have them than fit here.
    """

    results: Sequence[SearchEntry]
    words: Sequence[str] = ()
    suggestion: str = ""
    is_cut: bool = False
    is_urgent: bool = False
    names_opioid: bool = False
    answers: Sequence[str] = ()

    def hits(self) -> tuple[list[Hit], list[Hit]]:
        """Pages that are about it, and those that only mention it; all of them are among the first if none is named.

        A page is found by a card that says when to call for help, or by the warning that many pages repeat, only if no
        other passage has as many of the words.
        """
        elsewhere = {entry.pk: _not_its_name(entry, self.words) for entry in self.results}
        looked_into = SearchEntry.objects.filter(pk__in=[pk for pk, words in elsewhere.items() if words])
        parts = {pk: [Part(*part) for part in parts or ()] for pk, parts in looked_into.values_list("pk", "parts")}
        most = _most_matched(self.results, self.words)
        hits = [self._hit(entry, elsewhere[entry.pk], parts.get(entry.pk, []), most) for entry in self.results]
        asides = {hit.page.pk for hit in hits if self._is_aside(hit)}
        together = max((hit.together for hit in hits if hit.page.pk not in asides), default=0)
        found = [hit for hit in hits if hit.page.pk not in asides or hit.together > together]
        named = [hit for hit in found if hit.is_named]
        mentions = [hit for hit in found if not hit.is_named] if named else []
        return named or found, mentions

    def _is_aside(self, hit: Hit) -> bool:
        """Whether the words are in nothing of the page but a card, or the warning that many pages repeat."""
        if hit.is_named or not hit.parts or not (hit.parts[0].is_card or hit.parts[0].is_repeated):
            return False
        in_heading = hit.parts[0].is_repeated and not self.names_opioid  # or each of those pages were about opioids
        said = " ".join(_page_words(f"{hit.page.summary}\n{hit.parts[0].title if in_heading else ''}"))
        return not any(_begins_word_of(word, said) for word in self.words)

    def _hit(self, entry: SearchEntry, elsewhere: list[str], parts: list[Part], most: int) -> Hit:
        """`elsewhere`: those of the words that do not name it. `most`: how many of the words any page has."""
        has_name = len(_not_in_names(entry, self.words)) < len(self.words)
        has_most = has_name and _matched(entry, self.words) == most
        is_named = has_most or _is_on_what_is_named(entry, self.words, most)
        ways = _with_most(elsewhere, parts, warnings_count=self.names_opioid)[:MAX_PARTS]
        together = len(self.words) - len(elsewhere) + (_count(elsewhere, ways[0].text)[0] if ways else 0)
        return Hit(entry, is_named, ways, together)


def find(query: str) -> SearchResults:
    """Published pages for what a patient typed. `suggestion` is the corrected query, if that was searched instead."""
    query = query[:MAX_QUERY_LENGTH]
    found = _pages(_query_words(query))
    if is_about_self_harm(query):  # “want to die” is not for a page on nerves that die
        found = replace(found, results=[page for page in found.results if _is_named_by(page, found.words)])
    opioid = named_opioid(query)
    if opioid and not found.results:
        found = replace(_pages(_query_words("opioid")), suggestion="")
    answered = answers(query)
    if "interpreter" in answered:
        found = replace(found, suggestion="")  # of a sentence in another language only half would be English
    return replace(found, is_urgent=is_urgent(query), names_opioid=opioid, answers=answered)


def _pages(words: list[str]) -> SearchResults:
    if not words:
        return SearchResults([])
    medical = [IN_MEDICAL_WORDS.get(word, word) for word in words]
    if medical != words and (results := _with_all(medical)):
        return _best(_and_named(results, medical), medical)
    spelt = [MISSPELT.get(word, word) for word in words]  # first: chron is also how chronic begins
    if spelt != words and (results := _with_all(spelt)):
        return _best(results, spelt, " ".join(spelt))
    if results := _with_all(words):
        return _best(_and_named(results, words), words)
    corrected = _corrected(words)
    results = (corrected != words and _with_all(corrected)) or _with_any(corrected)
    return _best(results, corrected, " ".join(corrected) if results and corrected != words else "")


def _best(found: list[SearchEntry], words: list[str], suggestion: str = "") -> SearchResults:
    return SearchResults(_ranked(found, words), words, suggestion, is_cut=len(found) > MAX_RESULTS)


def _query_words(query: str) -> list[str]:
    """The words of the query without stop words; all of its words, if there are only stop words."""
    words = list(dict.fromkeys(words_of(query[:MAX_QUERY_LENGTH])))
    return [word for word in words if word not in STOP_WORDS][:MAX_QUERY_WORDS] or words[:MAX_QUERY_WORDS]


def _with_all(words: list[str]) -> list[SearchEntry]:
    """Pages that have every word; if there are none, the last word may be the beginning of one on the page."""
    return _matches("search", words, "and") or _matches("autocomplete", words, "and")


def _with_any(words: list[str]) -> list[SearchEntry]:
    return _matches("search", words, "or")


def _and_named(found: list[SearchEntry], words: list[str]) -> list[SearchEntry]:
    """These pages, and those that have a whole name among the words: “lupus fatigue” must not lose the page on lupus,
    which speaks of being tired.
    """
    if len(words) == 1:
        return found
    named = [page for page in _with_any(words) if any(set(name) <= set(words) for name in _names(page))]
    return list(dict.fromkeys([*found, *named]))


def _names(entry: SearchEntry) -> list[tuple[str, ...]]:
    """Its title and other names, each as words; not a line without any."""
    return [words for name in (entry.title, *entry.aliases.splitlines()) if (words := _page_words(name))]


def _matches(kind: str, words: list[str], operator: str) -> list[SearchEntry]:
    query = " ".join(words)
    found = engine.matches(kind, query, operator)
    if found is None:
        search = getattr(get_search_backend(), kind)
        found = list(
            search(query, SearchEntry.objects.defer("body", "parts"), operator=operator, order_by_relevance=False)[
                :MAX_RANKED
            ]
        )
    return found


def _ranked(entries: list[SearchEntry], words: list[str]) -> list[SearchEntry]:
    """A page with all the words in its names comes first, then the page on a condition that they name. Among pages that
    have a word in the same field, how often counts.
    """
    most = _most_matched(entries, words)

    def order(entry: SearchEntry) -> tuple[bool, bool, tuple[int, int]]:
        return _is_named_by(entry, words), _is_on_what_is_named(entry, words, most), _score(entry, words)

    return sorted(entries, key=order, reverse=True)[:MAX_RESULTS]


def _is_on_what_is_named(entry: SearchEntry, words: Sequence[str], most: int) -> bool:
    """Whether it is on a condition that the words name, not just a medicine for it. Where no page has them all, having
    most of them counts more.
    """
    if entry.kind != CONDITION or most < len(words):
        return False
    return any(set(name) <= set(words) for name in _names(entry) if name not in NAMES_OF_MEDICINES)


def _score(entry: SearchEntry, words: list[str]) -> tuple[int, int]:
    score = 0
    for name, weight in WEIGHTS.items():
        field_words = " ".join(_page_words(getattr(entry, name)))
        score += sum(weight for word in words if _begins_word_of(word, field_words))
    names = [list(name) for name in _names(entry)]
    times = sum(entry.words.count(f" {word}") for word in words)
    return score + 100 * _matched(entry, words) + 50 * (words in names), times


def _most_matched(entries: Iterable[SearchEntry], words: Sequence[str]) -> int:
    return max((_matched(entry, words) for entry in entries), default=0)


def _matched(entry: SearchEntry, words: Sequence[str]) -> int:
    return sum(_begins_word_of(word, entry.words) for word in words)


def _is_named_by(entry: SearchEntry, words: Sequence[str]) -> bool:
    return not _not_in_names(entry, words)


def _not_in_names(entry: SearchEntry, words: Sequence[str]) -> list[str]:
    names = " ".join(_page_words(f"{entry.title}\n{entry.aliases}"))
    return [word for word in words if not _begins_word_of(word, names)]


def _not_its_name(entry: SearchEntry, words: Sequence[str]) -> list[str]:
    """Those of the words that only part of the page is about, though it be found by them: only conditions have other
    names.
    """
    if entry.kind == CONDITION:
        return _not_in_names(entry, words)
    title = " ".join(_page_words(entry.title))
    return [word for word in words if not _begins_word_of(word, title)]


def _with_most(words: Sequence[str], parts: list[Part], *, warnings_count: bool) -> list[Part]:
    """The parts that have most of these words: first those whose heading has them, then those that have them often.

    What sums the page up comes after what says it at length. A card that says when to call for help is only among them
    if no other part is, and so is the warning that many pages repeat, unless its heading has the words, or
    `warnings_count` because they are what it warns of.
    """
    found = [(part, count) for part in parts if (count := _count(words, part.text))[0]]
    most = max((count[0] for _, count in found), default=0)
    with_most = [(part, count) for part, count in found if count[0] == most]

    def in_heading(part: Part) -> bool:
        return bool(_count(words, " ".join(_page_words(part.title)))[0])

    def order(each: tuple[Part, tuple[int, int]]) -> tuple[bool, bool, int]:
        part, (_, times) = each
        return not in_heading(part), part.is_summary, -times

    def is_aside(part: Part) -> bool:
        return part.is_card or (part.is_repeated and not warnings_count and not in_heading(part))

    parts = [part for part, _ in sorted(with_most, key=order)]
    return [part for part in parts if not is_aside(part)] or parts


def _count(words: Sequence[str], text: str) -> tuple[int, int]:
    """How many of the words are there, and how often all together."""
    times = [f" {text} ".count(f" {word} ") for word in words]
    return sum(map(bool, times)), sum(times)


def _begins_word_of(word: str, words: str) -> bool:
    """Whether a word, or a longer one that begins with it, is among these words."""
    return f" {word}" in f" {words}"


@lru_cache(maxsize=2048)
def _page_words(text: str) -> tuple[str, ...]:
    """Kept, as each search compares the same few hundred names and summaries."""
    return tuple(words_of(text))


def _corrected(words: list[str]) -> list[str]:
    vocabulary = _vocabulary({word[0] for word in words})
    return [word if word in vocabulary else _nearest(word, vocabulary) for word in words]


def _nearest(word: str, vocabulary: Counter[str]) -> str:
    """The word on our pages that was meant, if the one typed is no word of its own and only a slip away. Of words that
    are as near, the one on most pages: misspellings and words of other languages are names of one or two.
    """
    slips = next((slips for length, slips in SLIPS if len(word) >= length), 0)
    if not slips or word in MEANINGFUL or word in EVERY_WORD:
        return word
    known = [each for each, _ in vocabulary.most_common() if each[0] == word[0] and _may_become(word, each)]
    match = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=slips)
    return match[0] if match else word


def _may_become(word: str, known: str) -> bool:
    """Whether one may be a slip for the other. A longer word that only begins like it is another word: chronicle."""
    is_another = word.startswith(known) and len(word) - len(known) > 1
    return not is_another and (known not in MEANINGFUL or len(word) >= MIN_LENGTH_TO_MEDICAL)


def _vocabulary(initials: set[str]) -> Counter[str]:
    """The words on published pages that begin so and are long enough to serve as a correction, each with how many pages
    have it.
    """
    texts = SearchEntry.objects.order_by("path").values_list("words", flat=True)[:MAX_VOCABULARY_PAGES]
    found = ({word for word in text.split() if word[0] in initials} for text in texts)
    return Counter(word for words in found for word in sorted(words) if len(word) >= MIN_CORRECTED_LENGTH)
