"""Blocks of one point a line: key points, questions, steps, do and don't, known and not known."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import models

from education.articles.content.blocks.base import Block, BlockContent, Renderer, Role, text_areas
from education.articles.content.blocks.markdown import FencedBlock, bullet_lines, step_lines
from education.articles.models import LineField

# True with scripts, where a list to choose from comes up after “[@”, and without.
ONE_A_LINE = "One a line. To cite a study, type [@ and its key right after the full stop, such as [@younger-2013]."


def titled(content: BlockContent, renderer: Renderer, *names: str) -> dict[str, Any]:
    """The context of a template: an id for the heading, and these lists as HTML."""
    return {"id": renderer.new_id(content["title"]), **{name: renderer.lines(content[name]) for name in names}}


class KeyPointsBlock(Block):
    block_type = "key-points"
    menu_order = 20
    purpose = "Three to five things to remember, at the top of the page."
    own_heading = True
    content_fields = cited_fields = list_fields = ("items",)
    roles = Role.SUMMARY | Role.CUE
    items = models.TextField("points", help_text="One a line. The three to five things to remember.")

    class Meta(Block.Meta):
        verbose_name = "key points"
        verbose_name_plural = "key points"

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        return {"items": renderer.lines(content["items"])}

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        return {"type": cls.block_type, "items": fenced.bullets()}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        return FencedBlock("key-points", "", bullet_lines(content["items"]))


class DoDontBlock(Block):
    class Form(forms.ModelForm[Any]):
        class Meta:
            widgets = text_areas(dos=5, donts=5)

    block_type = "do-dont"
    menu_order = 40
    purpose = "What helps, beside what to leave."
    own_heading = True
    content_fields = ("title", "dos", "donts")
    cited_fields = list_fields = ("dos", "donts")
    form_class = Form
    roles = Role.CUE | Role.ACTION
    title = LineField("heading", max_length=120, default="Do and don’t")
    dos = models.TextField("do", blank=True, help_text=f"What helps. {ONE_A_LINE}")
    donts = models.TextField("don’t", blank=True, help_text=f"Each completes “Do not …”. {ONE_A_LINE}")

    class Meta(Block.Meta):
        verbose_name = "do and don’t"
        verbose_name_plural = "do and don’t"

    @classmethod
    def publication_problems(cls, content: BlockContent) -> Iterator[str]:
        yield from super().publication_problems(content)
        if not cls.has_words(content):
            yield "Write at least one thing to do or not to do."

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        return titled(content, renderer, "dos", "donts")

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        title, found = fenced.heading(), fenced.grouped("do", "don't")
        return {"type": cls.block_type, "title": title, "dos": found["do"], "donts": found["don't"]}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        inside = [f"do: {item}" for item in content["dos"]] + [f"don't: {item}" for item in content["donts"]]
        return FencedBlock("do-dont", content["title"], inside)


class QuestionsBlock(Block):
    block_type = "questions"
    menu_order = 50
    purpose = "What a reader can ask at a visit, and take along."
    own_heading = True
    content_fields = ("title", "items")
    cited_fields = list_fields = ("items",)
    roles = Role.ACTION | Role.TOOL
    title = LineField("heading", max_length=120, default="Questions to ask your clinician")
    items = models.TextField("questions", help_text="One a line.")

    class Meta(Block.Meta):
        verbose_name = "questions to ask"
        verbose_name_plural = "questions to ask"

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        return titled(content, renderer, "items")

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        return {"type": cls.block_type, "title": fenced.heading(), "items": fenced.bullets()}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        return FencedBlock("questions", content["title"], bullet_lines(content["items"]))


class StepsBlock(Block):
    block_type = "steps"
    menu_order = 60
    purpose = "Something to do, one step after the other."
    own_heading = True
    content_fields = ("title", "items")
    cited_fields = list_fields = ("items",)
    roles = Role.CUE | Role.ACTION | Role.STEPS
    title = LineField("heading", max_length=120)
    items = models.TextField("steps", help_text="One a line, in order, without numbers.")

    class Meta(Block.Meta):
        verbose_name = "steps"
        verbose_name_plural = "steps"

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        return titled(content, renderer, "items")

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        return {"type": cls.block_type, "title": fenced.heading(), "items": fenced.steps()}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        return FencedBlock("steps", content["title"], step_lines(content["items"]))


class KnownBlock(Block):
    class Form(forms.ModelForm[Any]):
        class Meta:
            widgets = text_areas(known=5, not_known=5)

    block_type = "known"
    menu_order = 80
    purpose = "What studies have shown, beside what nobody knows yet."
    own_heading = True
    content_fields = ("title", "known", "not_known")
    cited_fields = list_fields = ("known", "not_known")
    form_class = Form
    title = LineField("heading", max_length=120, default="What is known, and what is not")
    known = models.TextField("what is known", help_text=ONE_A_LINE)
    not_known = models.TextField("what is not known", help_text=ONE_A_LINE)

    class Meta(Block.Meta):
        verbose_name = "known and not known"
        verbose_name_plural = "known and not known"

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        return titled(content, renderer, "known", "not_known")

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        title, found = fenced.heading(), fenced.grouped("known", "not known")
        return {"type": cls.block_type, "title": title, "known": found["known"], "not_known": found["not known"]}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        known = [f"known: {item}" for item in content["known"]]
        return FencedBlock("known", content["title"], known + [f"not known: {item}" for item in content["not_known"]])
