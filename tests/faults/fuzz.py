"""Requests that nobody would send: hypothesis draws them, and mixes in what has broken other sites.

Each goes to one of the site's addresses. A POST starts from the form that its page shows, so that some of it is right
and the rest is reached.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.urls import URLPattern, get_resolver
from hypothesis import strategies as st

from tests.consultations.asking import Page
from tests.faults.hostile import FILE_NAMES, FILES, HEADERS, NUMBERS, PARAMETERS, SHAPES, SLUGS

BOUNDARY = b"a-boundary"
IN_CONVERTERS = {"int": NUMBERS, "slug": SLUGS}
texts = st.one_of(
    st.sampled_from(SHAPES),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.integers().map(lambda number: str(number).encode()),
    st.binary(max_size=20),
)


@dataclass(frozen=True)
class Call:
    method: str
    route: str  # the pattern that the path was made from
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str = "application/x-www-form-urlencoded"

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    def __str__(self) -> str:
        return f"{self.method} {self.target[:300]} {self.headers} {self.content_type} {self.body[:600]!r}"


class Form(Page):
    """A page whose lists to choose from count as well."""

    def __init__(self, response: Any) -> None:
        self.chosen: dict[str, str] = {}
        self.list = ""
        super().__init__(response)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        found = dict(attrs)
        if tag == "select":
            self.list = found.get("name") or ""
        elif tag == "option" and self.list and ("selected" in found or self.list not in self.chosen):
            self.chosen[self.list] = found.get("value") or ""

    def values(self) -> dict[str, str]:
        return super().values() | self.chosen


def routes(patterns: list[Any], before: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        route = before + str(pattern.pattern)
        found += [route] if isinstance(pattern, URLPattern) else routes(pattern.url_patterns, route)
    return found


ROUTES = sorted({route.partition("(?P<url>")[0] for route in routes(get_resolver().url_patterns) if "^" not in route})


@dataclass(frozen=True)
class Recipe:
    """What hypothesis draws: it does not depend on what the site answers. `parts` are for what an address leaves
    open, each with a number that picks what exists or says to use the text."""

    method: str
    parts: list[tuple[int, bytes]]
    query: list[tuple[str, bytes]]
    headers: dict[str, str]
    changes: list[tuple[int, str, bytes]]
    more: list[tuple[str, bytes]]
    files: list[tuple[int, str, bytes]]
    body: tuple[bytes, str] | None


pairs = st.tuples(st.sampled_from(PARAMETERS), texts)
header = st.sampled_from([(name, value) for name, values in HEADERS.items() for value in values])
odd_header = st.tuples(
    st.sampled_from(sorted(HEADERS)),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60).map(str.strip),
)
RECIPES = st.builds(
    Recipe,
    method=st.sampled_from(["GET"] * 9 + ["POST"] * 10 + ["PUT", "HEAD", "OPTIONS", "DELETE", "PATCH"]),
    parts=st.lists(st.tuples(st.integers(0, 99), texts), min_size=3, max_size=3),
    query=st.lists(pairs, max_size=3),
    headers=st.lists(st.one_of(header, odd_header), max_size=2).map(dict),
    changes=st.lists(st.tuples(st.integers(0, 499), st.sampled_from(["instead", "never", "also"]), texts), max_size=4),
    more=st.lists(pairs, max_size=1),
    files=st.lists(st.tuples(st.integers(0, 499), st.sampled_from(FILE_NAMES), st.sampled_from(FILES)), max_size=2),
    body=st.one_of(*[st.none()] * 12, st.tuples(texts, st.sampled_from(["application/json", "multipart/form-data"]))),
)


def made(recipe: Recipe, route: str, known: dict[str, list[str]], open_form: Callable[[str], dict[str, str]]) -> Call:
    """A call of this address. `known` says by the name of a part of an address what exists; `open_form` what the form
    of a page holds."""
    parts = iter(recipe.parts)
    path = "/" + "/".join(_part(part, parts, known) for part in route.split("/"))
    query = _encoded(recipe.query)
    if recipe.method != "POST":
        return Call(recipe.method, route, path, query, recipe.headers)
    fields = _spoilt(open_form(path), recipe)
    body, kind = _encoded(fields).encode(), "application/x-www-form-urlencoded"
    if recipe.files:
        body, kind = _multipart(fields, recipe.files), f"multipart/form-data; boundary={BOUNDARY.decode()}"
    if recipe.body:
        body, kind = recipe.body
    return Call("POST", route, path, query, recipe.headers, body, kind)


def _part(part: str, drawn: Iterator[tuple[int, bytes]], known: dict[str, list[str]]) -> str:
    """Between two strokes of an address: as it is, or something for `<int:pk>`."""
    if not part.startswith("<"):
        return part
    kind, _, name = part.strip("<>").partition(":")
    number, text = next(drawn)
    if known.get(name) and number % 4:
        return known[name][number % len(known[name])]
    return pick(IN_CONVERTERS[kind], number) if kind in IN_CONVERTERS else quote(text, safe="")[:4000]


def pick(among: list[str], number: int) -> str:
    return among[number // 4 % len(among)]


def _spoilt(values: dict[str, str], recipe: Recipe) -> list[tuple[str, bytes]]:
    """The form with some values replaced, left out or sent twice, and some that it does not have."""
    fields = [(name, value.encode("utf-8", "surrogatepass")) for name, value in values.items()]
    for number, how, text in recipe.changes if values else []:
        name = sorted(values)[number % len(values)]
        if how != "also":
            fields = [pair for pair in fields if pair[0] != name]
        if how != "never":
            fields.append((name, text))
    return fields + recipe.more


def _encoded(pairs: list[tuple[str, bytes]]) -> str:
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)


def _multipart(fields: list[tuple[str, bytes]], files: list[tuple[int, str, bytes]]) -> bytes:
    parts = [b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), value) for name, value in fields]
    names = sorted({name for name, _ in fields} | {"file", "image"})
    parts += [
        b'Content-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: image/png\r\n\r\n%s'
        % (names[number % len(names)].encode(), file_name.encode(), content)
        for number, file_name, content in files
    ]
    return b"".join(b"--%s\r\n%s\r\n" % (BOUNDARY, part) for part in parts) + b"--%s--\r\n" % BOUNDARY
