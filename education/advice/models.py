"""The list of plain words, and what people judged of a draft."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower

from education.articles.models import Article, LineField
from education.core.text import folded

MAY_EDIT_PLAIN_WORDS = "education.change_plainword"


class PlainWordQuerySet(models.QuerySet["PlainWord"]):
    def like(self, phrase: str) -> "PlainWord | None":
        """The entry for this phrase, however it is written."""
        return next((word for word in self if folded(word.phrase) == folded(phrase)), None)


class PlainWord(models.Model):
    """A phrase with plainer words for it. Without them, it is a name that can't be avoided and is not graded."""

    phrase = LineField(
        max_length=80, unique=True, help_text="As it is written in a sentence. A plural needs its own entry."
    )
    swap = LineField(
        "plainer words", max_length=120, blank=True,
        help_text="Offered to editors. Empty: a name that nothing can replace, so it is left out of the grades.",
    )  # fmt: skip
    why = LineField(max_length=200, blank=True, help_text="For your colleagues.")

    objects = PlainWordQuerySet.as_manager()

    class Meta:
        verbose_name = "plain word"
        ordering = [Lower("phrase")]

    def __str__(self) -> str:
        return self.phrase

    def clean(self) -> None:
        """Allow one entry for each phrase, however it is spelled: with two, chance would decide which one an editor is
        shown.
        """
        if other := PlainWord.objects.exclude(pk=self.pk).like(self.phrase):
            raise ValidationError({"phrase": f"“{other}” is in the list already."})
        if self.swap and folded(self.swap) == folded(self.phrase):
            raise ValidationError({"swap": "These are the same words. Leave it empty if there is nothing plainer."})


class Judgement(models.Model):
    """The last verdict that somebody gave on one PEMAT-P item. It counts for the content it was given for only."""

    class Verdict(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        NOT_APPLICABLE = "n/a", "Does not apply"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    item = models.PositiveSmallIntegerField(help_text="Its number in PEMAT.")
    verdict = models.CharField(max_length=3, choices=Verdict.choices)
    judged_by = models.CharField(max_length=150, help_text="User name.")
    judged_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, help_text="Of the draft it was given for.")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "item"], name="judgement_one_an_item")]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_verdict_display()}, {self.judged_by}"
