"""Public pages: one row each, text only, written by whoever publishes."""

from django.db import models

MAX_PATH = 300  # characters


class PageVersion(models.Model):
    """The version of a public page. Whoever reads this table needs no other to notice a change."""

    path = models.CharField(max_length=MAX_PATH, unique=True)
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)
    nav_order = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Place in the main navigation; empty for pages that are not in it."
    )

    class Meta:
        ordering = ["path"]
        default_permissions = ()
        indexes = [models.Index(fields=["-changed_at"], name="page_version_changed_at")]

    def __str__(self) -> str:
        return f"{self.path} v{self.version}"


class PageChange(models.Model):
    """The number of the last change of a page, in one count for the whole site. Page caches compare these numbers.

    The row stays when its page is gone, so that no cached copy is shown any more. `/topic/*` stands for every page of a
    topic, `*` for every page. The path may also be that of a picture that was deleted.
    """

    path = models.CharField(max_length=MAX_PATH, unique=True)
    number = models.PositiveBigIntegerField(db_index=True)
    gone = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.path} at {self.number}"


class ChangeCount(models.Model):
    """The number of the last change, in one row. A transaction that changes a page locks it to the end, so that numbers
    become visible in order.
    """

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} changes"


class PageLink(models.Model):
    """The published page at `path` links to the address `to`, whether a page is there or not."""

    path = models.CharField(max_length=MAX_PATH, db_index=True)
    to = models.CharField(max_length=MAX_PATH, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.path} → {self.to}"


class Redirect(models.Model):
    """The new address of a page that used to be at `old`. Looked up only when there is no page at an address."""

    old = models.CharField(max_length=MAX_PATH, unique=True)
    new = models.CharField(max_length=MAX_PATH)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["old"]
        default_permissions = ()
        verbose_name = "moved address"
        verbose_name_plural = "moved addresses"
        constraints = [
            models.CheckConstraint(condition=~models.Q(old=models.F("new")), name="redirect_leads_elsewhere")
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
