"""The workflow table, proved complete: in each state, each verb is either allowed or refused."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from education.accounts.models import User
from education.articles import workflow
from education.articles.models import Article
from education.articles.publishing import actions
from education.articles.workflow import ARTICLES, DRAFT, IN_REVIEW, PUBLISHED, SCHEDULED, SIGNED_OFF, WITHDRAWN
from education.audit.models import AuditEvent
from education.core.workflow import IllegalMove
from tests.cast import clara, complete, issued, rewritten, signed, signing_as, staff
from tests.database import SharedRows
from tests.each import of_each

pytestmark = pytest.mark.django_db
Act = Callable[[Article, User], object]


def tomorrow() -> object:
    return timezone.now() + timedelta(days=1)


def write(article: Article, by: User) -> None:
    article.title = f"{article.title}, other words"
    article.save(update_fields=["title"])
    actions.draft_saved(article, by=by)


def match(article: Article, by: User) -> None:
    """Type the content of the live edition again."""
    live = article.editions.first()
    if not article.current_edition or article.state == PUBLISHED:
        raise IllegalMove
    article.title = live.title if live else ""
    article.save(update_fields=["title"])
    actions.draft_saved(article, by=by)


VERBS: dict[str, Act] = {
    "write": write,
    "match": match,
    "submit": lambda article, by: actions.submit(article, by=by),
    "send_back": lambda article, by: actions.send_back(article, note="No.", by=by),
    "sign": lambda article, by: signed(article, by=by),
    "publish": lambda article, by: actions.publish(article, by=by),
    "publish_unsigned": lambda article, by: actions.publish_unsigned(article, reason="Recall", by=by),
    "schedule": lambda article, by: actions.schedule(article, at=tomorrow(), by=by),  # type: ignore[arg-type]
    "unschedule": lambda article, by: actions.unschedule(article, by=by),
    "withdraw": lambda article, by: actions.withdraw(article, reason="Wrong.", by=by),
    "restore": lambda article, by: actions.restore(article.versions.last(), by=by),  # type: ignore[arg-type]
    "set_expiry": lambda article, by: actions.set_expiry(article, at=tomorrow(), by=by),  # type: ignore[arg-type]
}
EVERYWHERE = {"write": DRAFT, "restore": DRAFT, "withdraw": WITHDRAWN}
EXPECTED = {
    DRAFT: {
        **EVERYWHERE,
        **{"match": PUBLISHED, "submit": IN_REVIEW, "sign": SIGNED_OFF, "publish_unsigned": PUBLISHED},
        "set_expiry": DRAFT,
    },
    IN_REVIEW: {
        **EVERYWHERE,
        **{"write": IN_REVIEW, "match": PUBLISHED, "send_back": DRAFT, "sign": SIGNED_OFF},
        **{"publish_unsigned": PUBLISHED, "set_expiry": IN_REVIEW},
    },
    SIGNED_OFF: {
        **EVERYWHERE,
        **{"match": PUBLISHED, "send_back": DRAFT, "sign": SIGNED_OFF, "publish": PUBLISHED},
        **{"schedule": SCHEDULED, "set_expiry": SIGNED_OFF},
    },
    SCHEDULED: {
        **EVERYWHERE,
        **{"match": PUBLISHED, "send_back": DRAFT, "publish": PUBLISHED, "unschedule": SIGNED_OFF},
        "set_expiry": SCHEDULED,
    },
    PUBLISHED: {**EVERYWHERE, "send_back": DRAFT, "sign": PUBLISHED, "set_expiry": PUBLISHED},
    WITHDRAWN: {"write": DRAFT, "submit": IN_REVIEW, "sign": SIGNED_OFF, "restore": DRAFT},
}
PAIRS = [(state, verb) for state in EXPECTED for verb in VERBS]


@pytest.fixture
def everybody(db: None) -> User:
    """A clinician, who has every right needed here; another test is about roles."""
    return clara()


WAY: dict[str, tuple[str, ...]] = {
    DRAFT: ("write",),
    IN_REVIEW: ("write", "submit"),
    SIGNED_OFF: ("write", "sign"),
    SCHEDULED: ("write", "sign", "schedule"),
    PUBLISHED: (),
    WITHDRAWN: ("withdraw",),
}


@pytest.fixture(autouse=True, scope="module")
def pages(shared_rows: SharedRows) -> None:
    """For each state a page that was published once, in other words than its first, and then came to that state."""
    with shared_rows():
        for state, verbs in WAY.items():
            article = complete(slug_of(state), title="First words")
            issued(rewritten(article, title="Second words"))
            for verb in verbs:
                VERBS[verb](article, clara())


def slug_of(state: str) -> str:
    return state.replace("_", "-")


def in_state(state: str) -> Article:
    article = Article.objects.get(slug=slug_of(state))
    assert article.state == state
    return article


def test_table_model_and_expectations_have_the_same_states_and_verbs() -> None:
    assert set(ARTICLES.states) == set(Article.State.values) == EXPECTED.keys()
    assert {transition.verb for transition in ARTICLES.transitions} == VERBS.keys()
    assert {(t.state, t.verb): t.next for t in ARTICLES.transitions} == {
        (state, verb): then for state, verbs in EXPECTED.items() for verb, then in verbs.items()
    }


@of_each(PAIRS)
def test_each_verb_in_each_state_moves_as_expected_or_is_refused(case: tuple[str, str], everybody: User) -> None:
    state, verb = case
    article = in_state(state)
    events = AuditEvent.objects.count()
    if verb in EXPECTED[state]:
        VERBS[verb](article, everybody)
        article.refresh_from_db()
        assert article.state == EXPECTED[state][verb]
        assert AuditEvent.objects.count() == events + 1
        assert (AuditEvent.objects.latest("id").verb, everybody.username) == (f"article_{verb}", "clara")
    else:
        with pytest.raises((IllegalMove, actions.NotPublishable)):
            VERBS[verb](article, everybody)
        article.refresh_from_db()
        assert article.state == state


MAY = {
    "editor": {workflow.MAY_WRITE, workflow.MAY_PUBLISH},
    "clinician": {workflow.MAY_WRITE, workflow.MAY_SIGN, workflow.MAY_PUBLISH},
    "manager": {workflow.MAY_PUBLISH},
    "intake": set(),
    "administrator": set(),
}
FIRST_STATE = {transition.verb: transition for transition in reversed(ARTICLES.transitions)}


@of_each([verb for verb in VERBS if verb not in ("write", "match")], MAY)
def test_each_role_does_exactly_what_it_may(verb: str, role: str, everybody: User) -> None:
    """Writing is refused by the form instead: see test_admin."""
    article = in_state(FIRST_STATE[verb].state)
    someone = staff("someone", role)
    signing_as(someone)
    if FIRST_STATE[verb].permission in MAY[role]:
        VERBS[verb](article, someone)
        article.refresh_from_db()
        assert article.state == FIRST_STATE[verb].next
    else:
        with pytest.raises(PermissionDenied):
            VERBS[verb](article, someone)
        article.refresh_from_db()
        assert article.state == FIRST_STATE[verb].state


def test_a_superuser_may_not_sign_as_a_clinician(everybody: User, settings: Any) -> None:
    settings.TRIAL = False  # in a trial the first account may hold every role
    boss = User.objects.create_superuser("boss")
    signing_as(boss)
    with pytest.raises(PermissionDenied):
        signed(in_state(IN_REVIEW), by=boss)


def test_every_state_can_be_left_and_reached() -> None:
    moves = {(t.state, t.next) for t in ARTICLES.transitions if t.state != t.next}
    assert {state for state, _ in moves} == {state for _, state in moves} == set(ARTICLES.states)


def test_the_readmes_diagram_matches_the_table() -> None:
    readme = (Path(__file__).resolve().parents[2] / "education" / "README.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{ARTICLES.diagram()}\n```" in readme


def test_a_draft_that_matches_the_live_edition_again_needs_no_signature(everybody: User) -> None:
    """For example when an older edition is restored that is still live."""
    article = in_state(DRAFT)
    actions.restore(article.editions.get(), by=everybody)
    article.refresh_from_db()
    assert article.state == PUBLISHED
    assert article not in Article.objects.with_unpublished_changes()


def test_a_page_that_is_not_live_can_not_be_withdrawn(everybody: User) -> None:
    article = complete()
    with pytest.raises(IllegalMove, match="there is nothing to withdraw"):
        actions.withdraw(article, reason="Wrong.", by=everybody)
