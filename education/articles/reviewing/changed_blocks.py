"""What changed blocks show, beside their changed words: nobody can judge a picture by its name, or a figure without its
table.
"""

from dataclasses import replace
from typing import Any

from django.utils.safestring import SafeString

from education.articles.content.blocks import BLOCK_TYPES, BlockContent
from education.articles.content.blocks.base import Role
from education.articles.content.canonical import Content, pictures
from education.articles.content.compare import Comparison, Row
from education.articles.rendering.blocks import PageRenderer
from education.core.html import safe
from education.images.actions import by_name
from education.references.actions import CITATION

WORDS_OF_A_PICTURE = {"alt", "caption", "credit", "title"}  # when only these change, it is not shown twice


def show_changed_blocks(comparison: Comparison, old: Content, new: Content) -> None:
    """Below the last changed words of each picture and table: what it shows now, and before, if that was another
    picture.
    """
    library = by_name({*pictures(old), *pictures(new)})
    for (was, now), place in _last_changes(comparison.rows).items():
        before, after = _block(old, was), _block(new, now)
        if before and after and _picture(before) in (None, _picture(after)):
            before = None
        shown = {"before": _html(before, library), "now": _html(after, library)}
        if any(shown.values()):
            comparison.rows[place] = replace(comparison.rows[place], shown=shown)


def _last_changes(rows: list[Row]) -> dict[tuple[int | None, int | None], int]:
    """Of each changed block, by its numbers in the older and the newer version, the place of its last changed row."""
    matched = [(row.before, row.block) for row in rows if row.before is not None and row.block is not None]
    now_of, was_of = dict(matched), {now: was for was, now in matched}
    places = {}
    for place, row in enumerate(rows):
        if not row.is_same:
            was = was_of.get(row.block) if row.before is None else row.before  # type: ignore[arg-type]
            now = now_of.get(row.before) if row.block is None else row.block  # type: ignore[arg-type]
            places[was, now] = place
    return places


def _block(content: Content, number: int | None) -> BlockContent | None:
    """None for what is no block, such as the summary, and for a block that has nothing to show."""
    block = content["blocks"][number] if number is not None and number >= 0 else {}
    return block if block and (_picture(block) is not None or "rows" in block) else None


def _picture(block: BlockContent) -> dict[str, Any] | None:
    """What makes a picture what it is; None for a block that is none."""
    known = BLOCK_TYPES.get(block["type"])
    if known is None or Role.PICTURE not in known.roles:
        return None
    return {name: value for name, value in block.items() if name not in WORDS_OF_A_PICTURE}


def _html(block: BlockContent | None, library: dict[str, Any]) -> SafeString:
    """As readers see it, without the numbers of studies: their list is not here."""
    if block is None or block["type"] not in BLOCK_TYPES:
        return safe("")
    return safe(BLOCK_TYPES[block["type"]].html(_uncited(block), PageRenderer({}, library)))


def _uncited(value: Any) -> Any:
    if isinstance(value, str):
        return CITATION.sub("", value)
    if isinstance(value, list):
        return [_uncited(inner) for inner in value]
    return {name: _uncited(inner) for name, inner in value.items()} if isinstance(value, dict) else value
