"""What is public: one row a page, text only, written by whoever publishes."""

from django.db import models


class PageVersion(models.Model):
    """The version of a public page. Readers of this table need nothing else of ours to notice a change."""

    path = models.CharField(max_length=300, unique=True)
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)
    nav_order = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Place in the main navigation; empty for pages that are not in it."
    )

    class Meta:
        ordering = ["path"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.path} v{self.version}"


class PageChange(models.Model):
    """When a page last changed, on the site's one count of changes. Whoever keeps copies of pages compares these.

    A row stays when its page is gone: no copy may be shown any more. `/topic/*` stands for all pages below a topic,
    `*` for every page.
    """

    path = models.CharField(max_length=300, unique=True)
    number = models.PositiveBigIntegerField(db_index=True)
    gone = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.path} at {self.number}"


class ChangeCount(models.Model):
    """One row. Whoever changes a page holds it until the end: numbers become visible in their order."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} changes"


class Redirect(models.Model):
    """Where a page went that used to be at `old`. Asked only when nothing answers there any more."""

    old = models.CharField(max_length=300, unique=True)
    new = models.CharField(max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["old"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~models.Q(old=models.F("new")), name="redirect_leads_elsewhere")
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
