"""A signed link shows a draft to somebody without an account, for seven days, and nothing else."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from education.articles.public.preview import SALT
from tests.cast import article, complete, erin_the_editor, logged_in, rewritten, text
from tests.screens import body, harm, plain_words

pytestmark = pytest.mark.django_db


def link_of(draft: Any) -> str:
    page = body(logged_in(erin_the_editor()).get(f"/admin/education/article/{draft.pk}/review/"))
    found = re.search(r'href="http://127\.0\.0\.1:8000(/preview/[^"]+)"', page)
    assert found, "There is no preview link."
    return found[1]


def test_whoever_has_the_link_reads_the_current_draft(client: Client) -> None:
    draft = complete()
    link = link_of(draft)
    rewritten(draft, summary="Words of this minute.")
    answer = client.get(link)
    page = plain_words(body(answer))
    assert "Words of this minute." in page
    assert "Draft, for your eyes. No clinician has signed these words." in page
    assert "the link stops working after 7 days" in page
    assert "Not yet reviewed by a clinician." in page
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in body(answer)
    assert not client.cookies
    assert "/admin/education/" not in body(answer)
    assert harm(body(answer)) == []


def test_it_stops_working_after_seven_days(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_of(complete())
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + timedelta(days=6, hours=23).total_seconds())
    assert client.get(link).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + timedelta(days=7, hours=1).total_seconds())
    assert client.get(link).status_code == 403


def test_a_forged_link_is_not_found(client: Client) -> None:
    draft = article()
    for token in ("x", "1", signing.dumps(draft.pk, salt="other"), signing.dumps(99999, salt=SALT)):
        assert client.get(f"/preview/{token}/").status_code == 404, token


def test_a_draft_that_can_not_be_rendered_is_not_found(client: Client) -> None:
    draft = complete()
    link = link_of(draft)
    rewritten(draft, text("<p>Words.[@nobody-1999]</p>"))
    assert client.get(link).status_code == 404
