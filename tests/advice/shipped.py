"""Advice with the list of plain words that a new installation begins with."""

from collections.abc import Iterable, Mapping

import yaml

from education.advice.actions import PLAIN_WORDS
from education.advice.reading import Advice, advise_on
from education.articles.content.canonical import Content
from education.articles.content.pieces import pieces
from education.articles.library.loading import STARTER

ROWS: list[dict[str, str]] = yaml.safe_load((STARTER / PLAIN_WORDS.file).read_text(encoding="utf-8"))
TERMS = tuple(row["phrase"] for row in ROWS if "swap" not in row)
SWAPS = {row["phrase"]: row["swap"] for row in ROWS if "swap" in row}


def advise(content: Content, *, unavoidable: Iterable[str] = TERMS, swaps: Mapping[str, str] = SWAPS) -> Advice:
    return advise_on(pieces(content), unavoidable=unavoidable, swaps=swaps)
