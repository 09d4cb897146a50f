"""A comment on one block of a draft; and a task, which is a comment for one person with a day."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from education.articles.models import Article


class BlockCommentQuerySet(models.QuerySet["BlockComment"]):
    def open_tasks(self) -> "BlockCommentQuerySet":
        return self.filter(done_at=None).exclude(task_for="").order_by("due_on", "pk")

    def done_tasks(self) -> "BlockCommentQuerySet":
        return self.exclude(done_at=None).exclude(task_for="").order_by("-done_at")


class BlockComment(models.Model):
    """It names its block by kind and number, and by its first words: a restored draft has other numbers.

    Without a kind it is about the whole page, as a task may be.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="comments")
    reply_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies")
    block_type = models.CharField(max_length=40, blank=True)
    block_number = models.PositiveBigIntegerField(default=0)
    first_words = models.CharField(max_length=80, blank=True, help_text="Of the block, when the comment was written.")
    words = models.TextField(max_length=2000)
    written_by = models.CharField(max_length=150, help_text="User name.")
    written_at = models.DateTimeField()
    task_for = models.CharField(max_length=150, blank=True, help_text="User name: whose task it is, if it is one.")
    due_on = models.DateField(null=True)
    done_by = models.CharField(max_length=150, blank=True, help_text="User name.")
    done_at = models.DateTimeField(null=True)

    objects = BlockCommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by="") | (Q(done_at__isnull=False) & ~Q(done_by="")),
                name="comment_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(task_for="", due_on__isnull=True) | (Q(due_on__isnull=False) & ~Q(task_for="")),
                name="comment_task_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"Comment of {self.written_by}"

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.done_at is None and self.due_on < timezone.localdate()
