"""Markdown that the format of articles has not: it would reach patients as raw signs, or vanish.

CommonMark's own parser says what an author meant, so nothing is guessed here.
"""

import re
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from education.core.richtext import MAX_NESTING

MARKDOWN = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"]).disable("text_join")
HEADINGS = ("h2", "h3")
OWN_TAGS = re.compile(r"</?(?:strong|em)>|<br ?/?>")
NOT_READ = {
    "table_open": "A table stands between lines of ::: table and :::, with a caption.",
    "blockquote_open": "There are no quotes (>). Write it as a paragraph.",
    "fence": "There is no code. Write it as a paragraph.",
    "code_block": "There is no code. Take away the spaces at the start of the line.",
    "code_inline": "There is no code. Take away the `signs`.",
    "hr": "There are no lines across the page. Take it away, or write a heading.",
    "html_block": "There is no HTML here. Write it as Markdown.",
    "image": "A picture stands between lines of ::: picture and :::, with its alternative text.",
    "s_open": "There are no struck-out words (~~). Take them away.",
}
# In the words of a line, also where there is nothing but words and citations
IN_WORDS = (
    (re.compile(r"(?<!\\)\[\^[^\[\]]*\]"), "There are no footnotes ([^1]). Cite a study as [@key]."),
    (
        re.compile(r"(?<!\\)\[@(?![a-z0-9-]+\])[^\[\]]*\]?"),
        "A citation is one key in small letters, such as [@younger-2013]. Give each study its own: [@a][@b].",
    ),
    (re.compile(r"^\s*(?:[-*+]|\d+[.)]) \[[ xX]\] "), "There are no check boxes ([ ]). Write a list."),
)
IN_PLAIN_LINES = (
    *IN_WORDS,
    (re.compile(r"!\[[^\[\]]*\]\("), NOT_READ["image"]),
    (re.compile(r"(?<!\\)\*\*\S[^*]*\*\*|~~\S[^~]*~~|`[^`]+`"), "Nothing is bold, struck out or code in this block."),
    (re.compile(r"\[[^\[\]@]+\]\([^)\s]+\)"), "There are no links in this block. Put them into the text."),
    (re.compile(r"</?(?:br|sup|sub|del|ins|strong|em|span|div|p|img|table)\b[^<>]*>"), NOT_READ["html_block"]),
)


def problems(markdown: str, *, with_headings: bool) -> Iterator[tuple[int, str]]:
    """What is not read of some rich text, as (line counted from 0, what to do)."""
    where: dict[str, Any] = {}
    for token in MARKDOWN.parse(markdown, where):
        line = token.map[0] if token.map else 0
        if problem := _problem(token, with_headings):
            yield line, problem
        for child in token.children or []:
            if problem := _problem(child, with_headings):
                yield line, problem
            line += child.type in ("softbreak", "hardbreak")
    for link in where.get("references", {}).values():
        yield link["map"][0], "A link says its own address: [words](https://…)."
    for line, words in enumerate(markdown.split("\n")):
        if words.lstrip().startswith("|"):
            yield line, NOT_READ["table_open"]
        yield from ((line, problem) for pattern, problem in IN_WORDS if pattern.search(words))


def plain_line_problem(line: str) -> str:
    """What is not read of a line that holds words and citations only; empty if all is."""
    return next((problem for pattern, problem in IN_PLAIN_LINES if pattern.search(line)), "")


def _problem(token: Token, with_headings: bool) -> str:
    if token.type == "heading_open":
        return _heading_problem(token, with_headings)
    if token.type == "html_inline" and not OWN_TAGS.fullmatch(token.content):
        return NOT_READ["html_block"]
    if token.type == "text_special" and token.info == "entity":
        return f"Write the sign itself in place of {token.markup}."
    if token.type == "link_open" and (token.markup == "autolink" or token.attrGet("title")):
        return "A link is [words](https://…), without a title."
    if token.type == "ordered_list_open" and token.attrGet("start") not in (None, 1):
        return "A numbered list begins with 1."
    return NOT_READ.get(token.type, "")


def _heading_problem(token: Token, with_headings: bool) -> str:
    if not with_headings:
        return "There are no headings in this block."
    if token.tag not in HEADINGS or token.markup in ("=", "-"):
        return "A heading begins with ## or ###. The title of the page stands in the head of the file."
    return ""
