"""What it takes to sign: who signs, what the signature stands for, and whether it may be given."""

from dataclasses import dataclass
from datetime import date, datetime

from education.accounts.models import User
from education.articles.content.canonical import Content, canonical_json, parsed
from education.articles.models import Article, SignOff
from education.articles.publishing.gate import Facts, months_after
from education.clinic.models import Person


class NotSignable(ValueError):
    """The draft can't be signed, or not like this. `reasons` are sentences for the clinician."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


@dataclass(frozen=True)
class Wish:
    """What the clinician wants to sign as."""

    kind: str = SignOff.Kind.FULL
    next_review: date | None = None  # None: as late as the policy allows
    attested: bool = False  # of own words: read again, as a reviewer


def signer(user: User) -> Person | None:
    """The person as whom this account signs; None until patients are told all they must know of them."""
    person = Person.objects.filter(account=user).first()
    return None if person is None or person.lacks else person


def last_full_review(article: Article) -> SignOff | None:
    return article.sign_offs.filter(kind=SignOff.Kind.FULL).first()


def latest_review(facts: Facts) -> date:
    """The last day that the clinic's policy allows for the next full review."""
    return months_after(facts.today, facts.clinic.review_months)


def own_words(article: Article, person: Person | None, user: User, *, full: bool) -> bool:
    """Whether this account wrote some of what it would sign."""
    return user.get_username() in article.writers or bool(full and person and article.author_id == person.pk)


def signature(facts: Facts, wish: Wish, *, by: User, now: datetime) -> SignOff:
    """The signature on these words, not yet saved. Raises NotSignable."""
    article, person = facts.article, signer(by)
    if person is None:
        raise NotSignable("Patients must know who signs. First say who you are: your name, credentials and interests.")
    full = wish.kind == SignOff.Kind.FULL
    wrote_too = own_words(article, person, by, full=full)
    _may_sign_own_words(wrote_too, facts, wish)
    return SignOff(
        article=article,
        kind=wish.kind,
        sha256=facts.sha256,
        content=canonical_json(facts.content),
        person=person,
        name=str(person),
        signed_by=by.get_username(),
        signed_at=now,
        wrote_too=wrote_too,
        rests_on=None if full else _full_review_to_rest_on(facts),
        next_review=_next_review(facts, wish) if full else None,
    )


def _may_sign_own_words(wrote_too: bool, facts: Facts, wish: Wish) -> None:
    if not wrote_too:
        return
    if facts.clinic.second_person_signs:
        raise NotSignable("You wrote some of these words. Your clinic asks a second person to sign them.")
    if not wish.attested:
        raise NotSignable("You wrote some of these words. Tick that you have read them again as a reviewer.")


def _full_review_to_rest_on(facts: Facts) -> SignOff:
    full = last_full_review(facts.article)
    if full is None:
        raise NotSignable("Nobody has reviewed this page as a whole yet. Choose the full review.")
    if full.next_review and full.next_review < facts.today:
        raise NotSignable("The full review of this page is overdue. Choose the full review.")
    return full


def _next_review(facts: Facts, wish: Wish) -> date:
    latest = latest_review(facts)
    if wish.next_review is None:
        return latest
    if wish.next_review <= facts.today:
        raise NotSignable("The next review must be later than today.")
    if wish.next_review > latest:
        months = facts.clinic.review_months
        raise NotSignable(f"Your clinic reviews each page within {months} months. Choose an earlier next review.")
    return wish.next_review


def last_seen(article: Article, person: Person | None) -> Content | None:
    """What this person signed last of the page; None when they never did."""
    mine = article.sign_offs.filter(person=person).values_list("content", flat=True).first()
    return parsed(mine) if mine else None
