"""Blocks: the pieces of an article's working draft. Each knows what an edition keeps of it."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from content_editor.models import create_plugin_base
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django_prose_editor.fields import ProseEditorField

from education.articles.models import Article, LineField
from education.core import richtext
from education.core.html import plain
from education.core.text import lines
from education.images.models import Picture
from education.references.models import citation_key

ONE_PICTURE = "Choose a picture or name a drawing: one of them, not both."
ONE_A_LINE = "One a line. Cite a study as [@key], right after the full stop."


def shipped_drawing(name: str) -> None:
    folder = Path(settings.BASE_DIR) / "static" / "drawings"
    shipped = sorted(path.stem for path in folder.glob("*.svg") if "." not in path.stem)
    if name not in shipped:
        raise ValidationError(f"There is no drawing called “{name}”. Use one of: {', '.join(shipped)}.")


def reference_keys(typed: str) -> list[str]:
    """Citation keys however they were typed: one a line or many, bare or as `[@key]`."""
    return list(dict.fromkeys(re.sub(r"\[@|[\],;]", " ", typed).split()))


def known_shape_of_keys(typed: str) -> None:
    for key in reference_keys(typed):
        try:
            citation_key(key)
        except ValidationError as error:
            raise ValidationError(f"“{key}” is not a citation key. {error.message}") from error


class Block(create_plugin_base(Article)):  # type: ignore[misc]
    """One piece of a draft. `content_fields` are all that an edition keeps of it."""

    block_type: ClassVar[str]
    content_fields: ClassVar[tuple[str, ...]]
    list_fields: ClassVar[tuple[str, ...]] = ()  # typed one entry a line
    cited_fields: ClassVar[tuple[str, ...]] = ()  # where a study may be cited, in reading order
    word_fields: ClassVar[tuple[str, ...]] = ()  # without any of these the block says nothing; else the cited ones
    own_heading: ClassVar[bool] = False  # it is drawn with a heading of the second level

    class Meta:
        abstract = True
        ordering = ["ordering"]

    def content(self) -> dict[str, Any]:
        """This block as it stands in canonical content."""
        return {"type": self.block_type, **{name: self._value(name) for name in self.content_fields}}

    def _value(self, name: str) -> Any:
        value = getattr(self, self._meta.get_field(name).attname)
        if name in self.list_fields:
            return lines(value)
        if isinstance(value, date):
            return value.isoformat()
        return "" if value is None else value

    @classmethod
    def from_content(cls, content: dict[str, Any], **where: Any) -> "Block":
        """The reverse of `content`: an unsaved block."""
        values = {cls._meta.get_field(name).attname: cls._raw(name, content[name]) for name in cls.content_fields}
        return cls(**values, **where)

    @classmethod
    def _raw(cls, name: str, value: Any) -> Any:
        if name in cls.list_fields:
            return "\n".join(value)
        return None if value == "" and cls._meta.get_field(name).null else value

    @classmethod
    def texts(cls, content: dict[str, Any]) -> Iterator[str]:
        """Every piece of text in which a study may be cited, in reading order."""
        for name in cls.cited_fields:
            yield from _texts_in(content[name])

    @classmethod
    def has_words(cls, content: dict[str, Any]) -> bool:
        return any(content[name] for name in cls.word_fields or cls.cited_fields)

    @property
    def kind_name(self) -> str:
        return str(self._meta.verbose_name)

    def __str__(self) -> str:
        """Its first words, by which an editor knows one block from another."""
        content = self.content()
        words = content.get("title") or plain(" ".join(self.texts(content))) or content.get("alt") or "empty"
        return Truncator(words).chars(60)


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        return
    for inner in value:
        yield from _texts_in(inner)


def rich_field(*extensions: str, profile: str, **options: Any) -> ProseEditorField:
    """Rich text with these editor tools. What is saved is the canonical form of what `profile` allows."""
    config: dict[str, Any] = dict.fromkeys(("Bold", "Italic", "BulletList", "OrderedList", "ListItem"), True)
    config |= {"HardBreak": True, "History": True, "Link": {"enableTarget": False}}
    config |= {name: True for name in extensions if name != "Heading"}
    if "Heading" in extensions:
        config["Heading"] = {"levels": [2, 3]}
    return ProseEditorField(
        extensions=config, sanitize=lambda source: richtext.canonical_html(source, profile), **options
    )


class TextBlock(Block):
    block_type = "text"
    content_fields = cited_fields = ("body",)
    body = rich_field("Heading", profile="text", help_text="Cite a study as [@key], right after the full stop.")

    class Meta(Block.Meta):
        verbose_name = "text"


class KeyPointsBlock(Block):
    block_type = "key-points"
    own_heading = True
    content_fields = cited_fields = list_fields = ("items",)
    items = models.TextField("points", help_text="One a line. The three to five things to remember.")

    class Meta(Block.Meta):
        verbose_name = "key points"
        verbose_name_plural = "key points"


class CareCardBlock(Block):
    class Level(models.TextChoices):
        NON_URGENT = "non-urgent", "Non-urgent: see your clinician"
        URGENT = "urgent", "Urgent: get advice today"
        EMERGENCY = "emergency", "Emergency: call now"

    block_type = "care"
    own_heading = True
    content_fields = ("level", "title", "body")
    cited_fields = ("body",)
    level = models.CharField(max_length=12, choices=Level.choices)
    title = LineField("heading", max_length=120)
    body = rich_field(profile="card", help_text="Emergency cards show the clinic's emergency line by themselves.")

    class Meta(Block.Meta):
        verbose_name = "care card"


class QuestionsBlock(Block):
    block_type = "questions"
    own_heading = True
    content_fields = ("title", "items")
    cited_fields = list_fields = ("items",)
    title = LineField("heading", max_length=120, default="Questions to ask your clinician")
    items = models.TextField("questions", help_text="One a line.")

    class Meta(Block.Meta):
        verbose_name = "questions to ask"
        verbose_name_plural = "questions to ask"


class DoDontBlock(Block):
    block_type = "do-dont"
    own_heading = True
    content_fields = ("title", "dos", "donts")
    cited_fields = list_fields = ("dos", "donts")
    title = LineField("heading", max_length=120, default="Do and don’t")
    dos = models.TextField("do", blank=True, help_text=f"What helps. {ONE_A_LINE}")
    donts = models.TextField("don’t", blank=True, help_text=f"Each completes “Do not …”. {ONE_A_LINE}")

    class Meta(Block.Meta):
        verbose_name = "do and don’t"
        verbose_name_plural = "do and don’t"

    def clean(self) -> None:
        if not (lines(self.dos) or lines(self.donts)):
            raise ValidationError("Write at least one thing to do or not to do.")


class ClaimBlock(Block):
    """A statement about a treatment, how sure anyone can be of it, and which studies speak for and against it."""

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
    content_fields = (
        "text", "grade", "direction",
        "references_for", "references_against", "nothing_against",
        "graded_by", "graded_on",
    )  # fmt: skip
    list_fields = ("references_for", "references_against")
    word_fields = ("text",)
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

    def _value(self, name: str) -> Any:
        return reference_keys(getattr(self, name)) if name in self.list_fields else super()._value(name)

    @classmethod
    def texts(cls, content: dict[str, Any]) -> Iterator[str]:
        yield content["text"]
        yield "".join(f"[@{key}]" for name in cls.list_fields for key in content[name])

    def clean(self) -> None:
        if self.nothing_against and reference_keys(self.references_against):
            raise ValidationError({"nothing_against": "You name a study against it. Untick this, or remove the study."})


class KnownBlock(Block):
    block_type = "known"
    own_heading = True
    content_fields = ("title", "known", "not_known")
    cited_fields = list_fields = ("known", "not_known")
    title = LineField("heading", max_length=120, default="What is known, and what is not")
    known = models.TextField("what is known", help_text=ONE_A_LINE)
    not_known = models.TextField("what is not known", help_text=ONE_A_LINE)

    class Meta(Block.Meta):
        verbose_name = "known and not known"
        verbose_name_plural = "known and not known"


class FigureBlock(Block):
    block_type = "figure"
    content_fields = ("drawing", "picture", "alt", "caption", "credit")
    cited_fields = ("caption",)
    word_fields = ("drawing", "picture")
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
                condition=Q(drawing="", picture__isnull=False) | (~Q(drawing="") & Q(picture__isnull=True)),
                name="figure_shows_one_thing",
                violation_error_message=ONE_PICTURE,
            )
        ]

    def validate_constraints(self, exclude: Any = None) -> None:
        """The same as the constraint, which would ask the database once for each figure."""
        if bool(self.drawing) == bool(self.picture_id):
            raise ValidationError(ONE_PICTURE)


class TableBlock(Block):
    block_type = "table"
    content_fields = ("caption", "row_headings", "rows")
    cited_fields = ("caption", "rows")
    word_fields = ("rows",)
    caption = LineField(max_length=200, help_text="What the table shows. Stands above it.")
    rows = models.JSONField(default=list, help_text="Rows of cells. The first row holds the headings.")
    row_headings = models.BooleanField("The first column holds headings too", default=False)

    class Meta(Block.Meta):
        verbose_name = "table"

    def clean(self) -> None:
        if len(self.rows) < 2:
            raise ValidationError({"rows": "A table has a row of headings and at least one row below it."})
        width = len(self.rows[0])
        for number, row in enumerate(self.rows, start=1):
            if len(row) != width:
                problem = f"Row {number} has a different number of cells ({len(row)}) from the first ({width})."
                raise ValidationError({"rows": problem})
        if not all(self.rows[0][self.row_headings :]):
            raise ValidationError({"rows": "Each column needs a heading in the first row."})


class StepsBlock(Block):
    block_type = "steps"
    own_heading = True
    content_fields = ("title", "items")
    cited_fields = list_fields = ("items",)
    title = LineField("heading", max_length=120)
    items = models.TextField("steps", help_text="One a line, in order, without numbers.")

    class Meta(Block.Meta):
        verbose_name = "steps"
        verbose_name_plural = "steps"


class ExpanderBlock(Block):
    block_type = "expander"
    content_fields = ("title", "body")
    cited_fields = ("body",)
    title = LineField("heading", max_length=120, help_text="Says what will be read after opening it.")
    body = rich_field(profile="card", help_text="Not for warnings: many readers never open it.")

    class Meta(Block.Meta):
        verbose_name = "expander"


class RiskBlock(Block):
    """A chance as so many dots in 100 or 1,000: for one group, or two beside each other."""

    class Denominator(models.IntegerChoices):
        HUNDRED = 100, "100"
        THOUSAND = 1000, "1,000"

    block_type = "risk"
    content_fields = ("title", "denominator", "first_count", "first_group", "second_count", "second_group")
    cited_fields = ("title",)
    title = LineField("label", max_length=200, help_text="What is counted. Cite the study as [@key] at its end.")
    denominator = models.PositiveSmallIntegerField("out of", choices=Denominator.choices, default=Denominator.HUNDRED)
    first_count = models.PositiveSmallIntegerField("how many")
    first_group = LineField("of whom", max_length=120, help_text="Completes “84 in 100 …”, such as: women on LDN.")
    second_count = models.PositiveSmallIntegerField("to compare: how many", null=True, blank=True)
    second_group = LineField("to compare: of whom", max_length=120, blank=True, help_text="Such as: women on placebo.")

    class Meta(Block.Meta):
        verbose_name = "risk picture"

    def clean(self) -> None:
        for name in ("first_count", "second_count"):
            if (getattr(self, name) or 0) > (self.denominator or 0):
                raise ValidationError({name: f"This is more than {self.denominator:,}."})
        if (self.second_count is None) != (not self.second_group):
            raise ValidationError({"second_group": "To compare, fill in both: how many, and of whom."})


class ClinicBlock(Block):
    """Where the page shows what the clinic's profile says about a visit, as it stands when somebody reads it."""

    block_type = "clinic"
    own_heading = True
    content_fields = word_fields = ("title",)
    title = LineField("heading", max_length=120, default="Facts about a visit")

    class Meta(Block.Meta):
        verbose_name = "facts from the clinic’s profile"
        verbose_name_plural = "facts from the clinic’s profile"


BLOCKS: tuple[type[Block], ...] = (
    TextBlock, KeyPointsBlock, CareCardBlock, DoDontBlock, QuestionsBlock, StepsBlock,
    ClaimBlock, KnownBlock, RiskBlock, TableBlock, FigureBlock, ExpanderBlock, ClinicBlock,
)  # fmt: skip
BLOCK_TYPES = {block.block_type: block for block in BLOCKS}
