"""A statement about a treatment with its evidence: how sure anyone can be of it, and which studies say so."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from education.articles.content.blocks.base import Block, BlockContent, Renderer, text_areas
from education.articles.content.blocks.markdown import FencedBlock, pair_lines
from education.articles.models import LineField
from education.references.models import citation_key

YES = "yes"
# Four bars beside the grade, filled or not: no two grades look the same, also without color.
BARS = {
    "strong": (1, 1, 1, 1),
    "moderate": (1, 1, 1, 0),
    "low": (1, 1, 0, 0),
    "conflicting": (1, 0, 1, 0),
    "none": (0, 0, 0, 0),
}
MARKDOWN_KEYS = {  # and the fields they stand for
    "text": "text",
    "for": "references_for",
    "against": "references_against",
    "nothing-against": "nothing_against",
    "graded-by": "graded_by",
    "graded-on": "graded_on",
}


def reference_keys(typed: str) -> list[str]:
    """Citation keys however they were typed: one a line or many, bare or as `[@key]`."""
    return list(dict.fromkeys(re.sub(r"\[@|[\],;]", " ", typed).split()))


def known_shape_of_keys(typed: str) -> None:
    for key in reference_keys(typed):
        try:
            citation_key(key)
        except ValidationError as error:
            raise ValidationError(f"“{key}” is not a citation key. {error.message}") from error


class ClaimForm(forms.ModelForm[Any]):
    class Meta:
        widgets = text_areas(text=2, references_for=3, references_against=3)
        help_texts = dict.fromkeys(
            ("references_for", "references_against"), "The key of each study, one a line: “References” lists them."
        )

    def clean_references_for(self) -> str:
        return "\n".join(reference_keys(self.cleaned_data["references_for"]))

    def clean_references_against(self) -> str:
        return "\n".join(reference_keys(self.cleaned_data["references_against"]))


class ClaimBlock(Block):
    class Grade(models.TextChoices):
        STRONG = "strong", "Strong: new studies are unlikely to change this"
        MODERATE = "moderate", "Moderate: new studies may change this"
        LOW = "low", "Low: new studies are likely to change this"
        CONFLICTING = "conflicting", "Conflicting: studies disagree"
        NONE = "none", "None: no study in people can tell"

    class Direction(models.TextChoices):
        HELPS = "helps", "Helps"
        NO_DIFFERENCE = "no-difference", "No difference"
        HARMS = "harms", "Harms"
        UNCLEAR = "unclear", "Unclear"

    block_type = "claim"
    menu_order = 70
    purpose = "What studies say about one treatment, with how sure that is."
    content_fields = (
        "text", "grade", "direction",
        "references_for", "references_against", "nothing_against",
        "graded_by", "graded_on",
    )  # fmt: skip
    list_fields = ("references_for", "references_against")
    word_fields = ("text",)
    fact_fields = ("references_for", "references_against", "graded_by", "graded_on")
    form_class = ClaimForm
    text = LineField("claim", max_length=500, help_text="One plain sentence about what a treatment does.")
    grade = models.CharField("evidence", max_length=12, choices=Grade.choices)
    direction = models.CharField(max_length=14, choices=Direction.choices, help_text="What the treatment does.")
    references_for = models.TextField(
        "studies behind it", blank=True, validators=[known_shape_of_keys], help_text="Citation keys, one a line."
    )
    references_against = models.TextField(
        "studies against it", blank=True, validators=[known_shape_of_keys], help_text="Citation keys, one a line."
    )
    nothing_against = models.BooleanField("We looked, and no contrary study was found", default=False)
    graded_by = LineField(max_length=150, blank=True, help_text="Name and letters after it.")
    graded_on = models.DateField(null=True, blank=True)

    class Meta(Block.Meta):
        verbose_name = "evidence claim"

    def clean(self) -> None:
        if self.nothing_against and reference_keys(self.references_against):
            raise ValidationError(
                {"nothing_against": "You name a study against it. Uncheck this, or remove the study."}
            )

    @classmethod
    def publication_problems(cls, content: BlockContent) -> Iterator[str]:
        """Always empty: the gate has a rule of its own for claims."""
        yield from ()

    def _value(self, name: str) -> Any:
        return reference_keys(getattr(self, name)) if name in self.list_fields else super()._value(name)

    @classmethod
    def texts(cls, content: BlockContent) -> Iterator[str]:
        yield content["text"]
        yield "".join(f"[@{key}]" for name in cls.list_fields for key in content[name])

    @classmethod
    def in_words(cls, content: BlockContent) -> tuple[str, str, str]:
        """How strong the evidence is, what the treatment does, and what such evidence means."""
        labels = dict([*cls.Grade.choices, *cls.Direction.choices])
        grade, _, means = labels.get(content["grade"], "Not graded yet").partition(": ")
        return grade.lower(), labels.get(content["direction"], "Not chosen yet").lower(), means

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        grade, direction, means = cls.in_words(content)
        behind, against = (renderer.studies(content[name]) for name in cls.list_fields)
        decided = content["direction"] != cls.Direction.UNCLEAR
        # Of an open question it would sound as if all that there is spoke for the treatment.
        uncontradicted = bool(behind and decided and content["nothing_against"])
        return {
            "text": renderer.line(content["text"]),
            "grade_words": grade,
            "means": f"{means[:1].upper()}{means[1:]}." if means else "",
            "direction_words": direction,
            "graded_on": date.fromisoformat(content["graded_on"]) if content["graded_on"] else None,
            "has_more": bool(behind or against or content["graded_by"]),
            "found": "Behind it" if decided else "What we found",
            "studies_for": behind,
            "studies_against": against,
            "uncontradicted": uncontradicted,
            "bars": [
                {"x": 9 * n, "y": 12 - 4 * n, "height": 5 + 4 * n, "full": full}
                for n, full in enumerate(BARS.get(content["grade"], ()))
            ],
        }

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        grade, _, direction = fenced.argument.partition(" ")
        if grade not in cls.Grade.values or direction not in cls.Direction.values:
            grades, directions = (" or ".join(choices.values) for choices in (cls.Grade, cls.Direction))
            raise fenced.broken(
                f"::: claim needs its evidence ({grades}) and direction ({directions}) on the same line."
            )
        pairs = fenced.pairs(*MARKDOWN_KEYS)
        content: BlockContent = {"type": cls.block_type, "grade": grade, "direction": direction}
        content |= {field: pairs[key] for key, field in MARKDOWN_KEYS.items()}
        for field in cls.list_fields:
            content[field] = list(dict.fromkeys(content[field].split()))
        content["nothing_against"] = content["nothing_against"] == YES
        return content

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        values = content | {field: " ".join(content[field]) for field in cls.list_fields}
        values["nothing_against"] = YES if content["nothing_against"] else ""
        inside = pair_lines((key, values[field]) for key, field in MARKDOWN_KEYS.items())
        return FencedBlock("claim", f"{content['grade']} {content['direction']}", inside)
