"""Every verb takes its locks in the order that `lock_trail` gives, or two of them could wait for each other.

On SQLite one transaction writes at a time, so what is asked here is in which order rows are written.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from education.accounts.models import User
from education.articles.models import Article, Topic
from education.articles.publishing import actions as publishing
from education.articles.publishing import moves
from education.audit import actions as audit
from education.clinic import actions as clinic
from education.clinic.models import Bulletin, ClinicProfile
from education.glossary import actions as glossary
from education.people import actions as people
from education.references import actions as references
from education.references.models import Reference
from education.wording import actions as wording
from tests import cast
from tests.queries import queries

pytestmark = pytest.mark.django_db
Verb = Callable[[User], Callable[[], object]]
TRAIL = "the turn at the trail"
WRITTEN = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "education_(\w+)"')
LOCKED = re.compile(r'^SELECT .* FROM "education_(\w+)".* FOR UPDATE')
# What shows or finds pages: after the trail. All other rows that are changed: before.
PAGES = {
    "pageversion",
    "pagelink",
    "pagechange",
    "changecount",
    "redirect",
    "searchentry",
    "listedname",
    "citation",
    "credit",
}
TODAY = timezone.localdate()


def save_term(by: User) -> Callable[[], object]:
    term = cast.explained("Flare")
    return lambda: glossary.save_term(term, by=by)


def delete_term(by: User) -> Callable[[], object]:
    term = cast.explained("Flare")
    return lambda: glossary.delete_term(term, by=by)


def sign_term(by: User) -> Callable[[], object]:
    term = cast.explained("Flare")
    term.definition = "Other words."
    term.save()
    return lambda: wording.sign(
        type(term), {term.pk: term.words_sha256()}, name="Dr Clara Kline", second_person=False, by=by
    )


def publish(by: User) -> Callable[[], object]:
    draft = cast.complete()
    cast.signed(draft)
    return lambda: publishing.publish(draft, by=by)


def sign_live(by: User) -> Callable[[], object]:
    draft = cast.complete()
    cast.live(draft)
    return lambda: cast.signed(draft)


def withdraw(by: User) -> Callable[[], object]:
    draft = cast.published().article
    return lambda: publishing.withdraw(draft, reason="Old.", by=by)


def move_topic(by: User) -> Callable[[], object]:
    topic: Topic = cast.published().article.topic
    before, topic.slug = topic.slug, "immune-system"
    topic.save()
    return lambda: moves.topic_saved(topic, old_slug=before, by=by)


def move_article(by: User) -> Callable[[], object]:
    article: Article = cast.published().article
    bulletin(article.get_absolute_url()).save()
    return lambda: moves.to_topic(article, cast.topic("pain"), by=by)


def bulletin(path: str = "/") -> Bulletin:
    return Bulletin(words="We are closed.", path=path, begins=TODAY, until=TODAY + timedelta(days=1))


def save_bulletin(by: User) -> Callable[[], object]:
    return lambda: clinic.save_bulletin(bulletin(), by=by)


def save_profile(by: User) -> Callable[[], object]:
    return lambda: clinic.save_profile(ClinicProfile.load(), changed=["name"], by=by)


def save_person(by: User) -> Callable[[], object]:
    person = cast.ann()
    return lambda: people.save_person(person, changed=["name"], by=by)


def check_study(by: User) -> Callable[[], object]:
    study = cast.reference()
    return lambda: references.set_status(study, Reference.Status.RETRACTED, on=TODAY, by=by)


VERBS = [
    *(save_term, delete_term, sign_term, publish, sign_live, withdraw, move_topic, move_article, save_bulletin),
    *(save_profile, save_person, check_study),
]


@pytest.mark.parametrize("verb", VERBS)
def test_locks_are_taken_in_one_order(verb: Verb, monkeypatch: pytest.MonkeyPatch) -> None:
    def noted() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT '{TRAIL}'")

    action = verb(cast.clara())
    monkeypatch.setattr(audit, "lock_trail", noted)
    asked = queries(action)
    turn = next(number for number, sql in enumerate(asked) if TRAIL in sql)
    before, after = (_tables(part) for part in (asked[:turn], asked[turn:]))
    assert not before & PAGES
    assert after - before <= PAGES | {"auditevent"}


def _tables(asked: list[str]) -> set[str]:
    """Those of which rows are changed or locked. A new row is locked for nobody."""
    found = (WRITTEN.match(sql) or LOCKED.match(sql) for sql in asked)
    return {match[1] for match in found if match and not match[0].startswith("INSERT")}
