"""Requests that may be from the same person: a hint for staff, and the list for exporting or erasing a person."""

from collections.abc import Mapping

from education.consultations import search_terms
from education.consultations.models import BlindIndexEntry, ConsultationRequest, RequestQuerySet
from education.consultations.triage.record import OpenedRequest
from education.core.sealing import SealError

MAX_SHOWN = 5


def possible_duplicates(row: ConsultationRequest, opened: OpenedRequest) -> RequestQuerySet:
    return same_person(row, opened.answers)[:MAX_SHOWN]


def same_person(row: ConsultationRequest, answers: Mapping[str, str]) -> RequestQuerySet:
    """Others with the same e-mail address, telephone line, or name together with the date of birth."""
    requests = ConsultationRequest.objects.exclude(pk=row.pk).order_by("-received_at")
    try:
        alone = search_terms.digests(search_terms.identifying_terms(answers))
        together = search_terms.digests(search_terms.name_and_birth_terms(answers))
    except SealError:
        return requests.none()
    keys = set(BlindIndexEntry.objects.filter(digest__in=alone).values_list("request_id", flat=True))
    if together:
        keys |= set(requests.with_terms(together).values_list("pk", flat=True))
    return requests.filter(pk__in=keys)
