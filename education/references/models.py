"""References, and which page cites which."""

import re
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from education.core.text import shortened
from education.references import identifiers
from education.wording.models import SignedWords, SignedWordsQuerySet

YEAR = re.compile(r"(?:19|20)[0-9]{2}")
INITIALS = re.compile(r"(?<=[^\W\d_A-Z])(?: [A-Z](?:[.-]?[A-Z]){0,2}\.?)+$")  # “ J”, “ JW”, “ J. W.” after a surname
SHORT = 40  # characters of an author or a title in a short name
citation_key = RegexValidator(
    r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$", "A key is small letters, digits and hyphens, such as younger-2013."
)
MAY_SEE_REFERENCES = "education.view_reference"
MAY_ADD_STUDIES = "education.add_reference"


class ReferenceQuerySet(SignedWordsQuerySet["Reference"]):
    def being_rechecked(self) -> "ReferenceQuerySet":
        """References whose findings may no longer stand. Every page that cites one says so."""
        return self.filter(status__in=Reference.WARNED_OF)

    def matching(self, words: str) -> "ReferenceQuerySet":
        """References whose key, authors, title or year hold each of these words; or that have this DOI or PMID."""
        if doi := identifiers.doi(words):
            return self.filter(doi__iexact=doi)
        found = self
        for word in words.split():
            named = models.Q(key__icontains=word) | models.Q(authors__icontains=word) | models.Q(title__icontains=word)
            found = found.filter(named | models.Q(year=int(word)) if YEAR.fullmatch(word) else named)
        pmid = identifiers.pmid(words)
        return found | self.filter(pmid=pmid) if pmid else found

    def in_trouble(self) -> "ReferenceQuerySet":
        """References that staff should look at: findings that may no longer stand, or a DOI that leads nowhere."""
        return self.being_rechecked() | self.filter(status=Reference.Status.UNREACHABLE)


class Reference(SignedWords):
    """A published study, guideline or label, cited in a text as `[@key]`."""

    signed_fields = ("title", "authors", "journal", "volume", "pages", "doi", "pmid", "url", "population", "notice")

    class Kind(models.TextChoices):
        RCT = "rct", "Randomized controlled trial"
        META_ANALYSIS = "meta-analysis", "Meta-analysis"
        GUIDELINE = "guideline", "Guideline"
        REGISTRY = "registry", "Registry study"
        UNCONTROLLED = "uncontrolled", "Study without a comparison group"
        OBSERVATIONAL = "observational", "Survey or cohort study"
        LABORATORY = "laboratory", "Laboratory study"
        PROTOCOL = "protocol", "Plan of a study"
        CASE_REPORT = "case-report", "Case report"
        LABEL = "label", "Medicine label"
        REVIEW = "review", "Review"
        WEBSITE = "website", "Website"

    class Status(models.TextChoices):
        CURRENT = "current", "Current"
        CORRECTED = "corrected", "Corrected or questioned since"
        RETRACTED = "retracted", "Retracted"
        UNREACHABLE = "unreachable", "Not reachable"
        UNVERIFIED = "unverified", "Not yet checked against the original"

    class KnownBy(models.TextChoices):
        WHOLE = "whole", "We read the whole text"
        EXCERPT = "excerpt", "We read its abstract or an excerpt, not the whole text"
        NOT_SEEN = "not-seen", "We have not seen the original, and know it from another source"

    WARNED_OF = (Status.RETRACTED, Status.CORRECTED)

    key = models.CharField(max_length=80, unique=True, validators=[citation_key])
    authors = models.CharField(max_length=400, blank=True)
    title = models.CharField(max_length=500)
    journal = models.CharField(max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    volume = models.CharField(max_length=40, blank=True)
    pages = models.CharField(max_length=40, blank=True)
    doi = models.CharField("DOI", max_length=200, blank=True)
    pmid = models.CharField("PMID", max_length=20, blank=True)
    url = models.URLField("address", max_length=500, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    population = models.CharField(max_length=200, blank=True, help_text="Who took part, such as women with lupus.")
    size = models.PositiveIntegerField("number of people", null=True, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.UNVERIFIED)
    checked_on = models.DateField("status checked on", null=True, blank=True)
    notice = models.CharField(
        max_length=200, blank=True, help_text="What the journal announced and when. Patients read it."
    )

    known_by = models.CharField(
        "how we know it",
        max_length=10,
        choices=KnownBy.choices,
        default=KnownBy.NOT_SEEN,
        help_text="Patients read it on the page of this reference.",
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("reference", args=[self.key])

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """A number that was copied with its address is cut down to itself before its length is looked at."""
        self.doi = identifiers.doi(self.doi) or self.doi
        self.pmid = identifiers.pmid(self.pmid) or self.pmid
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        problems = {}
        for name, cleaned in (("doi", identifiers.clean_doi), ("pmid", identifiers.clean_pmid)):
            try:
                setattr(self, name, cleaned(getattr(self, name)))
            except ValidationError as problem:
                problems[name] = problem
        if problems:
            raise ValidationError(problems)

    @property
    def can_support_claim(self) -> bool:
        """Whether a claim may rest on this reference alone: it was checked, and neither retracted nor questioned."""
        return self.status in (self.Status.CURRENT, self.Status.UNREACHABLE)

    @property
    def author_year_title(self) -> str:
        """The study on one line, for somebody who chooses among studies."""
        first = self.authors.split(",")[0].rstrip(".")
        return " · ".join(part for part in (f"{first} {self.year or ''}".strip(), self.title) if part)

    @property
    def short_name(self) -> str:
        """What staff call it, such as “Younger 2013”: by the first author's surname, a body's name, or the title."""
        first = re.split("[,;]| et al", self.authors)[0].strip()
        name = INITIALS.sub("", first).rstrip(".") or self.title
        return f"{shortened(name, SHORT)} {self.year or ''}".strip()

    @property
    def link(self) -> str:
        """The address of the original: by DOI, else by PubMed's number, else any other address."""
        return self.doi_link or self.pubmed_link or self.url

    @property
    def doi_link(self) -> str:
        bare = identifiers.doi(self.doi)
        return identifiers.address_of(bare) if bare else ""

    @property
    def pubmed_link(self) -> str:
        number = identifiers.pmid(self.pmid)
        return f"https://pubmed.ncbi.nlm.nih.gov/{number}/" if number else ""

    @property
    def kind_size_year(self) -> str:
        """Its kind, size and year, such as “Trial, 99 people, 2024”, as shown in the margin beside a citation."""
        kind = SHORT_KINDS.get(self.kind, self.get_kind_display())
        people = f"{self.size:,} people" if self.size else ""
        return ", ".join(str(part) for part in (kind, people, self.year) if part)

    @property
    def author_sentence(self) -> str:
        """The authors, with one full stop at the end."""
        return f"{self.authors.rstrip('.')}." if self.authors else ""

    @property
    def source(self) -> str:
        """Journal, year, volume and pages in one line."""
        volume = f"{self.volume}:{self.pages}" if self.volume and self.pages else self.volume or self.pages
        return " ".join(str(part) for part in (self.journal, self.year, volume) if part)


SHORT_KINDS: dict[str, str] = {
    Reference.Kind.RCT: "Trial",
    Reference.Kind.UNCONTROLLED: "No comparison",
    Reference.Kind.OBSERVATIONAL: "Survey or cohort",
    Reference.Kind.WEBSITE: "Health site",
}


class Citation(models.Model):
    """A published page cites a reference. Path and title are text: this package does not know about articles."""

    reference = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="citations")
    path = models.CharField(max_length=300, db_index=True)
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["title"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["reference", "path"], name="citation_once_a_page")]


class StudyLookUp(models.Model):
    """A DOI or PubMed number that an editor asked about, and the answer once the worker has it. Kept for a day."""

    number = models.CharField(max_length=200, db_index=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    found = models.JSONField(default=dict)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["asked_at"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.number
