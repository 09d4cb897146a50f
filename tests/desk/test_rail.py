"""The rail beside every staff page: where one may go, and how much waits there."""

import re
from html import unescape

import pytest

from education.desk import rail
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


def test_new_requests_are_counted_up_to_a_limit(monkeypatch):
    client = logged_in(staff("ines", "intake"))
    request(1)
    request(2)
    queue = "/admin/education/consultationrequest/"
    assert "Requests 2 waiting" in items(client, queue)
    assert "Requests" in items(client)  # the desk says at its head how many wait
    monkeypatch.setattr(rail, "COUNTED", 2)
    assert "Requests 1+ waiting" in items(client, queue)


def test_pages_to_sign_are_counted_for_those_who_sign():
    article("lupus", state="in_review")
    board = "/admin/review-board/"
    assert "Review board 1 waiting" in items(logged_in(staff("cora", "clinician")), board)
    assert "Review board" in items(logged_in(staff("erin", "editor")), board)


def test_the_page_that_one_is_on_is_marked():
    client = logged_in(staff("erin", "editor"))
    page = article("lupus")
    assert items(client)["Desk"][1] == "page"
    on_the_list = items(client, "/admin/education/article/")
    assert (on_the_list["Desk"][1], on_the_list["Articles"][1]) == ("", "page")
    assert items(client, f"/admin/education/article/{page.pk}/change/")["Articles"][1] == "true"
