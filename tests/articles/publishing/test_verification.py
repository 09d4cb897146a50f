"""A row that somebody changed behind the site's back is found and named."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from education.articles.models import Edition, SignOff
from tests.cast import complete, issued, published, rewritten, signed
from tests.databases import defer_foreign_keys, drop_triggers

pytestmark = pytest.mark.django_db


def verify() -> str:
    said = StringIO()
    try:
        call_command("editions_verify", stdout=said)
    except CommandError as error:
        return str(error)
    return said.getvalue()


def behind_the_back(statement: str) -> None:
    """With the triggers gone, as somebody with the database file in hand can do it."""
    for table in ("education_edition", "education_signoff"):
        drop_triggers(table)
    defer_foreign_keys()
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture(autouse=True)
def four_editions() -> None:
    issued(complete("lupus"))
    gout = complete("gout")
    issued(gout)
    issued(rewritten(gout, title="Gout today"))
    published("privacy", kind="policy")


def test_what_nobody_touched_holds() -> None:
    assert verify() == "4 editions and 3 sign-offs hold.\n"


def rehashed() -> None:
    """Whoever changes the words may compute their hash anew; the row's own digest still tells."""
    behind_the_back("UPDATE education_edition SET html = 'Buy it.' WHERE title = 'Lupus'")


def with_its_digest() -> None:
    """And whoever computes that anew too is told by the audit trail, which is chained."""
    rehashed()
    edition = Edition.objects.get(title="Lupus")
    behind_the_back(f"UPDATE education_edition SET digest = '{edition.row_digest()}' WHERE title = 'Lupus'")


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        (
            lambda: behind_the_back("UPDATE education_edition SET content = '{}' WHERE title = 'Lupus'"),
            "(Lupus), row 1: its content does not match its hash.",
        ),
        (
            lambda: behind_the_back("UPDATE education_edition SET content = 'x' WHERE title = 'Lupus'"),
            "(Lupus), row 1: its content does not match its hash.",
        ),
        (rehashed, "(Lupus), row 1: it was changed after it was published."),
        (
            lambda: behind_the_back("UPDATE education_edition SET published_by = 'dora' WHERE title = 'Lupus'"),
            "(Lupus), row 1: it was changed after it was published.",
        ),
        (with_its_digest, "(Lupus), row 1: it is not in the audit trail."),
        (
            lambda: behind_the_back("DELETE FROM education_edition WHERE title = 'Gout'"),
            "An edition is missing: the audit trail holds one with the digest",
        ),
        (
            lambda: behind_the_back("UPDATE education_signoff SET content = '{}' WHERE id = 1"),
            "Sign-off 1 of article",
        ),
    ],
)
def test_a_tampered_row_is_named(attack: Callable[[], None], said: str) -> None:
    row = Edition.objects.get(title="Lupus").pk
    signature = SignOff.objects.earliest("id").pk
    with transaction.atomic():
        if "id = 1" in said or "Sign-off 1" in said:
            behind_the_back(f"UPDATE education_signoff SET content = '{{}}' WHERE id = {signature}")
        else:
            attack()
        assert said.replace("row 1", f"row {row}").replace("Sign-off 1", f"Sign-off {signature}") in verify()
        transaction.set_rollback(True)  # what was deleted is missed by other rows


def test_signing_again_changes_nothing_of_that() -> None:
    signed(rewritten(complete("psoriasis"), title="Psoriasis today"))
    assert verify() == "4 editions and 4 sign-offs hold.\n"
