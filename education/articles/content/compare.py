"""Two versions of a page, word by word."""

import html
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import chain, groupby
from typing import Any

from django.utils.safestring import SafeString

from education.articles.content.canonical import Content
from education.articles.content.pieces import Piece, Word, facts_of_page, pieces
from education.core.html import safe
from education.references.actions import CITATION, known
from education.references.models import Reference

MIN_KEPT = 0.3  # share of its words that a piece keeps when it counts as changed, not as replaced
MAX_PAIRS = 100_000  # of an old word and a new: beyond it, the old text and the new are shown one after the other
MAX_LOOK_AHEAD = 40  # pieces among which the one that another became is looked for
FACT = "fact"
CITED = re.compile(r'<span class="cited">\[([^<\]]+)\]</span>')  # as `_marked` writes a study, by its key
SAME, ADDED, REMOVED = "same", "added", "removed"
CONTEXT = 2  # unchanged pieces that stay open beside a change
# By the name of difflib's step: which words are shown, of the old side (0) or the new (1), and how they are marked.
OPS = {"equal": ((SAME, 1),), "delete": ((REMOVED, 0),), "insert": ((ADDED, 1),), "replace": ((REMOVED, 0), (ADDED, 1))}

Step = tuple[str, int, int, int, int]  # as in difflib: its name, from and to of the old side, from and to of the new


@dataclass(frozen=True)
class Span:
    """Words in a row that are all unchanged, all added or all removed."""

    status: str  # SAME, ADDED or REMOVED
    words: SafeString


@dataclass(frozen=True)
class Row:
    """One piece as it was and as it is."""

    kind: str  # of the piece: h1, p, li …
    spans: tuple[Span, ...]
    block: int | None = None  # its number in the newer version; None: it is not there any more
    before: int | None = None  # its block's number in the older version; None: it was not there yet
    cited: tuple[str, ...] = ()  # the keys of the studies that it cites in the newer version
    shown: dict[str, Any] | None = None  # what the block shows, where staff have to see it

    @property
    def is_same(self) -> bool:
        return all(span.status == SAME for span in self.spans)


@dataclass
class Comparison:
    rows: list[Row] = field(default_factory=list)
    added: int = 0  # words
    removed: int = 0

    @property
    def words(self) -> int:
        return self.added + self.removed

    @property
    def stretches(self) -> list[tuple[bool, list[Row]]]:
        """(whether to fold it away, rows): long stretches without a change are folded, but for their ends."""
        found: list[tuple[bool, list[Row]]] = []
        for same, group in groupby(_with_names(self.rows), key=lambda row: row.is_same):
            rows = list(group)
            if same and len(rows) > 2 * CONTEXT + 1:
                found += [(False, rows[:CONTEXT]), (True, rows[CONTEXT:-CONTEXT]), (False, rows[-CONTEXT:])]
            else:
                found.append((False, rows))
        return found


def compare(old: Content, new: Content) -> Comparison:
    comparison = Comparison()
    facts = _changed_facts(facts_of_page(old), facts_of_page(new))
    for before, after in chain(facts, _matched(*(pieces(one, whole_rows=True) for one in (old, new)))):
        spans = list(_spans(before.words if before else (), after.words if after else ()))
        shown = tuple(Span(status, _html(words, status)) for status, words in spans)
        kind = (after or before).kind  # type: ignore[union-attr]
        cited = tuple(CITATION.findall(after.text)) if after else ()
        now, was = (piece.block if piece else None for piece in (after, before))
        comparison.rows.append(Row(kind, shown, now, was, cited))
        comparison.added += sum(len(words) for status, words in spans if status == ADDED)
        comparison.removed += sum(len(words) for status, words in spans if status == REMOVED)
    return comparison


def _with_names(rows: list[Row]) -> list[Row]:
    """Studies by author and year instead of their key, as facts also with their title. Asked for once, as they are
    shown: who only counts words needs none.
    """
    keys = [html.unescape(key) for row in rows for span in row.spans for key in CITED.findall(span.words)]
    studies = known(keys) if keys else {}
    return [replace(row, spans=tuple(_named(span, studies, row.kind) for span in row.spans)) for row in rows]


def _named(span: Span, studies: dict[str, Reference], kind: str) -> Span:
    def name(found: re.Match[str]) -> str:
        study = studies.get(html.unescape(found[1]))
        if study is None:
            return found[0]
        whole = html.escape(study.author_year_title)
        short = f'<span class="cited" title="{whole}">[{html.escape(study.short_name)}]</span>'
        return whole if kind == FACT else short

    return Span(span.status, safe(CITED.sub(name, span.words)))


def _changed_facts(old: list[Piece], new: list[Piece]) -> Iterator[tuple[Piece | None, Piece | None]]:
    """Facts about the page are shown only if they changed: nobody reads them as part of it."""
    before, after = ({piece.key for piece in facts} for facts in (old, new))
    return _paired([piece for piece in old if piece.key not in after], [p for p in new if p.key not in before])


def _matched(old: list[Piece], new: list[Piece]) -> Iterator[tuple[Piece | None, Piece | None]]:
    """Each piece with the one that it became; None where there is none."""
    for tag, a1, a2, b1, b2 in _opcodes([piece.key for piece in old], [piece.key for piece in new]):
        if tag == "equal":
            yield from zip(old[a1:a2], new[b1:b2], strict=True)
        else:
            yield from _paired(old[a1:a2], new[b1:b2])


def _paired(old: list[Piece], new: list[Piece]) -> Iterator[tuple[Piece | None, Piece | None]]:
    """Each new piece with the first old one like it; between them first what is gone, then what is new."""
    pairs, begin = [], 0
    for n, piece in enumerate(new):
        found = next((o for o in range(begin, min(len(old), begin + MAX_LOOK_AHEAD)) if _alike(old[o], piece)), None)
        if found is not None:
            pairs.append((found, n))
            begin = found + 1
    a = b = 0
    for o, n in [*pairs, (len(old), len(new))]:
        yield from ((piece, None) for piece in old[a:o])
        yield from ((None, piece) for piece in new[b:n])
        if o < len(old):
            yield old[o], new[n]
        a, b = o + 1, n + 1


def _alike(one: Piece, other: Piece) -> bool:
    if one.kind != other.kind:
        return False
    if one.kind == "h1":  # there is one title
        return True
    if one.kind == FACT:  # of the same name
        return one.words[0].key == other.words[0].key
    first, second = ({word.text.lower() for word in piece.words} for piece in (one, other))
    return len(first & second) >= MIN_KEPT * max(len(first), len(second))


def _spans(old: Sequence[Word], new: Sequence[Word]) -> Iterator[tuple[str, Sequence[Word]]]:
    for tag, a1, a2, b1, b2 in _opcodes([word.key for word in old], [word.key for word in new]):
        sides = (old[a1:a2], new[b1:b2])
        yield from ((status, sides[side]) for status, side in OPS[tag])


def _opcodes(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Step]:
    """As difflib does, but what is the same at both ends is set aside first, and large differences are not searched."""
    shorter = min(len(old), len(new))
    start = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - start) if old[-1 - at] != new[-1 - at]), shorter - start)
    a, b = len(old) - tail, len(new) - tail
    steps = [("equal", 0, start, 0, start)] if start else []
    for name, a1, a2, b1, b2 in _differences(old[start:a], new[start:b]):
        steps.append((name, start + a1, start + a2, start + b1, start + b2))
    return [*steps, ("equal", a, len(old), b, len(new))] if tail else steps


def _differences(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Step]:
    if len(old) * len(new) > MAX_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


def _html(words: Sequence[Word], status: str) -> SafeString:
    """The words with their marks; of a link that changed also where it leads."""
    stretches = []
    for href, group in groupby(words, key=lambda word: word.href):
        text = "".join(f"{word.gap}{_marked(word)}" for word in group)
        stretches.append(f"{text} ({html.escape(href)})" if href and status != SAME else text)
    return safe("".join(stretches).strip())


def _marked(word: Word) -> str:
    cited = CITATION.fullmatch(word.text)
    text = f'<span class="cited">[{html.escape(cited[1])}]</span>' if cited else html.escape(word.shown)
    text = f"<em>{text}</em>" if word.em else text
    return f"<strong>{text}</strong>" if word.strong else text
