"""Verifying that no edition or sign-off has been altered: every hash is computed again."""

from collections.abc import Iterator
from dataclasses import dataclass

from education.articles.content.canonical import parsed, sha256
from education.articles.models import Edition, EditionPlaces, SignOff
from education.articles.rendering.places_format_1 import places_json
from education.audit.models import AuditEvent

PUBLISHED = ("article_publish", "article_publish_unsigned")


@dataclass(frozen=True)
class TamperedRow:
    row: str  # which row, in words
    problem: str

    def __str__(self) -> str:
        return f"{self.row}: {self.problem}"


def tampered_rows() -> Iterator[TamperedRow]:
    """Every edition or sign-off that was altered or removed. Digests are compared with the (chained) audit trail."""
    recorded = _recorded_digests()
    for edition in Edition.objects.select_related("places").order_by("id").iterator():
        row = f"Edition {edition.number} of article {edition.article_id} ({edition.title}), row {edition.pk}"
        if problem := _problem(edition, recorded):
            yield TamperedRow(row, problem)
        recorded.discard(edition.digest)
    for digest in sorted(recorded):
        yield TamperedRow("An edition is missing", f"the audit trail holds one with the digest {digest}.")
    for sign_off in SignOff.objects.order_by("id").iterator():
        if not _matches(sign_off.content, sign_off.sha256):
            row = f"Sign-off {sign_off.pk} of article {sign_off.article_id}"
            yield TamperedRow(row, "its content does not match its hash.")


def _recorded_digests() -> set[str]:
    """The digests of all editions ever published, according to the audit trail."""
    details = AuditEvent.objects.filter(verb__in=PUBLISHED).values_list("detail", flat=True)
    return {str(detail["digest"]) for detail in details if "digest" in detail}


def _problem(edition: Edition, recorded: set[str]) -> str:
    if not _matches(edition.content, edition.sha256):
        return "its content does not match its hash."
    if not hasattr(edition, "places"):
        return "its places are missing."
    if edition.digest != edition.row_digest():
        return "it was changed after it was published."
    if not _found_again(edition):
        return "its places were changed."
    if edition.digest not in recorded:
        return "it is not in the audit trail."
    return ""


def _found_again(edition: Edition) -> bool:
    """Whether places that the digest does not cover are what was found."""
    places = edition.places
    return places.format > EditionPlaces.ADDED_LATER or places.data == places_json(edition.html, edition.content)


def _matches(content: str, digest: str) -> bool:
    try:
        return sha256(parsed(content)) == digest
    except ValueError:
        return False
