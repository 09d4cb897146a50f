"""Whatever changes a public page, be it staff or time, every cached copy of the old version is known to be stale, and a
CDN is told to forget it."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from clinic_site.edge.page_cache.changes import ChangeLog
from clinic_site.edge.page_cache.page import CachedPage
from education.articles.models import Article, Topic
from education.articles.publishing import actions, moves, schedule
from education.clinic.actions import refresh_bulletins, save_bulletin, save_profile
from education.clinic.models import Bulletin, ClinicProfile
from education.core.http import EDGE_SECONDS, cdn_keys
from education.glossary.actions import delete_term, save_term
from education.glossary.models import Term
from education.pages.models import PageChange
from education.pages.purging import Purger
from education.people.actions import save_person
from education.people.models import Person
from education.references.actions import mark_checked, save_reference, set_status
from education.references.models import Reference
from education.wording.site import Written, write
from tests.cast import (
    care,
    clara,
    complete,
    explained,
    issued,
    key_points,
    known,
    logged_in,
    reference,
    rewritten,
    shown,
    sign_words,
    signed,
    text,
    topic,
)
from tests.database import SharedRows
from tests.screens import body

pytestmark = pytest.mark.django_db
SHELF = "/autoimmune-conditions/"
LUPUS, GOUT, ACHES = f"{SHELF}lupus/", f"{SHELF}gout/", "/pain/aches/"
PLACES = ("/", "/a-z/", "/glossary/", "/sitemap.xml", "/references/younger-2013/", "/people/ann-author/")
CONDITIONS = (SHELF, LUPUS, GOUT, f"{SHELF}asthma/", f"{SHELF}psoriasis/", f"{LUPUS}history/")
PATHS = (*PLACES, *CONDITIONS, "/pain/", ACHES, "/terms/")
CITING = text(f'<p>Words.[@younger-2013] See <a href="{GOUT}">gout</a>.</p>')


class Copy(NamedTuple):
    says: str
    page: CachedPage


def copies(client: Client, changes: ChangeLog, paths: Sequence[str] = PATHS) -> dict[str, Copy]:
    """What the edge would cache of these pages now."""
    kept = {}
    for path in paths:
        answer: Any = client.get(path)
        if answer.status_code == 200:
            others = answer["Surrogate-Scope"] == "any-page"
            page = CachedPage(
                path,
                headers=[],
                body=b"",
                change=changes.number,
                epoch=changes.epoch,
                rendered_at=0,
                max_age=EDGE_SECONDS,
                names_others=others,
            )
            kept[path] = Copy(re.sub("<lastmod>.*", "", body(answer)), page)
    return kept


def changes_so_far() -> ChangeLog:
    changes = ChangeLog()
    note(changes)
    return changes


def note(changes: ChangeLog) -> None:
    changes.apply(list(PageChange.objects.filter(number__gt=changes.number).values_list("path", "number", "gone")))


def words() -> list[dict[str, Any]]:
    return [text(), key_points(), care(), known()]


def lupus() -> Article:
    return Article.objects.get(slug="lupus")


def with_new(row: Any, **fields: str) -> Any:
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def publish() -> None:
    issued(rewritten(lupus(), *words(), text("<p>Other words.</p>")))


def rename() -> None:
    issued(rewritten(lupus(), title="Lupus, explained"))


def publish_unsigned() -> None:
    actions.publish_unsigned(rewritten(lupus(), *words(), text("<p>New words.</p>")), reason="News", by=clara())


def sign_live_words() -> None:
    signed(lupus(), next_review=timezone.localdate() + timedelta(days=40))


def withdraw() -> None:
    actions.withdraw(Article.objects.get(slug="gout"), reason="It was wrong.", by=None)


def expire() -> None:
    Article.objects.filter(slug="lupus").update(expires_at=timezone.now() - timedelta(hours=1))
    assert schedule.expire_due() == 1


def appear() -> None:
    issued(Article.objects.get(slug="psoriasis"))


def change_topic(**fields: str) -> None:
    shelf = with_new(Topic.objects.get(slug="autoimmune-conditions"), **fields)
    shelf.save()
    shown(shelf)
    moves.topic_saved(shelf, old_slug="autoimmune-conditions", by=None)


def move_page(slug: str) -> None:
    page, shelf = Article.objects.get(slug=slug), Topic.objects.exclude(articles__slug=slug).get()
    moves.to_topic(page, shelf, by=clara())


def change_profile() -> None:
    profile = with_new(ClinicProfile.as_written(), name="Another name", accent="#803000")
    save_profile(profile, changed=["name", "accent"], by=None)


def change_person() -> None:
    save_person(with_new(Person.objects.get(slug="ann-author"), name="Ann Other"), changed=["name"], by=None)


def study() -> Reference:
    return Reference.objects.get()


def retract() -> None:
    set_status(study(), Reference.Status.RETRACTED, notice="Retraction", on=timezone.localdate(), by=None)


def mend_study() -> None:
    save_reference(with_new(study(), title="Its right title"), before=study().status, by=None)
    sign_words(logged_in(clara()))


def confirm_study() -> None:
    mark_checked([study().key], on=timezone.localdate())


def explain() -> None:
    save_term(Term(slug="words", term="Words", definition="What we write."), by=None)
    sign_words(logged_in(clara()))


def explain_no_more() -> None:
    delete_term(Term.objects.get(), by=None)


def tell_news() -> None:
    save_bulletin(Bulletin(path=LUPUS, words="A warning came out.", begins=timezone.localdate()), by=None)
    sign_words(logged_in(clara()))


def say_it_otherwise() -> None:
    write([Written("home.search_label", "What do you look for?")], by=None)


def sign_other_words() -> None:
    write([Written("home.heading", "Other words")], by=None)
    sign_words(logged_in(clara()))


def put_in_order() -> None:
    write([Written("frame.menu", "/pain/\nhide /autoimmune-conditions/")], by=None)


def appear_in_the_footer() -> None:
    issued(Article.objects.get(slug="privacy"))


def appear_as_policy() -> None:
    """At an address of its own, and in the list of each page of its topic all the same."""
    issued(Article.objects.get(slug="imprint"))


def rename_policy() -> None:
    issued(rewritten(Article.objects.get(slug="terms"), title="Terms of use"))


def withdraw_policy() -> None:
    actions.withdraw(Article.objects.get(slug="terms"), reason="It was wrong.", by=None)


DONE: list[Callable[[], None]] = [
    *(publish, rename, publish_unsigned, sign_live_words, withdraw, expire, appear),
    partial(change_topic, slug="immune"),
    partial(change_topic, title="Immune trouble"),
    partial(change_topic, shelf="lupus\ngout"),
    partial(change_topic, summary="Another summary."),
    *(partial(move_page, "lupus"), partial(move_page, "aches")),
    *(change_profile, change_person, retract, mend_study, confirm_study, explain, explain_no_more, tell_news),
    *(say_it_otherwise, sign_other_words, put_in_order, appear_in_the_footer),
    *(appear_as_policy, rename_policy, withdraw_policy),
]


@pytest.fixture(autouse=True, scope="module")
def before(shared_rows: SharedRows) -> dict[str, Copy]:
    """Copies of a few pages: one links to another and cites a study; one is not published."""
    with shared_rows():
        reference()
        explained("Plain", definition="Easy to read.")
        for slug in ("asthma", "gout"):
            issued(complete(slug))
        issued(complete(blocks=[*words(), CITING]))
        issued(complete("aches", topic=topic("pain")))
        complete("psoriasis")
        complete("privacy", kind="policy")
        complete("imprint", kind="policy")
        issued(complete("terms", kind="policy"))
        return copies(Client(), changes_so_far())


@pytest.mark.thorough
@pytest.mark.parametrize("done", DONE)
def test_no_copy_outlives_a_change_of_its_page(
    client: Client, before: dict[str, Copy], done: Callable[[], None]
) -> None:
    changes, purger = changes_so_far(), Purger()
    purger.settled = changes.number
    done()
    note(changes)
    after = copies(client, changes)
    other = {path for path, copy in before.items() if path not in after or after[path].says != copy.says}
    assert other
    assert {path for path in other if changes.is_current(before[path].page)} == set()
    purged = set(purger._keys(changes.number))
    keys = {path: cdn_keys(path, names_others=before[path].page.names_others) for path in other}
    assert [path for path in other if purged.isdisjoint(keys[path])] == []
    assert all(changes.is_current(copy.page) for copy in after.values())
    assert changes.withdrawn.isdisjoint(after)


@pytest.mark.parametrize("turn", [schedule.update_time_notices, refresh_bulletins])
def test_the_passing_of_a_day_makes_copies_stale(client: Client, turn: Callable[[], int]) -> None:
    tell_news()
    Bulletin.objects.update(until=timezone.localdate())
    changes = changes_so_far()
    before = copies(client, changes)
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=400)):
        assert turn() > 0
        note(changes)
    assert not changes.is_current(before[LUPUS].page)


def test_publishing_a_page_again_leaves_copies_of_other_pages_valid(before: dict[str, Copy]) -> None:
    changes = changes_so_far()
    publish()
    note(changes)
    assert [path for path in (LUPUS, GOUT, ACHES) if changes.is_current(before[path].page)] == [GOUT, ACHES]


def test_a_change_of_the_profile_is_noted_by_whatever_way_it_comes() -> None:
    """The database itself does it. On SQLite a migration that alters this table may build it anew, without that."""
    ClinicProfile.objects.get_or_create(pk=1)
    before = PageChange.objects.get(path="*").number
    ClinicProfile.objects.update(name="Another name")
    assert PageChange.objects.get(path="*").number > before
