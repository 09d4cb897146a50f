"""Topics, articles and their editions (what the public reads). The blocks of a draft are in blocks.py."""

from typing import Any

from content_editor.models import Region
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from education.clinic.models import Person
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
    shelf = models.TextField(
        "its pages in order",
        blank=True,
        help_text="Addresses as readers should meet the pages, one a line, such as lupus. Others follow by title.",
    )

    class Meta:
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"

    def place(self, slug: str) -> int:
        """Where on the shelf a page stands; those it does not name come after, all in one place."""
        named = lines(self.shelf)
        return named.index(slug) if slug in named else len(named)

    def clean(self) -> None:
        self.shelf = "\n".join(lines(self.shelf))
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
