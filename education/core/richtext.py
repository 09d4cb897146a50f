"""Rich text in one canonical form, as HTML and as Markdown.

Both are written from the same small tree, so that drafts, editions and exports hold the same text:
`canonical_html(to_html(to_markdown(x))) == x` for every canonical x.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import groupby
from urllib.parse import quote

from django.core.exceptions import ValidationError
from markdown_it import MarkdownIt

from education.core.html import sanitise, within_bounds
from education.core.pasting.clean import cleaned
from education.core.text import clean_input

BREAK = "\n"
EDGE_SPACES = " \u00a0\u202f"  # stripped at both ends of a line
SPACES = re.compile(r"[^\S\u00a0\u202f]+")  # not the no-break spaces
MAX_LISTS = 10  # one inside another; what is deeper joins the innermost of them
MAX_NESTING = 2 * MAX_LISTS + 2  # a list and its item are a level each; beyond it, the parser would drop words
TOO_DEEP = f"A list stands more than {MAX_LISTS} levels deep. Bring it closer to the margin."
MARKDOWN = MarkdownIt("zero", {"html": True, "maxNesting": MAX_NESTING}).enable(
    ["heading", "list", "emphasis", "link", "escape", "html_inline", "newline"]
)


@dataclass(frozen=True)
class Run:
    """A stretch of text with the same marks. A line break is a run of its own, with the text BREAK."""

    text: str
    strong: bool = False
    em: bool = False
    href: str = ""


@dataclass
class Item:
    runs: list[Run] = field(default_factory=list)
    lists: list["Node"] = field(default_factory=list)


@dataclass
class Node:
    """A paragraph or heading, which has `runs`, or a list, which has `items`. `kind` is its tag."""

    kind: str
    runs: list[Run] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def canonical_html(source: str, profile: str = "text") -> str:
    """The HTML that `profile` allows of `source`, always written the same way."""
    return _nodes_html(_tree(source, profile))


def to_markdown(source: str, profile: str = "text") -> str:
    """Canonical Markdown of some HTML: one line for each paragraph, one blank line between blocks."""
    return "\n\n".join(_node_markdown(node) for node in _tree(source, profile))


def to_html(markdown: str, profile: str = "text") -> str:
    """Canonical HTML of some Markdown. Raises ValidationError where its lists are too deep."""
    tokens = MARKDOWN.parse(markdown)
    if any(token.type == "list_item_open" and token.level > 2 * MAX_LISTS for token in tokens):
        raise ValidationError(TOO_DEEP)
    return canonical_html(str(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})), profile)


def paragraphs(source: str) -> list[tuple[str, list[Run]]]:
    """Its paragraphs, headings and list items in reading order, as (tag: p, h2, h3 or li; its runs)."""
    return [paragraph for node in _tree(source, "text") for paragraph in _paragraphs(node)]


def _paragraphs(node: Node) -> Iterator[tuple[str, list[Run]]]:
    if not node.items:
        yield node.kind, node.runs
    for item in node.items:
        yield "li", item.runs
        for inner in item.lists:
            yield from _paragraphs(inner)


# Reading


class _Reader(HTMLParser):
    """Builds the tree from sanitised HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: list[Node] = []
        self.lists: list[Node] = []  # open lists, innermost last
        self.open: list[Run] | None = None  # the runs to which text is added
        self.marks = Run("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "strong":
            self.marks = replace(self.marks, strong=True)
        elif tag == "em":
            self.marks = replace(self.marks, em=True)
        elif tag == "a":
            self.marks = replace(self.marks, href=_address(dict(attrs).get("href") or ""))
        elif tag == "br":
            self._runs().append(Run(BREAK))
        elif tag in ("ul", "ol"):
            self._start_list(tag)
        elif tag == "li" and self.lists:
            self.lists[-1].items.append(Item())
            self.open = self.lists[-1].items[-1].runs
        elif tag in ("p", "h2", "h3"):
            self._start_block(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "strong":
            self.marks = replace(self.marks, strong=False)
        elif tag == "em":
            self.marks = replace(self.marks, em=False)
        elif tag == "a":
            self.marks = replace(self.marks, href="")
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
            self.open = None
        elif tag in ("p", "h2", "h3") and not self.lists:
            self.open = None

    def handle_data(self, data: str) -> None:
        words = SPACES.sub(" ", clean_input(data))
        if words.strip() or self.open is not None:
            self._runs().append(replace(self.marks, text=words))

    def _runs(self) -> list[Run]:
        if self.open is None:
            if self.lists:
                self.lists[-1].items = self.lists[-1].items or [Item()]  # words before the first item
                self.open = self.lists[-1].items[-1].runs
            else:
                self._start_block("p")
        assert self.open is not None  # noqa: S101  both branches above set it
        return self.open

    def _start_block(self, tag: str) -> None:
        if self.lists:  # a paragraph inside a list item is that item's own text
            runs = self._runs() if self.lists[-1].items else []
            if runs:
                runs.append(Run(BREAK))
            return
        self.nodes.append(Node(tag))
        self.open = self.nodes[-1].runs

    def _start_list(self, tag: str) -> None:
        self.open = None
        if len(self.lists) >= MAX_LISTS:
            self.lists.append(self.lists[-1])
            return
        node = Node(tag)
        if self.lists and self.lists[-1].items:
            self.lists[-1].items[-1].lists.append(node)
        else:
            self.nodes.append(node)
        self.lists.append(node)


def _address(href: str) -> str:
    """Percent-encoded as CommonMark does it, so that Markdown gives the same address back."""
    return MARKDOWN.normalizeLink(re.sub(r"[\s()<>\\]", lambda match: quote(match.group()), href))


def _tree(source: str, profile: str) -> list[Node]:
    reader = _Reader()
    reader.feed(sanitise(cleaned(within_bounds(source)), profile))
    reader.close()
    return list(_tidy_nodes(reader.nodes))


def _tidy_nodes(nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes without empty ones; adjacent lists of the same kind are joined."""
    previous: Node | None = None
    for node in nodes:
        node.runs = _tidy_runs(node.runs)
        if node.kind in ("h2", "h3"):
            node.runs = _tidy_runs([Run(" " if run.text == BREAK else run.text) for run in node.runs])
        node.items = list(_tidy_items(node.items))
        if not (node.runs or node.items):
            continue
        if previous and previous.kind == node.kind and node.items:
            previous.items.extend(node.items)
            continue
        if previous:
            yield previous
        previous = node
    if previous:
        yield previous


def _tidy_items(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        item.runs = _tidy_runs(item.runs)
        item.lists = list(_tidy_nodes(item.lists))
        if item.runs:
            yield item
        else:  # an item without text of its own: its inner items move up
            yield from (inner for node in item.lists for inner in node.items)


def _tidy_runs(runs: Iterable[Run]) -> list[Run]:
    """Adjacent runs with equal marks joined; single spaces, outside of marks; no space or break at either end."""
    tidy: list[Run] = []
    for run in _joined(_spaced(runs)):
        if run.text == BREAK:
            _strip_end(tidy)
            if tidy:
                tidy.append(Run(BREAK))
            continue
        begins_line = not tidy or tidy[-1].text == BREAK
        if text := run.text.lstrip(EDGE_SPACES) if begins_line else run.text:
            tidy.append(replace(run, text=text))
    while tidy and tidy[-1].text == BREAK:
        tidy.pop()
    _strip_end(tidy)
    return tidy


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Each stretch of runs with equal marks as one run with single spaces. Breaks stay apart."""
    for marks, group in groupby(runs, key=lambda run: run if run.text == BREAK else replace(run, text="")):
        if marks.text == BREAK:
            yield from group
        else:
            text = clean_input("".join(run.text for run in group))
            yield replace(marks, text=SPACES.sub(" ", text))


def _spaced(runs: Iterable[Run]) -> Iterator[Run]:
    """Each run with the spaces at its ends as plain runs of their own."""
    for run in runs:
        if run.text == BREAK:
            yield run
            continue
        core = run.text.strip(" ")
        if run.text.startswith(" "):
            yield Run(" ")
        if core:
            yield replace(run, text=core)
            if run.text.endswith(" "):
                yield Run(" ")


def _strip_end(runs: list[Run]) -> None:
    while runs and runs[-1].text != BREAK and not runs[-1].text.strip(EDGE_SPACES):
        runs.pop()
    if runs and runs[-1].text != BREAK:
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip(EDGE_SPACES))


# Writing


def _nodes_html(nodes: Iterable[Node]) -> str:
    return "".join(_node_html(node) for node in nodes)


def _node_html(node: Node) -> str:
    if not node.items:
        return f"<{node.kind}>{_inline(node.runs, HTML_MARKS)}</{node.kind}>"
    items = "".join(f"<li>{_inline(item.runs, HTML_MARKS)}{_nodes_html(item.lists)}</li>" for item in node.items)
    return f"<{node.kind}>{items}</{node.kind}>"


def _node_markdown(node: Node) -> str:
    if node.items:
        return "\n".join(_list_lines(node))
    if node.kind == "p":
        return _line(node.runs)
    closing = re.compile(r"(?<= )(?=#+$)")  # hashes at the end of a heading would be read as its closing sequence
    return f"{'#' * int(node.kind[1])} {closing.sub(BACKSLASH, _line(node.runs))}"


def _list_lines(node: Node) -> Iterator[str]:
    for number, item in enumerate(node.items, start=1):
        marker = "- " if node.kind == "ul" else f"{number}. "
        yield marker + _line(item.runs)
        for inner in item.lists:
            for line in _list_lines(inner):
                yield " " * len(marker) + line


@dataclass(frozen=True)
class _Marks:
    """How HTML or Markdown writes marks."""

    strong: tuple[str, str]
    em: tuple[str, str]
    link: str

    def text(self, value: str) -> str:
        return html.escape(value, quote=False)


class _MarkdownMarks(_Marks):
    def text(self, value: str) -> str:
        return "".join(
            part if CITATION.fullmatch(part) else SPECIAL.sub(r"\\\g<0>", part) for part in CITATION.split(value)
        )


CITATION = re.compile(r"(\[@[a-z0-9-]+\](?!\())")
BACKSLASH = r"\\"
SPECIAL = re.compile(r"[\\*_\[\]<>`]|~(?=~)|&(?=#?\w+;)")
LINE_START = re.compile(r"^(\d{1,9})([.)])(?= |$)|^(#{1,6}|[-+]|:::|-{3,})(?= |$|:)|^([|])")
HTML_MARKS = _Marks(("<strong>", "</strong>"), ("<em>", "</em>"), '<a href="{href}">{text}</a>')
MARKDOWN_MARKS = _MarkdownMarks(("**", "**"), ("*", "*"), "[{text}]({href})")
# Where asterisks would be read differently (inside a word, beside punctuation), HTML tags are unambiguous.
MARKDOWN_TAGS = _MarkdownMarks(HTML_MARKS.strong, HTML_MARKS.em, MARKDOWN_MARKS.link)


def _line(runs: list[Run]) -> str:
    for marks in (MARKDOWN_MARKS, MARKDOWN_TAGS):
        line = LINE_START.sub(_escaped_start, _inline(runs, marks))
        if _tree(str(MARKDOWN.render(line)), "text") == [Node("p", runs)]:
            break
    return line


def _escaped_start(match: re.Match[str]) -> str:
    number, dot, sign, bar = match.groups()
    return f"{number}\\{dot}" if number else f"\\{sign or bar}"


def _inline(runs: Iterable[Run], marks: _Marks) -> str:
    return "".join(_linked(href, list(group), marks) for href, group in groupby(runs, key=lambda run: run.href))


def _linked(href: str, runs: list[Run], marks: _Marks) -> str:
    text = "".join(
        _wrapped("".join(_emphasised(run, marks) for run in group), marks.strong if strong else ("", ""))
        for strong, group in groupby(runs, key=lambda run: run.strong)
    )
    if not href:
        return text
    if marks is HTML_MARKS:
        return marks.link.format(href=html.escape(href), text=text)
    return marks.link.format(href=href, text=text)


def _emphasised(run: Run, marks: _Marks) -> str:
    if run.text == BREAK:
        return "<br>"
    return _wrapped(marks.text(run.text), marks.em if run.em else ("", ""))


def _wrapped(text: str, ends: tuple[str, str]) -> str:
    return f"{ends[0]}{text}{ends[1]}"
