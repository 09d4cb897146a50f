"""An article as a Markdown file: a YAML head, then its blocks.

Text is bare, each other block between `::: name` and `:::`; the block itself says how its inside is written and
read. `dump` writes one canonical form, and `parse` reads it back to the same content.

Words that several pages share are written once, as named parts of a file of their own. `::: safety short` in a page is
replaced by the blocks of that part: the draft holds the words themselves, so a signature covers exactly what is read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from education.articles.content.blocks import BLOCK_TYPES, BLOCKS, BlockContent
from education.articles.content.blocks.markdown import BrokenSource, FencedBlock
from education.articles.library import yaml_texts
from education.articles.library.yaml_texts import NOT_YAML, line_of, said_of
from education.core.text import clean_input, one_line

BARE = ""  # the name of a block without a fence in the file
BLOCKS_BY_NAME = {name: block for block in BLOCKS for name in block.fence_names()}
FRONT_KEYS = ("title", "slug", "topic", "kind", "language", "aliases", "summary", "author", "references")
LISTS = ("aliases", "references")
MAX_BRACKETS = 100  # in a head: YAML takes time with the square of the lists inside one another
OPENING = re.compile(r"^::: ?([a-z-]+)(?: (.*))?$")
SHARED = "safety"  # what follows ::: where a page takes in a part of the shared words
PART = re.compile(r"^# ([a-z-]+)$")  # the line with which a part begins
Parts = Mapping[str, list[BlockContent]]


@dataclass(frozen=True)
class Source:
    """What a file says: its head by FRONT_KEYS, and its blocks as canonical content."""

    front: dict[str, Any]
    blocks: list[BlockContent]


def parse(text: str, *, name: str = "text", shared: Parts | None = None) -> Source:
    """The article in this text; `name` is the file's, for messages. Raises BrokenSource."""
    text = clean_input(text)
    if not text.startswith("---\n"):
        raise BrokenSource(name, 1, "The file must begin with a head between two lines of ---.")
    if "\n---\n" not in text:
        raise BrokenSource(name, 1, "The head is never closed. End it with a line of ---.")
    front = _front(text, name)
    body = text.split("\n---\n", 1)[1].split("\n")
    first_line = text.count("\n", 0, text.index("\n---\n")) + 3
    fenced_blocks = _fenced_blocks(body, first_line, name)
    blocks = [content for fenced in fenced_blocks for content in _contents_of(fenced, shared or {})]
    return Source({key: front[key] for key in FRONT_KEYS}, blocks)


def parse_parts(text: str, *, name: str = "text") -> dict[str, list[BlockContent]]:
    """The parts of a file of shared words. Each begins with a line such as `# short`. Raises BrokenSource."""
    parts: dict[str, list[BlockContent]] = {}
    begins: dict[str, tuple[int, list[str]]] = {}
    current: list[str] = []  # lines before the first part say what the file is for, and are not read
    for number, line in enumerate(clean_input(text).split("\n"), start=1):
        if found := PART.match(line):
            current = []
            begins[found[1]] = (number + 1, current)
        else:
            current.append(line)
    for part, (first_line, lines) in begins.items():
        parts[part] = [_content_of(fenced) for fenced in _fenced_blocks(lines, first_line, name)]
    return parts


def _front(text: str, name: str) -> dict[str, Any]:
    """The head, each key of which is text or a list of texts. Raises BrokenSource."""
    head = text[: text.index("\n---\n")]
    if head.count("[") + head.count("{") > MAX_BRACKETS:
        raise BrokenSource(name, 1, "The head holds too many brackets. Write a list with one entry a line.")
    try:
        front = yaml_texts.read(head)
    except NOT_YAML as error:
        problem = said_of(error, "The head is not valid YAML. Quote a value that holds a colon.")
        raise BrokenSource(name, line_of(error), problem) from error
    front = front if isinstance(front, dict) else {}
    missing = [key for key in FRONT_KEYS if key not in front]
    if missing:
        raise BrokenSource(name, 1, f"The head lacks {', '.join(missing)}.")
    unknown = [str(key) for key in front if key not in FRONT_KEYS]
    if unknown:
        raise BrokenSource(name, 1, f"The head has a key that is not known: {', '.join(unknown)}.")
    for key in FRONT_KEYS:
        entries = front[key] if key in LISTS else [front[key]]
        if entries and not isinstance(entries, list):
            raise BrokenSource(name, 1, f"“{key}” is a list: one entry a line, each after a dash.")
        if any(isinstance(entry, list | dict) for entry in entries or []):
            raise BrokenSource(name, 1, f"“{key}” holds a list where words belong. Quote what holds a bracket.")
    return front


def dump(source: Source) -> str:
    head = yaml.safe_dump(
        {key: source.front[key] or ([] if key in LISTS else "") for key in FRONT_KEYS},
        sort_keys=False,
        allow_unicode=True,
        width=float("inf"),
    )
    return f"---\n{head}---\n\n" + "\n\n".join(_written(source.blocks)) + "\n"


def _written(blocks: list[BlockContent]) -> Iterator[str]:
    previous = None
    for content in blocks:
        block = BLOCK_TYPES[content["type"]]
        fenced = block.to_markdown(content)
        bare = block is BLOCKS_BY_NAME[BARE] and block is not previous  # two bare texts that touch would be read as one
        yield fenced.inside if bare else str(fenced)
        previous = block


def _contents_of(fenced: FencedBlock, shared: Parts) -> list[BlockContent]:
    if fenced.name != SHARED:
        return [_content_of(fenced)]
    if fenced.inside.strip():
        raise fenced.broken(f"Inside ::: {SHARED} there is nothing: its words stand in {SHARED}.md.")
    if fenced.argument not in shared:
        known = ", ".join(sorted(shared)) or "none"
        raise fenced.broken(f"{SHARED}.md has no part “{fenced.argument}”. Its parts are: {known}.")
    return shared[fenced.argument]


def _content_of(fenced: FencedBlock) -> BlockContent:
    block = BLOCKS_BY_NAME.get(fenced.name)
    if block is None:
        known = ", ".join(sorted(name for name in BLOCKS_BY_NAME if name != BARE))
        raise fenced.broken(f"There is no block called “{fenced.name}”. Use one of: {known}.")
    return block.from_markdown(fenced)


def _fenced_blocks(lines: list[str], first_line: int, file: str) -> Iterator[FencedBlock]:
    """The blocks of the body in their order. Between two fences everything is one bare text, unless it is empty."""
    bare: list[str] = []
    begins = first_line
    rest = iter(enumerate(lines, start=first_line))
    for number, line in rest:
        if not line.startswith(":::"):
            begins = number if not bare else begins
            bare.append(line)
            continue
        yield from _bare(bare, file, begins)
        bare = []
        opening = OPENING.match(line.rstrip())
        if not opening:
            problem = "A ::: without a name closes nothing that is open. Remove it or name the block."
            raise BrokenSource(file, number, problem)
        inside = _inside(rest, number, opening[1], file)
        yield FencedBlock(opening[1], one_line(opening[2] or ""), inside, file, number)
    yield from _bare(bare, file, begins)


def _bare(lines: list[str], file: str, begins: int) -> Iterator[FencedBlock]:
    if any(line.strip() for line in lines):
        yield FencedBlock(BARE, "", lines, file, begins)


def _inside(rest: Iterator[tuple[int, str]], opened: int, name: str, file: str) -> list[str]:
    """The lines up to the closing `:::`, taken from `rest`."""
    inside: list[str] = []
    for number, line in rest:
        if line.rstrip() == ":::":
            return inside
        if line.startswith(":::"):
            raise BrokenSource(file, number, f"A block begins inside ::: {name} (line {opened}). Close that one first.")
        inside.append(line)
    raise BrokenSource(file, opened, f"The block ::: {name} is never closed. End it with a line of three colons.")
