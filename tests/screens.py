"""Reading a page as a browser does: its forms with what is filled in, its words, its links."""

import re
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

from education.core.typesetting.long_words import SOFT_HYPHEN

Data = dict[str, list[str]]
HELD = re.compile(r'<span class="nowrap">([\w-]+)</span>')


class Reader(HTMLParser):
    """Does not count lines, which takes its time: no test asks on which line of a page something is."""

    def updatepos(self, i: int, j: int) -> int:
        return j


class _Form(Reader):
    """The controls that a browser would send from the form with this id, buttons left out."""

    def __init__(self, form_id: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form_id = form_id
        self.inside = False
        self.found = False
        self.data: Data = {}
        self.select = self.area = ""
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form_id
            self.found |= self.inside
        elif not self.inside or "disabled" in given:
            return
        elif tag == "input" and given.get("name"):
            self._input(given)
        elif tag == "textarea" and given.get("name"):
            self.area = str(given["name"])
            self.data.setdefault(self.area, []).append("")
        elif tag == "select":
            self.select, self.options = str(given["name"]), []
        elif tag == "option" and self.select:
            self.options.append((given.get("value") or "", "selected" in given))

    def _input(self, given: dict[str, str | None]) -> None:
        kind = given.get("type") or "text"
        if kind in ("submit", "button", "file", "image") or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        missing = "on" if kind in ("checkbox", "radio") else ""
        value = given.get("value")
        self.data.setdefault(str(given["name"]), []).append(missing if value is None else value)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.data[self.area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.area:
            self.data[self.area][-1] = self.data[self.area][-1].removeprefix("\n")
            self.area = ""
        elif tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected]
            self.data[self.select] = chosen or [value for value, _ in self.options[:1]]
            self.select = ""


def form_data(html: str, form_id: str) -> Data:
    reader = _Form(form_id)
    reader.feed(html)
    assert reader.found, f"There is no form #{form_id} on this page."
    return reader.data


def body(response: Any) -> str:
    """A page without the styles that it carries in its head: they name everything that any page may show; and without
    what only keeps a word on one line."""
    head, end, rest = response.content.decode().partition("</head>")
    return re.sub(r"<style>.*?</style>", "", head, flags=re.DOTALL) + HELD.sub(r"\1", str(end + rest))


def edit(client: Client, path: str, button: str = "_continue", *, form_id: str, **changes: Any) -> HttpResponse:
    """Open the form at `path`, change these fields, press this button."""
    page = client.get(path)
    assert page.status_code == 200, page.status_code
    data = form_data(body(page), form_id) | changes | {button: "pressed"}
    return client.post(path, data)  # type: ignore[return-value]


def plain_words(html: str) -> str:
    """What a page says, without markup and without the places where a long word may break."""
    html = HELD.sub(r"\1", html)
    bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(bare).replace(SOFT_HYPHEN, "").split())


class _Tags(Reader):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@lru_cache(maxsize=400)  # tests ask the same pages several questions, and those of the starter library are 250
def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    """Every element of a page with its attributes, as an HTML parser sees them."""
    reader = _Tags()
    reader.feed(html)
    return reader.found


def links(html: str) -> list[str]:
    return [str(given["href"]) for tag, given in tags(html) if tag == "a" and given.get("href")]


ELEMENTS = frozenset(("iframe", "object", "embed", "applet", "base", "math", "style", "frame", "noscript"))
SCHEMES = re.compile(r"^[\s\x00-\x20]*(?:javascript|vbscript|data):", re.IGNORECASE)


def harm(html: str) -> list[str]:
    """What could run or lead away: the elements and attributes that a strict reading of a page finds."""
    found: list[str] = []
    in_head = True  # whose first styles are the page's own: a test of the headers compares their hash
    for tag, attrs in tags(html):
        if tag == "style" and in_head and not attrs:
            in_head = False
            continue
        in_head &= tag in ("html", "head", "meta", "title")
        found += _harm_of(tag, {name: re.sub(r"[\t\r\n]", "", value or "") for name, value in attrs.items()})
    return found


def _harm_of(tag: str, given: dict[str, str]) -> list[str]:
    """Of one element, its attributes as browsers read them: over line ends."""
    found = [f"<{tag}>"] if tag in ELEMENTS or (tag == "meta" and "http-equiv" in given) else []
    if tag == "script" and not given.get("src", "").startswith("/static/"):
        found.append(f"<script {given}>")
    for name, value in given.items():
        foreign = name in ("href", "src", "action", "srcset") and value.lstrip().startswith(("//", "\\", "/\\"))
        if name.startswith("on") or name == "style" or foreign or SCHEMES.match(value):
            found.append(f"{tag} {name}={value}")
    return found
