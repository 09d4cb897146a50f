"""What somebody typed on the screen and has not saved."""

from django.conf import settings
from django.db import models


class UnsavedSiteWords(models.Model):
    """What an editor typed on one page of the screen and has not saved, autosaved: one row for each page and editor."""

    page = models.CharField(max_length=40)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form_key = models.CharField(max_length=32, help_text="Of the opened form: no other form may overwrite it.")
    data = models.TextField(help_text="JSON: the form as the browser sent it.")
    autosaved_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "editor"], name="one_unsaved_site_form")]

    def __str__(self) -> str:
        return f"{self.page} by {self.editor_id}"
