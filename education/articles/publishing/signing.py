"""What a sign-off needs: who signs, what the signature covers, and whether it may be given."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from education.accounts.models import User
from education.articles.content.canonical import Content, canonical_json, parsed
from education.articles.models import Article, SignOff
from education.articles.publishing.gate import Facts, add_months
from education.people.models import Person


class NotSignable(ValueError):
    """The draft can't be signed, or not in the way requested. `reasons` are sentences for the clinician; so are those
    `beside` a field of the request, by its name.
    """

    def __init__(self, *reasons: str, **beside: str) -> None:
        super().__init__(" ".join([*reasons, *beside.values()]))
        self.reasons, self.beside = list(reasons), beside


@dataclass(frozen=True)
class SignOffRequest:
    """What the clinician filled in to sign."""

    kind: str = SignOff.Kind.FULL
    next_review: date | None = None  # None: as late as the clinic's policy allows
    attested: bool = False  # “I wrote some of this and have read it again as a reviewer”
    author: Person | None = None  # None: as it is, unless `by_clinic`
    by_clinic: bool = False
    grades_are_mine: bool = False
    studies_checked: bool = False
    studies_seen: str = ""  # SHA-256 of the studies' details that were on the screen to be signed with the page


def signer(user: User) -> Person | None:
    """The person that this account signs as; None until their credentials and interests are on record."""
    person = Person.objects.filter(account=user).first()
    return None if person is None or person.missing_details else person


def needed_signer(user: User) -> Person:
    """The same. Raises NotSignable where it is None."""
    person = signer(user)
    if person is None:
        raise NotSignable("Patients must know who signs. First say who you are: your name, credentials and interests.")
    return person


def last_full_review(article: Article) -> SignOff | None:
    return article.sign_offs.filter(kind=SignOff.Kind.FULL).first()


def latest_review_date(facts: Facts) -> date:
    """The last day that the clinic's policy allows for the next full review."""
    return add_months(facts.today, facts.clinic.review_months)


def is_self_review(article: Article, person: Person | None, user: User, *, full: bool) -> bool:
    """Whether this account wrote part of what it would sign: since the last signature, or as the page's author."""
    return user.get_username() in article.writers or bool(full and person and article.author_id == person.pk)


def new_sign_off(facts: Facts, request: SignOffRequest, *, by: User, now: datetime) -> SignOff:
    """The sign-off of this content, not yet saved. Raises NotSignable."""
    article, person = facts.article, needed_signer(by)
    full = request.kind == SignOff.Kind.FULL
    self_reviewed = is_self_review(article, person, by, full=full)
    _check_self_review(self_reviewed, facts, request)
    return SignOff(
        article=article,
        kind=request.kind,
        sha256=facts.sha256,
        content=canonical_json(facts.content),
        person=person,
        name=str(person),
        signed_by=by.get_username(),
        signed_at=now,
        self_reviewed=self_reviewed,
        rests_on=None if full else _current_full_review(facts),
        next_review=_next_review_date(facts, request) if full else None,
    )


def _check_self_review(self_reviewed: bool, facts: Facts, request: SignOffRequest) -> None:
    if not self_reviewed:
        return
    if facts.clinic.second_person_signs:
        raise NotSignable("You wrote some of these words. Your clinic asks a second person to sign them.")
    if not request.attested:
        words = "You wrote some of these words. Confirm that you have read them again as a reviewer."
        raise NotSignable(attested=words)


def _current_full_review(facts: Facts) -> SignOff:
    full = last_full_review(facts.article)
    if full is None:
        raise NotSignable("Nobody has reviewed this page as a whole yet. Choose the full review.")
    if full.next_review and full.next_review < facts.today:
        raise NotSignable("The full review of this page is overdue. Choose the full review.")
    return full


def _next_review_date(facts: Facts, request: SignOffRequest) -> date:
    latest = latest_review_date(facts)
    if request.next_review is None:
        return latest
    if request.next_review <= facts.today:
        raise NotSignable(next_review="The next review must be later than today.")
    if request.next_review > latest:
        months = facts.clinic.review_months
        words = f"Your clinic reviews each page within {months} months. Choose an earlier next review."
        raise NotSignable(next_review=words)
    return request.next_review


def last_signed_contents(articles: Collection[Article], person: Person | None) -> dict[int, Content]:
    """The content of each page when this person last signed it, by the page's key; without those they never signed."""
    theirs = SignOff.objects.filter(article__in=articles, person=person).order_by()
    last = theirs.values("article").annotate(last=Max("pk")).values("last")
    found = SignOff.objects.filter(pk__in=last).values_list("article_id", "content")
    return {key: parsed(content) for key, content in found}
