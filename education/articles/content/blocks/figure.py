"""A picture of the library or a drawing that comes with the site, with a text alternative and a caption."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html

from education.articles.content.blocks.base import Block, BlockContent, Renderer, Role, text_areas
from education.articles.content.blocks.markdown import FencedBlock, pair_lines
from education.articles.models import LineField
from education.images.drawings import shipped
from education.images.models import Picture

ONE_PICTURE = "Choose a picture or a drawing: one of them, not both."
MARKDOWN_KEYS = ("alt", "caption", "credit")


def shipped_drawing(name: str) -> None:
    if name not in shipped():
        raise ValidationError(f"There is no drawing called “{name}”. Use one of: {', '.join(shipped())}.")


class FigureForm(forms.ModelForm[Any]):
    """Words left empty are copied from the picture, so that an edition keeps what the page showed."""

    class Meta:
        widgets = text_areas(alt=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "alt" in self.fields:
            self.fields["alt"].required = False
            self.fields["alt"].help_text += " Left empty, a picture’s own words are taken."
        if "drawing" in self.fields:
            self._offer_drawings(self.fields["drawing"])

    def _offer_drawings(self, field: forms.Field) -> None:
        field.help_text = format_html(
            "Or a drawing of the site, with the words that stand in it. For other words, add a picture of your own. "
            '<a href="{}" target="_blank">See all drawings</a>',
            reverse("drawings"),
        )
        kept = self["drawing"].value()  # even if it is shipped no longer: saving must not lose it
        titles = {drawing.name: drawing.title for drawing in shipped().values()}
        choices = {"": "No drawing", **({kept: kept} if kept else {}), **titles}
        field.widget = forms.Select(choices=list(choices.items()))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        picture = data.get("picture")
        for name in ("alt", "caption", "credit") if picture else ():
            data[name] = data.get(name) or getattr(picture, name)
        return data


class FigureBlock(Block):
    block_type = "figure"
    menu_order = 64
    purpose = "A drawing or a picture of the library, with a caption."
    content_fields = ("drawing", "picture", "alt", "caption", "credit")
    cited_fields = ("caption",)
    word_fields = ("drawing", "picture", "alt", "caption", "credit")
    fact_fields = ("drawing", "picture", "credit")
    form_class = FigureForm
    markdown_names = ("figure", "picture")
    roles = Role.PICTURE
    caption_field = "caption"
    picture = models.ForeignKey(
        Picture, to_field="name", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="From your library of pictures.",
        error_messages={"invalid": "There is no picture called “%(value)s”. Upload it under Pictures first."},
    )  # fmt: skip
    drawing = models.CharField(
        max_length=80, blank=True, validators=[shipped_drawing], help_text="Or the name of a drawing of the site."
    )
    alt = LineField("text alternative", max_length=500, help_text="Says what is to be seen, for those who can’t see.")
    caption = LineField(max_length=300, blank=True)
    credit = LineField(max_length=120, blank=True)

    class Meta(Block.Meta):
        verbose_name = "figure"
        constraints = [
            models.CheckConstraint(
                condition=Q(drawing="") | Q(picture__isnull=True),
                name="figure_shows_no_two_things",
                violation_error_message=ONE_PICTURE,
            )
        ]

    def validate_constraints(self, exclude: Any = None) -> None:
        """The same as the constraint, which would ask the database once for each figure."""
        if self.drawing and self.picture_id:
            raise ValidationError(ONE_PICTURE)

    @classmethod
    def publication_problems(cls, content: BlockContent) -> Iterator[str]:
        if not (content["drawing"] or content["picture"]):
            yield "A figure shows nothing yet. Choose a picture or a drawing."
        if not content["alt"]:
            yield "A figure has no text alternative. Say what is to be seen."

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        return {"picture": renderer.picture(content["picture"]), "caption": renderer.line(content["caption"])}

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        kind = "a picture of the library" if fenced.name == "picture" else "a drawing"
        name = fenced.needed_argument(f"the name of {kind}")
        shown = {"drawing": "", "picture": name} if fenced.name == "picture" else {"drawing": name, "picture": ""}
        return {"type": cls.block_type, **shown, **fenced.pairs(*MARKDOWN_KEYS)}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        inside = pair_lines((key, content[key]) for key in MARKDOWN_KEYS)
        name = "picture" if content["picture"] else "figure"
        return FencedBlock(name, content["picture"] or content["drawing"], inside)
