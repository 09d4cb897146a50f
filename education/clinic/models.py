"""The clinic's own profile (one row; what is unset prints nothing anywhere), and its bulletins."""

from collections.abc import Iterator
from datetime import date, time
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator

from education.clinic import colors, help_lines
from education.clinic.countries import COUNTRIES, DEFAULT_COUNTRY
from education.clinic.examples import invented
from education.clinic.help_lines import Help, HelpKind
from education.core.contact import telephone
from education.core.contact.telephone import Telephone
from education.images.models import Picture
from education.wording.models import SignedWords, SignedWordsQuerySet

ONLY_ROW = 1
MAY_EDIT_PROFILE = "education.change_clinicprofile"


class MissingField(NamedTuple):
    """A profile field that the clinic has not filled in yet, and the words that ask for it."""

    field: str
    words: str


EXPECTED = (
    MissingField("name", "Your clinic’s name"),
    MissingField("telephone", "A telephone number that patients may call"),
    MissingField("help_lines", "Whom to call in an emergency"),
    MissingField("reply_promise", "When patients can expect a reply"),
    MissingField("opening_hours", "Your opening hours"),
)
NEEDED_FOR_REQUESTS = ("name", "telephone", "help_in_an_emergency")
VISIT_FIELDS = ("who_we_see", "address", "directions", "opening_hours", "fees", "insurance", "good_faith_estimate")

working_days = RegexValidator(r"^(?=[1-7])1?2?3?4?5?6?7?$", "Choose at least one working day.")


class ClinicProfile(SignedWords):
    signed_fields = ("help_lines", "emergency_words", "crisis_words", "who_we_see")

    name = models.CharField(max_length=120, blank=True, help_text="As patients know you. Shown on every page.")
    country = models.CharField(
        max_length=2,
        choices=COUNTRIES,
        default=DEFAULT_COUNTRY,
        help_text="Telephone numbers without a country code are read as numbers of this country.",
    )
    region = models.CharField(
        "state or region",
        max_length=6,
        blank=True,
        help_text="Its short form, for example CA for California: some public holidays are kept in one region only.",
    )
    telephone = models.CharField(
        max_length=80,
        blank=True,
        help_text="If it is empty, no number is shown. An extension may follow as “ext 12”, a second number after a "
        "comma.",
    )
    email = models.EmailField("public e-mail", blank=True, help_text="Shown to everyone. Not where requests are sent.")
    address = models.TextField(max_length=500, blank=True)
    opening_hours = models.TextField(max_length=500, blank=True, help_text="One line for each, as it should appear.")
    help_lines = models.JSONField("lines for an emergency or a crisis", default=list, blank=True)
    emergency_words = models.CharField(
        "more words for an emergency",
        max_length=200,
        blank=True,
        help_text="Shown after the lines above, for example: Or go to the nearest emergency department. A number in "
        "these words can’t be tapped: put it into a line.",
    )
    crisis_words = models.CharField(
        "more words for a crisis",
        max_length=200,
        blank=True,
        help_text="Shown after the lines for a crisis. A number in these words can’t be tapped: put it into a line.",
    )
    reply_promise = models.CharField(
        max_length=200, blank=True, help_text="One line, for example: We reply within two working days."
    )
    reply_working_days = models.PositiveSmallIntegerField(
        "reply within (working days)",
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text="A request that waits longer is shown as overdue.",
    )
    working_days = models.CharField(max_length=7, default="12345", validators=[working_days])
    opens_at = models.TimeField("the desk opens at", default=time(9))
    closes_at = models.TimeField("the desk closes at", default=time(17))
    closed_days = models.JSONField("days on which you are closed", default=list, blank=True)
    closed_on_holidays = models.BooleanField(
        "closed on public holidays",
        default=True,
        help_text="Those of your country, and of your state or region if you name it above.",
    )
    who_we_see = models.TextField(max_length=1000, blank=True, help_text="Whom you treat, and whom you don’t.")
    directions = models.TextField(
        max_length=1000, blank=True, help_text="Bus, parking, entrance, elevator, and how to visit by video."
    )
    fees = models.TextField(max_length=1000, blank=True, help_text="What a first and a later visit cost.")
    insurance = models.TextField(max_length=1000, blank=True, help_text="Which plans you take, or that you take none.")
    good_faith_estimate = models.TextField(
        max_length=1000, blank=True, help_text="How patients who pay themselves get a written estimate beforehand."
    )
    retention_days = models.PositiveSmallIntegerField(
        "keep requests for (days)",
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text="A request is deleted this many days after it came in.",
    )
    review_months = models.PositiveSmallIntegerField(
        "review each page every (months)",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
        help_text="A clinician’s full review holds no longer than this.",
    )
    second_person_signs = models.BooleanField(
        "whoever changed a page may not sign it",
        default=False,
        help_text="If checked, a second person must sign. If not, clinicians may sign their own changes after reading "
        "them again, and the page says so.",
    )
    accent = models.CharField(
        "accent color", max_length=7, default=colors.DEFAULT_ACCENT, help_text="Used for links and buttons."
    )
    map_picture = models.ForeignKey(
        Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="map or photograph",
        help_text="From your library of pictures: where you are, or your entrance. Shown on the contact page.",
    )  # fmt: skip
    logo = models.FileField(upload_to="logo", blank=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SignedWordsQuerySet["ClinicProfile"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "clinic profile"
        default_permissions = ("change",)
        constraints = [models.CheckConstraint(condition=models.Q(pk=ONLY_ROW), name="only_one_clinic_profile")]

    def __str__(self) -> str:
        return self.display_name

    @classmethod
    def load(cls) -> "ClinicProfile":
        """The one profile as patients read it; an empty one before staff have filled it in. Not to be saved."""
        try:  # two small queries take half the time of one with all
            return cls.objects.get(pk=ONLY_ROW).in_public_words()
        except cls.DoesNotExist:
            return cls(pk=ONLY_ROW)

    @classmethod
    def as_written(cls) -> "ClinicProfile":
        """The profile as staff wrote it, to be edited: with words that still wait for a signature."""
        return cls.objects.filter(pk=ONLY_ROW).first() or cls(pk=ONLY_ROW)

    def in_public_words(self) -> "ClinicProfile":
        """With the words that a clinician signed. Until there are any, the help numbers are those that the site knows
        for the country.
        """
        super().in_public_words()
        if "help_lines" not in self.public_words():
            self.help_lines = help_lines.of_country(self.country)
        return self

    @property
    def display_name(self) -> str:
        return self.name or "This clinic"

    @cached_property
    def numbers(self) -> list[Telephone]:
        """The telephone as patients read and dial it."""
        return telephone.read(self.telephone, self.country)

    @property
    def telephone_shown(self) -> str:
        """The same for a sentence in a mail."""
        return telephone.shown(self.numbers)

    @property
    def number_to_dial(self) -> Telephone | None:
        """The first number that a phone can dial, for a button."""
        return next((number for number in self.numbers if number.tel), None)

    @property
    def initials(self) -> str:
        """The initials of the first two words of the clinic's name, for the mark shown where there is no logo."""
        return "".join(word[0] for word in self.display_name.split()[:2]).upper()

    @property
    def help(self) -> list[Help]:
        """Whom to call or text when it can’t wait, by need: the one place that everything printed comes from."""
        words = {HelpKind.EMERGENCY: self.emergency_words, HelpKind.CRISIS: self.crisis_words}
        return help_lines.grouped(help_lines.read(self.help_lines), words)

    @property
    def help_in_an_emergency(self) -> Help | None:
        return next((need for need in self.help if need.kind == HelpKind.EMERGENCY), None)

    @property
    def has_custom_accent(self) -> bool:
        return self.accent.lower() != colors.DEFAULT_ACCENT

    @property
    def accent_css(self) -> str:
        """A CSS rule with the tones of the clinic's own accent color; empty for the default color."""
        if not self.has_custom_accent:
            return ""
        return f"html:root {{ {colors.tones(self.accent).css()} }}"

    @property
    def logo_url(self) -> str:
        name = self.logo.name or ""
        return reverse("clinic_logo", args=[name.rpartition("/")[2]]) if name else ""

    @property
    def has_visit_facts(self) -> bool:
        return any(getattr(self, field) for field in VISIT_FIELDS)

    @property
    def ready_for_requests(self) -> bool:
        """Whether the request form may open outside a trial: patients must know whom they ask and whom to ring."""
        return all(getattr(self, field) for field in NEEDED_FOR_REQUESTS) and not self.example_fields

    @property
    def example_fields(self) -> list[str]:
        """The fields that still hold what the invented clinic of a trial says there."""
        return [name for name, words in invented.clinic()["profile"].items() if getattr(self, name) == words]

    def missing_fields(self) -> list[MissingField]:
        """A line for an emergency is asked for even where there are words: only a line can be tapped."""
        invented_here = self.example_fields
        return [lack for lack in EXPECTED if not getattr(self, lack.field) or lack.field in invented_here]

    def clean(self) -> None:
        super().clean()
        self.__dict__.pop("numbers", None)
        self.accent = self.accent.lower()
        if problems := dict(self._problems()):
            raise ValidationError(problems)

    def _problems(self) -> Iterator[tuple[str, str]]:
        if problem := telephone.problem_with(self.telephone, self.country):
            yield "telephone", f"{problem} {telephone.EXAMPLES}"
        if problem := colors.accent_problem(self.accent):
            yield "accent", problem
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            yield "closes_at", "The desk would close before it opens."


class BulletinQuerySet(SignedWordsQuerySet["Bulletin"]):
    def not_ended(self, day: date) -> "BulletinQuerySet":
        return self.filter(models.Q(until=None) | models.Q(until__gte=day))

    def shown_on(self, day: date) -> "BulletinQuerySet":
        return self.not_ended(day).filter(begins__lte=day)

    def with_stale_pages(self, day: date) -> "BulletinQuerySet":
        """Bulletins that began or ended since their page was last marked stale."""
        shown = self.shown_on(day).values("pk")
        return self.filter(models.Q(was_shown=False, pk__in=shown) | models.Q(~models.Q(pk__in=shown), was_shown=True))


class Bulletin(SignedWords):
    """A dated note at the top of a page, for news that can't wait for its next review."""

    signed_fields = ("words",)
    path = models.CharField("page", max_length=300, db_index=True)
    words = models.CharField(
        "what patients should know", max_length=500, help_text="Plain sentences: what is new, and what to do about it."
    )
    begins = models.DateField("shown from", default=timezone.localdate)
    until = models.DateField(
        "shown until", null=True, blank=True, help_text="Its last day. If empty, it stays until you set one."
    )
    was_shown = models.BooleanField(
        default=False, editable=False, help_text="Whether its page showed it when last marked stale."
    )

    objects = BulletinQuerySet.as_manager()

    class Meta:
        ordering = ["-begins", "-id"]

    def __str__(self) -> str:
        return f"{self.path}: {Truncator(self.words).chars(60)}"

    def is_shown_on(self, day: date) -> bool:
        return self.begins <= day and (self.until is None or day <= self.until)

    def clean(self) -> None:
        if self.until and self.begins and self.until < self.begins:
            raise ValidationError({"until": "It would end before it begins."})
