"""The audit trail, and what the site notes about itself. No foreign keys: an event outlives what it is about."""

from django.db import models

from education.audit.words import in_words
from education.core.text import day_and_time

MAY_SEE_TRAIL = "education.view_auditevent"


class AuditEvent(models.Model):
    """One thing that someone did or saw. Holds no personal data; triggers refuse UPDATE and DELETE."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=150, help_text="User name, or “system”.")
    verb = models.CharField(max_length=40)
    about = models.CharField(max_length=200, blank=True, help_text="What it was done to: a path or a reference.")
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, help_text="Digest of the row before.")
    digest = models.CharField(max_length=64, unique=True, help_text="HMAC of this row and `previous`.")

    class Meta:
        ordering = ["-id"]
        verbose_name, verbose_name_plural = "action", "actions"
        default_permissions = ("view",)
        indexes = [models.Index(fields=["about", "id"], name="audit_about")]

    def __str__(self) -> str:
        return f"{in_words(self.verb)}, {day_and_time(self.at)}"


class InstallationFact(models.Model):
    """What an installation notes about itself, to compare later: until when requests were purged, which host seals with
    which key. `facts.py` reads and writes them. Holds no personal data and no secret.
    """

    name = models.CharField(max_length=200, unique=True)
    value = models.TextField()
    noted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
