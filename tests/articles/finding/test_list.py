"""The list of articles: what it finds, and what is done with several pages at once."""

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from education.accounts.models import User
from education.articles.content.canonical import draft_content
from education.articles.library.loading import to_text
from education.articles.models import Article
from education.articles.publishing import actions
from education.audit.models import AuditEvent
from tests import cast
from tests.each import of_each
from tests.screens import body, edit, plain_words

pytestmark = pytest.mark.django_db
LIST = "/admin/education/article/"


def found(client: Client, query: str) -> set[str]:
    """The titles that the list shows."""
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200
    return set(re.findall(r'class="field-title"><a [^>]*>([^<]+)</a>', body(page)))


def do(client: Client, action: str, *drafts: Article, **more: str) -> Any:
    pks = [str(draft.pk) for draft in drafts]
    return client.post(LIST, {"action": action, "_selected_action": pks, **more}, follow=True)


@of_each(["naltrexone", "NALTREXONE+gout", '"low+dose"', "second+trial", "Stage+%26+grade", "%22quoted%22+words"])
def test_the_search_reads_all_that_a_draft_says(typed: str, erin: Client) -> None:
    words = "<p>It says <strong>low dose</strong> naltrexone, Stage &amp; grade, “quoted” words.</p>"
    rows = cast.table(rows=[["Study", "People"], ["Second trial", "5"]])
    cast.article("gout", blocks=[cast.text(words), rows])
    cast.article("lupus", blocks=[cast.text("<p>Dose: not low. A trial.</p>")])
    assert found(erin, f"q={typed}") == {"Gout"}


def test_the_search_knows_words_from_the_names_of_fields_and_old_drafts(erin: Client) -> None:
    draft = cast.article("gout", blocks=[cast.text("<p>Colchicine.</p>"), cast.care()])
    cast.rewritten(draft, cast.text("<p>Allopurinol.</p>"))
    assert [found(erin, f"q={word}") for word in ("body", "colchicine", "allopurinol")] == [set(), set(), {"Gout"}]


def test_the_list_is_narrowed_by_owner_review_evidence_and_language(
    erin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = User.objects.get(username="erin")
    mine = cast.article("gout", language="es", owner=user)
    due = cast.complete("lupus")
    cast.signed(due, next_review=timezone.localdate() + timedelta(days=10))
    actions.publish(due, by=cast.clara())
    actions.assign(due, owner=None, by=user)
    cast.reference(status="retracted")
    cast.article("flare", blocks=[cast.text("<p>So it is.[@younger-2013]</p>")])
    cast.article("rest", blocks=[cast.claim(references_for=["younger-2013"])])
    queries = ("owner=me", "owner=nobody", "review=30", "review=overdue", "evidence=trouble", "language__exact=es")
    nobodys = {"Lupus", "Flare", "Rest"}
    assert [found(erin, query) for query in queries] == [
        *({mine.title}, nobodys, {"Lupus"}, set()),
        *({"Flare", "Rest"}, {mine.title}),
    ]
    later = timezone.localdate() + timedelta(days=20)
    monkeypatch.setattr(timezone, "localdate", lambda *given: later)
    assert found(erin, "review=overdue") == {"Lupus"}


def test_on_a_phone_a_name_in_a_row_is_said_to_be_the_owners(erin: Client) -> None:
    cast.article("gout", owner=User.objects.get(username="erin"))
    assert '<span class="fact-name">Owner: </span>erin' in body(erin.get(LIST))


def test_checked_pages_get_an_owner_after_a_second_look(erin: Client) -> None:
    drafts = [cast.article("gout"), cast.article("lupus"), cast.article("other")]
    clara = cast.clara()
    asked = do(erin, "assign_selected", *drafts[:2])
    said = plain_words(body(asked))
    assert [words in said for words in ("2 pages", "Gout", "Other")] == [True, True, False]
    assert "Assigned: 2 pages" in plain_words(
        body(do(erin, "assign_selected", *drafts[:2], owner=str(clara.pk), confirmed="1"))
    )
    assert set(Article.objects.filter(owner=clara).values_list("slug", flat=True)) == {"gout", "lupus"}
    assert AuditEvent.objects.filter(verb="article_assign").count() == 2


def test_a_published_page_moves_with_its_address_and_its_signature(erin: Client, client: Client) -> None:
    page = cast.complete("lupus")
    cast.issued(page)
    shelf = cast.topic("pain")
    refused = do(erin, "move_selected", page, topic="", confirmed="1")
    assert (refused.status_code, Article.objects.get().topic.slug) == (422, "autoimmune-conditions")
    assert "Choose the topic" in plain_words(body(refused))
    do(erin, "move_selected", page, topic=str(shelf.pk), confirmed="1")
    moved = client.get("/autoimmune-conditions/lupus/")
    assert (moved.status_code, moved["Location"]) == (301, "/pain/lupus/")
    assert client.get("/pain/lupus/").status_code == 200
    assert "Lupus" in body(client.get("/pain/"))
    assert client.get("/autoimmune-conditions/").status_code == 404  # it has no page any more
    assert Article.objects.get().sign_off is not None
    assert "Pain" in body(client.get("/search/?q=lupus"))


def test_pages_are_sent_for_review_and_one_that_cannot_be_is_named(erin: Client) -> None:
    draft, signed = cast.complete("gout"), cast.complete("lupus")
    cast.signed(signed)
    said = plain_words(body(do(erin, "submit_selected", draft, signed)))
    assert "Sent for review: 1 page." in said
    assert "“Lupus” was not sent." in said
    assert Article.objects.get(slug="gout").state == "in_review"


def test_checked_drafts_are_exported_as_the_library_reads_them(erin: Client) -> None:
    drafts = [cast.article("gout", blocks=cast.every_block()), cast.article("lupus")]
    cast.article("other")
    packed = do(erin, "export_selected", *drafts)
    with zipfile.ZipFile(io.BytesIO(packed.content)) as files:
        assert {name: files.read(name).decode() for name in files.namelist()} == {
            f"{draft.slug}.md": to_text(draft) for draft in drafts
        }


def test_a_page_is_copied_to_a_draft_that_nobody_has_signed(erin: Client, client: Client) -> None:
    page = cast.complete("gout", blocks=cast.every_block_that_passes())
    cast.issued(page)
    do(erin, "copy_selected", page)
    answer = do(erin, "copy_selected", page)
    made = Article.objects.get(slug="gout-copy-2")
    assert answer.redirect_chain[-1][0] == f"{LIST}{made.pk}/change/"
    assert draft_content(made)["blocks"] == draft_content(page)["blocks"]
    assert (made.title, made.owner, made.state) == ("Copy of Gout", User.objects.get(username="erin"), "draft")
    assert (made.signature, made.current_edition) == (None, None)
    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.get(page.get_absolute_url()).status_code == 200


def test_who_may_only_read_can_export_and_nothing_else(client: Client) -> None:
    reader = cast.logged_in(cast.staff("mona", "manager"))
    cast.article("gout")
    offered = body(reader.get(LIST))
    actions_offered = [
        name for name in ("submit", "assign", "move", "copy", "export") if f'"{name}_selected"' in offered
    ]
    assert actions_offered == ["export"]


def test_who_may_not_add_pages_gets_none_by_copying(client: Client) -> None:
    """Every role that may change pages may add them, too; permissions may be given one by one."""
    user = cast.staff("mona", "manager")
    user.user_permissions.add(Permission.objects.get(codename="change_article"))
    writer, page = cast.logged_in(user), cast.article("gout")
    offered = body(writer.get(LIST))
    assert [f'"{name}_selected"' in offered for name in ("move", "copy")] == [True, False]
    assert f"{LIST}{page.pk}/copy/" not in body(writer.get(f"{LIST}{page.pk}/change/"))
    assert writer.post(f"{LIST}{page.pk}/copy/").status_code == 403
    assert Article.objects.count() == 1


def test_a_withdrawn_page_says_so_at_its_old_address_too_after_it_or_its_topic_moved(
    erin: Client, client: Client
) -> None:
    """Patients may have either address in a leaflet."""
    page, shelf = cast.complete("lupus"), cast.topic("pain")
    cast.issued(page)
    actions.withdraw(page, reason="The dose was wrong.", by=cast.clara())
    do(erin, "move_selected", page, topic=str(shelf.pk), confirmed="1")
    edit(erin, f"/admin/education/topic/{shelf.pk}/change/", form_id="topic_form", slug="aches")
    for old in ("/autoimmune-conditions/lupus/", "/pain/lupus/"):
        moved = client.get(old, follow=True)
        assert (moved.redirect_chain, moved.status_code) == ([("/aches/lupus/", 301)], 410), old
