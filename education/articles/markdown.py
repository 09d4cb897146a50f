"""An article as a Markdown file: YAML head, then text; fenced containers (`::: urgent Heading`) are the other blocks.

`dump` writes one canonical form and `parse` reads it back to the same content.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import frontmatter
import yaml

from education.articles.models import CareCardBlock
from education.core.richtext import to_html, to_markdown
from education.core.text import clean_input

FRONT_KEYS = ("title", "slug", "topic", "kind", "language", "aliases", "summary", "author", "references")
LISTS = ("aliases", "references")
CARE_LEVELS = set(CareCardBlock.Level.values)
OPENING = re.compile(r"^::: ?([a-z-]+)(?: (.*))?$")
FIGURE_KEYS = ("alt", "caption", "credit")


class BrokenSource(ValueError):
    """A file does not follow the format. The message names file, line, what is wrong and what to do."""

    def __init__(self, name: str, line: int, problem: str) -> None:
        super().__init__(f"{name}, line {line}: {problem}")


@dataclass(frozen=True)
class Source:
    front: dict[str, Any]
    blocks: list[dict[str, Any]]


@dataclass(frozen=True)
class _Piece:
    """Some lines of a file: bare text (`kind` empty) or the inside of a container."""

    kind: str
    argument: str
    lines: list[str]
    first: int


def parse(text: str, *, name: str = "text") -> Source:
    """Raises BrokenSource."""
    text = clean_input(text)
    if not text.startswith("---\n"):
        raise BrokenSource(name, 1, "The file must begin with a head between two lines of ---.")
    if "\n---\n" not in text:
        raise BrokenSource(name, 1, "The head is never closed. End it with a line of ---.")
    try:
        front, _ = frontmatter.parse(text)
    except yaml.YAMLError as error:
        problem = "The head is not valid YAML. Quote a value that holds a colon."
        raise BrokenSource(name, yaml_line(error), problem) from error
    missing = [key for key in FRONT_KEYS if key not in front]
    if missing:
        raise BrokenSource(name, 1, f"The head lacks {', '.join(missing)}.")
    for key in LISTS:
        if front[key] and not isinstance(front[key], list):
            raise BrokenSource(name, 1, f"“{key}” is a list: one entry a line, each after a dash.")
    body = text.split("\n---\n", 1)[1].split("\n")
    offset = text.count("\n", 0, text.index("\n---\n")) + 3
    blocks = [_block(piece, name) for piece in _pieces(body, offset, name)]
    return Source({key: front[key] for key in FRONT_KEYS}, blocks)


def yaml_line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1


def dump(source: Source) -> str:
    head = yaml.safe_dump(
        {key: source.front[key] for key in FRONT_KEYS}, sort_keys=False, allow_unicode=True, width=float("inf")
    )
    parts = []
    previous = ""
    for block in source.blocks:
        parts.append(_written(block, wrapped=block["type"] == previous == "text"))
        previous = block["type"]
    return f"---\n{head}---\n\n" + "\n\n".join(parts) + "\n"


def _pieces(lines: list[str], offset: int, name: str) -> Iterator[_Piece]:
    """Cut the body at its containers."""
    bare: list[str] = []
    first = offset
    rest = iter(enumerate(lines, start=offset))
    for number, line in rest:
        if not line.startswith(":::"):
            first = number if not bare else first
            bare.append(line)
            continue
        if any(part.strip() for part in bare):
            yield _Piece("", "", bare, first)
        bare = []
        opening = OPENING.match(line.rstrip())
        if not opening:
            raise BrokenSource(
                name, number, "A ::: without a name closes nothing that is open. Remove it or name the block."
            )
        yield _Piece(opening[1], (opening[2] or "").strip(), _inside(rest, number, opening[1], name), number)
    if any(part.strip() for part in bare):
        yield _Piece("", "", bare, first)


def _inside(rest: Iterator[tuple[int, str]], opened: int, kind: str, name: str) -> list[str]:
    inside: list[str] = []
    for number, line in rest:
        if line.rstrip() == ":::":
            return inside
        if line.startswith(":::"):
            raise BrokenSource(name, number, f"A block begins inside ::: {kind} (line {opened}). Close that one first.")
        inside.append(line)
    raise BrokenSource(name, opened, f"The block ::: {kind} is never closed. End it with a line of three colons.")


def _block(piece: _Piece, name: str) -> dict[str, Any]:
    text = "\n".join(piece.lines)
    if piece.kind in ("", "text"):
        return {"type": "text", "body": to_html(text)}
    if piece.kind in CARE_LEVELS:
        _need(piece, name, "a heading on the same line")
        return {"type": "care", "level": piece.kind, "title": piece.argument, "body": to_html(text, "card")}
    if piece.kind == "key-points":
        return {"type": "key-points", "items": _items(piece, name)}
    if piece.kind == "questions":
        _need(piece, name, "a heading on the same line")
        return {"type": "questions", "title": piece.argument, "items": _items(piece, name)}
    if piece.kind == "figure":
        _need(piece, name, "the name of a drawing on the same line")
        return {"type": "figure", "drawing": piece.argument, **_pairs(piece, name)}
    known = ", ".join(sorted({"text", "key-points", "questions", "figure"} | CARE_LEVELS))
    raise BrokenSource(name, piece.first, f"There is no block called “{piece.kind}”. Use one of: {known}.")


def _need(piece: _Piece, name: str, what: str) -> None:
    if not piece.argument:
        raise BrokenSource(name, piece.first, f"::: {piece.kind} needs {what}.")


def _items(piece: _Piece, name: str) -> list[str]:
    items = []
    for number, line in enumerate(piece.lines, start=piece.first + 1):
        if not line.startswith("- ") or not line[2:].strip():
            raise BrokenSource(name, number, f"Inside ::: {piece.kind} every line is a point that begins with “- ”.")
        items.append(line[2:].strip())
    return items


def _pairs(piece: _Piece, name: str) -> dict[str, str]:
    pairs = dict.fromkeys(FIGURE_KEYS, "")
    for number, line in enumerate(piece.lines, start=piece.first + 1):
        key, colon, value = line.partition(": ")
        if not colon or key not in pairs:
            raise BrokenSource(
                name, number, f"Inside ::: figure each line is one of {', '.join(FIGURE_KEYS)}, a colon, and words."
            )
        pairs[key] = value.strip()
    return pairs


def _written(block: dict[str, Any], *, wrapped: bool) -> str:
    kind = block["type"]
    if kind == "text":
        body = to_markdown(block["body"])
        return _container("text", "", body) if wrapped else body
    if kind == "care":
        return _container(block["level"], block["title"], to_markdown(block["body"], "card"))
    if kind == "figure":
        return _container(
            kind, block["drawing"], "\n".join(f"{key}: {block[key]}" for key in FIGURE_KEYS if block[key])
        )
    return _container(kind, block.get("title", ""), "\n".join(f"- {item}" for item in block["items"]))


def _container(kind: str, argument: str, inside: str) -> str:
    opening = f"::: {kind} {argument}".rstrip()
    return f"{opening}\n{inside}\n:::"
