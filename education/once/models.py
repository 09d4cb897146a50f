"""Forms that were answered."""

from django.db import models


class AnsweredForm(models.Model):
    """A form that was sent and led to another page. It says neither who sent it nor what was in it."""

    key = models.CharField(max_length=64, unique=True, help_text="A hash of the form with the nonce of its page.")
    answer = models.CharField(max_length=400, blank=True, help_text="The address that it led to.")
    answered_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        default_permissions = ()
