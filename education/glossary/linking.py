"""The first use of each term on a page becomes a link to what it means. Done whenever a page is served: editions
never hold these links, so a term that is added or mended today is on every page today.
"""

import html
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Subquery
from django.utils.safestring import SafeString

from education.core.html import safe
from education.core.text import folded
from education.glossary.actions import PATH
from education.glossary.models import Term
from education.pages.models import PageVersion

# No term is linked inside these. An emergency card is acted on, not studied.
APART = re.compile(
    r"<(a|h[1-6]|button|summary|figure|caption|th|sup|svg|dfn)\b[^>]*>.*?</\1>"
    r'|<section class="care care-emergency".*?</section>|<!--.*?-->|<[^>]+>',
    re.DOTALL,
)
REFERENCES = '<section class="references"'
WORD = re.compile(r"(?<![\w&#-])\w+")
APOSTROPHE = "(?:['’]|&#x27;|&#39;)"
LINK = '<a class="term" href="{href}" data-term="{term}" data-definition="{definition}">{words}</a>'
ACRONYM = 5  # so short and all in capitals, a word is matched only as it is written


@dataclass(frozen=True)
class _Name:
    pattern: re.Pattern[str]
    term: Term


Names = dict[str, list[_Name]]  # by first word in small letters; longest first


def changed_at() -> Subquery:
    """When the glossary last changed, as part of a question that a page asks anyway."""
    return Subquery(PageVersion.objects.filter(path=PATH).values("changed_at"))


def last_change() -> datetime | None:
    """The same, asked by itself."""
    return PageVersion.objects.filter(path=PATH).values_list("changed_at", flat=True).first()


@lru_cache(maxsize=32)
def with_terms(source: str, *, changed_at: datetime | None, title: str = "") -> SafeString:
    """`source`, rendered by us, with links to the glossary; a page is not linked to its own subject."""
    if changed_at is None:  # there never was a term
        return safe(source)
    body, mark, rest = source.partition(REFERENCES)
    used = set(_subjects(changed_at).get(folded(title), ()))
    pieces, end = [], 0
    for apart in APART.finditer(body):
        pieces += [_linked(body[end : apart.start()], _names(changed_at), used), apart.group()]
        end = apart.end()
    return safe("".join([*pieces, _linked(body[end:], _names(changed_at), used), mark, rest]))


def _linked(text: str, names: Names, used: set[int]) -> str:
    if not text or text.isspace():
        return text
    pieces, end = [], 0
    for word in WORD.finditer(text):
        found = names.get(word.group().lower())
        if not found or word.start() < end:
            continue
        for name in found:
            match = name.pattern.match(text, word.start())
            if match and name.term.pk not in used:
                used.add(name.term.pk)
                pieces += [text[end : match.start()], _link(name.term, match.group())]
                end = match.end()
                break
    return "".join([*pieces, text[end:]])


def _link(term: Term, words: str) -> str:
    href, name, definition = map(html.escape, (term.get_absolute_url(), term.term, term.definition))
    return LINK.format(href=href, term=name, definition=definition, words=words)


@lru_cache(maxsize=2)
def _terms(changed_at: datetime) -> list[Term]:
    """Asked once for each change of the glossary."""
    return list(Term.objects.all())


@lru_cache(maxsize=2)
def _subjects(changed_at: datetime) -> dict[str, list[int]]:
    """The terms by each of their names."""
    subjects: dict[str, list[int]] = defaultdict(list)
    for term in _terms(changed_at):
        for name in term.names:
            subjects[folded(name)].append(term.pk)
    return dict(subjects)


@lru_cache(maxsize=2)
def _names(changed_at: datetime) -> Names:
    names: Names = defaultdict(list)
    every = [(name, term) for term in _terms(changed_at) for name in term.names]
    for name, term in sorted(every, key=lambda pair: -len(pair[0])):
        first = WORD.search(name)
        if first and first.start() == 0:
            names[first.group().lower()].append(_Name(_pattern(name), term))
    return dict(names)


def _pattern(name: str) -> re.Pattern[str]:
    words = [re.sub("['’]", APOSTROPHE, re.escape(html.escape(word, quote=False))) for word in name.split()]
    exact = name.isupper() and len(name) <= ACRONYM
    return re.compile(r"\s+".join(words) + r"(?![\w-])", re.NOFLAG if exact else re.IGNORECASE)
