"""Blocks of rich text: text itself, care cards, and text that the reader opens."""

from typing import Any

from django.db import models
from django_prose_editor.fields import ProseEditorField

from education.articles.content.blocks.base import Block, BlockContent, Renderer, Role
from education.articles.content.blocks.markdown import FencedBlock
from education.articles.models import LineField
from education.core import richtext
from education.core.html import safe

# Put into an edition where the clinic's emergency line goes, which may change while the edition stays.
EMERGENCY_SLOT = "<!--clinic-emergency-line-->"


def rich_field(*extensions: str, profile: str, **options: Any) -> ProseEditorField:
    """Rich text with these editor tools. What is saved is the canonical form of what `profile` allows."""
    config: dict[str, Any] = dict.fromkeys(("Bold", "Italic", "BulletList", "OrderedList", "ListItem"), True)
    config |= {"HardBreak": True, "Citation": True, "History": True, "Link": {"enableTarget": False}}
    config |= {name: True for name in extensions if name != "Heading"}
    if "Heading" in extensions:
        config["Heading"] = {"levels": [2, 3]}
    return ProseEditorField(
        extensions=config, preset="block", sanitize=lambda source: richtext.canonical_html(source, profile), **options
    )


def markdown_lines(body: str, profile: str) -> list[str]:
    return richtext.to_markdown(body, profile).split("\n")


class TextBlock(Block):
    block_type = "text"
    menu_order = 10
    purpose = "Paragraphs, headings and lists."
    content_fields = cited_fields = ("body",)
    markdown_names = ("", "text")  # without a fence in a file, but where two of them meet
    roles = Role.PROSE
    body = rich_field(
        "Heading",
        profile="text",
        help_text="To cite a study, type [@ and its key right after the full stop, such as [@younger-2013].",
    )

    class Meta(Block.Meta):
        verbose_name = "text"

    @classmethod
    def html(cls, content: BlockContent, renderer: Renderer) -> str:
        """Without a template: there is nothing around the words."""
        return renderer.rich(content["body"], "text")

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        return {"type": cls.block_type, "body": fenced.rich("text")}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        return FencedBlock("text", "", markdown_lines(content["body"], "text"))


class CareCardBlock(Block):
    class Level(models.TextChoices):
        NON_URGENT = "non-urgent", "Non-urgent: see your clinician"
        URGENT = "urgent", "Urgent: get advice today"
        EMERGENCY = "emergency", "Emergency: call now"

    LEVEL_WORDS = {Level.NON_URGENT: "Not urgent:", Level.URGENT: "Urgent:", Level.EMERGENCY: "Emergency:"}

    block_type = "care"
    menu_order = 30
    purpose = "When to call for help at once, get advice today, or make an appointment."
    own_heading = True
    content_fields = ("level", "title", "body")
    cited_fields = ("body",)
    markdown_names = tuple(Level.values)
    roles = Role.CUE | Role.ACTION
    level = models.CharField(max_length=12, choices=Level.choices)
    title = LineField("heading", max_length=120)
    body = rich_field(profile="card", help_text="Emergency cards show the clinic's emergency line by themselves.")

    class Meta(Block.Meta):
        verbose_name = "care card"

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        return {
            "id": renderer.new_id(content["title"]),
            "level_words": cls.LEVEL_WORDS.get(content["level"], ""),
            "body": renderer.rich(content["body"], "card"),
            "emergency_slot": safe(EMERGENCY_SLOT) if content["level"] == cls.Level.EMERGENCY else "",
        }

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        title = fenced.heading()
        body = fenced.rich("card")
        return {"type": cls.block_type, "level": fenced.name, "title": title, "body": body}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        return FencedBlock(content["level"], content["title"], markdown_lines(content["body"], "card"))


class ExpanderBlock(Block):
    block_type = "expander"
    menu_order = 120
    purpose = "A detail that readers open if they want it. Never a warning."
    content_fields = ("title", "body")
    cited_fields = ("body",)
    title = LineField("heading", max_length=120, help_text="Says what will be read after opening it.")
    body = rich_field(profile="card", help_text="Not for warnings: many readers never open it.")

    class Meta(Block.Meta):
        verbose_name = "expander"

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        return {"body": renderer.rich(content["body"], "card")}

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        title = fenced.heading()
        return {"type": cls.block_type, "title": title, "body": fenced.rich("card")}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        return FencedBlock("expander", content["title"], markdown_lines(content["body"], "card"))
