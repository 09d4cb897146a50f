"""The first use of each term on a page becomes a link to what it means. Done whenever a page is served: editions
never hold these links, so a term that is added or corrected today is on every page today.
"""

import html
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from education.core.text import folded
from education.glossary.actions import PATH
from education.glossary.models import Term
from education.pages.models import PageVersion

WORD = re.compile(r"(?<![\w&#-])\w+")
APOSTROPHE = "(?:['’]|&#x27;|&#39;)"
LINK = '<a class="term" href="{href}"{named} data-definition="{definition}">{words}</a>'
ACRONYM = 5  # so short and all in capitals, a word is matched only as it is written


@dataclass(frozen=True)
class _Name:
    pattern: re.Pattern[str]
    term: Term


Names = dict[str, list[_Name]]  # by first word in small letters; longest first


def last_change() -> datetime | None:
    """When the glossary last changed."""
    return PageVersion.objects.filter(path=PATH).values_list("changed_at", flat=True).first()


class TermLinks:
    """Links the terms of the glossary in the text of one page."""

    def __init__(self, changed_at: datetime | None, *, title: str = "", signed_only: bool = False) -> None:
        """`changed_at` is when the glossary last changed, None while there never was a term.

        A page is not linked to its own subject, which its title names. A signed page (`signed_only`) takes in no
        definition that nobody signed.
        """
        self._names = _names(changed_at, signed_only) if changed_at else {}
        self._used = set(_subjects(changed_at).get(folded(title), ())) if changed_at else set()

    def linked(self, text: str) -> str:
        """Escaped text without tags, with a link at the first use of each term. Texts come in reading order."""
        if not self._names or not text or text.isspace():
            return text
        pieces, end = [], 0
        for word in WORD.finditer(text):
            found = self._names.get(word.group().lower())
            if not found or word.start() < end:
                continue
            for name in found:
                match = name.pattern.match(text, word.start())
                if match and name.term.pk not in self._used:
                    self._used.add(name.term.pk)
                    pieces += [text[end : match.start()], _link(name.term, match.group())]
                    end = match.end()
                    break
        return "".join([*pieces, text[end:]])


def _link(term: Term, words: str) -> str:
    """The term is named only where the words are other ones: else static/js/glossary.js makes the name from them."""
    href, name, definition = map(html.escape, (term.get_absolute_url(), term.term, term.definition))
    named = "" if name == words[:1].upper() + words[1:] else f' data-term="{name}"'
    return LINK.format(href=href, named=named, definition=definition, words=words)


@lru_cache(maxsize=2)
def _terms(changed_at: datetime) -> list[Term]:
    """Read once after each change of the glossary."""
    return Term.objects.read_by_patients()


@lru_cache(maxsize=2)
def _subjects(changed_at: datetime) -> dict[str, list[int]]:
    """Primary keys of terms, by each of their names."""
    subjects: dict[str, list[int]] = defaultdict(list)
    for term in _terms(changed_at):
        for name in term.names:
            subjects[folded(name)].append(term.pk)
    return dict(subjects)


@lru_cache(maxsize=4)
def _names(changed_at: datetime, signed_only: bool) -> Names:
    names: Names = defaultdict(list)
    terms = [term for term in _terms(changed_at) if term.is_signed or not signed_only]
    every = [(name, term) for term in terms for name in term.names]
    for name, term in sorted(every, key=lambda pair: -len(pair[0])):
        first = WORD.search(name)
        if first and first.start() == 0:
            names[first.group().lower()].append(_Name(_pattern(name), term))
    return dict(names)


def _pattern(name: str) -> re.Pattern[str]:
    words = [re.sub("['’]", APOSTROPHE, re.escape(html.escape(word, quote=False))) for word in name.split()]
    exact = name.isupper() and len(name) <= ACRONYM
    return re.compile(r"\s+".join(words) + r"(?![\w-])", re.NOFLAG if exact else re.IGNORECASE)
