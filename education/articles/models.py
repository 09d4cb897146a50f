"""Topics, articles, their blocks (the working draft) and their editions (what the public reads)."""

from pathlib import Path
from typing import Any, ClassVar

from content_editor.models import Region, create_plugin_base
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.text import Truncator
from django_prose_editor.fields import ProseEditorField

from education.clinic.models import Person
from education.core import richtext
from education.core.html import plain
from education.core.text import lines, one_line

# First parts of addresses that belong to the site itself, so neither a topic nor a policy may take them.
RESERVED_SLUGS = frozenset(
    [
        "a-z",
        "search",
        "glossary",
        "references",
        "people",
        "request-a-consultation",
        "my-request",
        "my-questions",
        "feed",
        "setup",
        "health",
        "admin",
        "accounts",
        "media",
        "static",
        "es",
        "sitemap",
        "robots",
        "theme",
        "history",
        "preview",
        "favicon",
    ]
)
slug_shape = RegexValidator(
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$", "Use small letters, digits and single hyphens, such as rheumatoid-arthritis."
)


def not_reserved(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(f"“{slug}” is an address of the site itself. Choose another.")


def shipped_drawing(name: str) -> None:
    folder = Path(settings.BASE_DIR) / "static" / "drawings"
    shipped = sorted(path.stem for path in folder.glob("*.svg") if "." not in path.stem)
    if name not in shipped:
        raise ValidationError(f"There is no drawing called “{name}”. Use one of: {', '.join(shipped)}.")


class LineField(models.CharField[str, str]):
    """Text on one line: what breaks lines or files is gone before it is checked or kept."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return one_line(value) if isinstance(value, str) else value

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class Topic(models.Model):
    """A shelf of articles with its own landing page."""

    slug = models.CharField("address", max_length=80, unique=True, validators=[slug_shape, not_reserved])
    title = LineField(max_length=120)
    summary = LineField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=10)

    class Meta:
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"

    def clean(self) -> None:
        if Article.objects.filter(kind=Article.Kind.POLICY, slug=self.slug).exists():
            raise ValidationError({"slug": f"A policy page already lives at /{self.slug}/. Choose another."})


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> "ArticleQuerySet":
        return self.filter(current_edition__isnull=False).select_related("current_edition", "topic")

    def with_unpublished_changes(self) -> "ArticleQuerySet":
        """Drafts that differ from what the public reads, or that were never published."""
        return self.filter(~Q(draft_sha256=F("current_edition__sha256")) | Q(current_edition__isnull=True))

    def not_reviewed(self) -> "ArticleQuerySet":
        return self.published().filter(current_edition__reviewer="")


class Article(models.Model):
    """One page's identity and its working draft. The public never reads this row: see Edition."""

    class Kind(models.TextChoices):
        CONDITION = "condition", "Condition"
        TREATMENT = "treatment", "Treatment"
        GUIDE = "guide", "Guide"
        POLICY = "policy", "Policy"

    regions = [Region(key="main", title="Page")]

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="articles")
    slug = models.CharField("address", max_length=120, unique=True, validators=[slug_shape, not_reserved])
    title = LineField(max_length=150)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.GUIDE)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default="en")
    aliases = models.TextField(
        "other names", blank=True, help_text="What else people type into search. One a line, such as RA."
    )
    summary = LineField(max_length=300, blank=True, help_text="One or two sentences, shown in lists and search.")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="articles")
    current_edition = models.ForeignKey(
        "Edition", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    draft_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    loaded_sha256 = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Draft as loaded from a file."
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        permissions = [("publish_article", "Can publish articles")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/" if self.kind == self.Kind.POLICY else f"/{self.topic.slug}/{self.slug}/"

    @property
    def has_unpublished_changes(self) -> bool:
        return not self.current_edition or self.current_edition.sha256 != self.draft_sha256

    def clean(self) -> None:
        self.aliases = "\n".join(lines(self.aliases))
        if self.kind == self.Kind.POLICY and Topic.objects.filter(slug=self.slug).exists():
            raise ValidationError({"slug": f"The topic /{self.slug}/ already lives there. Choose another."})


class Edition(models.Model):
    """An immutable, numbered publication. Triggers refuse UPDATE and DELETE, so this row proves what patients read."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    path = models.CharField(max_length=300)
    title = models.CharField(max_length=150)
    summary = models.CharField(max_length=300, blank=True)
    content = models.TextField(help_text="Canonical JSON: sorted keys, UTF-8, no floats.")
    html = models.TextField(help_text="Rendered once, at publication.")
    sha256 = models.CharField(max_length=64, help_text="Of `content`.")
    author = models.CharField(max_length=300, blank=True)
    reviewer = models.CharField(max_length=300, blank=True, help_text="Empty: not yet reviewed by a clinician.")
    reviewed_on = models.DateField(null=True, blank=True)
    next_review = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-number"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="edition_number_once")]

    def __str__(self) -> str:
        return f"{self.title}, edition {self.number}"


class Block(create_plugin_base(Article)):  # type: ignore[misc]
    """One piece of a draft. `content_fields` are all that an edition keeps of it."""

    block_type: ClassVar[str]
    content_fields: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True
        ordering = ["ordering"]

    def content(self) -> dict[str, Any]:
        """This block as it stands in canonical content."""
        return {"type": self.block_type, **{name: self._value(name) for name in self.content_fields}}

    def _value(self, name: str) -> Any:
        value = getattr(self, name)
        return lines(value) if name == "items" else value

    @classmethod
    def from_content(cls, content: dict[str, Any], **where: Any) -> "Block":
        """The reverse of `content`: an unsaved block."""
        values = {name: content[name] for name in cls.content_fields}
        if "items" in values:
            values["items"] = "\n".join(values["items"])
        return cls(**values, **where)

    def __str__(self) -> str:
        """Its first words, by which an editor knows one block from another."""
        content = self.content()
        words = content.get("title") or " ".join(content.get("items", [])) or plain(content.get("body", ""))
        return Truncator(words or "empty").chars(60)


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
    content_fields = ("body",)
    body = rich_field("Heading", profile="text", help_text="Cite a study as [@key], right after the full stop.")

    class Meta(Block.Meta):
        verbose_name = "text"


class KeyPointsBlock(Block):
    block_type = "key-points"
    content_fields = ("items",)
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
    content_fields = ("level", "title", "body")
    level = models.CharField(max_length=12, choices=Level.choices)
    title = LineField("heading", max_length=120)
    body = rich_field(profile="card", help_text="Emergency cards show the clinic's emergency line by themselves.")

    class Meta(Block.Meta):
        verbose_name = "care card"


class QuestionsBlock(Block):
    block_type = "questions"
    content_fields = ("title", "items")
    title = LineField("heading", max_length=120, default="Questions to ask your clinician")
    items = models.TextField("questions", help_text="One a line.")

    class Meta(Block.Meta):
        verbose_name = "questions to ask"
        verbose_name_plural = "questions to ask"


class FigureBlock(Block):
    block_type = "figure"
    content_fields = ("drawing", "alt", "caption", "credit")
    drawing = models.CharField(max_length=80, validators=[shipped_drawing], help_text="Name of a drawing of the site.")
    alt = LineField("text alternative", max_length=500, help_text="Says what the drawing shows.")
    caption = LineField(max_length=300, blank=True)
    credit = LineField(max_length=120, blank=True)

    class Meta(Block.Meta):
        verbose_name = "figure"


BLOCKS: tuple[type[Block], ...] = (TextBlock, KeyPointsBlock, CareCardBlock, QuestionsBlock, FigureBlock)
BLOCK_TYPES = {block.block_type: block for block in BLOCKS}
