"""Topics, articles, their editions (what the public reads) and sign-offs. A draft's blocks are in `content.blocks`."""

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import UTC, date
from typing import Any

from content_editor.models import Region
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from education.articles import workflow
from education.clinic.models import ClinicProfile
from education.core.text import lines, one_line
from education.people.models import Person
from education.wording.models import SignedWords, SignedWordsQuerySet

# First parts of paths that the site itself uses: no topic and no policy may have one of these slugs.
RESERVED_SLUGS = frozenset(
    ["a-z", "contact", "search", "glossary", "references", "people", "request-a-consultation", "my-request",
     "my-questions", "feed", "setup", "health", "admin", "accounts", "media", "static", "es", "sitemap", "robots",
     "theme", "history", "preview", "favicon"]
)  # fmt: skip
MORE = "Below the pages of the topic. A blank line begins a new paragraph."
slug_shape = RegexValidator(
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$", "Use small letters, digits and single hyphens, such as rheumatoid-arthritis."
)


def not_reserved(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(f"“{slug}” is an address of the site itself. Choose another.")


class LineField(models.CharField[str, str]):
    """Text on one line: line breaks and control characters are removed before it is validated or saved."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return one_line(value) if isinstance(value, str) else value

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class Topic(SignedWords):
    """Articles that belong together, with a landing page that lists them."""

    signed_fields = ("title", "summary", "more")
    slug = models.CharField("address", max_length=80, unique=True, validators=[slug_shape, not_reserved])
    title = LineField(max_length=120)
    summary = LineField("introduction", max_length=300, blank=True)
    more = models.TextField("more words", blank=True, max_length=3000, help_text=MORE)
    order = models.PositiveSmallIntegerField(default=10)
    shelf = models.TextField(
        "its pages in order",
        blank=True,
        help_text="Addresses in the order in which readers should see the pages, one a line, such as lupus. "
        "Other pages follow by title.",
    )

    objects = SignedWordsQuerySet["Topic"].as_manager()

    class Meta:
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"

    def in_order(self, pages: Iterable[Any], *, slug: Callable[[Any], str]) -> list[Any]:
        """The pages in the order of `shelf`. Those that it does not list follow in the order in which they came."""
        places = {listed: place for place, listed in enumerate(dict.fromkeys(lines(self.shelf)))}
        return sorted(pages, key=lambda page: places.get(slug(page), len(places)))

    def clean(self) -> None:
        self.shelf = "\n".join(lines(self.shelf))
        if Article.objects.filter(kind=Article.Kind.POLICY, slug=self.slug).exists():
            raise ValidationError({"slug": f"A policy page already lives at /{self.slug}/. Choose another."})


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> "ArticleQuerySet":
        """Live articles. Whoever shows more of them than their rows says of what: a join costs all who don't."""
        return self.filter(current_edition__isnull=False)

    def with_unpublished_changes(self) -> "ArticleQuerySet":
        """Articles whose draft differs from the live edition, or that have no live edition."""
        return self.filter(~Q(draft_sha256=F("current_edition__sha256")) | Q(current_edition__isnull=True))

    def unsigned(self) -> "ArticleQuerySet":
        """Live articles that no clinician has signed: starter pages, and those published in an emergency."""
        return self.published().filter(sign_off__isnull=True)

    def published_in_a_hurry(self) -> "ArticleQuerySet":
        return self.unsigned().filter(current_edition__in=Edition.objects.filter(in_a_hurry=True).order_by())

    def to_sign(self, today: date) -> "ArticleQuerySet":
        """Articles that wait for a clinician: submitted drafts, unsigned live pages, and reviews that are due.

        The edition tells what is live, whatever the draft is at. Starter pages that nobody edited count as submitted;
        a page whose draft is signed waits for its publication.
        """
        live = Q(current_edition__isnull=False) & (Q(sign_off__isnull=True) | Q(review__next_review__lte=today))
        starter = Q(loaded_sha256=F("draft_sha256"), current_edition__isnull=True, withdrawn_at__isnull=True)
        waiting = Q(state=workflow.IN_REVIEW) | live | (starter & ~Q(draft_sha256=""))
        return self.filter(waiting, signature__isnull=True)

    def review_due(self, until: date) -> "ArticleQuerySet":
        """Live articles whose next review is due on or before this day."""
        return self.published().filter(review__in=SignOff.objects.filter(next_review__lte=until).order_by())

    def scheduled(self) -> "ArticleQuerySet":
        return self.filter(state=workflow.SCHEDULED)


class Article(models.Model):
    """One page's identity and its working draft. The public never reads this row: see Edition."""

    class Kind(models.TextChoices):
        CONDITION = "condition", "Condition"
        TREATMENT = "treatment", "Treatment"
        GUIDE = "guide", "Guide"
        POLICY = "policy", "Policy"

    class State(models.TextChoices):
        DRAFT = workflow.DRAFT, "Draft"
        IN_REVIEW = workflow.IN_REVIEW, "In review"
        SIGNED_OFF = workflow.SIGNED_OFF, "Signed off"
        SCHEDULED = workflow.SCHEDULED, "Scheduled"
        PUBLISHED = workflow.PUBLISHED, "Published"
        WITHDRAWN = workflow.WITHDRAWN, "Withdrawn"

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
    written_by_clinic = models.BooleanField("the clinic is the author", default=False)
    current_edition = models.ForeignKey(
        "Edition", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    draft_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    loaded_sha256 = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Draft as loaded from a file."
    )
    updated_at = models.DateTimeField(auto_now=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="Looks after this page, and is told when its review is due.",
    )  # fmt: skip

    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT, editable=False, db_index=True)
    # User names of those who changed the draft since it was last signed: if they sign it, they review their own work.
    writers = models.JSONField(default=list, editable=False)
    signature = models.ForeignKey(
        "SignOff", on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        help_text="Of exactly the draft's content; none while it is unsigned.",
    )  # fmt: skip
    sign_off = models.ForeignKey(
        "SignOff", on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        help_text="Of the live edition's content.",
    )  # fmt: skip
    review = models.ForeignKey(
        "SignOff", on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        help_text="The last full review of the live page, from which its review dates come.",
    )  # fmt: skip
    publish_at = models.DateTimeField(null=True, editable=False, db_index=True)
    publish_reason = models.CharField(max_length=300, blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False, db_index=True)
    time_notice = models.CharField(
        max_length=10, blank=True, editable=False, help_text="Time-based banner last shown: overdue or waited."
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_because = models.CharField(max_length=300, blank=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        indexes = [  # in the order of the admin's list
            models.Index(fields=["title", "-id"], name="article_title"),
            models.Index(fields=["updated_at"], name="article_updated_at"),
            models.Index(fields=["time_notice"], name="article_time_notice"),
        ]
        permissions = [("publish_article", "Can publish articles"), ("sign_article", "Can sign off articles")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=workflow.SCHEDULED, publish_at__isnull=False)
                | (~Q(state=workflow.SCHEDULED) & Q(publish_at__isnull=True)),
                name="article_scheduled_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(workflow.SIGNED_OFF, workflow.SCHEDULED), signature__isnull=False)
                | ~Q(state__in=(workflow.SIGNED_OFF, workflow.SCHEDULED)),
                name="article_signed_has_signature",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(current_edition__isnull=True),
                name="article_withdrawn_is_not_public",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/" if self.kind == self.Kind.POLICY else f"/{self.topic.slug}/{self.slug}/"

    @property
    def author_name(self) -> str:
        """The author's name as patients read it."""
        return ClinicProfile.load().display_name if self.written_by_clinic else str(self.author or "")

    def clean(self) -> None:
        self.aliases = "\n".join(lines(self.aliases))
        if self.written_by_clinic and self.author:
            raise ValidationError({"written_by_clinic": "Choose an author, or the clinic: one of them, not both."})
        if self.kind == self.Kind.POLICY and Topic.objects.filter(slug=self.slug).exists():
            raise ValidationError({"slug": f"The topic /{self.slug}/ already lives there. Choose another."})


class SignOff(models.Model):
    """A clinician's dated approval of one exact content. Database triggers refuse UPDATE and DELETE."""

    class Kind(models.TextChoices):
        FULL = "full", "Full review"
        CHANGE = "change", "This change only"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="sign_offs")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    sha256 = models.CharField(max_length=64, help_text="Of `content`: the signature is for nothing else.")
    content = models.TextField(help_text="Canonical JSON of what was signed.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=300, help_text="As patients read it.")
    signed_by = models.CharField(max_length=150, help_text="User name.")
    signed_at = models.DateTimeField()
    self_reviewed = models.BooleanField(help_text="The signer wrote part of it, read it again, and attested.")
    rests_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", help_text="Of a change: the last full review."
    )
    next_review = models.DateField(null=True, help_text="Of a full review.")

    class Meta:
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["next_review"], name="sign_off_next_review")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="full", rests_on__isnull=True, next_review__isnull=False)
                | Q(kind="change", rests_on__isnull=False, next_review__isnull=True),
                name="sign_off_full_has_date_change_rests",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.name} on {self.signed_at:%Y-%m-%d}"

    @property
    def full_review(self) -> "SignOff":
        """The full review that the dates come from: itself, or the one it rests on."""
        return self.rests_on or self


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
    sign_off = models.ForeignKey(
        SignOff, on_delete=models.PROTECT, null=True, related_name="+", help_text="None: no clinician had signed it."
    )
    in_a_hurry = models.BooleanField(default=False, help_text="Published before a clinician could sign.")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)
    reason = models.CharField(max_length=300, blank=True)
    digest = models.CharField(
        max_length=64, help_text="SHA-256 over the row and its places; the audit trail has it too."
    )

    class Meta:
        ordering = ["-number"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["published_at"], name="edition_in_a_hurry", condition=Q(in_a_hurry=True))]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="edition_number_once")]

    def __str__(self) -> str:
        return f"{self.title}, edition {self.number}"

    def row_digest(self) -> str:
        """What `digest` must be, as SHA-256 in hex."""
        row = [
            *(self.article_id, self.number, self.path, self.title, self.summary, self.content, self.html, self.sha256),
            *(self.author, self.sign_off_id, self.in_a_hurry, self.published_by),
            *(self.published_at.astimezone(UTC).isoformat(), self.reason),
        ]
        if self.places.format > EditionPlaces.ADDED_LATER:
            row += [self.places.format, self.places.data]
        return hashlib.sha256(json.dumps(row, ensure_ascii=False).encode()).hexdigest()


class EditionPlaces(models.Model):
    """What serving must find in an edition's HTML. Triggers refuse UPDATE and DELETE."""

    ADDED_LATER = 1  # the format of editions older than this table: their digest was made without it

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, primary_key=True, related_name="places")
    format = models.PositiveSmallIntegerField()
    data = models.TextField(help_text="JSON, as rendering/places.py reads it.")

    class Meta:
        default_permissions = ()


class DraftVersion(models.Model):
    """The content of a draft after each save that changed it, so that no save can destroy an earlier one."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    sha256 = models.CharField(max_length=64)
    content = models.TextField(help_text="Canonical JSON.")
    saved_by = models.CharField(max_length=150, help_text="User name, or “system”.")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["article", "sha256"], name="draft_version_by_content")]


class UnsavedWriting(models.Model):
    """What somebody typed into the form of a page and has not saved: one row for each page and editor, autosaved."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, related_name="unsaved_writing", help_text="None: a new page."
    )
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form_key = models.CharField(max_length=32, help_text="Of the opened form: no other form may overwrite it.")
    base = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the draft that the form was opened on.")
    data = models.TextField(help_text="JSON: the form as the browser sent it.")
    autosaved_at = models.DateTimeField()

    class Meta:
        ordering = ["-autosaved_at"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["article", "editor"], name="unsaved_writing_once"),
            models.UniqueConstraint(fields=["editor"], condition=Q(article__isnull=True), name="unsaved_new_page_once"),
        ]

    def __str__(self) -> str:
        return f"Writing of {self.editor} that is not saved"


class ReviewNote(models.Model):
    """A note between editors and clinicians about a draft."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="notes")
    words = models.TextField(max_length=2000)
    written_by = models.CharField(max_length=150, help_text="User name.")
    written_at = models.DateTimeField()
    verb = models.CharField(max_length=20, help_text="The verb it was written for: submit or send_back.")

    class Meta:
        ordering = ["-id"]
        default_permissions = ()


class ReviewRun(models.Model):
    """How far a clinician has got in working through the pages that wait for review."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    started_at = models.DateTimeField()
    page = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, related_name="+")
    skipped = models.JSONField(default=list, help_text="Articles left for another time.")

    class Meta:
        default_permissions = ()
