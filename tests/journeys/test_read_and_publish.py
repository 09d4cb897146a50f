"""Whole ways through the site, as a reader and as an editor goes them."""

import re

import pytest
from django.test import Client

from education.articles.library import STARTER, load
from education.articles.models import Edition
from education.audit.actions import verify
from education.audit.models import AuditEvent
from tests.cast import PASSWORD, erin_the_editor, logged_in
from tests.screens import body, edit, links, plain_words

pytestmark = pytest.mark.django_db
LDN = "/low-dose-naltrexone/ldn-for-autoimmune-diseases-and-fibromyalgia/"


@pytest.fixture(autouse=True)
def starter_library() -> None:
    load(STARTER, by=None, publish=True)


def follow(client: Client, path: str, words: str) -> str:
    """The address behind the link with these words."""
    found = re.findall(rf'<a href="([^"]+)"[^>]*>{re.escape(words)}</a>', body(client.get(path)))
    assert found, f"There is no link “{words}” on {path}."
    return str(found[0])


def test_a_reader_goes_from_home_by_topic_to_the_page_and_on_to_the_form(client: Client) -> None:
    shelf = follow(client, "/", "Low-dose naltrexone (LDN)")
    page = follow(client, shelf, "Low-dose naltrexone for autoimmune diseases and fibromyalgia")
    assert page == LDN
    said = plain_words(body(client.get(page)).partition('<div class="prose">')[2])
    assert (
        said.index("Perhaps you have lived with pain") < said.index("Key points") < said.index("What autoimmune means")
    )
    assert "Never take LDN with opioids" in said
    assert "/request-a-consultation/" in links(body(client.get(page)))
    assert not client.cookies


def test_a_reader_finds_it_by_search_by_name_and_by_the_list_of_all_pages(client: Client) -> None:
    for query in ("LDN", "low dose naltrexone", "naltraxone"):
        assert links(body(client.get("/search/", {"q": query}))).count(LDN) == 1
    assert follow(client, "/a-z/", "LDN") == LDN


def test_a_reader_goes_from_a_number_to_the_study_and_to_the_other_pages_that_use_it(client: Client) -> None:
    study = next(href for href in links(body(client.get(LDN))) if href.startswith("/references/younger-2013"))
    assert {LDN, "/fibromyalgia-and-chronic-pain/fibromyalgia/"} <= set(links(body(client.get(study))))


def test_an_editor_logs_in_changes_a_word_looks_at_it_and_publishes_it(client: Client) -> None:
    erin_the_editor()
    staff = Client()
    staff.post("/accounts/login/", {"login": "erin", "password": PASSWORD})
    page = body(staff.get("/admin/education/article/"))
    change = re.findall(r'<a href="(/admin/education/article/\d+/change/)[^"]*">Fibromyalgia</a>', page)[0]
    draft = body(staff.get(change))
    old = re.findall(r'name="education_textblock_set-0-body"[^>]*>\s*(.*?)</textarea>', draft, re.DOTALL)[0]
    assert "Your pain is real" in old
    done = edit(
        staff,
        change,
        "_publish",
        form_id="article_form",
        **{"education_textblock_set-0-body": "<p>Your pain is very real.</p>"},
    )
    public = "/fibromyalgia-and-chronic-pain/fibromyalgia/"
    assert "very real" not in body(client.get(public))
    assert "very real" in body(staff.get(change.replace("change", "preview")))
    staff.post(done["Location"], {"reason": "Warmer words"})
    assert "Your pain is very real." in body(client.get(public))
    assert "edition 2" in body(client.get(public))
    edition = Edition.objects.get(number=2)
    assert (edition.published_by, edition.reason) == ("erin", "Warmer words")
    assert list(AuditEvent.objects.filter(actor="erin").values_list("verb", flat=True)) == [
        "published",
        "draft_saved",
        "signed_in",
    ]
    assert verify().broken is None


def test_an_editor_takes_a_mistake_back(client: Client) -> None:
    staff = logged_in(erin_the_editor())
    edition = Edition.objects.get(article__slug="fibromyalgia")
    admin = f"/admin/education/article/{edition.article_id}"
    before = body(client.get(edition.path))
    edit(staff, f"{admin}/change/", form_id="article_form", title="Fibromylgia")
    staff.post(f"{admin}/publish/", {"reason": ""})
    assert "<h1>Fibromylgia</h1>" in body(client.get(edition.path))
    staff.post(f"{admin}/editions/1/restore/")
    staff.post(f"{admin}/publish/", {"reason": "Spelling"})
    assert body(client.get(edition.path)).replace("edition 3", "edition 1") == before
