"""Rich text has one canonical form, and Markdown is the same text."""

import html
import random
import re

import pytest
from django.core.exceptions import ValidationError

from education.core.html import MAX_LENGTH, MAX_TAGS
from education.core.richtext import MAX_LISTS, canonical_html, to_html, to_markdown
from tests.each import of_each

PIECES = [
    "a",
    "b c",
    " ",
    "*",
    "_",
    "[",
    "]",
    "(x)",
    "[@k-1]",
    "1. ",
    "# ",
    "- ",
    "&",
    "<",
    '"',
    "\\",
    "`",
    "!",
    ":::",
    "é",
]
PIECES += [
    "o\u0308",
    "\u0308",
    "\x01",
    "\x85",
    "\u2003",
    "\u2028",
    "\ufeff",
    "---",
    "&amp;",
    "~",
    "|",
    "+ ",
    "=",
    "1) ",
    "http://x.test",
]


@of_each(
    [
        ("<p>One <b>two</b></p>", "<p>One two</p>"),
        ("<p>a <strong>b </strong>c</p>", "<p>a <strong>b</strong> c</p>"),
        ("<ul><li><p>one</p></li></ul><ul><li>two</li></ul>", "<ul><li>one</li><li>two</li></ul>"),
        ("loose words", "<p>loose words</p>"),
        ("<p>  </p><p>x</p>", "<p>x</p>"),
        ("<h2>A <em>loud</em> title</h2>", "<h2>A loud title</h2>"),
        ("<p>x<br>y</p>", "<p>x<br>y</p>"),
        ("<ul>loose<li>one</li></ul>", "<ul><li>loose</li><li>one</li></ul>"),
        ("<ul><ul><li>one</li></ul></ul><p>o\u0308\x01\u2028x</p>", "<ul><li>one</li></ul><p>ö x</p>"),
        ("<li>x</li></ul></p>", "<p>x</p>"),
        ("<ol><li><p>a</p><p>b</p></li></ol>", "<ol><li>a<br>b</li></ol>"),
    ]
)
def test_one_way_of_writing(case: tuple[str, str]) -> None:
    typed, kept = case
    assert canonical_html(typed) == kept


@of_each(
    [
        "<p><script>alert(1)</script>x</p>",
        '<p onclick="alert(1)">x</p>',
        '<p><a href="javascript:alert(1)">x</a></p>',
        '<p><a href="//evil.example/">x</a></p>',
        '<p><a href="/\\evil.example/">x</a></p>',
        '<p><img src="https://evil.example/x.png">x</p>',
        '<p class="care care-emergency" style="color:red">x</p>',
        '<p><svg><a xlink:href="javascript:alert(1)">x</a></svg></p>',
        '<p><math><mi xlink:href="data:text/html,x">x</mi></math></p>',
    ]
)
def test_what_does_harm_is_gone(typed: str) -> None:
    kept = canonical_html(typed)
    for mark in ("alert", "evil", "javascript", "class", "style", "<img", "<svg", "<math", "onclick"):
        assert mark not in kept


@of_each(
    [
        "<p>1. not a list</p><p># no heading</p><p>- no point</p><p>::: no block</p>",
        "<p>in<strong>side</strong>word <em>a</em><strong>b</strong></p>",
        '<p><a href="/x/?a=1&amp;b=(2)">a <strong>link</strong></a></p>',
        "<ol><li>one<ul><li>inner</li></ul></li><li>two</li></ol><p>after</p>",
        "<h2>Ends in #</h2>",
    ]
)
def test_markdown_is_the_same_text(source: str) -> None:
    canonical = canonical_html(source)
    assert to_html(to_markdown(canonical)) == canonical


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(8))
def test_any_text_survives_the_round_trip(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        canonical = canonical_html("".join(_block(chance) for _ in range(chance.randint(1, 4))))
        assert canonical_html(canonical) == canonical
        assert to_html(to_markdown(canonical)) == canonical


TAGS = ["p", "ul", "ol", "li", "h2", "h3", "strong", "em", "br", "a", "div", "table", "td", "blockquote"]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("profile", ["text", "card"])
def test_markup_in_any_disorder_is_put_in_order(seed: int, profile: str) -> None:
    chance = random.Random(seed)
    for _ in range(80):
        opened = [f"<{chance.choice(TAGS)}>" for _ in range(6)] + [f"</{chance.choice(TAGS)}>" for _ in range(4)]
        pieces = [chance.choice([*opened, "x", " ", "\n"]) for _ in range(chance.randint(1, 14))]
        canonical = canonical_html("".join(pieces), profile)
        assert canonical_html(canonical, profile) == canonical
        assert to_html(to_markdown(canonical, profile), profile) == canonical


@pytest.mark.parametrize("kind", ["ul", "ol"])
def test_lists_three_hundred_deep_are_drawn_in_and_keep_every_word(kind: str) -> None:
    canonical = canonical_html("".join(f"<{kind}><li>w{number}" for number in range(300)))
    assert canonical.count(f"<{kind}>") == MAX_LISTS
    assert re.sub("<[^>]+>", " ", canonical).split() == [f"w{number}" for number in range(300)]
    assert canonical_html(canonical) == canonical
    assert to_html(to_markdown(canonical)) == canonical


def test_what_follows_a_list_that_was_drawn_in_stays_where_it_was() -> None:
    deep = "".join(f"<ul><li>w{number}" for number in range(MAX_LISTS + 2)) + "</li></ul></li><li>last"
    inmost = "<li>w10</li><li>w11</li><li>last</li></ul>"
    assert canonical_html(deep).endswith(inmost + "</li></ul>" * (MAX_LISTS - 1))


@pytest.mark.parametrize("deep", ["- " * 11 + "x", "\n".join(f"{'  ' * depth}- x" for depth in range(300))])
def test_markdown_with_deeper_lists_is_refused_and_not_shortened(deep: str) -> None:
    with pytest.raises(ValidationError, match="more than 10 levels deep"):
        to_html(deep)


def test_markdown_with_lists_as_deep_as_may_be_keeps_its_words() -> None:
    assert "<li>x</li>" in to_html("- " * (MAX_LISTS - 1) + "- x\n" + "  " * (MAX_LISTS - 1) + "- y")


@pytest.mark.parametrize("source", ["<em>x</em>" * (MAX_TAGS // 2 + 1), "x" * (MAX_LENGTH + 1)])
def test_a_text_that_would_take_too_long_to_sanitise_is_refused(source: str) -> None:
    with pytest.raises(ValidationError, match="Divide it among several blocks"):
        canonical_html(source)


def _inline(chance: random.Random, depth: int = 0) -> str:
    out = ""
    for _ in range(chance.randint(0, 4)):
        words = html.escape("".join(chance.choice(PIECES) for _ in range(chance.randint(1, 4))))
        kind = chance.randint(0, 6) if depth < 3 else 6
        if kind < 2:
            tag = ("strong", "em")[kind]
            words = f"<{tag}>{_inline(chance, depth + 1)}</{tag}>"
        elif kind == 2:
            words = f'<a href="/x/{chance.choice(["y", "a b", "(q)"])}">{_inline(chance, 3)}</a>'
        elif kind == 3:
            words = "<br>"
        out += words
    return out


def _block(chance: random.Random, depth: int = 0) -> str:
    kind = chance.choice(["p", "p", "h2", "h3", "ul", "ol"])
    if kind not in ("ul", "ol"):
        return f"<{kind}>{_inline(chance)}</{kind}>"
    items = ""
    for _ in range(chance.randint(0, 3)):
        inner = _block(chance, depth + 1) if depth < 2 and chance.random() < 0.3 else ""
        items += f"<li>{_inline(chance)}{inner}</li>"
    return f"<{kind}>{items}</{kind}>"
