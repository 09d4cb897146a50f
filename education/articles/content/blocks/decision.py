"""Blocks of a decision aid: options side by side, and questions on what matters to the reader."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import models

from education.articles.content.blocks.base import Block, BlockContent, Renderer, Role
from education.articles.content.blocks.markdown import FencedBlock
from education.articles.content.blocks.table import RowsField, rows_of
from education.articles.content.tables import framed_line
from education.articles.models import LineField


class OptionsBlock(Block):
    class Form(forms.ModelForm[Any]):
        rows = RowsField(
            help_text="One row a line, with | between the cells. The first row names the options: “| | Wait | Ask |”. "
            "Each further row begins with what it tells, then says it of each option. Cells may cite studies as "
            "[@key].",
            grid_help="The first row names the options, from its second cell on. Each further row begins with what it "
            "tells, then says it of each option. Type [@ in a cell to cite a study.",
        )

    block_type = "options"
    menu_order = 104
    purpose = "Choices side by side, with the same said of each."
    own_heading = True
    content_fields = ("title", "rows")
    cited_fields = ("rows",)
    form_class = Form
    roles = Role.CUE
    title = LineField("heading", max_length=120, default="Your options")
    rows = models.JSONField(default=list, help_text="Rows of cells. The first row names the options.")

    class Meta(Block.Meta):
        verbose_name = "options side by side"
        verbose_name_plural = "options side by side"

    @classmethod
    def publication_problems(cls, content: BlockContent) -> Iterator[str]:
        yield from super().publication_problems(content)
        yield from row_problems(content["rows"])

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        """One option after another, as a phone shows them; in wide windows the style sheet puts them side by side."""
        block_id = renderer.new_id(content["title"])
        rows = [renderer.lines(row) for row in content["rows"]]
        names, told = (rows[0][1:], rows[1:]) if rows else ([], [])
        options = [
            {"name": name, "facts": [{"of": row[0], "says": row[place]} for row in told if place < len(row)]}
            for place, name in enumerate(names, start=1)
        ]
        return {"id": block_id, "options": options}

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        return {"type": cls.block_type, "title": fenced.heading(), "rows": rows_of(fenced, fenced.numbered_lines())}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        return FencedBlock("options", content["title"], [framed_line(row) for row in content["rows"]])


def row_problems(rows: list[list[str]]) -> Iterator[str]:
    """Why these rows do not say the same of each option. An option of which less is said looks worse, or harmless."""
    if len(rows) < 2 or len(rows[0]) < 3:
        yield "Name two options or more in the first row, after an empty cell, and tell something of each below."
        return
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]) or not all(row[number == 1 :]):
            yield f"Row {number} does not say something of each option. Fill every cell."


class WhatMattersBlock(Block):
    class Form(forms.ModelForm[Any]):
        rows = RowsField(
            help_text="One question a line, with its answers: “| Would it trouble you? | No | Maybe | Yes |”. "
            "A question without answers gets a field for the reader’s own words.",
            grid="questions",
            grid_help="A row for each question, with its answers in the cells after it. A question without answers "
            "gets a field for the reader’s own words.",
        )

    block_type = "what-matters"
    menu_order = 106
    purpose = "Questions by which readers find out what matters to them. Their answers stay in their browser."
    own_heading = True
    content_fields = ("title", "rows")
    word_fields = ("rows",)
    form_class = Form
    roles = Role.ACTION | Role.TOOL
    title = LineField("heading", max_length=120, default="What matters to you?")
    rows = models.JSONField(default=list, help_text="Rows of cells: a question, and the answers to choose from.")

    class Meta(Block.Meta):
        verbose_name = "what matters to you"
        verbose_name_plural = "what matters to you"

    @classmethod
    def publication_problems(cls, content: BlockContent) -> Iterator[str]:
        yield from super().publication_problems(content)
        for number, row in enumerate(content["rows"], start=1):
            if len(row) == 2 or not all(row):
                yield f"Row {number} needs a question alone, or with two answers or more. Fill every cell."

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        block_id = renderer.new_id(content["title"])
        asked = [{"id": renderer.new_id("asked"), "words": row[0], "answers": row[1:]} for row in content["rows"]]
        return {"id": block_id, "asked": asked}

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        return {"type": cls.block_type, "title": fenced.heading(), "rows": rows_of(fenced, fenced.numbered_lines())}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        return FencedBlock("what-matters", content["title"], [framed_line(row) for row in content["rows"]])
