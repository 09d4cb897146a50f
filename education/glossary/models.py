"""Terms of the glossary."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from education.core.text import folded, lines
from education.wording.models import SignedWords, SignedWordsQuerySet

slug_shape = RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*$", "Use small letters, digits and single hyphens.")
MAY_SEE_TERMS = "education.view_term"
MAY_ADD_TERMS = "education.add_term"
MAY_EDIT_TERMS = "education.change_term"


class Term(SignedWords):
    """A word, its other forms, and what it means."""

    signed_fields = ("term", "aliases", "definition")
    term = models.CharField(max_length=80, unique=True)
    slug = models.CharField("address", max_length=80, unique=True, validators=[slug_shape])
    aliases = models.TextField(
        "other forms", blank=True, help_text="One a line: plurals, spellings, abbreviations. Pages link these too."
    )
    definition = models.TextField(max_length=400, help_text="One or two plain sentences, without other hard words.")

    objects = SignedWordsQuerySet["Term"].as_manager()

    class Meta:
        ordering = ["term"]

    def __str__(self) -> str:
        return self.term

    def get_absolute_url(self) -> str:
        return f"/glossary/#{self.slug}"

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys([self.term, *lines(self.aliases)]))

    def clean(self) -> None:
        """Refuse a name that another term has: chance would decide which of them a page links to."""
        own = {folded(name) for name in self.names}
        for other in Term.objects.exclude(pk=self.pk):
            shared = own & {folded(name) for name in other.names}
            if shared:
                raise ValidationError({"aliases": f"“{other}” already has {', '.join(sorted(shared))}."})
