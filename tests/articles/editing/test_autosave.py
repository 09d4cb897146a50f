"""Autosave: nothing typed is lost, and it is offered on return."""

import pytest
from django.test import Client

from education.accounts.models import User
from education.articles.content.blocks.prose import TextBlock
from education.articles.editing import autosave
from education.articles.models import Article, UnsavedWriting
from education.audit.models import AuditEvent
from tests.articles.writing import TEXT, THREE, Opened, address, said
from tests.cast import (
    article,
    logged_in,
    published,
    rewritten,
    staff,
    text,
    topic,
)
from tests.each import of_each
from tests.screens import body, harm, plain_words

pytestmark = pytest.mark.django_db


def test_a_new_block_autosaved_ten_times_becomes_one_block(erin: Client) -> None:
    draft = article(blocks=THREE)
    form = Opened(erin, draft).add("A new")
    for number in range(10):
        form.type(**{f"{TEXT}-3-body": f"<p>A new block, growing {number}.</p>"})
        answer = form.keep()
        assert answer.status_code == 200
        assert "Not in the draft yet." in answer.json()["words"]
    assert UnsavedWriting.objects.count() == 1
    assert said(draft) == ["First words", "Second words", "Third words"]
    assert form.save().status_code == 302
    assert said(draft) == ["First words", "Second words", "Third words", "A new block, growing 9."]
    assert TextBlock.objects.count() == 4
    assert not UnsavedWriting.objects.exists()
    assert not AuditEvent.objects.filter(about__contains="unsaved").exists()


def test_unsaved_writing_is_offered_on_return_and_can_be_resumed(erin: Client) -> None:
    draft = article(blocks=THREE)
    first = Opened(erin, draft).type(**{f"{TEXT}-0-body": "<p>First words longer now</p>"}).add("Fourth words.")
    first.keep()
    page = plain_words(Opened(erin, draft).page)
    assert "You have unsaved writing here" in page
    assert "4 words added and 0 removed" in page
    taken = erin.post(address("take_up", draft))
    second = Opened(erin, draft, "?unsaved=1")
    assert taken["Location"].endswith("?unsaved=1")
    assert "It is not in the draft until you save it." in plain_words(second.page)
    assert second.fields[f"{TEXT}-0-body"] == ["<p>First words longer now</p>"]
    assert second.type(title="Gone on").keep().status_code == 200
    assert first.keep().status_code == 409  # the earlier form can't overwrite it any more
    assert second.save().status_code == 302
    assert said(draft) == ["First words longer now", "Second words", "Third words", "Fourth words."]
    assert "You have unsaved writing here" not in Opened(erin, draft).page
    assert not UnsavedWriting.objects.exists()


def test_a_new_page_is_autosaved_too(erin: Client) -> None:
    topic()
    form = Opened(erin, None).type(title="Gout").add("Words about gout.")
    for _ in range(3):
        assert form.keep().status_code == 200
    assert not Article.objects.exists()
    assert "You have unsaved writing here" in Opened(erin, None).page
    erin.post(address("take_up", None))
    again = Opened(erin, None, "?unsaved=1")
    assert again.fields["title"] == ["Gout"]
    again.type(slug="gout", topic=again.fields["topic"][0] or str(topic().pk), kind="condition")
    assert again.save().status_code == 302
    assert said(Article.objects.get()) == ["Words about gout."]
    assert not UnsavedWriting.objects.exists()
    assert "You have unsaved writing here" not in Opened(erin, None).page


def test_resuming_after_somebody_else_saved_shows_both_versions_first(erin: Client, clara: Client) -> None:
    draft = article(blocks=THREE)
    Opened(erin, draft).type(title="By Erin").keep()
    Opened(clara, draft).type(**{f"{TEXT}-1-DELETE": "on"}).save()
    assert "The draft was saved by clara since." in plain_words(Opened(erin, draft).page)
    erin.post(address("take_up", draft))
    form = Opened(erin, draft, "?unsaved=1")
    assert "clara changed the draft while you were writing" in plain_words(form.page)
    assert form.save().status_code == 302
    assert said(draft) == ["First words", "Second words", "Third words"]


def test_the_autosave_answer_says_that_somebody_else_saved(erin: Client, clara: Client) -> None:
    draft = article(blocks=THREE)
    mine = Opened(erin, draft).type(title="By Erin")
    Opened(clara, draft).type(title="By Clara").save()
    assert "clara changed this draft meanwhile" in mine.keep().json()["words"]


def test_unsaved_writing_is_not_overwritten_by_a_form_opened_later(erin: Client) -> None:
    draft = article(blocks=THREE)
    Opened(erin, draft).type(title="Yesterday’s").keep()
    today = Opened(erin, draft).type(title="Today’s")
    answer = today.keep()
    assert answer.status_code == 409
    assert "other unsaved writing for this page" in answer.json()["words"]
    assert "Yesterday" in UnsavedWriting.objects.get().data
    assert today.save().status_code == 302
    assert "Yesterday" in UnsavedWriting.objects.get().data


def test_each_editor_has_their_own_autosave(erin: Client, clara: Client) -> None:
    draft = article(blocks=THREE)
    Opened(erin, draft).type(title="By Erin").keep()
    Opened(clara, draft).type(title="By Clara").keep()
    assert UnsavedWriting.objects.count() == 2
    assert Opened(clara, draft).fields["title"] == ["Lupus"]
    erin.post(address("throw_away", draft))
    assert UnsavedWriting.objects.get().editor.username == "clara"


def test_a_refused_save_is_autosaved_without_scripts(erin: Client) -> None:
    draft = article(blocks=THREE)
    Opened(erin, draft).type(title="").add("Fourth words.").save()
    assert "Fourth words." in UnsavedWriting.objects.get().data
    assert "csrfmiddlewaretoken" not in UnsavedWriting.objects.get().data
    assert "You have unsaved writing here" in Opened(erin, draft).page


def test_a_page_of_two_hundred_blocks_can_still_be_saved(erin: Client) -> None:
    draft = article(blocks=[text("<p>Words</p>")] * 200)
    form = Opened(erin, draft).type(title="Long")
    assert len(form.fields) > 1000
    assert form.keep().status_code == 200
    assert form.save().status_code == 302
    assert Article.objects.get().title == "Long"


def test_an_autosave_survives_a_lost_session(erin: Client) -> None:
    draft = article(blocks=THREE)
    form = Opened(erin, draft).type(title="Half a thought")
    form.keep()
    erin.logout()
    answer = form.type(title="Half a thought and more").keep()
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    erin.force_login(User.objects.get())
    assert "You have unsaved writing here" in Opened(erin, draft).page
    assert form.keep().status_code == 200
    assert "and more" in UnsavedWriting.objects.get().data


@pytest.fixture
def form(erin: Client) -> Opened:
    return Opened(erin, article(blocks=THREE)).type(title="Theirs")


@of_each(["manager", "intake", "administrator"], ["keep", "take_up", "throw_away"])
def test_autosaving_takes_the_right_to_write(role: str, verb: str, form: Opened) -> None:
    other = logged_in(staff(f"{role} who may not {verb}", role))
    assert other.post(address(verb, form.draft), form.fields).status_code == 403
    assert other.post(address(verb, None), form.fields).status_code == 403
    assert not UnsavedWriting.objects.exists()


@pytest.mark.parametrize("verb", ["keep", "take_up", "throw_away"])
def test_autosaving_resuming_and_discarding_take_a_post(erin: Client, verb: str) -> None:
    draft = article(blocks=THREE)
    Opened(erin, draft).type(title="By Erin").keep()
    key = UnsavedWriting.objects.get().form_key
    assert erin.get(address(verb, draft)).status_code == (200 if verb == "keep" else 302)  # 200: a fresh token
    assert UnsavedWriting.objects.get().form_key == key


def test_a_form_that_is_too_large_is_not_autosaved_and_says_so(erin: Client) -> None:
    draft = article(blocks=THREE)
    form = Opened(erin, draft).type(**{f"{TEXT}-0-body": "x" * autosave.MAX_FORM_CHARACTERS})
    answer = form.keep()
    assert answer.status_code == 413
    assert "too large for that" in answer.json()["words"]
    assert not UnsavedWriting.objects.exists()


SCRIPT = "<p>Hello <script>alert(1)</script><img src=x onerror=alert(1)></p>"


def test_markup_in_an_autosave_is_escaped_wherever_it_is_shown(erin: Client) -> None:
    draft = article(blocks=THREE)
    before = len(harm(Opened(erin, draft).page))
    form = Opened(erin, draft).type(title="<script>alert(1)</script>", **{f"{TEXT}-0-body": SCRIPT}).add(SCRIPT)
    form.type(**{"education_textblock_set-3-region": '"><svg onload=alert(1)>', "form_key": '"><b onclick=x>'})
    form.keep()
    offered = Opened(erin, draft).page
    assert "You have unsaved writing here" in offered
    erin.post(address("take_up", draft))
    rewritten(Article.objects.get(), title="Somebody else’s")
    taken = Opened(erin, draft, "?unsaved=1").page
    assert "changed the draft" in taken
    form.save()
    assert "Not saved" in form.page
    for page in (offered, taken, form.page):
        assert len(harm(page)) == before
        assert "<script>alert" not in page


def test_malformed_form_data_is_autosaved_and_shown_without_an_error(erin: Client) -> None:
    draft = article(blocks=THREE)
    odd = {
        f"{TEXT}-TOTAL_FORMS": "999999999",
        f"{TEXT}-99999-body": "far out",
        f"{TEXT}-0-id": "none",
        f"{TEXT}-1-ordering": "first",
        f"{TEXT}-2-id": "99999999999999999999",
        "title": "\x00\x07 Title",
        "author": "nobody",
        "kind": "",
    }
    assert Opened(erin, draft).type(**odd).keep().status_code == 200
    assert Opened(erin, draft).page
    assert erin.get(address("change", draft) + "?unsaved=1").status_code == 200


# Around it


def test_the_desk_lists_unsaved_writing(erin: Client) -> None:
    draft = published().article
    assert "Writing of yours" not in body(erin.get("/admin/"))
    Opened(erin, draft).type(title="Half a thought").keep()
    Opened(erin, None).type(title="New thought").keep()
    page = plain_words(body(erin.get("/admin/")))
    assert "Writing of yours that is not saved 2" in page
    assert "A new page" in page
    assert "Writing of yours" not in body(logged_in(staff("ben", "editor")).get("/admin/"))
