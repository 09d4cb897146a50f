"""Requests that may be from the same person: a hint for staff, and the list for exporting or erasing a person."""

from collections.abc import Iterator, Mapping
from itertools import islice

from education.consultations import search_terms
from education.consultations.models import BlindIndexEntry, ConsultationRequest
from education.consultations.triage.record import OpenedRequest, open_row
from education.core.sealing import SealError

MAX_SHOWN = 5
CHUNK = 20  # read at once: most often the first few are enough


def possible_duplicates(row: ConsultationRequest, opened: OpenedRequest) -> list[ConsultationRequest]:
    return list(islice(same_person(row, opened.answers), MAX_SHOWN))


def same_person(row: ConsultationRequest, answers: Mapping[str, str]) -> Iterator[ConsultationRequest]:
    """Others with the same e-mail address, telephone line, or name together with the date of birth.

    Only the contact that counts is compared: else somebody could send a form again with an address of their own, and
    get the answers in it with what is exported about themselves.
    """
    alone = set(search_terms.identifying_terms(answers))
    together = set(search_terms.name_and_birth_terms(answers))
    for other in _candidates(row, alone, together):
        opened = open_row(other)
        terms = search_terms.terms_of(opened.answers)
        if opened.problem or alone & terms or (together and together <= terms):
            yield other


def _candidates(row: ConsultationRequest, alone: set[str], together: set[str]) -> Iterator[ConsultationRequest]:
    """Those whose index says so: it also holds what was sent later and nobody confirmed."""
    requests = ConsultationRequest.objects.exclude(pk=row.pk).order_by("-received_at")
    try:
        found = [digest for term in alone for digest in search_terms.digests(term)]
        all_of = [search_terms.digests(term) for term in together]
    except SealError:
        return
    keys = set(BlindIndexEntry.objects.filter(digest__in=found).values_list("request_id", flat=True))
    if all_of:
        keys |= set(requests.with_terms(all_of).values_list("pk", flat=True))
    yield from requests.filter(pk__in=keys).prefetch_related("amendments").iterator(chunk_size=CHUNK)
