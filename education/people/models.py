"""People who write or review pages, as patients see them named, and which pages."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from education.images.models import Picture

MAY_SEE_PEOPLE = "education.view_person"
MAY_ADD_PEOPLE = "education.add_person"


class PersonQuerySet(models.QuerySet["Person"]):
    def reviewers(self) -> "PersonQuerySet":
        """The people who reviewed a page that patients read, with their photographs."""
        return self.filter(credits__part=Credit.Part.REVIEWED).distinct().select_related("photo")

    def team(self) -> "PersonQuerySet":
        """The people whom patients meet at the clinic, with their photographs."""
        return self.filter(on_team=True).select_related("photo")

    def team_or_reviewers(self) -> list["Person"]:
        """The team; while it is empty, the reviewers. One query."""
        reviews = models.Q(credits__part=Credit.Part.REVIEWED)
        found = list(self.filter(models.Q(on_team=True) | reviews).distinct().select_related("photo"))
        return [person for person in found if person.on_team] or found


class Person(models.Model):
    """Someone who writes or reviews pages, as patients see them named."""

    STARTER_LIBRARY = "starter-library"  # slug of the author of starter pages that nobody here has taken over

    slug = models.SlugField("end of the web address", unique=True, help_text="Of their page: /people/…/")
    name = models.CharField(max_length=120)
    credentials = models.CharField(max_length=120, blank=True, help_text="Letters after the name, as registered.")
    role = models.CharField(max_length=200, blank=True)
    disclosure = models.TextField(
        "conflicts of interest",
        max_length=1000,
        blank=True,
        help_text="Who pays or paid this person, and for what. If nothing, write: None to declare.",
    )

    photo = models.ForeignKey(
        Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="From your library of pictures. Cut to a square around its focus. Without one, a drawn figure stands "
        "in its place.",
    )  # fmt: skip
    on_team = models.BooleanField(
        "works at the clinic",
        default=False,
        help_text="Shown on the home page and under “People”, also without having written or reviewed a page.",
    )
    is_example = models.BooleanField(default=False, editable=False, help_text="Invented, and not edited since.")
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        help_text="The staff account with which this person signs pages, if there is one.",
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name, verbose_name_plural = "person", "people"

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.slug])

    @property
    def is_starter_library(self) -> bool:
        return self.slug == self.STARTER_LIBRARY

    @property
    def missing_details(self) -> list[str]:
        """What patients must be told about authors and reviewers and is not on record for this person, in words."""
        required = (("credentials", "credentials"), ("disclosure", "statement on conflicts of interest"))
        return [words for field, words in required if not getattr(self, field)]


class Credit(models.Model):
    """Who wrote or reviewed a published page. Path and title are text, written at publication."""

    class Part(models.TextChoices):
        WROTE = "wrote", "Wrote"
        REVIEWED = "reviewed", "Reviewed"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="credits")
    path = models.CharField(max_length=300, db_index=True)
    title = models.CharField(max_length=200)
    part = models.CharField(max_length=10, choices=Part.choices)

    class Meta:
        ordering = ["title"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["path", "part", "person"], name="credit_once_a_page")]
