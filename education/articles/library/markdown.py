"""An article as a Markdown file: YAML head, then text; fenced containers (`::: urgent Heading`) are the other blocks.

`dump` writes one canonical form and `parse` reads it back to the same content.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import frontmatter
import yaml

from education.articles.content.blocks.markdown import BrokenSource, Piece, bare, read, written
from education.core.text import clean_input, one_line

FRONT_KEYS = ("title", "slug", "topic", "kind", "language", "aliases", "summary", "author", "references")
LISTS = ("aliases", "references")
OPENING = re.compile(r"^::: ?([a-z-]+)(?: (.*))?$")


@dataclass(frozen=True)
class Source:
    front: dict[str, Any]
    blocks: list[dict[str, Any]]


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
    blocks = [read(piece) for piece in _pieces(body, offset, name)]
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
        fenced = block["type"] != "text" or previous == "text"  # two texts that touch would be read as one
        parts.append(written(block) if fenced else bare(block))
        previous = block["type"]
    return f"---\n{head}---\n\n" + "\n\n".join(parts) + "\n"


def _pieces(lines: list[str], offset: int, name: str) -> Iterator[Piece]:
    """Cut the body at its containers."""
    words: list[str] = []
    first = offset
    rest = iter(enumerate(lines, start=offset))
    for number, line in rest:
        if not line.startswith(":::"):
            first = number if not words else first
            words.append(line)
            continue
        if any(part.strip() for part in words):
            yield Piece("", "", words, first, name)
        words = []
        opening = OPENING.match(line.rstrip())
        if not opening:
            raise BrokenSource(
                name, number, "A ::: without a name closes nothing that is open. Remove it or name the block."
            )
        yield Piece(opening[1], one_line(opening[2] or ""), _inside(rest, number, opening[1], name), number, name)
    if any(part.strip() for part in words):
        yield Piece("", "", words, first, name)


def _inside(rest: Iterator[tuple[int, str]], opened: int, kind: str, name: str) -> list[str]:
    inside: list[str] = []
    for number, line in rest:
        if line.rstrip() == ":::":
            return inside
        if line.startswith(":::"):
            raise BrokenSource(name, number, f"A block begins inside ::: {kind} (line {opened}). Close that one first.")
        inside.append(line)
    raise BrokenSource(name, opened, f"The block ::: {kind} is never closed. End it with a line of three colons.")
