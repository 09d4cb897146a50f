"""Requests and what belongs to them. What a patient wrote is only ever in a sealed column."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from education.consultations import workflow


class Status(models.TextChoices):
    NEW = workflow.NEW, "New"
    CLAIMED = workflow.CLAIMED, "Claimed"
    CONTACTED = workflow.CONTACTED, "Contacted"
    CLOSED = workflow.CLOSED, "Closed"


class Flag(models.IntegerChoices):
    """For staff only. The number is the order of the queue."""

    NONE = 0, "No flag"
    AMBER = 1, "Amber: note it"
    RED = 2, "Red: a clinician first, don’t book"
    URGENT = 3, "Urgent: needs help now"


class RequestQuerySet(models.QuerySet["ConsultationRequest"]):
    def waiting(self) -> "RequestQuerySet":
        """Those that somebody still has to do something about."""
        return self.filter(closed_at__isnull=True)

    def in_queue_order(self) -> "RequestQuerySet":
        """Graver flags first, then who has waited longest."""
        return self.order_by("-flag", "received_at", "id")

    def to_ingest(self) -> "RequestQuerySet":
        return self.filter(ingested_at__isnull=True).order_by("id")

    def due_for_deletion(self, today: date) -> "RequestQuerySet":
        return self.filter(delete_after__lt=today).order_by("id")

    def with_terms(self, digests: list[bytes]) -> "RequestQuerySet":
        """Those whose blind index has every one of these terms."""
        found = self
        for digest in digests:
            found = found.filter(pk__in=BlindIndexEntry.objects.filter(digest=digest).values("request_id"))
        return found


class ConsultationRequest(models.Model):
    """What a patient sent. `sealed` is bound to the reference; nothing else here tells who asked or why."""

    reference = models.CharField(max_length=8, unique=True)
    receipt_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the receipt's token.")
    content_mac = models.CharField(max_length=64, help_text="The answers' HMAC, keyed by the receipt's token.")
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=16, db_index=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NEW)
    flag = models.PositiveSmallIntegerField(choices=Flag.choices, default=Flag.NONE)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField()
    ingested_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    delete_after = models.DateField(db_index=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        permissions = [("work_consultationrequest", "Can claim, note, contact, close and reopen requests")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED, closed_at__isnull=False)
                | (~Q(status=Status.CLOSED) & Q(closed_at__isnull=True)),
                name="request_closed_has_time",
            ),
        ]
        indexes = [
            models.Index(
                F("flag").desc(), "received_at", "id", condition=Q(closed_at__isnull=True), name="request_waiting"
            ),
            models.Index("status", F("flag").desc(), "received_at", "id", name="request_status"),
            models.Index(fields=["id"], condition=Q(ingested_at__isnull=True), name="request_to_ingest"),
        ]

    def __str__(self) -> str:
        return f"Request {self.reference}"

    @property
    def about(self) -> str:
        """How the audit trail names it."""
        return f"request:{self.reference}"

    @property
    def is_closed(self) -> bool:
        return self.status == Status.CLOSED


class BlindIndexEntry(models.Model):
    """One searchable term of a request, as a keyed digest that only the staff side can compute."""

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="index_entries")
    digest = models.BinaryField(max_length=16)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["digest", "request"], name="one_entry_per_term")]


class SealedAmendment(models.Model):
    """What a patient changed or added after sending. Bound to `<reference>/amendment/<number>`."""

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


class SealedNote(models.Model):
    """A note by staff; only ever added. Bound to `<reference>/note/<number>`."""

    request = models.ForeignKey(ConsultationRequest, models.CASCADE, related_name="notes")
    number = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=16, db_index=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="notes_are_numbered")]

    @property
    def bound_to(self) -> str:
        return f"{self.request.reference}/note/{self.number}"
