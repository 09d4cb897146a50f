"""Comments on a block of a draft: written beside it, answered, done; and a draft that was sent back says so."""

import re
from typing import Any

import pytest
from django.test import Client

from education.articles.commenting.models import BlockComment
from education.articles.content.blocks import BLOCK_TYPES
from education.articles.content.canonical import draft_blocks
from education.articles.models import Article
from education.articles.publishing import actions
from education.core import sealing
from education.outbox.models import OutboxMessage
from tests import cast
from tests.screens import body, edit, plain_words

pytestmark = pytest.mark.django_db


def screen(draft: Article, name: str) -> str:
    return f"/admin/education/article/{draft.pk}/{name}/"


def lupus() -> tuple[Article, str, str]:
    """A draft of two blocks, and how the screens name them."""
    draft = cast.complete("lupus", blocks=[cast.text("<p>Old words.</p>"), cast.steps("How to begin")])
    first, second = (f"{block.block_type}-{block.pk}" for block in draft_blocks(draft))
    return draft, first, second


def comment(client: Client, draft: Article, block: str, words: str, **more: str) -> Any:
    return client.post(screen(draft, "comments/add"), {"block": block, "words": words, **more}, follow=True)


def beside(client: Client, draft: Article, block: str) -> str:
    """What the editing screen says beside this block."""
    html = body(client.get(screen(draft, "change")))
    found = re.search(rf'data-block="{block}">(.*?)</details>', html, re.DOTALL)
    assert found
    return plain_words(found[1])


def test_a_comment_stands_beside_its_block_and_on_the_review_screen_until_it_is_done(
    erin: Client, doctor: Client
) -> None:
    draft, first, second = lupus()
    comment(doctor, draft, second, "Is step one <b>safe</b>?")
    number = BlockComment.objects.get().pk
    comment(erin, draft, "", "Yes, see the leaflet.", reply_to=str(number))
    written = beside(erin, draft, second)
    assert "1 comment" in written
    assert re.search(r"clara Is step one <b>safe</b>\?.*erin replied Yes, see the leaflet\.", written)
    assert "safe" not in beside(erin, draft, first)
    review = body(doctor.get(screen(draft, "review")))
    assert "Is step one &lt;b&gt;safe&lt;/b&gt;?" in review
    assert f"{screen(draft, 'change')}#education_stepsblock_set-0" in review
    doctor.post(screen(draft, f"comments/{number}/done"))
    assert "safe" not in beside(erin, draft, second)
    assert "safe" not in plain_words(body(doctor.get(screen(draft, "review"))))
    assert BlockComment.objects.get(pk=number).done_by == "clara"


def test_comments_change_no_draft_and_follow_their_block_into_a_restored_one(erin: Client) -> None:
    draft, _, second = lupus()
    comment(erin, draft, second, "Shorter?")
    assert Article.objects.get().draft_sha256 == draft.draft_sha256
    earlier = draft.versions.get()
    cast.rewritten(draft, cast.text("<p>Other words.</p>"))
    assert "How to begin no longer in the draft" in plain_words(body(erin.get(screen(draft, "review"))))
    erin.post(screen(draft, f"earlier/{earlier.pk}/restore"))
    block = draft_blocks(draft)[1]
    assert f"{block.block_type}-{block.pk}" != second
    assert "Shorter?" in beside(erin, draft, f"{block.block_type}-{block.pk}")


def test_the_editing_screen_gets_the_comments_of_one_block_or_the_reason(erin: Client) -> None:
    draft, first, second = lupus()
    answer = comment(erin, draft, first, "Really?", on_block=first)
    assert "Really?" in body(answer)
    assert "<html" not in body(answer)
    empty = comment(erin, draft, first, "  ", on_block=first)
    assert (empty.status_code, "Write the comment first." in body(empty)) == (422, True)
    BLOCK_TYPES["steps"].objects.all().delete()
    gone = comment(erin, draft, second, "Hm.", on_block=second)
    assert (gone.status_code, "no longer has that block" in body(gone)) == (422, True)
    assert comment(cast.logged_in(cast.ines_at_intake()), draft, first, "Hm.").status_code == 403


def test_who_is_mentioned_gets_a_mail_without_a_word_of_it(erin: Client) -> None:
    draft, first, _ = lupus()
    clara = cast.clara()
    clara.email = "clara@clinic.test"
    clara.save()
    said = plain_words(body(comment(erin, draft, first, "Secret words, @Clara. And @bob, @erin? clara@clinic.test")))
    assert "Nobody here is called bob." in said
    mail = OutboxMessage.objects.get()
    assert sealing.open_sealed(bytes(mail.recipient), bound_to=mail.key)["to"] == "clara@clinic.test"
    assert mail.subject == "A comment for you"
    assert f"{screen(draft, 'review')}#comment-{BlockComment.objects.get().pk}" in mail.body
    assert not re.search("Secret|Old words|bob", mail.subject + mail.body)


def test_a_draft_that_was_sent_back_says_so_on_top_and_on_the_desk_until_it_is_sent_again(erin: Client) -> None:
    draft, _, _ = lupus()
    writer = cast.staff("anna", "editor")
    actions.submit(draft, by=writer)
    actions.send_back(draft, note="Name the dose.", by=cast.clara())
    for path in (screen(draft, "change"), "/admin/"):
        said = plain_words(body(erin.get(path)))
        assert "Sent back by" in said
        assert "Name the dose." in said
    assert edit(erin, screen(draft, "change"), "_submit", form_id="article_form", title="New").status_code == 302
    assert "It waits for a clinician now." in plain_words(body(erin.get(screen(draft, "change"))))
    draft.refresh_from_db()
    assert (draft.state, draft.title) == ("in_review", "New")
    for path in (screen(draft, "change"), "/admin/"):
        assert "Name the dose." not in plain_words(body(erin.get(path)))


def test_who_signs_reads_each_comment_with_its_author_and_whether_it_is_done(erin: Client, doctor: Client) -> None:
    draft, first, second = lupus()
    comment(erin, draft, first, "Is this <b>dose</b> right?")
    comment(erin, draft, second, "Too long?")
    doctor.post(screen(draft, f"comments/{BlockComment.objects.get(words='Too long?').pk}/done"))
    actions.submit(draft, by=cast.staff("anna", "editor"))
    html = body(doctor.get(screen(draft, "sign")))
    said = plain_words(html)
    assert re.search(r"Old words\. text Open .{5,60}, erin Is this <b>dose</b> right\?", said)
    assert re.search(r"How to begin steps Done: clara, .{5,60}, erin Too long\?", said)
    assert "comments/" not in html
