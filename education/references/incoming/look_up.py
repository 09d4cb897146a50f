"""Filling in a new study from its DOI or PubMed number, where the clinic allows the site to ask.

The web process only notes the number; the worker asks, and notes the answer. Nothing else is sent.
"""

import http.client
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils import timezone

from education.references import identifiers
from education.references.incoming.files import of_csl, study_of
from education.references.models import StudyLookUp

TIME_LIMIT = 5.0  # seconds for one answer
MAX_ANSWER = 1_000_000  # bytes
KEPT = timedelta(days=1)
FIELDS = ("title", "authors", "journal", "year", "volume", "pages", "doi", "pmid", "url", "kind")
NOT_A_NUMBER = "Type a DOI, such as 10.1002/art.37734, or a PubMed number, such as 23359310."
NOT_FOUND = "No study has this number there. Check it, or type the study in."
NO_ANSWER = "No answer came. Type the study in, or try again later."


class NotAllowed(ValueError):
    """The clinic has not switched this on."""


@dataclass(frozen=True)
class Source:
    """A service to ask: `prefix` and `suffix` are what its address has before and after the number."""

    address: str
    prefix: str
    suffix: str = ""

    def path_of(self, number: str) -> str:
        return f"{self.prefix}{quote(number, safe='')}{self.suffix}"


CROSSREF = Source("https://api.crossref.org", "/works/", "/transform/application/vnd.citationstyles.csl+json")
PUBMED = Source("https://api.ncbi.nlm.nih.gov", "/lit/ctxp/v1/pubmed/?format=csl&id=")


def ask(written: str) -> StudyLookUp:
    """Note that somebody wants to know this DOI or PubMed number. Raises NotAllowed, or ValueError for neither."""
    if not settings.LOOK_UP_STUDIES:
        raise NotAllowed("Looking up studies is switched off on this site.")
    number = identifiers.doi(written) or identifiers.pmid(written)
    if not number:
        raise ValueError(NOT_A_NUMBER)
    since = timezone.now() - KEPT
    known = StudyLookUp.objects.filter(number=number, asked_at__gte=since).exclude(problem=NO_ANSWER).first()
    return known or StudyLookUp.objects.create(number=number)


def answer_waiting(*, sources: tuple[Source, Source] = (CROSSREF, PUBMED)) -> None:
    """Ask for the one that waits longest; forget old answers. Called by the worker."""
    StudyLookUp.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()
    waiting = StudyLookUp.objects.filter(answered_at=None).order_by("asked_at").first()
    if not waiting or not settings.LOOK_UP_STUDIES:
        return
    try:
        waiting.found = _fields(_fetched(waiting.number, *sources))
        waiting.problem = "" if waiting.found.get("title") else NOT_FOUND
    except LookupError:
        waiting.problem = NOT_FOUND
    except (OSError, http.client.HTTPException, ValueError, TypeError, AttributeError):
        waiting.problem = NO_ANSWER
    waiting.answered_at = timezone.now()
    waiting.save()


def _fields(item: Any) -> dict[str, Any]:
    """What the form takes, as the library writes it."""
    study = study_of(of_csl(item[0] if isinstance(item, list) else item))
    return {name: value for name in FIELDS if (value := getattr(study, name))}


def _fetched(number: str, crossref: Source, pubmed: Source) -> Any:
    """The study as CSL-JSON. Raises LookupError if there is none."""
    source = crossref if identifiers.doi(number) else pubmed
    base = urlsplit(source.address)
    if base.scheme != "https" and base.hostname != "127.0.0.1":
        raise ValueError("The address must start with https://.")
    connect = http.client.HTTPSConnection if base.scheme == "https" else http.client.HTTPConnection
    connection = connect(base.netloc, timeout=TIME_LIMIT)
    try:
        connection.request("GET", source.path_of(number), headers={"Accept": "application/json"})
        answer = connection.getresponse()
        if answer.status in (400, 404):
            raise LookupError(number)
        if answer.status != 200:
            raise OSError(f"status {answer.status}")
        return json.loads(answer.read(MAX_ANSWER))
    finally:
        connection.close()
