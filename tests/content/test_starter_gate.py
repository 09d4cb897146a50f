"""Every line of the gate that needs no clinician, on every page of the starter library.

Works on the files alone, so that it says which sentence of which file is wrong before anything is loaded.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from education.articles.content import Content, texts
from education.references.actions import cited_keys
from tests.content.words import NAMES, page, path_of, rows

SITE = {"/", "/a-z/", "/glossary/", "/search/", "/request-a-consultation/"}
CARRIES = ("current", "unreachable")
LINK = re.compile(r'href="([^"#]*)')


STATUS = {row["key"]: row["status"] for row in rows("references")}
PEOPLE = {row["slug"]: row for row in rows("people")}


PAGES = {path_of(page(name)) for name in NAMES} | {f"/{row['slug']}/" for row in rows("topics")}


def missing(content: Content) -> list[str]:
    """What would keep this page from being published."""
    return [*_whole(content), *(problem for block in content["blocks"] for problem in _block(block))]


def _whole(content: Content) -> Iterator[str]:
    kinds = [block["type"] for block in content["blocks"]]
    levels = [block["level"] for block in content["blocks"] if block["type"] == "care"]
    author = PEOPLE.get(content["author"], {})
    if not content["summary"]:
        yield "a summary"
    if "key-points" not in kinds:
        yield "key points"
    if content["kind"] in ("condition", "treatment") and not {"urgent", "emergency"} & set(levels):
        yield "when to get help"
    if content["kind"] == "treatment" and "known" not in kinds:
        yield "what is known and what is not"
    if not (author.get("credentials") and author.get("disclosure")):
        yield "an author with credentials and a disclosure"
    for key in cited_keys(" ".join(texts(content))):
        if key not in STATUS:
            yield f"the study {key}"


def _block(block: dict[str, Any]) -> Iterator[str]:
    if block["type"] == "claim":
        yield from _claim(block)
    if block["type"] == "figure" and not block["alt"]:
        yield "words for a picture"
    if block["type"] == "table" and not (block["caption"] and all(block["rows"][0])):
        yield "a caption and headings of a table"
    if block["type"] == "text" and re.findall(r"<(h[23])>", block["body"])[:1] == ["h3"]:
        yield "an h2 before the first h3"
    for address in LINK.findall(block.get("body", "")):
        if address.startswith("/") and address not in SITE | PAGES:
            yield f"a page at {address}"


def _claim(claim: dict[str, Any]) -> Iterator[str]:
    carried = any(STATUS.get(key) in CARRIES for key in claim["references_for"])
    if not (claim["grade"] and claim["direction"] and claim["graded_by"] and claim["graded_on"]):
        yield "a grade, a direction, by whom and when"
    if not carried and not (claim["grade"] == "none" and claim["nothing_against"]):
        yield "a checked study behind a claim"
    if claim["grade"] in ("moderate", "strong") and not (claim["references_against"] or claim["nothing_against"]):
        yield "studies against a claim, or that there are none"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_missing_but_the_sign_off(name: str) -> None:
    assert missing(page(name)) == []


def test_nobody_can_mistake_the_starter_library_for_a_clinician() -> None:
    assert [page(name)["author"] for name in NAMES] == ["starter-library"] * len(NAMES)
    assert PEOPLE["starter-library"]["credentials"] == "not a clinician"
    assert "No clinician wrote or reviewed these words." in PEOPLE["starter-library"]["disclosure"]
    claims = [block for name in NAMES for block in page(name)["blocks"] if block["type"] == "claim"]
    assert {claim["graded_by"] for claim in claims} == {"the starter library, not by a clinician"}


CLAIM = {
    "type": "claim", "grade": "low", "direction": "helps", "references_for": ["bruun-2024"], "references_against": [],
    "nothing_against": False, "graded_by": "Ann", "graded_on": "2026-01-31", "text": "It helps.",
}  # fmt: skip
BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("a checked study behind a claim", CLAIM | {"references_for": ["rodriguez-freire-2026"]}),
    ("a checked study behind a claim", CLAIM | {"grade": "none", "references_for": []}),
    ("a grade, a direction, by whom and when", CLAIM | {"graded_by": ""}),
    ("studies against a claim, or that there are none", CLAIM | {"grade": "moderate"}),
    ("words for a picture", {"type": "figure", "alt": "", "caption": ""}),
    ("a caption and headings of a table", {"type": "table", "caption": "A", "rows": [["", "b"], ["c", "d"]]}),
    ("an h2 before the first h3", {"type": "text", "body": "<h3>A</h3><p>b</p><h2>C</h2>"}),
    ("a page at /lupus-2/", {"type": "text", "body": '<p><a href="/lupus-2/#x">a</a></p>'}),
    ("the study no-such-2020", {"type": "text", "body": "<p>A.[@no-such-2020]</p>"}),
]


@pytest.mark.parametrize(("problem", "block"), BROKEN)
def test_each_line_is_known_to_fail(problem: str, block: dict[str, Any]) -> None:
    content = deepcopy(page("lupus"))
    content["blocks"].append(block)
    assert problem in missing(content)


@pytest.mark.parametrize(
    ("problem", "without", "kind"),
    [
        ("key points", "key-points", "guide"),
        ("when to get help", "care", "condition"),
        ("what is known and what is not", "known", "treatment"),
    ],
)
def test_a_page_without_a_block_it_needs_is_known_to_fail(problem: str, without: str, kind: str) -> None:
    content = page("lupus") | {"kind": kind}
    content["blocks"] = [block for block in content["blocks"] if block["type"] != without]
    assert problem in missing(content)


def test_a_page_of_nobody_and_without_a_summary_is_known_to_fail() -> None:
    content = page("lupus") | {"author": "", "summary": ""}
    assert {"a summary", "an author with credentials and a disclosure"} <= set(missing(content))
