"""Data folders that earlier versions filled, each after an upgrade to this one: nothing is lost, changed or locked."""

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from education.core.text import in_fours
from tests.screens import plain_words
from tests.server import manage
from tests.upgrade.unpacking import unpack

VERSIONS = sorted(path.parent for path in Path(__file__).parent.glob("*/facts.json"))
PROVED = {  # what hashes, seals and signatures are made of
    "education_edition": "id, article_id, number, path, title, content, html, sha256, digest",
    "education_signoff": "id, article_id, sha256, content, name, signed_by, signed_at",
    "education_consultationrequest": "id, reference, receipt_hash, sealed, key_id",
    "education_auditevent": "id, at, actor, verb, about, detail, previous, digest",
}
GUARDED = ("education_edition", "education_editionplaces", "education_signoff", "education_auditevent")
CURRENT = """
    SELECT edition.path, edition.title, edition.html FROM education_edition AS edition
    JOIN education_article AS article ON article.current_edition_id = edition.id
"""
Row = tuple[Any, ...]


@dataclass
class Upgraded:
    folder: Path
    facts: dict[str, Any]  # of facts.json
    before: dict[str, list[Row]]  # the rows of PROVED, by table, as the earlier version left them
    published: list[Row]  # path, title and HTML of what patients read before the upgrade
    found: dict[str, Any]  # what tests.upgrade.opening reports


def rows(folder: Path, question: str) -> list[Row]:
    with closing(sqlite3.connect(folder / "clinic.sqlite3")) as database:
        return database.execute(question).fetchall()


def proved(folder: Path, table: str) -> list[Row]:
    return rows(folder, f"SELECT {PROVED[table]} FROM {table} ORDER BY id")


@pytest.fixture(scope="module", params=VERSIONS, ids=lambda version: version.name)
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    """One upgrade for all tests, in a process of its own as an operator's is."""
    version, folder = request.param, tmp_path_factory.mktemp("upgraded")
    unpack(version / "data.tar.xz", folder)
    facts = json.loads((version / "facts.json").read_text())
    before, published = {table: proved(folder, table) for table in PROVED}, rows(folder, CURRENT)
    more = {"head": before["education_auditevent"][-1][-1], "backup": str(version / "backup.sealed")}
    code = f"from tests.upgrade.opening import report; report({facts | more!r})"
    found = json.loads(manage(folder, "shell", "--no-imports", "-c", code))
    yield Upgraded(folder, facts, before, published, found)
    shutil.rmtree(folder)


def words_of(answer: tuple[int, str]) -> tuple[int, str]:
    status, html = answer
    return status, plain_words(html)


def in_order(words: str, page: str) -> bool:
    """Whether all these words are on the page, one after the other; the page may say more between them."""
    on_page = iter(re.findall(r"\w+", page))
    return all(word in on_page for word in re.findall(r"\w+", words))


def heading(html: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    return plain_words(found[1]) if found else ""


def reference_of(upgraded: Upgraded, receipt: str) -> str:
    digest = hashlib.sha256(upgraded.facts["receipts"][receipt].encode()).hexdigest()
    (found,) = [row[1] for row in upgraded.before["education_consultationrequest"] if row[2] == digest]
    return str(found)


def record_of(upgraded: Upgraded, receipt: str) -> str:
    """What staff read on the record of the request that this receipt is of."""
    status, words = words_of(upgraded.found["records"][reference_of(upgraded, receipt)])
    assert status == 200
    return words


def test_every_published_page_opens_with_the_title_and_the_words_of_its_edition(upgraded: Upgraded) -> None:
    pages = upgraded.found["pages"]
    assert pages
    assert sorted(pages) == sorted(path for path, _, _ in upgraded.published)
    assert [path for path, (status, _) in pages.items() if status != 200] == []
    for path, title, html in upgraded.published:
        page = pages[path][1]
        assert heading(page) == title.replace("'", "’")  # as pages set it
        assert in_order(plain_words(html), plain_words(page)), path


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("whole", 200, "A member of our staff has taken it on."),
        ("short", 200, "Waiting to be read."),
        ("withdrawn", 200, "Your request is withdrawn"),
    ],
)
def test_a_receipt_says_where_its_request_stands(upgraded: Upgraded, name: str, status: int, words: str) -> None:
    found, page = words_of(upgraded.found["receipts"][name])
    assert found == status
    assert words in page


def test_a_form_that_is_sent_again_leads_to_the_receipt_that_it_led_to_before(upgraded: Upgraded) -> None:
    assert upgraded.found["resent"] == upgraded.facts["receipts"]


def test_staff_open_a_request_with_its_answers_what_was_added_and_their_notes(upgraded: Upgraded) -> None:
    assert upgraded.found["logged in"]
    record = record_of(upgraded, "whole")
    assert [words for words in upgraded.facts["whole"] if words not in record] == []


def test_every_other_request_opens_too(upgraded: Upgraded) -> None:
    records = [words_of(answer) for answer in upgraded.found["records"].values()]
    assert len(records) == len(upgraded.before["education_consultationrequest"])
    assert {status for status, _ in records} == {200}
    assert [name for name in upgraded.facts["others"] if not any(name in words for _, words in records)] == []
    assert [words for _, words in records if "be opened" in words] == []
    assert "The answers are destroyed" in record_of(upgraded, "withdrawn")


def test_a_search_by_e_mail_address_finds_the_request(upgraded: Upgraded) -> None:
    status, words = words_of(upgraded.found["search"])
    assert status == 200
    assert in_fours(reference_of(upgraded, "whole")) in words


def test_editions_signatures_and_the_audit_trail_hold(upgraded: Upgraded) -> None:
    editions, signatures = (len(upgraded.before[f"education_{name}"]) for name in ("edition", "signoff"))
    assert upgraded.found["editions_verify"] == f"{editions} editions and {signatures} sign-offs hold.\n"
    assert upgraded.found["audit_verify"].startswith("Whole: ")


@pytest.mark.parametrize("table", PROVED)
def test_the_upgrade_left_what_is_proved_as_it_was(upgraded: Upgraded, table: str) -> None:
    before = upgraded.before[table]
    assert before
    assert proved(upgraded.folder, table)[: len(before)] == before


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize("change", ["UPDATE {} SET rowid = rowid + 1000", "DELETE FROM {}"])
def test_what_may_only_be_added_to_still_refuses_a_change(upgraded: Upgraded, table: str, change: str) -> None:
    """On SQLite a migration that alters a table may build it anew, and its triggers are gone."""
    with (
        closing(sqlite3.connect(upgraded.folder / "clinic.sqlite3")) as database,
        pytest.raises(sqlite3.IntegrityError, match="can't be changed"),
    ):
        database.execute(change.format(table))


def test_a_preview_link_that_was_given_out_still_opens(upgraded: Upgraded) -> None:
    status, words = words_of(upgraded.found["preview"])
    assert status == 200
    assert upgraded.facts["previewed"] in words


def test_what_was_typed_and_not_saved_is_offered(upgraded: Upgraded) -> None:
    ((status, html),) = upgraded.found["unsaved"]
    assert status == 200
    assert 'id="unsaved"' in html
    assert upgraded.facts["unsaved"] in plain_words(html)


def test_a_backup_could_be_restored_with_its_recovery_key(upgraded: Upgraded) -> None:
    assert "could be restored" in upgraded.found["drill"]
    assert "1 education_consultationrequest" in upgraded.found["drill"]
