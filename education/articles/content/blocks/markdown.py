"""How each kind of block is written in a Markdown file, and read: one table of writers, one of readers."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from education.articles.content.blocks.base import CareCardBlock, ClaimBlock
from education.articles.content.tables import cells_of, framed_line
from education.core.richtext import to_html, to_markdown
from education.core.text import one_line

Content = dict[str, Any]
CARE_LEVELS = tuple(CareCardBlock.Level.values)
YES = "yes"
HEADING = "a heading on the same line"
FIGURE_KEYS = ("alt", "caption", "credit")
CLAIM_KEYS = {
    "text": "text",
    "for": "references_for",
    "against": "references_against",
    "nothing-against": "nothing_against",
    "graded-by": "graded_by",
    "graded-on": "graded_on",
}
ROW_HEADINGS = "first-column: headings"
STEP = re.compile(r"^[0-9]+\. +(?=\S)")
SO_MANY = re.compile(r"^([0-9]{1,4}) (\S.*)$")


class BrokenSource(ValueError):
    """A file does not follow the format. The message names file, line, what is wrong and what to do."""

    def __init__(self, name: str, line: int, problem: str) -> None:
        super().__init__(f"{name}, line {line}: {problem}")


@dataclass(frozen=True)
class Piece:
    """Some lines of a file: bare text (`kind` empty) or the inside of a container."""

    kind: str
    argument: str
    lines: list[str]
    first: int
    name: str

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def broken(self, problem: str, line: int | None = None) -> BrokenSource:
        return BrokenSource(self.name, self.first if line is None else line, problem)

    def needed(self, what: str) -> str:
        """The argument, which can't be left out."""
        if not self.argument:
            raise self.broken(f"::: {self.kind} needs {what}.")
        return self.argument

    def numbered(self) -> Iterable[tuple[int, str]]:
        return enumerate(self.lines, start=self.first + 1)


def read(piece: Piece) -> Content:
    """Raises BrokenSource."""
    reader = READERS.get(piece.kind)
    if reader is None:
        known = ", ".join(sorted(kind for kind in READERS if kind))
        raise piece.broken(f"There is no block called “{piece.kind}”. Use one of: {known}.")
    return reader(piece)


def written(block: Content) -> str:
    return WRITERS[block["type"]](block)


def bare(block: Content) -> str:
    """A text block without its fence."""
    return to_markdown(block["body"])


# Reading


def _read_text(piece: Piece) -> Content:
    return {"type": "text", "body": to_html(piece.text)}


def _read_care(piece: Piece) -> Content:
    title = piece.needed(HEADING)
    return {"type": "care", "level": piece.kind, "title": title, "body": to_html(piece.text, "card")}


def _read_expander(piece: Piece) -> Content:
    return {"type": "expander", "title": piece.needed(HEADING), "body": to_html(piece.text, "card")}


def _read_key_points(piece: Piece) -> Content:
    return {"type": "key-points", "items": _points(piece)}


def _read_questions(piece: Piece) -> Content:
    return {"type": "questions", "title": piece.needed(HEADING), "items": _points(piece)}


def _read_steps(piece: Piece) -> Content:
    title = piece.needed(HEADING)
    items = []
    for number, line in piece.numbered():
        if not STEP.match(line):
            raise piece.broken("Inside ::: steps every line is a step that begins with “1. ”.", number)
        items.append(STEP.sub("", line).strip())
    return {"type": "steps", "title": title, "items": items}


def _read_do_dont(piece: Piece) -> Content:
    title = piece.needed(HEADING)
    found = _sorted_lines(piece, "do", "don't")
    return {"type": "do-dont", "title": title, "dos": found["do"], "donts": found["don't"]}


def _read_known(piece: Piece) -> Content:
    title = piece.needed(HEADING)
    found = _sorted_lines(piece, "known", "not known")
    return {"type": "known", "title": title, "known": found["known"], "not_known": found["not known"]}


def _read_claim(piece: Piece) -> Content:
    grade, _, direction = piece.argument.partition(" ")
    if grade not in ClaimBlock.Grade.values or direction not in ClaimBlock.Direction.values:
        one_of = [" or ".join(choices.values) for choices in (ClaimBlock.Grade, ClaimBlock.Direction)]
        raise piece.broken(f"::: claim needs its evidence ({one_of[0]}) and direction ({one_of[1]}) on the same line.")
    pairs = _pairs(piece, tuple(CLAIM_KEYS))
    block: Content = {"type": "claim", "grade": grade, "direction": direction}
    block |= {field: pairs[key] for key, field in CLAIM_KEYS.items()}
    for field in ("references_for", "references_against"):
        block[field] = list(dict.fromkeys(block[field].split()))
    block["nothing_against"] = block["nothing_against"] == YES
    return block


def _read_drawing(piece: Piece) -> Content:
    drawing = piece.needed("the name of a drawing on the same line")
    return {"type": "figure", "drawing": drawing, "picture": "", **_pairs(piece, FIGURE_KEYS)}


def _read_picture(piece: Piece) -> Content:
    picture = piece.needed("the name of a picture of the library on the same line")
    return {"type": "figure", "drawing": "", "picture": picture, **_pairs(piece, FIGURE_KEYS)}


def _read_table(piece: Piece) -> Content:
    caption = piece.needed("a caption on the same line")
    numbered = list(piece.numbered())
    row_headings = bool(numbered) and numbered[0][1].strip() == ROW_HEADINGS
    for number, line in numbered[row_headings:]:
        if not line.startswith("|"):
            raise piece.broken("Inside ::: table every line is a row: | a cell | and another |.", number)
    rows = [cells_of(line) for _, line in numbered[row_headings:]]
    return {"type": "table", "caption": caption, "row_headings": row_headings, "rows": rows}


def _read_risk(piece: Piece) -> Content:
    if piece.argument not in ("100", "1000"):
        raise piece.broken("::: risk needs 100 or 1000 on the same line: out of how many people.")
    pairs = _pairs(piece, ("label", "first", "second"))
    block: Content = {"type": "risk", "denominator": int(piece.argument), "title": pairs["label"]}
    for which in ("first", "second"):
        so_many = SO_MANY.match(pairs[which])
        if not so_many and (pairs[which] or which == "first"):
            raise piece.broken(f"Inside ::: risk “{which}” is a number and of whom, such as: 84 women on LDN.")
        block[f"{which}_count"] = int(so_many[1]) if so_many else ""
        block[f"{which}_group"] = so_many[2] if so_many else ""
    return block


def _read_clinic(piece: Piece) -> Content:
    if piece.text.strip():
        raise piece.broken("Inside ::: clinic there is nothing: its facts come from the clinic’s profile.")
    return {"type": "clinic", "title": piece.needed(HEADING)}


def _points(piece: Piece) -> list[str]:
    items = []
    for number, line in piece.numbered():
        if not line.startswith("- ") or not line[2:].strip():
            raise piece.broken(f"Inside ::: {piece.kind} every line is a point that begins with “- ”.", number)
        items.append(line[2:].strip())
    return items


def _sorted_lines(piece: Piece, *keys: str) -> dict[str, list[str]]:
    """Lines such as `do: Walk.`, by what they begin with."""
    found: dict[str, list[str]] = {key: [] for key in keys}
    for number, line in piece.numbered():
        key, _, words = line.partition(": ")
        if key not in found or not words.strip():
            begins = " or ".join(f"“{each}: ”" for each in keys)
            raise piece.broken(f"Inside ::: {piece.kind} every line begins with {begins}.", number)
        found[key].append(words.strip())
    return found


def _pairs(piece: Piece, keys: tuple[str, ...]) -> dict[str, str]:
    pairs = dict.fromkeys(keys, "")
    for number, line in piece.numbered():
        key, colon, value = line.partition(": ")
        if not colon or key not in pairs:
            problem = f"Inside ::: {piece.kind} each line is one of {', '.join(keys)}, a colon, and words."
            raise piece.broken(problem, number)
        pairs[key] = one_line(value)
    return pairs


# Writing


def _container(kind: str, argument: str, inside: Iterable[str] | str) -> str:
    opening = f"::: {kind} {argument}".rstrip()
    return "\n".join([opening, *([inside] if isinstance(inside, str) else inside), ":::"])


def _lined(block: Content) -> str:
    return _container(block["type"], block.get("title", ""), (f"- {item}" for item in block["items"]))


def _rich(kind: str, block: Content) -> str:
    return _container(kind, block["title"], to_markdown(block["body"], "card"))


def _write_steps(block: Content) -> str:
    return _container("steps", block["title"], (f"{n}. {item}" for n, item in enumerate(block["items"], start=1)))


def _begun(block: Content, **lists: str) -> str:
    inside = [f"{begin}: {item}" for field, begin in lists.items() for item in block[field]]
    return _container(block["type"], block["title"], inside)


def _paired(pairs: Iterable[tuple[str, Any]]) -> list[str]:
    return [f"{key}: {value}" for key, value in pairs if value not in ("", False)]


def _write_claim(block: Content) -> str:
    lists = {field: " ".join(block[field]) for field in ("references_for", "references_against")}
    said = block | lists | {"nothing_against": YES if block["nothing_against"] else ""}
    inside = _paired((key, said[field]) for key, field in CLAIM_KEYS.items())
    return _container("claim", f"{block['grade']} {block['direction']}", inside)


def _write_figure(block: Content) -> str:
    inside = _paired((key, block[key]) for key in FIGURE_KEYS)
    return _container("picture" if block["picture"] else "figure", block["picture"] or block["drawing"], inside)


def _write_table(block: Content) -> str:
    inside = [ROW_HEADINGS] if block["row_headings"] else []
    return _container("table", block["caption"], inside + [framed_line(row) for row in block["rows"]])


def _write_risk(block: Content) -> str:
    groups = ((which, f"{block[f'{which}_count']} {block[f'{which}_group']}".strip()) for which in ("first", "second"))
    return _container("risk", str(block["denominator"]), _paired([("label", block["title"]), *groups]))


READERS: dict[str, Callable[[Piece], Content]] = {
    "": _read_text,
    "text": _read_text,
    **dict.fromkeys(CARE_LEVELS, _read_care),
    "key-points": _read_key_points,
    "questions": _read_questions,
    "steps": _read_steps,
    "do-dont": _read_do_dont,
    "known": _read_known,
    "claim": _read_claim,
    "figure": _read_drawing,
    "picture": _read_picture,
    "table": _read_table,
    "risk": _read_risk,
    "expander": _read_expander,
    "clinic": _read_clinic,
}
WRITERS: dict[str, Callable[[Content], str]] = {
    "text": lambda block: _container("text", "", bare(block)),
    "care": lambda block: _rich(block["level"], block),
    "key-points": _lined,
    "questions": _lined,
    "steps": _write_steps,
    "do-dont": lambda block: _begun(block, dos="do", donts="don't"),
    "known": lambda block: _begun(block, known="known", not_known="not known"),
    "claim": _write_claim,
    "figure": _write_figure,
    "table": _write_table,
    "risk": _write_risk,
    "expander": lambda block: _rich("expander", block),
    "clinic": lambda block: _container("clinic", block["title"], ()),
}
