"""Earlier drafts are listed, compared and restored; old ones beyond the newest fifty are deleted."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from education.articles.models import Article, DraftVersion, UnsavedWriting
from education.articles.publishing import actions, schedule
from education.audit.models import AuditEvent
from education.images import actions as images
from tests.articles.writing import Opened, address
from tests.cast import article, erin_the_editor, figure, live, logged_in, picture, rewritten, staff, text
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db


def test_an_earlier_draft_can_be_compared_and_restored(erin: Client) -> None:
    draft = article(blocks=[text("<p>Words as they were</p>")])
    assert "There are no earlier drafts yet." in body(erin.get(address("editions", draft)))
    assert "nothing to compare" in body(erin.get(address("compare", draft)))
    Opened(erin, draft).type(title="By Erin").save()
    rewritten(Article.objects.get(), text("<p>Words as they are</p>"))
    first, second, _ = draft.versions.order_by("pk")
    page = plain_words(body(erin.get(address("editions", draft))))
    assert "Earlier drafts" in page
    assert page.count("Copy it into the draft") == 2  # but not for the current one
    compared = plain_words(body(erin.get(f"{address('compare', draft)}?from=saved-{second.pk}&to=draft")))
    assert "as they Removed: were . End of what was removed. Added: are" in compared
    assert "Bring the earlier draft back" in compared
    assert f"Draft of {date_format(timezone.localtime(second.saved_at), 'DATETIME_FORMAT')}, erin" in compared
    assert "Bring the earlier" not in plain_words(body(erin.get(f"{address('compare', draft)}?from=draft&to=draft")))
    done = erin.post(address("restore_draft", draft, first.pk), follow=True)
    assert "The words that system saved on" in plain_words(body(done))
    draft.refresh_from_db()
    assert (draft.title, draft.draft_sha256) == ("Lupus", first.sha256)
    assert AuditEvent.objects.filter(verb="article_restore", actor="erin").count() == 1


def test_the_editor_says_what_patients_read_of_the_page_now(erin: Client) -> None:
    draft = article()
    unread = "Patients can’t read this page until it is published."
    assert unread in body(erin.get(address("change", draft)))
    live(draft)
    assert "Patients read the published edition ;" in plain_words(body(erin.get(address("change", draft))))
    actions.withdraw(draft, reason="It was wrong.", by=None)
    assert unread in body(erin.get(address("change", draft)))


def test_restoring_takes_the_right_to_write_a_post_and_a_draft_of_that_page(erin: Client) -> None:
    draft, other = article(), article("other")
    version = draft.versions.get()
    rewritten(draft, title="Newer")
    rewritten(other, title="Newer too")
    assert erin.get(address("restore_draft", draft, version.pk))["Location"] == address("editions", draft)
    assert erin.post(address("restore_draft", other, version.pk)).status_code == 404
    manager = logged_in(staff("maria", "manager"))
    assert manager.post(address("restore_draft", draft, version.pk)).status_code == 403
    assert "Copy it into the draft" not in body(manager.get(address("editions", draft)))
    assert erin.get(f"{address('compare', other)}?from=saved-{version.pk}").status_code == 404
    assert set(Article.objects.values_list("title", flat=True)) == {"Newer", "Newer too"}


def test_a_figure_whose_picture_was_deleted_is_left_out_with_a_warning(erin: Client) -> None:
    shown = picture()
    draft = article(blocks=[text("<p>Words</p>"), figure(drawing="", picture=shown.name)])
    version = draft.versions.get()
    rewritten(draft, text("<p>Words</p>"))
    images.delete_picture(shown, by=None)
    done = erin.post(address("restore_draft", draft, version.pk), follow=True)
    assert f"The figure with picture {shown.name} was left out" in plain_words(body(done))
    assert [block["type"] for block in actions.draft_content(draft)["blocks"]] == ["text"]


def test_only_drafts_that_are_old_and_beyond_the_newest_fifty_are_deleted() -> None:
    draft, other = article(), article("other")
    long_ago = timezone.now() - timedelta(days=91)
    rows = [{"sha256": f"{n:064}", "content": "{}", "saved_by": "erin"} for n in range(60)]
    for page in (draft, other):
        DraftVersion.objects.filter(article=page).delete()
        count = 60 if page == draft else 50
        for row in rows[:count]:
            DraftVersion.objects.create(article=page, saved_at=long_ago, **row)
    UnsavedWriting.objects.create(
        article=draft, editor=erin_the_editor(), base=rows[3]["sha256"], data="{}", autosaved_at=long_ago
    )
    assert schedule.delete_old_drafts(now=long_ago + timedelta(days=80)) == 0
    assert schedule.delete_old_drafts() == 9
    left = set(draft.versions.values_list("sha256", flat=True))
    assert left == {row["sha256"] for row in [rows[3], *rows[10:]]}
    assert other.versions.count() == 50
    assert schedule.delete_old_drafts() == 0


def test_restoring_a_draft_does_not_change_the_live_page(erin: Client, client: Client) -> None:
    draft = article(blocks=[text("<p>Words as they were</p>")])
    version = draft.versions.get()
    live(rewritten(draft, text("<p>Words as they are</p>")))
    erin.post(address("restore_draft", draft, version.pk))
    assert "as they are" in body(client.get(draft.get_absolute_url()))
