"""Requests that may be from the same person: a hint for staff, never a verdict. Households share numbers and addresses.

Each comes with the reasons why, and with what speaks against it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from education.consultations import search_terms
from education.consultations.models import BlindIndexEntry, ConsultationRequest
from education.consultations.triage.record import OpenedRequest, open_row
from education.core.contact import names
from education.core.sealing import SealError

MAX_SHOWN = 5
CHUNK = 20  # read at once: most often the first few are enough
WHY = {
    "phone": "Same telephone number",
    "digits": "Same telephone number, without a known area code",
    "email": "Same e-mail address",
}
SAME_NAME_AND_BIRTH = "Same name and date of birth"
OTHER_NAME = "another name"
OTHER_BIRTH = "another date of birth"
UNREADABLE = "It can’t be opened here, so nobody can compare it"


@dataclass(frozen=True)
class Likeness:
    """Another request, and why it may be from the same person: “Same telephone number, but another name”."""

    row: ConsultationRequest
    why: str


def possible_duplicates(row: ConsultationRequest, opened: OpenedRequest, country: str) -> list[Likeness]:
    return list(islice(same_person(row, opened.answers, country), MAX_SHOWN))


def same_person(row: ConsultationRequest, answers: Mapping[str, str], country: str) -> Iterator[Likeness]:
    """Others with the same e-mail address, the same whole number, or the same name together with the date of birth.

    Only the contact that counts is compared: else somebody could send a form again with an address of their own, and
    get the answers in it with what is exported about themselves.
    """
    for other in _candidates(row, answers, country):
        opened = open_row(other)
        if why := UNREADABLE if opened.problem else _why(answers, opened.answers, country):
            yield Likeness(other, why)


def _why(answers: Mapping[str, str], other: Mapping[str, str], country: str) -> str:
    """Why it seems to be the same person; empty if nothing says so."""
    mine, theirs = (search_terms.identities(one, country) for one in (answers, other))
    kinds = dict.fromkeys(kind for value, kind in mine.items() if value in theirs)
    together = search_terms.name_and_birth_terms(answers)
    reasons = [WHY[kind] for kind in kinds]
    if together and together <= search_terms.terms_of(other, country):
        return "; ".join([*reasons, SAME_NAME_AND_BIRTH])
    doubts = [words for words, differs in _differences(answers, other) if differs]
    return "; ".join(reasons) + (f", but {' and '.join(doubts)}" if doubts else "") if reasons else ""


def _differences(answers: Mapping[str, str], other: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    own, theirs = (set(names.words(one.get("full_name", ""))) for one in (answers, other))
    yield OTHER_NAME, own != theirs
    born, other_born = answers.get("date_of_birth"), other.get("date_of_birth")
    yield OTHER_BIRTH, bool(born and other_born and born != other_born)


def _candidates(row: ConsultationRequest, answers: Mapping[str, str], country: str) -> Iterator[ConsultationRequest]:
    """The requests that the index suggests. It also holds what was sent later and nobody confirmed, and ends of
    numbers.
    """
    requests = ConsultationRequest.objects.exclude(pk=row.pk).order_by("-received_at")
    reach = {"phone": answers.get("phone", ""), "email": answers.get("email", "")}
    try:
        found = [digest for term in search_terms.terms_of(reach, country) for digest in search_terms.digests(term)]
        all_of = [search_terms.digests(term) for term in search_terms.name_and_birth_terms(answers)]
    except SealError:
        return
    keys = set(BlindIndexEntry.objects.filter(digest__in=found).values_list("request_id", flat=True))
    if all_of:
        keys |= set(requests.with_terms(all_of).values_list("pk", flat=True))
    yield from requests.filter(pk__in=keys).prefetch_related("amendments").iterator(chunk_size=CHUNK)
