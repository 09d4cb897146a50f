"""The outbox."""

from datetime import datetime

from django.db import models


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, now: datetime) -> "OutboxQuerySet":
        return self.filter(state=OutboxMessage.WAITING, not_before__lte=now)

    def failed(self) -> "OutboxQuerySet":
        """The mails that the mail server did not take, which somebody has to look into."""
        return self.filter(state=OutboxMessage.FAILED)

    def refused(self) -> "OutboxQuerySet":
        """The mails whose recipient can't be written to, which is no fault of the mail server; and those given up."""
        return self.filter(state=OutboxMessage.REFUSED)

    def undelivered(self) -> "OutboxQuerySet":
        return self.filter(state__in=(OutboxMessage.FAILED, OutboxMessage.REFUSED))

    def unsent_by_state(self) -> dict[str, int]:
        """How many are on the way, and how many could not be delivered."""
        shown = (OutboxMessage.WAITING, OutboxMessage.FAILED, OutboxMessage.REFUSED)
        found = self.filter(state__in=shown).order_by()
        return dict(found.values_list("state").annotate(models.Count("pk")))

    def give_up(self) -> int:
        """They are not tried again. Whoever looks at what caused them still reads that they did not arrive."""
        return self.update(state=OutboxMessage.REFUSED)

    def dismiss(self) -> int:
        return self.update(state=OutboxMessage.DISMISSED)


class OutboxMessage(models.Model):
    """One mail. The recipient is sealed, because a patient's address is one of their answers. The body holds none."""

    WAITING, SENT, FAILED, REFUSED, DISMISSED = "waiting", "sent", "failed", "refused", "dismissed"

    STATES = (WAITING, SENT, FAILED, REFUSED, DISMISSED)

    key = models.CharField(max_length=120, unique=True, help_text="What caused it; each cause sends one mail.")
    recipient = models.BinaryField(help_text="Sealed to the staff key.")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(max_length=10, default=WAITING, choices=[(s, s) for s in STATES])
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(
        max_length=80, blank=True, help_text="Type or number of the last error, never its text."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(db_index=True, help_text="Next attempt; a lease while one is under way.")
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["state"], name="outbox_state")]

    def __str__(self) -> str:
        return f"{self.subject} ({self.state})"
