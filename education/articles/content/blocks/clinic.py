"""Where the page shows what the clinic's profile says about a visit when somebody reads it."""

from typing import Any

from education.articles.content.blocks.base import Block, BlockContent, Renderer
from education.articles.content.blocks.markdown import FencedBlock
from education.articles.models import LineField
from education.core.html import safe

FACTS_SLOT = "<!--clinic-facts-->"  # put into an edition where the facts go


class ClinicBlock(Block):
    block_type = "clinic"
    menu_order = 130
    purpose = "Hours, fees or directions, as the clinic’s profile has them."
    own_heading = True
    content_fields = word_fields = ("title",)
    title = LineField("heading", max_length=120, default="Facts about a visit")

    class Meta(Block.Meta):
        verbose_name = "facts from the clinic’s profile"
        verbose_name_plural = "facts from the clinic’s profile"

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        return {"id": renderer.new_id(content["title"]), "facts_slot": safe(FACTS_SLOT)}

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        if fenced.inside.strip():
            raise fenced.broken("Inside ::: clinic there is nothing: its facts come from the clinic’s profile.")
        return {"type": cls.block_type, "title": fenced.heading()}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        return FencedBlock("clinic", content["title"], [])
