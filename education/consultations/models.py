"""Requests and what belongs to them. What a patient wrote is only stored sealed: encrypted to the staff key."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from education.clinic.hours import Hours
from education.clinic.models import ClinicProfile
from education.colleagues.models import DONE_BY_SOMEBODY, IS_TASK, TASK_HAS_A_DAY, Task, TaskQuerySet
from education.consultations import workflow
from education.consultations.workflow import Flag, Status
from education.core.text import in_fours
from education.wording.models import SignedWords, SignedWordsQuerySet


class RequestQuerySet(models.QuerySet["ConsultationRequest"]):
    def waiting(self) -> "RequestQuerySet":
        """The requests that are not finished."""
        return self.filter(closed_at__isnull=True)

    def of_receipt(self, receipt_hash: str) -> "RequestQuerySet":
        """The one with this receipt, without its answers: the public side may not read them, not even sealed."""
        return self.filter(receipt_hash=receipt_hash).defer("sealed")

    def to_ingest(self) -> "RequestQuerySet":
        return self.filter(ingested_at__isnull=True).order_by("id")

    def to_index_again(self, rules: str) -> "RequestQuerySet":
        """The requests that were indexed by other rules. In this form, the database reads them from its index."""
        other = Q(indexed_as__lt=rules) | Q(indexed_as__gt=rules)
        return self.filter(other, ingested_at__isnull=False)

    def with_terms(self, terms: list[list[bytes]]) -> "RequestQuerySet":
        """The requests whose blind index has all of these terms, each given as the digests that it may be stored as."""
        found = self
        for digests in terms:
            found = found.filter(pk__in=BlindIndexEntry.objects.filter(digest__in=digests).values("request_id"))
        return found


class ConsultationRequest(models.Model):
    """What a patient sent. `sealed` is bound to the reference; no other column tells who asked or why."""

    reference = models.CharField(max_length=8, unique=True)
    receipt_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the receipt's token.")
    content_mac = models.CharField(max_length=64, help_text="The answers' HMAC, keyed by the receipt's token.")
    email_mac = models.CharField(
        max_length=64, blank=True, help_text="Whose it is, told at the receipt to withdraw it."
    )
    phone_mac = models.CharField(max_length=650, blank=True, help_text="One for each way to write each number.")
    age_mac = models.CharField(
        max_length=64, blank=True, help_text="Whether the person is under 18, told by the receipt's token."
    )
    contact_from = models.PositiveSmallIntegerField(
        default=0, help_text="The amendment whose contact staff have confirmed; 0 is the contact as first sent."
    )
    sealed = models.BinaryField(blank=True, help_text="Empty once the patient has withdrawn it.")
    key_id = models.CharField(max_length=16, db_index=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NEW)
    flag = models.PositiveSmallIntegerField(choices=Flag.choices, default=Flag.NONE)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When the clinic promised to act, or agreed to call again.")
    ingested_at = models.DateTimeField(null=True, blank=True)
    indexed_as = models.CharField(
        max_length=8, blank=True, db_index=True, help_text="The rules by which it is found. With other rules: again."
    )
    changed_at = models.DateTimeField(auto_now=True)
    contacted_at = models.DateTimeField(null=True, blank=True, help_text="First contact; waiting times come from it.")
    closed_at = models.DateTimeField(null=True, blank=True)
    delete_after = models.DateField(db_index=True)
    is_left_behind = False  # the queue says whether its assignee can't work on it any more

    objects = RequestQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        permissions = [
            ("work_consultationrequest", "Can claim, note, contact, close and reopen requests"),
            ("clinical_consultationrequest", "Can read answers that are for clinicians only"),
            ("export_consultationrequest", "Can export requests"),
            ("erase_consultationrequest", "Can export and erase what is kept about one person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=workflow.FINISHED, closed_at__isnull=False)
                | (~Q(status__in=workflow.FINISHED) & Q(closed_at__isnull=True)),
                name="request_finished_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.WITHDRAWN) | ~Q(key_id=""), name="request_is_sealed_or_withdrawn"
            ),
        ]
        indexes = [
            models.Index(F("flag").desc(), "due_at", "id", condition=Q(closed_at__isnull=True), name="request_waiting"),
            models.Index(fields=["due_at", "id"], condition=Q(closed_at__isnull=True), name="request_due"),
            models.Index("status", F("flag").desc(), "due_at", "id", name="request_status"),
            models.Index(fields=["id"], condition=Q(ingested_at__isnull=True), name="request_to_ingest"),
            models.Index(fields=["-contacted_at"], condition=Q(contacted_at__isnull=False), name="request_contacted"),
        ]

    def __str__(self) -> str:
        return f"Request {self.reference_shown}"

    @property
    def reference_shown(self) -> str:
        return in_fours(self.reference)

    @property
    def about(self) -> str:
        """Its name in the audit trail."""
        return f"request:{self.reference}"

    @property
    def version(self) -> str:
        """What the record's page says it was made from: a button on an older page is refused."""
        return self.changed_at.isoformat()

    @property
    def kept_until(self) -> date:
        """The last day on which it is kept, as it stands now."""
        days = workflow.DAYS_AFTER_CLOSING.get(Status(self.status))
        if days is None or self.closed_at is None:
            return self.delete_after
        return min(self.delete_after, timezone.localdate(self.closed_at) + timedelta(days=days))

    @property
    def is_urgent(self) -> bool:
        return self.flag >= Flag.URGENT

    @property
    def flag_class(self) -> str:
        return Flag(self.flag).css_class

    @property
    def is_finished(self) -> bool:
        return self.status in workflow.FINISHED

    @property
    def is_withdrawn(self) -> bool:
        return self.status == Status.WITHDRAWN

    @property
    def is_due_now(self) -> bool:
        """Nobody has reached yet whoever may need help at once: the time that others are promised says nothing here."""
        return self.is_urgent and self.status in (Status.NEW, Status.CLAIMED)

    @property
    def is_overdue(self) -> bool:
        return not self.is_finished and self.due_at <= timezone.now()


class BlindIndexEntry(models.Model):
    """One searchable term of a request, as a keyed digest that only the staff side can compute."""

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="index_entries")
    digest = models.BinaryField(max_length=16)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["digest", "request"], name="one_entry_per_term")]


class SealedAmendment(models.Model):
    """What a patient sent later: the whole form again, or some text added at the receipt.

    Bound to `<reference>/amendment/<number>`.
    """

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    content_mac = models.CharField(max_length=64)
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=16, db_index=True)
    created_at = models.DateTimeField()
    ingested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="amendments_are_numbered")]
        indexes = [models.Index(fields=["id"], condition=Q(ingested_at__isnull=True), name="amendment_to_ingest")]

    @property
    def bound_to(self) -> str:
        return f"{self.request.reference}/amendment/{self.number}"


class SealedNote(Task):
    """A note by staff; only ever added. Bound to `<reference>/note/<number>`. It may be a task for somebody."""

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="notes")
    number = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=16, db_index=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = TaskQuerySet["SealedNote"].as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="notes_are_numbered"),
            models.CheckConstraint(condition=DONE_BY_SOMEBODY, name="note_done_by_somebody"),
            models.CheckConstraint(condition=TASK_HAS_A_DAY, name="note_task_has_a_day"),
        ]
        indexes = [models.Index(fields=["task_for"], condition=IS_TASK, name="note_tasks")]

    @property
    def bound_to(self) -> str:
        return f"{self.request.reference}/note/{self.number}"

    @property
    def written_by(self) -> str:
        return self.author.get_username() if self.author else ""

    @property
    def on_desk(self) -> str:
        """What is to be done is sealed, and read on the request, where that is recorded."""
        return "Read it on the request"

    @property
    def stands_on(self) -> str:
        return f"request {self.request.reference_shown}"

    @property
    def address(self) -> str:
        return f"{reverse('admin:education_consultationrequest_change', args=[self.request_id])}#note-{self.number}"

    @property
    def done_address(self) -> str:
        return reverse("admin:education_consultationrequest_task_done", args=[self.request_id, self.number])

    @property
    def reopen_address(self) -> str:
        return reverse("admin:education_consultationrequest_task_reopen", args=[self.request_id, self.number])


class KeptAnswers(models.Model):
    """What somebody typed and has not sent, for an hour. Only their page has the secret that opens it, and finds it."""

    key = models.CharField(max_length=64, unique=True, help_text="A hash of the secret.")
    locked = models.BinaryField()
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()


class Erasure(models.Model):
    """A request that was erased or withdrawn, noted in the same transaction: restoring a backup erases it again.

    It names nobody. The list also lies beside the backups (`erasures.py`).
    """

    reference = models.CharField(max_length=8, unique=True)
    erased_on = models.DateField(default=timezone.localdate)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.reference} erased on {self.erased_on}"


class QuestionKind(models.TextChoices):
    """Whether “yes” or “no” raises a flag. The other is harmless."""

    YES = "yes", "“Yes” is the answer to notice"
    NO = "no", "“No” is the answer to notice"


class QuestionQuerySet(SignedWordsQuerySet["ScreeningQuestion"]):
    def asked(self, *, answered: Iterable[str] = ()) -> "QuestionQuerySet":
        """The questions on the form, and any of `answered` that was switched off while somebody filled in the form."""
        return self.filter(Q(active=True) | Q(key__in=answered))


ONLY_CLINICIANS = "Only clinicians see your answer."  # not read out: triage/telephone.py


class ScreeningQuestion(SignedWords):
    """A question whose answers raise flags for staff. It may be edited: each request keeps the question as asked."""

    signed_fields = ("words", "help", "kind")  # the kind says which answer is the harmless one
    key = models.CharField(
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", "Use small letters, digits and _, beginning with a letter.")],
        help_text="A short name, such as “sleep”. It can’t be changed later.",
    )
    words = models.CharField("question", max_length=200, help_text="As the patient reads it.")
    help = models.CharField(
        max_length=400,
        blank=True,
        help_text="One or two plain sentences, or why you ask. If the answer is for clinicians only, say so in these "
        f"words: “{ONLY_CLINICIANS}” On the telephone staff say instead that this holds once the answer is saved.",
    )
    kind = models.CharField(max_length=3, choices=QuestionKind.choices, default=QuestionKind.YES)
    flag_noticed = models.PositiveSmallIntegerField("that answer raises", choices=Flag.choices, default=Flag.AMBER)
    flag_unsure = models.PositiveSmallIntegerField("“I am not sure” raises", choices=Flag.choices, default=Flag.AMBER)
    flag_talk = models.PositiveSmallIntegerField(
        "“I would rather talk about it” raises", choices=Flag.choices, default=Flag.AMBER
    )
    clinicians_only = models.BooleanField(
        "answer for clinicians only", default=False, help_text="Other staff see that it was answered, and the flag."
    )
    active = models.BooleanField("on the form", default=True)
    order = models.PositiveSmallIntegerField(default=100, help_text="Small numbers come first.")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        default_permissions = ("view", "add", "change")

    def __str__(self) -> str:
        return self.words


def desk_hours(clinic: ClinicProfile, pauses: Iterable["IntakePause"]) -> Hours:
    """When the desk answers requests: not on the clinic's days off, and not in these pauses."""
    return Hours.of(clinic, [(pause.begins, pause.last_day) for pause in pauses])


class PauseQuerySet(models.QuerySet["IntakePause"]):
    def desk_hours(self, clinic: ClinicProfile) -> Hours:
        return desk_hours(clinic, self)


class IntakePause(models.Model):
    """A time in which the form accepts no requests and says why."""

    message = models.CharField(
        max_length=300, help_text="What patients read, for example: We are closed until 2 January."
    )
    begins = models.DateField("paused from", default=timezone.localdate)
    until = models.DateField("paused until", null=True, blank=True, help_text="Its last day. Empty: until you set one.")
    ended_at = models.DateTimeField("ended early", null=True, blank=True, editable=False)

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = "pause of the request form"
        verbose_name_plural = "pauses of the request form"
        ordering = ["-begins", "-id"]
        default_permissions = ("view", "add", "change")

    def __str__(self) -> str:
        return f"{self.message[:60]}"

    @property
    def last_day(self) -> date | None:
        """None if nobody knows yet. On the day on which it is ended the form is open again: that day does not count."""
        ended = timezone.localdate(self.ended_at) - timedelta(days=1) if self.ended_at else None
        return min((day for day in (self.until, ended) if day), default=None)

    def holds_on(self, day: date) -> bool:
        return self.begins <= day and (self.last_day is None or day <= self.last_day)


class IntakeCount(models.Model):
    """How often one internet address wrote within an hour. `key` is a keyed hash that changes every day."""

    key = models.CharField(max_length=64)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["key", "hour"], name="one_count_an_hour")]


class ReplyTemplate(models.Model):
    """A mail that staff can send with one tap. It says nothing about health."""

    title = models.CharField(max_length=80, unique=True, help_text="What staff see on the button.")
    subject = models.CharField(max_length=120)
    words = models.TextField(max_length=1500, help_text="No name, no condition, no medicine. The clinic signs below.")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["title"]
        default_permissions = ("view", "add", "change")

    def __str__(self) -> str:
        return self.title
