"""A comment on one block of a draft."""

from django.db import models
from django.db.models import Q

from education.articles.models import Article


class BlockComment(models.Model):
    """It names its block by kind and number, and by its first words: a restored draft has other numbers."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="comments")
    reply_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies")
    block_type = models.CharField(max_length=40)
    block_number = models.PositiveBigIntegerField()
    first_words = models.CharField(max_length=80, help_text="Of the block, when the comment was written.")
    words = models.TextField(max_length=2000)
    written_by = models.CharField(max_length=150, help_text="User name.")
    written_at = models.DateTimeField()
    done_by = models.CharField(max_length=150, blank=True, help_text="User name.")
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by="") | (Q(done_at__isnull=False) & ~Q(done_by="")),
                name="comment_done_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"Comment of {self.written_by}"
