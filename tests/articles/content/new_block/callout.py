"""A block as somebody would add it: this module and the template beside it. Laid among the real ones by a test."""

from typing import Any

from django import forms
from django.db import models

from education.articles.content.blocks.base import Block, BlockContent, Renderer, Role, text_areas
from education.articles.content.blocks.markdown import FencedBlock, bullet_lines
from education.articles.models import LineField


class CalloutBlock(Block):
    class Form(forms.ModelForm[Any]):
        class Meta:
            widgets = text_areas(items=9)

    class Tone(models.TextChoices):
        CALM = "calm", "Calm"
        FIRM = "firm", "Firm"

    block_type = "callout"
    purpose = "Points that stand out."
    menu_order = 35
    own_heading = True
    content_fields = ("tone", "title", "items")
    list_fields = cited_fields = ("items",)
    form_class = Form
    roles = Role.CUE
    tone = models.CharField(max_length=8, choices=Tone.choices)
    title = LineField("heading", max_length=120)
    items = models.TextField("points")

    class Meta(Block.Meta):
        verbose_name = "callout"

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        return {"id": renderer.new_id(content["title"]), "items": renderer.lines(content["items"])}

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        tone, _, title = fenced.needed_argument("a tone and a heading").partition(" ")
        return {"type": cls.block_type, "tone": tone, "title": title, "items": fenced.bullets()}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        return FencedBlock("callout", f"{content['tone']} {content['title']}", bullet_lines(content["items"]))
