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
