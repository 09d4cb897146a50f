"""Whether editions and sign-offs still are what they were: every hash is computed again."""

from collections.abc import Iterator
from dataclasses import dataclass

from education.articles.content.canonical import parsed, sha256
from education.articles.models import Edition, EditionPlaces, SignOff
from education.articles.rendering.places_format_1 import places_json
from education.audit.models import AuditEvent

PUBLISHED = ("article_publish", "article_publish_unsigned")


@dataclass(frozen=True)
class Tampered:
    what: str
    problem: str

    def __str__(self) -> str:
        return f"{self.what}: {self.problem}"


def tampered() -> Iterator[Tampered]:
    """Every row that does not hold. The audit trail, which is chained, vouches for the digests themselves."""
    recorded = _recorded()
    for edition in Edition.objects.select_related("places").order_by("id").iterator():
        what = f"Edition {edition.number} of article {edition.article_id} ({edition.title}), row {edition.pk}"
        if problem := _problem(edition, recorded):
            yield Tampered(what, problem)
        recorded.discard(edition.digest)
    for digest in sorted(recorded):
        yield Tampered("An edition is missing", f"the audit trail holds one with the digest {digest}.")
    for sign_off in SignOff.objects.order_by("id").iterator():
        if not _holds(sign_off.content, sign_off.sha256):
            yield Tampered(f"Sign-off {sign_off.pk} of article {sign_off.article_id}", "its words are not its hash.")


def _recorded() -> set[str]:
    """The digests of all editions ever published, as the audit trail has them."""
    details = AuditEvent.objects.filter(verb__in=PUBLISHED).values_list("detail", flat=True)
    return {str(detail["digest"]) for detail in details if "digest" in detail}


def _problem(edition: Edition, recorded: set[str]) -> str:
    if not _holds(edition.content, edition.sha256):
        return "its words are not its hash."
    if not hasattr(edition, "places"):
        return "the places of its HTML are missing."
    if edition.digest != edition.row_digest():
        return "it was changed after it was published."
    if not _found_again(edition):
        return "the places of its HTML were changed."
    if edition.digest not in recorded:
        return "the audit trail knows nothing of it."
    return ""


def _found_again(edition: Edition) -> bool:
    """Whether places that the digest does not cover are what was found."""
    places = edition.places
    return places.format > EditionPlaces.ADDED_LATER or places.data == places_json(edition.html, edition.content)


def _holds(content: str, digest: str) -> bool:
    try:
        return sha256(parsed(content)) == digest
    except ValueError:
        return False
