"""What every block declares, and what it gets without declaring anything."""

import re
from collections.abc import Iterator
from datetime import date
from enum import Flag, auto
from typing import Any, ClassVar, Protocol

from content_editor.models import create_plugin_base
from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django_prose_editor.fields import ProseEditorField

from education.articles.content.blocks.markdown import FencedBlock
from education.articles.models import Article
from education.core.html import plain
from education.core.text import lines
from education.core.typesetting.html import curved
from education.images.models import Picture
from education.references.actions import CITATION

MAX_TOLD = 2000  # characters of a block, markup included, among which its first words are looked for
HEADING_ENDS = re.compile("</h[23]>")
BlockContent = dict[str, Any]  # one block in canonical content: its type and its content fields


class Role(Flag):
    """What a block does for its reader. Reading advice asks for these; the numbers are the items of PEMAT-P."""

    PROSE = auto()  # is read on from the block before it, if that is prose too
    SUMMARY = auto()  # 11: sums up what matters
    CUE = auto()  # 12: stands out
    PICTURE = auto()  # 15 to 18, 25: shows something
    TABLE = auto()  # 19, 25: is read across
    ACTION = auto()  # 20: names something to do
    STEPS = auto()  # 22: takes what there is to do step by step
    TOOL = auto()  # 23: is something to use or to take along


class Renderer(Protocol):
    """What a block may ask of the page that it is rendered on. `rendering.blocks.PageRenderer` answers."""

    def line(self, words: str) -> SafeString:
        """Plain words as HTML; each study cited as `[@key]` becomes a numbered link."""

    def lines(self, items: list[str]) -> list[SafeString]:
        """`line` for each item."""

    def rich(self, source: str, profile: str) -> SafeString:
        """Rich text, sanitised to `profile`, with ids on its headings and links for its citations."""

    def studies(self, keys: list[str]) -> SafeString:
        """What kinds of studies these are, how large and from when, with numbered links to them."""

    def picture(self, name: str) -> Picture | None:
        """The picture of the library with this name."""

    def new_id(self, words: str) -> str:
        """An HTML id made of these words that nothing else on the page has."""


class Block(create_plugin_base(Article)):  # type: ignore[misc]
    """One block of an article's draft.

    A new block sets `block_type`, `purpose`, `content_fields` and `cited_fields` or `word_fields`, gives its Meta a
    `verbose_name`, and writes `html_context`, `from_markdown`, `to_markdown` and a template named after its type.
    Everything else is optional.
    """

    block_type: ClassVar[str] = ""  # its name in canonical content, and so in signed editions: never renamed
    purpose: ClassVar[str] = ""  # what it is for, in one sentence: the editor offers it with these words
    menu_order: ClassVar[int] = 1000  # its place wherever block types are listed, such as the editor's menu

    # What an edition keeps of it. A field named `picture` holds the name of a picture of the library.
    content_fields: ClassVar[tuple[str, ...]] = ()  # all that is kept, and so all that is signed
    list_fields: ClassVar[tuple[str, ...]] = ()  # typed one entry a line, kept as a list
    cited_fields: ClassVar[tuple[str, ...]] = ()  # where a study may be cited, in reading order
    word_fields: ClassVar[tuple[str, ...]] = ()  # left out of the edition if all are empty; default: the cited fields
    fact_fields: ClassVar[tuple[str, ...]] = ()  # told as “Credit: …”, not read as prose, like fields with choices
    title_field: ClassVar[str] = "title"  # the heading or label it may have
    own_heading: ClassVar[bool] = False  # it is drawn with a heading of the second level

    form_class: ClassVar[type[forms.ModelForm[Any]]] = forms.ModelForm  # in the editor; without a model in its Meta

    markdown_names: ClassVar[tuple[str, ...]] = ()  # what may follow `:::` in a file; default: the block type

    # What reading advice sees
    roles: ClassVar[Role] = Role(0)
    caption_field: ClassVar[str] = ""  # of a picture: what says in words what is shown

    class Meta:
        abstract = True
        ordering = ["ordering"]

    # Content

    def content(self) -> BlockContent:
        """This block as canonical content has it."""
        return {"type": self.block_type, **{name: self._value(name) for name in self.content_fields}}

    def _value(self, name: str) -> Any:
        value = getattr(self, self._meta.get_field(name).attname)
        if name in self.list_fields:
            return lines(value)
        if isinstance(value, date):
            return value.isoformat()
        return "" if value is None else value

    @classmethod
    def from_content(cls, content: BlockContent, **fields: Any) -> "Block":
        """The reverse of `content`: an unsaved block. `fields` are those that content does not hold."""
        values = {cls._meta.get_field(name).attname: cls._raw(name, content[name]) for name in cls.content_fields}
        return cls(**values, **fields)

    @classmethod
    def _raw(cls, name: str, value: Any) -> Any:
        if name in cls.list_fields:
            return "\n".join(value)
        return None if value == "" and cls._meta.get_field(name).null else value

    @classmethod
    def texts(cls, content: BlockContent) -> Iterator[str]:
        """Every text in which a study may be cited, in reading order."""
        for name in cls.cited_fields:
            yield from _texts_in(content[name])

    @classmethod
    def rich_texts(cls, content: BlockContent) -> Iterator[str]:
        """Every text that is HTML, and so may hold links and headings."""
        for name in cls.content_fields:
            if isinstance(cls._meta.get_field(name), ProseEditorField):
                yield content[name]

    @classmethod
    def has_words(cls, content: BlockContent) -> bool:
        """Whether it says anything. A block that says nothing is left out of the edition."""
        return any(content[name] for name in cls.word_fields or cls.cited_fields)

    @classmethod
    def publication_problems(cls, content: BlockContent) -> Iterator[str]:
        """What an editor must still put right in this block before the page may be published, in whole sentences.

        A draft is saved with all of it. Of each block: the fields that are empty and may not stay so.
        """
        for name in cls.content_fields:
            field = cls._meta.get_field(name)
            if not field.blank and content[name] in ("", []):
                yield f"The block “{cls._meta.verbose_name}” has nothing under “{field.verbose_name}”. Fill it in."

    # HTML

    @classmethod
    def html(cls, content: BlockContent, renderer: Renderer) -> str:
        """The block as the page shows it: its template with its content and `html_context` as `block`."""
        context = content | cls.html_context(content, renderer)
        return render_to_string(cls.template_name(), {"block": context})

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        """What the template needs beside the content, or instead of a field of it. Words come out as safe HTML."""
        raise NotImplementedError

    @classmethod
    def template_name(cls) -> str:
        return f"articles/blocks/{cls.block_type}.html"

    # Markdown

    @classmethod
    def fence_names(cls) -> tuple[str, ...]:
        """What may follow `:::` in a file: the `markdown_names`, or else the block type."""
        return cls.markdown_names or (cls.block_type,)

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        """The content of a block in a Markdown file. Raises BrokenSource, by `fenced.broken`."""
        raise NotImplementedError

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        """The reverse of `from_markdown`, always written the same way."""
        raise NotImplementedError

    # Reading advice

    @classmethod
    def is_captioned(cls, content: BlockContent) -> bool:
        return bool(content.get(cls.caption_field))

    @classmethod
    def column_headings(cls, content: BlockContent) -> list[str]:
        """For a table, the heading of each column."""
        return []

    # In the admin

    @property
    def kind_name(self) -> str:
        return str(self._meta.verbose_name)

    def __str__(self) -> str:
        """Its first words, by which an editor tells one block from another."""
        content = self.content()
        told = " ".join(self.texts(content))[:MAX_TOLD]
        words = (
            CITATION.sub("", content.get(self.title_field) or "").strip()
            or plain(HEADING_ENDS.sub(" · ", CITATION.sub("", told))).strip(" ·")
            or content.get("alt")
            or "empty"
        )
        return Truncator(curved(words)).chars(60)


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        return
    for inner in value:
        yield from _texts_in(inner)


def text_areas(**rows: int) -> dict[str, forms.Widget]:
    """Widgets for a form's Meta: for each of these fields a text area with so many rows."""
    return {name: AdminTextareaWidget(attrs={"rows": count}) for name, count in rows.items()}
