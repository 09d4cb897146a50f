"""Two people write on one draft at once, and neither loses a word."""

import json
from typing import Any

import pytest
from django.test import Client

from education.accounts.models import User
from education.articles.content.blocks.lists import KeyPointsBlock
from education.articles.content.blocks.prose import TextBlock
from education.articles.editing.formsets import matched_to_saved
from education.articles.models import Article, DraftVersion, UnsavedWriting
from education.articles.publishing import actions
from education.audit.models import AuditEvent
from tests.articles.writing import TEXT, THREE, Opened, address, said
from tests.cast import (
    article,
    key_points,
    live,
    topic,
)
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db


def test_a_save_after_somebody_elses_is_refused_and_shows_both_versions(erin: Client, clara: Client) -> None:
    draft = article(blocks=THREE)
    mine = Opened(erin, draft).type(**{f"{TEXT}-0-body": "<p>First words by Erin</p>"})
    assert Opened(clara, draft).type(**{f"{TEXT}-1-body": "<p>Second words by Clara</p>"}).save().status_code == 302
    answer = mine.save()
    assert answer.status_code == 409
    assert said(draft) == ["First words", "Second words by Clara", "Third words"]
    page = plain_words(mine.page)
    assert "Not saved: clara changed the draft while you were writing" in page
    theirs, ours = page.split("What saving yours would change in theirs")
    assert "Second words Added: by Clara . End of what was added." in theirs
    assert "First words Added: by Erin . End of what was added." in ours
    assert "Removed: by Clara ." in ours
    assert mine.fields[f"{TEXT}-0-body"] == ["<p>First words by Erin</p>"]


def test_my_version_can_replace_theirs_which_stays_among_the_earlier_drafts(erin: Client, clara: Client) -> None:
    draft = article(blocks=THREE)
    mine = Opened(erin, draft).type(title="By Erin")
    Opened(clara, draft).type(title="By Clara").save()
    mine.save()
    assert mine.save().status_code == 302
    assert Article.objects.get().title == "By Erin"
    page = body(erin.get(address("editions", draft)))
    assert "clara" in page
    theirs = DraftVersion.objects.get(saved_by="clara")
    assert json.loads(theirs.content)["title"] == "By Clara"
    assert AuditEvent.objects.filter(verb="article_write", actor="erin").exists()
    assert not UnsavedWriting.objects.exists()


def test_a_third_version_saved_meanwhile_is_not_overwritten_unseen(erin: Client, clara: Client) -> None:
    draft = article(blocks=THREE)
    mine = Opened(erin, draft).type(title="By Erin")
    Opened(clara, draft).type(title="By Clara").save()
    mine.save()
    Opened(clara, draft).type(title="By Clara again").save()
    assert mine.save().status_code == 409
    assert "By Clara again" in plain_words(mine.page)
    assert Article.objects.get().title == "By Clara again"
    assert mine.save().status_code == 302
    assert Article.objects.get().title == "By Erin"


def test_my_version_can_be_discarded_for_theirs(erin: Client, clara: Client) -> None:
    draft = article(blocks=THREE)
    mine = Opened(erin, draft).type(title="By Erin")
    Opened(clara, draft).type(title="By Clara").save()
    mine.save()
    assert UnsavedWriting.objects.count() == 1
    done = erin.post(address("throw_away", draft), follow=True)
    assert "Discarded." in plain_words(body(done))
    assert Opened(erin, draft).fields["title"] == ["By Clara"]
    assert AuditEvent.objects.filter(verb="writing_thrown_away", actor="erin").count() == 1


def clara_moves(form: Opened) -> None:
    form.type(**{f"{TEXT}-0-ordering": "95"})


def clara_deletes(form: Opened) -> None:
    form.type(**{f"{TEXT}-1-DELETE": "on"})


def clara_adds(form: Opened) -> None:
    form.add("Fourth words by Clara.")


@pytest.mark.parametrize("does", [clara_moves, clara_deletes, clara_adds])
def test_saving_my_version_makes_the_blocks_exactly_mine(erin: Client, clara: Client, does: Any) -> None:
    draft = article(blocks=[*THREE, key_points("A point.")])
    mine = Opened(erin, draft).type(**{f"{TEXT}-1-body": "<p>Second words by Erin</p>"}).add("Fifth words by Erin.")
    theirs = Opened(clara, draft)
    does(theirs)
    assert theirs.save().status_code == 302
    before = said(draft)
    assert mine.save().status_code == 409
    assert said(draft) == before
    assert mine.save().status_code == 302
    wanted = ["First words", "Second words by Erin", "Third words", "A point.", "Fifth words by Erin."]
    assert said(draft) == wanted
    assert TextBlock.objects.count() == 4
    assert KeyPointsBlock.objects.count() == 1


def test_a_form_can_be_saved_although_equal_blocks_have_other_keys(erin: Client) -> None:
    draft = article(blocks=THREE)
    mine = Opened(erin, draft).type(title="By Erin")
    actions.restore(draft.versions.first(), by=User.objects.get())
    assert mine.save().status_code == 302
    assert said(draft) == ["First words", "Second words", "Third words"]
    assert TextBlock.objects.count() == 3


def test_a_block_that_i_deleted_stays_deleted_though_it_has_another_key(erin: Client, clara: Client) -> None:
    draft = article(blocks=THREE)
    mine = Opened(erin, draft).type(**{f"{TEXT}-1-DELETE": "on"})
    actions.restore(draft.versions.first(), by=User.objects.get(username="clara"))
    Opened(clara, draft).type(title="By Clara").save()
    mine.save()
    assert mine.save().status_code == 302
    assert said(draft) == ["First words", "Third words"]


def test_posted_blocks_are_matched_with_saved_ones() -> None:
    """Others deleted 1 and 3 and added 4; I deleted 3 too, and wrote a new one."""
    posted = {"t-TOTAL_FORMS": "4", "t-INITIAL_FORMS": "3", "title": "Kept", "t-__prefix__-id": "", "t-3-body": "new"}
    posted |= {"t-0-id": "1", "t-0-body": "one", "t-1-id": "2", "t-1-body": "two", "t-2-id": "3", "t-2-DELETE": "on"}
    data, known = matched_to_saved(posted, "t", [2, 4])
    assert known == [2]
    assert (data["t-TOTAL_FORMS"], data["t-INITIAL_FORMS"], data["title"]) == ("3", "1", "Kept")
    rows = [(data[f"t-{number}-id"], data[f"t-{number}-body"]) for number in range(3)]
    assert rows == [("2", "two"), ("", "one"), ("", "new")]


def test_saving_the_same_content_twice_is_no_conflict(erin: Client) -> None:
    """For example when the button was pressed twice."""
    draft = article(blocks=THREE)
    form = Opened(erin, draft).type(title="By Erin").add("Fourth words.")
    assert form.save().status_code == form.save().status_code == 302
    assert said(draft) == ["First words", "Second words", "Third words", "Fourth words."]


def test_a_form_without_its_base_version_overwrites_nothing(erin: Client) -> None:
    draft = article(blocks=THREE)
    form = Opened(erin, draft).type(title="By Erin")
    del form.fields["draft_base"]
    assert form.save().status_code == 409
    assert Article.objects.get().title == "Lupus"


def test_a_publication_is_no_conflict(erin: Client) -> None:
    draft = article(blocks=THREE)
    form = Opened(erin, draft).type(title="By Erin")
    live(Article.objects.get())
    assert form.save().status_code == 302
    assert Article.objects.get().title == "By Erin"


def test_an_owner_and_topic_that_i_did_not_change_stay_as_others_set_them(erin: Client, clara: Client) -> None:
    draft, other = article(blocks=THREE), topic("other-topic")
    mine = Opened(erin, draft).type(title="By Erin")
    owner = User.objects.get(username="clara")
    Opened(clara, draft).type(topic=str(other.pk), owner=str(owner.pk)).save()
    assert mine.save().status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.topic, draft.owner) == ("By Erin", other, owner)


def test_an_invalid_form_in_a_conflict_shows_its_errors_and_the_other_version(erin: Client, clara: Client) -> None:
    draft = article(blocks=THREE)
    mine = Opened(erin, draft).type(title="").add("Fourth words.")
    Opened(clara, draft).type(summary="By Clara").save()
    mine.save()
    assert "Write a title." in plain_words(mine.page)
    assert "Added: By Clara" in plain_words(mine.page)
    assert mine.type(title="Mended").save().status_code == 302
    assert said(draft)[-1] == "Fourth words."
