"""A comment on one block of a draft; and a task, which is a comment for one person with a day."""

from django.db import models
from django.urls import reverse

from education.articles.models import Article
from education.colleagues.models import DONE_BY_SOMEBODY, TASK_HAS_A_DAY, Task, TaskQuerySet


class BlockComment(Task):
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

    objects = TaskQuerySet["BlockComment"].as_manager()

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=DONE_BY_SOMEBODY, name="comment_done_by_somebody"),
            models.CheckConstraint(condition=TASK_HAS_A_DAY, name="comment_task_has_a_day"),
        ]

    def __str__(self) -> str:
        return f"Comment of {self.written_by}"

    @property
    def on_desk(self) -> str:
        return self.words

    @property
    def stands_on(self) -> str:
        return f"“{self.article.title}”"

    @property
    def address(self) -> str:
        return f"{reverse('admin:education_article_review', args=[self.article_id])}#comment-{self.pk}"

    @property
    def done_address(self) -> str:
        return reverse("admin:education_article_comment_done", args=[self.article_id, self.pk])

    @property
    def reopen_address(self) -> str:
        return reverse("admin:education_article_comment_reopen", args=[self.article_id, self.pk])
