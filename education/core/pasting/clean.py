"""Pasted HTML as rich text can hold it: without what its author deleted or hid, with lists and cells told apart."""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from education.core.pasting.raised import lowered, raised

# Canonical rich text has none of this, so it is not read a second time.
SIGNS_OF_IT = re.compile(
    r"<(?:del|s|strike|sup|sub|t[dhr]|table)\b|line-through|vertical-align|display:|mso|<p[^>]*>\s*[·•▪◦]",
    re.IGNORECASE,
)
LEFT_OUT_TAGS = {"del", "s", "strike", "title", "head", "select", "button", "template"}
LEFT_OUT_STYLE = re.compile(r"text-decoration[^;]*line-through|display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
COMMENT_CLASS = re.compile(r"MsoComment(?:Reference|Text)|msocom", re.IGNORECASE)
OFFICE_LINK = re.compile(r"#_(?:ftn|edn|msocom|Toc|Ref|Hlk)", re.IGNORECASE)
RAISED_STYLE = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
LOWERED_STYLE = re.compile(r"vertical-align\s*:\s*sub", re.IGNORECASE)
MARKER_STYLE = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
LIST_CLASS = re.compile(r"MsoList|mso-list\s*:\s*l\d", re.IGNORECASE)
LEVEL = re.compile(r"mso-list\s*:[^;]*\blevel(\d)", re.IGNORECASE)
BULLET = re.compile(r"^(?:\s|&nbsp;)*(?:[·•▪◦§]|o(?=&nbsp;|\u00a0))(?:\s|&nbsp;)+")
NUMBER = re.compile(r"^(?:\s|&nbsp;)*\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)](?:\s|&nbsp;)+")
BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "tr", "td", "th", "blockquote"}
DECLARATION = re.compile(r"<!\[[^>]*>?")  # Word's conditions, and what would make the parser give up
VOID = {"br", "img", "hr", "col", "input", "meta", "link", "wbr"}
BETWEEN_CELLS = " | "
TAG = re.compile(r"</?([a-z][a-z0-9]*)\b[^>]*>", re.IGNORECASE)


def cleaned(source: str) -> str:
    """The same HTML where deleted and hidden words are gone, raised signs are characters of their own, each row of a
    table is a paragraph, and Word's lists are lists.
    """
    if not SIGNS_OF_IT.search(source):
        return source
    reader = _Reader()
    reader.feed(DECLARATION.sub("", source))
    reader.close()
    return reader.whole()


@dataclass
class _Part:
    """An element whose inside is looked at as a whole once it ends."""

    tag: str
    kind: str  # p, row, cell, raised, lowered, marker
    attributes: str = ""
    written: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)  # of a row
    marker: str = ""  # of a point in one of Word's lists

    @property
    def inside(self) -> str:
        return "".join(self.written)


class _Reader(HTMLParser):
    """Writes the HTML anew while reading it. What HTML leaves open, such as a cell, ends where the next one begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts = [_Part("", "all")]
        self.left_out: list[str] = []  # the open elements from the one that is left out, innermost last
        self.lists: list[str] = []  # Word's lists that are open, by their tags, outermost first

    def whole(self) -> str:
        while len(self.parts) > 1:
            self._end_part()
        self._end_lists()
        return self.parts[0].inside

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        style = given.get("style", "")
        if self.left_out or _is_left_out(tag, given):
            self.left_out += [] if tag in VOID else [tag]
            return
        if kind := _kind(tag, style):
            self._start_part(_Part(tag, kind, f"{given.get('class', '')} {style}"))
        elif not (tag == "a" and OFFICE_LINK.match(given.get("href", ""))):
            if tag in BLOCKS and len(self.parts) == 1:
                self._end_lists()
            self._write(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.left_out:
            if tag in self.left_out:
                while self.left_out.pop() != tag:
                    pass
                return
            if tag not in BLOCKS:
                return
            self.left_out = []  # it was never closed: it ends with what it is in
        inner = [place for place, part in enumerate(self.parts) if part.tag == tag]
        if inner:
            while len(self.parts) > inner[-1]:
                self._end_part()
            return
        if tag == "table":
            self._end_row()
        self._write(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.left_out:
            self._write(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _write(self, piece: str) -> None:
        self.parts[-1].written.append(piece)

    # Parts

    def _start_part(self, part: _Part) -> None:
        if part.kind == "p":
            while self.parts[-1].kind in ("p", "raised", "lowered", "marker"):
                self._end_part()
        elif part.kind == "row":
            self._end_row()
        elif part.kind == "cell":
            while any(open_.kind == "cell" for open_ in self.parts) and self.parts[-1].kind != "row":
                self._end_part()
            if self.parts[-1].kind != "row":
                self.parts.append(_Part("tr", "row"))
        self.parts.append(part)

    def _end_row(self) -> None:
        if any(part.kind == "row" for part in self.parts):
            while self._end_part() != "row":
                pass

    def _end_part(self) -> str:
        part = self.parts.pop()
        above = self.parts[-1]
        if part.kind in ("raised", "lowered"):
            words = html.unescape(TAG.sub("", part.inside)).strip()
            above.written.append(html.escape((raised if part.kind == "raised" else lowered)(words), quote=False))
        elif part.kind == "marker":
            above.marker = html.unescape(TAG.sub("", part.inside)).strip()
        elif part.kind == "cell":
            above.cells.append(part.inside)
        elif part.kind == "row":
            self._write_row(part)
        else:
            self._write_paragraph(part)
        return part.kind

    def _write_row(self, row: _Part) -> None:
        """A paragraph; a table with one column is only there for its looks, so what it holds stays as it is."""
        self._end_lists()
        cells = [_on_one_line(cell) for cell in row.cells]
        self._write(f"<p>{BETWEEN_CELLS.join(cells)}</p>" if len(cells) > 1 else "".join(row.cells) + row.inside)

    def _write_paragraph(self, part: _Part) -> None:
        words, tag = part.inside, ""
        bare = TAG.sub("", words)
        found = BULLET.match(bare) or (NUMBER.match(bare) if LIST_CLASS.search(part.attributes) else None)
        marker = part.marker or (html.unescape(found.group()).strip() if found else "")
        if marker:
            words = _without_start(words, found.end()) if found and not part.marker else words
            tag = "ol" if NUMBER.match(f"{marker} ") else "ul"
        if not tag or len(self.parts) > 1:  # in a cell, a point is only a line
            self._end_lists()
            self._write(f"<p>{words}</p>")
            return
        level = LEVEL.search(part.attributes)
        self._open_point(tag, int(level[1]) if level else 1)
        self._write(words.strip())

    # Word's lists: each point is a paragraph that says how deep it is

    def _open_point(self, tag: str, level: int) -> None:
        while len(self.lists) > max(level, 1) or (len(self.lists) == level and self.lists[-1] != tag):
            self._write(f"</li></{self.lists.pop()}>")
        if len(self.lists) < max(level, 1):
            self.lists.append(tag)
            self._write(f"<{tag}>")
        else:
            self._write("</li>")
        self._write("<li>")

    def _end_lists(self) -> None:
        while self.lists:
            self.parts[0].written.append(f"</li></{self.lists.pop()}>")


def _is_left_out(tag: str, given: dict[str, str]) -> bool:
    style, name = given.get("style", ""), given.get("class", "")
    return tag in LEFT_OUT_TAGS or bool(LEFT_OUT_STYLE.search(style) or COMMENT_CLASS.search(name))


def _kind(tag: str, style: str) -> str:
    if tag == "sup" or RAISED_STYLE.search(style):
        return "raised"
    if tag == "sub" or LOWERED_STYLE.search(style):
        return "lowered"
    if MARKER_STYLE.search(style):
        return "marker"
    return {"p": "p", "tr": "row", "td": "cell", "th": "cell"}.get(tag, "")


def _without_start(words: str, length: int) -> str:
    """The words without so many characters at the start, tags not counted."""
    kept = []
    for piece in re.split(r"(<[^>]*>)", words):
        cut = 0 if piece.startswith("<") else min(length, len(piece))
        kept.append(piece[cut:])
        length -= cut
    return "".join(kept)


def _on_one_line(cell: str) -> str:
    """The words of a cell with the marks inside a line, without its paragraphs and breaks."""
    return " ".join(TAG.sub(lambda tag: " " if tag[1].lower() in BLOCKS | {"br"} else tag.group(), cell).split())
