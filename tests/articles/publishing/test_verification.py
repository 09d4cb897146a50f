"""An edition or sign-off that was altered in the database is found and named."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from education.articles.models import Edition, EditionPlaces, SignOff
from education.articles.publishing import editions
from tests.cast import complete, issued, published, rewritten, signed
from tests.database import SharedRows
from tests.dialects import defer_foreign_keys, drop_triggers
from tests.each import of_each

pytestmark = pytest.mark.django_db


PLACES_OF_LUPUS = "edition_id IN (SELECT id FROM education_edition WHERE title = 'Lupus')"


def verify() -> str:
    said = StringIO()
    try:
        call_command("editions_verify", stdout=said)
    except CommandError as error:
        return str(error)
    return said.getvalue()


def behind_the_back(statement: str) -> None:
    """Without the triggers, as for somebody who has the database file."""
    for table in ("education_edition", "education_editionplaces", "education_signoff"):
        drop_triggers(table)
    defer_foreign_keys()
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture(autouse=True, scope="module")
def four_editions(shared_rows: SharedRows) -> None:
    with shared_rows():
        issued(complete("lupus"))
        gout = complete("gout")
        issued(gout)
        issued(rewritten(gout, title="Gout today"))
        published("privacy", kind="policy")


def test_untouched_editions_and_sign_offs_are_verified() -> None:
    assert verify() == "4 editions and 3 sign-offs hold.\n"


def rehashed() -> None:
    """The content is changed and its hash recomputed; the digest of the row still shows it."""
    behind_the_back("UPDATE education_edition SET html = 'Buy it.' WHERE title = 'Lupus'")


def with_its_digest() -> None:
    """The digest is recomputed too; the audit trail, which is chained, still shows it."""
    rehashed()
    edition = Edition.objects.get(title="Lupus")
    behind_the_back(f"UPDATE education_edition SET digest = '{edition.row_digest()}' WHERE title = 'Lupus'")


@of_each(
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
            lambda: behind_the_back(f"UPDATE education_editionplaces SET data = '{{}}' WHERE {PLACES_OF_LUPUS}"),
            "(Lupus), row 1: it was changed after it was published.",
        ),
        (
            lambda: behind_the_back(f"UPDATE education_editionplaces SET format = 1 WHERE {PLACES_OF_LUPUS}"),
            "(Lupus), row 1: it was changed after it was published.",
        ),
        (
            lambda: behind_the_back(f"DELETE FROM education_editionplaces WHERE {PLACES_OF_LUPUS}"),
            "(Lupus), row 1: its places are missing.",
        ),
        (
            lambda: behind_the_back("DELETE FROM education_edition WHERE title = 'Gout'"),
            "An edition is missing: the audit trail holds one with the digest",
        ),
        (
            lambda: behind_the_back("UPDATE education_signoff SET content = '{}' WHERE id = 1"),
            "Sign-off 1 of article",
        ),
    ]
)
def test_a_tampered_row_is_named(case: tuple[Callable[[], None], str]) -> None:
    attack, said = case
    row = Edition.objects.get(title="Lupus").pk
    signature = SignOff.objects.earliest("id").pk
    with transaction.atomic():
        if "id = 1" in said or "Sign-off 1" in said:
            behind_the_back(f"UPDATE education_signoff SET content = '{{}}' WHERE id = {signature}")
        else:
            attack()
        assert said.replace("row 1", f"row {row}").replace("Sign-off 1", f"Sign-off {signature}") in verify()
        transaction.set_rollback(True)  # what was deleted is missed by other rows


def test_places_that_were_added_to_an_older_edition_are_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its digest can't cover them."""
    monkeypatch.setattr(editions, "FORMAT", EditionPlaces.ADDED_LATER)
    older = published("asthma")
    assert verify() == "5 editions and 3 sign-offs hold.\n"
    behind_the_back(f"UPDATE education_editionplaces SET data = '{{}}' WHERE edition_id = {older.pk}")
    assert f"(Asthma), row {older.pk}: its places were changed." in verify()


def test_a_later_signature_does_not_look_like_tampering() -> None:
    signed(rewritten(complete("psoriasis"), title="Psoriasis today"))
    assert verify() == "4 editions and 4 sign-offs hold.\n"
