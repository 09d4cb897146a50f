"""Complete journeys through the site, of a reader and of an editor."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from education.articles.models import Article, Edition
from education.articles.publishing.schedule import publish_due
from education.audit.actions import verify
from education.audit.models import AuditEvent
from tests.cast import PASSWORD, clara, complete, erin_the_editor, logged_in, seen, taken_over
from tests.screens import body, edit, links, plain_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter_pages")]
LDN = "/low-dose-naltrexone/ldn-for-autoimmune-diseases-and-fibromyalgia/"


def follow(client: Client, path: str, words: str) -> str:
    """The address of the link with this text."""
    ways = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', body(client.get(path)), re.DOTALL)
    found = [address for address, inside in ways if plain_words(inside) == words]
    assert found, f"There is no link “{words}” on {path}."
    return str(found[0])


def test_a_reader_goes_from_home_by_topic_to_the_page_and_on_to_the_form(client: Client) -> None:
    shelf = follow(client, "/", "Low-dose naltrexone (LDN)")
    page = follow(client, shelf, "Low-dose naltrexone for autoimmune diseases and fibromyalgia")
    assert page == LDN
    said = plain_words(body(client.get(page)).partition('<div class="prose">')[2])
    assert said.index("may have lived with pain") < said.index("Key points") < said.index("What autoimmune means")
    assert "Never take LDN with opioids" in said
    assert "/request-a-consultation/" in links(body(client.get(page)))
    assert not client.cookies


def test_a_reader_finds_it_by_search_by_name_and_by_the_list_of_all_pages(client: Client) -> None:
    for query in ("LDN", "low dose naltrexone", "naltraxone"):
        assert links(body(client.get("/search/", {"q": query}))).count(LDN) == 1
    title = "Low-dose naltrexone for autoimmune diseases and fibromyalgia"
    assert follow(client, "/a-z/", f"LDN see “{title}”") == LDN


def test_a_reader_goes_from_a_number_to_the_study_and_to_the_other_pages_that_use_it(client: Client) -> None:
    study = next(href for href in links(body(client.get(LDN))) if href.startswith("/references/younger-2013"))
    assert {LDN, "/fibromyalgia-and-chronic-pain/fibromyalgia/"} <= set(links(body(client.get(study))))


PUBLIC = "/fibromyalgia-and-chronic-pain/fibromyalgia/"


def test_an_editor_changes_a_word_a_clinician_signs_it_and_patients_read_it(client: Client) -> None:
    erin_the_editor()
    staff = Client()
    staff.post("/accounts/login/", {"login": "erin", "password": PASSWORD})
    page = body(staff.get("/admin/education/article/"))
    change = re.findall(r'<a href="(/admin/education/article/\d+/change/)[^"]*">Fibromyalgia</a>', page)[0]
    draft = body(staff.get(change))
    old = re.findall(r'name="education_textblock_set-0-body"[^>]*>\s*(.*?)</textarea>', draft, re.DOTALL)[0]
    assert "Does LDN help in fibromyalgia?" in old
    words = {"education_textblock_set-0-body": "<p>Your pain is very real.</p>"}
    hub = edit(staff, change, "_review", form_id="article_form", **words)["Location"]
    assert "very real" not in body(client.get(PUBLIC))
    assert "very real" in body(staff.get(change.replace("change", "preview")))
    staff.post(hub.replace("review", "submit"), {"note": "Warmer words."})
    doctor = logged_in(clara())
    sign = follow(doctor, "/admin/education/article/review-run/", "Fibromyalgia")
    assert "Warmer words." in body(doctor.get(sign))
    article = Article.objects.get(slug="fibromyalgia")
    doctor.post(sign.partition("?")[0], {"seen": seen(article), "kind": "full", **taken_over(article)})
    staff.post(hub.replace("review", "publish"), {"reason": "Warmer words"})
    shown = plain_words(body(client.get(PUBLIC)))
    assert "Your pain is very real." in shown
    assert "edition 2" in shown
    assert "Reviewed by Dr Clara Kline, MD on" in shown
    edition = Edition.objects.get(number=2)
    assert (edition.published_by, edition.reason) == ("erin", "Warmer words")
    assert [event.verb for event in AuditEvent.objects.filter(actor="erin").order_by("id")] == [
        *("signed_in", "article_write", "article_submit", "article_publish")
    ]
    assert verify().broken is None


def test_a_page_goes_all_the_way_and_back(client: Client) -> None:
    """Write, submit, send back, correct, sign, change a word, sign that, plan, publish, compare, restore, withdraw."""
    erin, doctor = logged_in(erin_the_editor()), logged_in(clara())
    draft = complete("gout", title="Gout")
    admin, public = f"/admin/education/article/{draft.pk}", draft.get_absolute_url()

    def post(who: Client, verb: str, **typed: str) -> str:
        return plain_words(body(who.post(f"{admin}/{verb}/", typed, follow=True)))

    def sign(kind: str) -> str:
        return post(doctor, "sign", seen=seen(draft), kind=kind)

    post(erin, "submit", note="New page.")
    assert "sent back." in post(doctor, "send-back", note="Say what to eat.")
    assert "Say what to eat." in body(erin.get(f"{admin}/review/"))
    edit(erin, f"{admin}/change/", form_id="article_form", summary="About gout, and what to eat.")
    post(erin, "submit")
    assert "You signed “Gout”." in sign("full")
    edit(erin, f"{admin}/change/", form_id="article_form", summary="About gout and what to eat.")
    assert "No clinician has signed exactly these words." in post(erin, "publish")
    assert "You signed “Gout”." in sign("change")
    at = timezone.localtime() + timedelta(days=1)
    assert "it will be published at its time." in post(erin, "schedule", day=f"{at:%Y-%m-%d}", time=f"{at:%H:%M}")
    assert client.get(public).status_code == 404
    assert publish_due(now=at) == 1
    assert "About gout and what to eat." in body(client.get(public))
    edit(erin, f"{admin}/change/", form_id="article_form", summary="About gout.")
    assert "Removed: About gout and what to eat." in plain_words(body(erin.get(f"{admin}/compare/")))
    assert "The words of edition 1 are in the draft now." in post(erin, "editions/1/restore")
    assert "patients can’t read it any more." in post(erin, "withdraw", reason="Out of date.")
    assert client.get(public).status_code == 410
    assert verify().broken is None
