"""The rail beside every staff page: where one may go, and how much waits there."""

import re
from html import unescape

import pytest
from django.utils import timezone

from education.consultations.triage import queue as counting
from education.desk import rail
from education.glossary.models import Term
from tests.cast import article, logged_in, staff
from tests.desk.test_desk import request
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db


def items(client, path="/admin/"):
    """Words, address and aria-current of each."""
    page = client.get(path).content.decode()
    nav = re.search(r'<nav class="staff-nav".*?</nav>', page, re.DOTALL)
    assert nav
    links = re.findall(r'<a href="([^"]+)"(?: aria-current="(\w+)")?>(.*?)</a>', nav[0], re.DOTALL)
    return {" ".join(unescape(re.sub(r"<[^>]+>", "", words)).split()): (path, at) for path, at, words in links}


def test_each_role_sees_where_it_may_go():
    intake = items(logged_in(staff("ines", "intake")))
    assert list(intake) == ["Desk", "Requests"]
    editor = items(logged_in(staff("erin", "editor")))
    assert {"Articles", "Review board", "References", "Terms", "Pictures"} <= set(editor)
    assert not {"Requests", "Staff accounts"} & set(editor)


def test_the_pages_to_review_belong_to_the_board():
    clara = logged_in(staff("clara", "clinician"))
    places = items(clara, "/admin/education/article/review-run/")
    assert places["Review board"][1] == "true"
    assert places["Articles"][1] == ""


def test_every_place_answers_under_the_name_that_leads_there():
    client = logged_in(staff("anna", "editor", "clinician", "intake", "manager", "administrator"))
    headings = {}
    for words, (path, _) in items(client).items():
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, words
        headings[words] = plain_words(re.search(r"<h1.*?</h1>", body(answer), re.DOTALL)[0])
    # “Requests” leads to “Consultation requests”.
    others = {words: heading for words, heading in headings.items() if words.split()[-1].lower() not in heading.lower()}
    assert others == {}


def test_what_one_may_open_has_one_name_on_the_desk_in_the_rail_and_above_its_list():
    client = logged_in(staff("anna", "editor", "clinician", "intake", "manager", "administrator"))
    listed = body(client.get("/admin/")).partition('id="desk-everything"')[2]
    names = dict(re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', listed))
    for words, (path, _) in items(client).items():
        assert names.get(path, words) == words
    assert list(names.values())[:12] == sorted(list(names.values())[:12], key=str.casefold)
    for words in ("Terms", "Record of actions", "Words of the site"):
        page = body(client.get(items(client)[words][0]))
        assert f"<h1>{words}</h1>" in page
        assert re.search(rf"<title>{words} –", page)
    term = Term.objects.create(term="Titration", definition="Raising a dose step by step.")
    assert '">Terms</a> &rsaquo; Titration' in body(client.get(f"/admin/education/term/{term.pk}/change/"))


def test_requests_that_wait_are_counted_as_their_list_counts_them_up_to_a_limit(monkeypatch):
    """The rail counted the new ones, and the first chip beside it all that wait."""
    client = logged_in(staff("ines", "intake"))
    request(1)
    request(2, status="claimed")
    request(3, status="closed", closed_at=timezone.now())
    queue = "/admin/education/consultationrequest/"
    assert "Requests 2 waiting" in items(client, queue)
    assert "Requests" in items(client)  # the desk says at its head how many wait
    assert "Waiting 2" in plain_words(body(client.get(queue)))
    monkeypatch.setattr(rail, "COUNTED", 1)
    monkeypatch.setattr(counting, "COUNTED", 1)
    rail._statement.cache_clear()
    assert "Requests 1+ waiting" in items(client, queue)
    assert "Waiting 1+" in plain_words(body(client.get(queue)))
    rail._statement.cache_clear()


def test_pages_to_sign_are_counted_for_those_who_sign():
    article("lupus", state="in_review")
    board = "/admin/review-board/"
    cora = logged_in(staff("cora", "clinician"))
    assert "Review board 1 waiting" in items(cora, board)
    assert "Pages for you to review 1" in plain_words(body(cora.get(board)))
    assert "Review board" in items(logged_in(staff("erin", "editor")), board)


def test_the_page_that_one_is_on_is_marked():
    client = logged_in(staff("erin", "editor"))
    page = article("lupus")
    assert items(client)["Desk"][1] == "page"
    on_the_list = items(client, "/admin/education/article/")
    assert (on_the_list["Desk"][1], on_the_list["Articles"][1]) == ("", "page")
    assert items(client, f"/admin/education/article/{page.pk}/change/")["Articles"][1] == "true"
