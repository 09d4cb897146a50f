"""Writing, previewing, publishing and restoring in the admin, as staff with different roles."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from education.accounts.models import User
from education.articles.content.blocks.prose import TextBlock
from education.articles.models import Article, Edition, Topic
from education.articles.publishing import actions
from education.articles.publishing.deleting import delete_draft
from education.audit.models import AuditEvent
from education.core.workflow import IllegalMove
from tests.articles.writing import Opened
from tests.cast import (
    adam_the_administrator,
    article,
    clara_the_clinician,
    complete,
    erin_the_editor,
    every_block,
    ines_at_intake,
    live,
    logged_in,
    published,
    reference,
    rewritten,
    sign_words,
    signed,
    staff,
    text,
    topic,
)
from tests.each import of_each
from tests.screens import body, edit, form_data, plain_words

pytestmark = pytest.mark.django_db
ADD = "/admin/education/article/add/"
LIST = "/admin/education/article/"


def screen(name: str, draft: Article, *more: Any) -> str:
    return reverse(f"admin:education_article_{name}", args=[draft.pk, *more])


def save(client: Client, draft: Article, button: str = "_continue", **changes: Any) -> Any:
    return edit(client, screen("change", draft), button, form_id="article_form", **changes)


# Writing


def test_a_new_article_is_created_with_its_fields(erin: Client) -> None:
    fields = {"title": "Gout", "summary": "About gout.", "topic": str(topic().pk), "kind": "condition", "slug": "gout"}
    response = edit(erin, ADD, form_id="article_form", **fields)
    draft = Article.objects.get()
    assert response["Location"] == screen("change", draft)
    assert draft.draft_sha256
    assert draft.current_edition is None


def test_an_address_that_was_left_empty_is_made_of_the_title(erin: Client) -> None:
    """As the script does while one types, for browsers without it: nobody is asked for what the title says."""
    edit(erin, ADD, form_id="article_form", title="Sleep & pain: what helps", topic=str(topic().pk), slug="")
    assert Article.objects.get().slug == "sleep-pain-what-helps"


def new_block(client: Client, draft: Article, kind: str, ordering: int, **fields: str) -> Any:
    prefix = f"education_{kind}_set"
    page = form_data(body(client.get(screen("change", draft))), "article_form")
    number = int(page[f"{prefix}-TOTAL_FORMS"][0])
    values = {"region": "main", "ordering": str(ordering), "id": "", "parent": str(draft.pk), **fields}
    changes = {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return save(client, draft, **changes, **{f"{prefix}-TOTAL_FORMS": str(number + 1)})


def test_without_scripts_a_block_is_added_by_a_button_that_saves(erin: Client) -> None:
    draft = article(blocks=[text("<p>First.</p>")])
    answer = save(erin, draft, _block="steps", title="Kept")
    page, _, place = answer["Location"].partition("#")
    assert place == "education_stepsblock_set-0"  # and not the buttons below it
    assert f'id="{place}"' in body(erin.get(page))
    form = form_data(body(erin.get(page)), "article_form")
    form |= {"education_stepsblock_set-0-title": ["Rest"], "education_stepsblock_set-0-items": ["Sit down"]}
    assert erin.post(screen("change", draft), form | {"_continue": ["1"]}).status_code == 302
    content = actions.draft_content(Article.objects.get())
    assert (content["title"], [block["type"] for block in content["blocks"]]) == ("Kept", ["text", "steps"])
    assert content["blocks"][1]["items"] == ["Sit down"]
    assert "has-no-blocks" in body(erin.get(screen("change", draft)))


def test_blocks_are_added_moved_and_deleted(erin: Client) -> None:
    draft = article(blocks=[text("<p>First.</p>"), text("<p>Second.</p>")])
    new_block(erin, draft, "keypointsblock", 30, items="One\n\nTwo")
    save(erin, draft, **{"education_textblock_set-0-ordering": "40"})
    save(erin, draft, **{"education_textblock_set-0-DELETE": "on"})
    content = actions.draft_content(draft)
    assert [block["type"] for block in content["blocks"]] == ["key-points", "text"]
    assert content["blocks"][0]["items"] == ["One", "Two"]
    assert TextBlock.objects.count() == 1


def test_a_save_is_recorded_once_and_only_if_the_content_changed(erin: Client) -> None:
    draft = article()
    save(erin, draft)
    save(erin, draft, title="Other words")
    events = AuditEvent.objects.filter(verb="article_write", actor="erin")
    assert [event.about for event in events] == ["/autoimmune-conditions/lupus/"]


@pytest.fixture
def new_page(erin: Client) -> Opened:
    """The empty form, where there is another page."""
    article("psoriasis")
    return Opened(erin, None)


@of_each(
    [
        ({"slug": "search"}, "“search” is an address of the site itself. Choose another."),
        ({"slug": "Système"}, "Use small letters, digits and single hyphens, such as rheumatoid-arthritis."),
        ({"slug": "psoriasis"}, "Another page has this address already. Choose another one."),
        (
            {"slug": "autoimmune-conditions", "kind": "policy"},
            "The topic /autoimmune-conditions/ already lives there. Choose another.",
        ),
        ({"title": " \u2028\x01 "}, "Write a title. Everything else can wait."),
        ({"title": ""}, "Write a title. Everything else can wait."),
        ({"topic": ""}, "Choose the topic under which patients find this page."),
        ({"title": "腰痛", "slug": ""}, "Write an address: small letters, digits and hyphens"),
        ({"title": "x" * 151}, "Ensure this value has at most 150 characters (it has 151)."),
    ],
)
def test_errors_are_shown_beside_their_field(case: tuple[dict[str, str], str], erin: Client, new_page: Opened) -> None:
    fields, said = case
    given = {"title": "Gout", "topic": str(topic().pk), "kind": "condition", "slug": "gout"} | fields
    response = erin.post(ADD, new_page.fields | given | {"_continue": "pressed"})
    assert response.status_code == 200
    assert said in plain_words(body(response))
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("admin", "“admin” is an address of the site itself. Choose another."),
        ("privacy", "A policy page already lives at /privacy/. Choose another."),
        ("autoimmune-conditions", "Topic with this Address already exists."),
    ],
)
def test_a_topic_may_not_take_an_address_that_is_taken(slug: str, said: str) -> None:
    article("privacy", kind="policy")
    boss = logged_in(User.objects.create_superuser("boss"))
    given = {"slug": slug, "title": "Any"}
    response = edit(boss, "/admin/education/topic/add/", form_id="topic_form", **given)
    assert said in plain_words(body(response))
    assert Topic.objects.count() == 1


def test_the_address_of_a_published_page_is_fixed(erin: Client) -> None:
    draft = published().article
    other = topic("other-topic")
    save(erin, draft, slug="elsewhere", topic=str(other.pk), kind="policy", title="New title")
    draft.refresh_from_db()
    assert (draft.title, draft.get_absolute_url()) == ("New title", "/autoimmune-conditions/lupus/")


def test_the_address_of_a_withdrawn_page_is_fixed(erin: Client, client: Client) -> None:
    """There it says that it was withdrawn: patients may have it in a leaflet."""
    draft = published().article
    actions.withdraw(draft, reason="The dose was wrong.", by=None)
    save(erin, draft, slug="elsewhere", topic=str(topic("other-topic").pk), kind="policy", title="New title")
    assert Article.objects.get().title == "New title"
    assert client.get("/autoimmune-conditions/lupus/").status_code == 410


def test_a_new_owner_is_on_record_as_from_the_list(erin: Client) -> None:
    draft = article()
    doctor = clara_the_clinician()
    save(erin, draft, title="Other words")
    save(erin, draft, owner=str(doctor.pk))
    assert Article.objects.get().owner == doctor
    events = AuditEvent.objects.filter(verb="article_assign").values_list("actor", "about", "detail")
    assert list(events) == [("erin", "/autoimmune-conditions/lupus/", {"owner": "clara"})]


def test_a_page_is_offered_to_those_who_may_write_and_keeps_an_owner_who_no_longer_may(erin: Client) -> None:
    clara_the_clinician()
    ines = ines_at_intake()
    User.objects.create(username="gone", is_staff=True)
    draft = article(owner=ines)
    page = body(erin.get(screen("change", draft)))
    offered = page[page.index('<select name="owner"') :].partition("</select>")[0]
    assert re.findall(r">([^<>]+)</option>", offered) == ["None", "clara", "erin", "ines"]
    save(erin, draft, title="Other words")
    assert Article.objects.get().owner == ines


def test_a_topics_new_name_is_public_once_a_clinician_has_signed_it(client: Client, doctor: Client) -> None:
    shelf = published().article.topic
    boss = logged_in(User.objects.create_superuser("boss"))
    edit(boss, f"/admin/education/topic/{shelf.pk}/change/", form_id="topic_form", title="Immune trouble")
    assert AuditEvent.objects.latest("id").verb == "topic_saved"
    assert "Immune trouble" not in body(client.get("/autoimmune-conditions/"))
    sign_words(doctor)
    page = body(client.get("/autoimmune-conditions/"))
    assert page.count("Immune trouble") > 2
    assert '<p class="meta">Immune trouble</p>' in body(client.get("/search/?q=lupus"))


def test_a_topic_without_pages_stays_out_of_the_navigation(client: Client) -> None:
    shelf = topic()
    boss = logged_in(User.objects.create_superuser("boss"))
    edit(boss, f"/admin/education/topic/{shelf.pk}/change/", form_id="topic_form", title="Renamed", slug="renamed")
    assert client.get("/renamed/").status_code == 404
    assert "Renamed" not in body(client.get("/"))


def test_a_draft_can_be_deleted_and_a_published_page_cannot(erin: Client) -> None:
    draft, live = article("draft"), published("live").article
    assert erin.post(screen("delete", draft), {"post": "yes"}).status_code == 302
    assert erin.post(screen("delete", live), {"post": "yes"}).status_code == 403
    assert erin.post(LIST, {"action": "delete_selected", "_selected_action": [live.pk]}).status_code in (200, 302)
    assert list(Article.objects.values_list("slug", flat=True)) == ["live"]
    event = AuditEvent.objects.get(verb="article_deleted")
    assert (event.actor, event.about) == ("erin", "/autoimmune-conditions/draft/")
    with pytest.raises(IllegalMove, match="can’t be deleted"):
        delete_draft(live, by=User.objects.get(username="erin"))


def test_a_save_does_not_undo_a_publication_in_the_meantime(erin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = published().article
    real = Article.full_clean

    def somebody_publishes(self: Article, *args: Any, **kwargs: Any) -> None:
        monkeypatch.setattr(Article, "full_clean", real)
        live(rewritten(Article.objects.get(), summary="Somebody else’s."))
        real(self, *args, **kwargs)

    page = form_data(body(erin.get(screen("change", draft))), "article_form")
    monkeypatch.setattr(Article, "full_clean", somebody_publishes)
    assert erin.post(screen("change", draft), page | {"title": "Mine", "_continue": "x"}).status_code == 302
    assert Article.objects.get().title == "Mine"
    assert Article.objects.get().current_edition == Edition.objects.latest("number")
    assert Edition.objects.count() == 2


# The list


def test_the_list_shows_the_state_of_each_page_and_filters_by_it(erin: Client) -> None:
    article("never", title="Never published")
    rewritten(published("changed").article, text("<p>Other.</p>"), title="Changed since")
    published("live", title="As it is")

    def listed(query: str) -> set[str]:
        page = body(erin.get(f"{LIST}{query}"))
        return {title for title in ("Never published", "Changed since", "As it is") if f">{title}</a>" in page}

    page = body(erin.get(LIST))
    for state in (
        "Draft, not published",
        "Live, unsigned; draft has changes<",
        "Live, unsigned<",
    ):
        assert state in page
    assert listed("") == {"Never published", "Changed since", "As it is"}
    assert listed("?state=draft") == {"Never published", "Changed since"}
    assert listed("?state=changed") == {"Never published", "Changed since"}
    assert listed("?state=live") == listed("?state=unsigned") == {"Changed since", "As it is"}


# Preview, publish, editions, restore


def test_save_and_preview_leads_to_the_draft_as_patients_would_see_it(erin: Client, client: Client) -> None:
    draft = article(blocks=every_block())
    response = save(erin, draft, "_preview", title="Lupus, soon")
    assert response["Location"] == screen("preview", draft)
    page = erin.get(response["Location"])
    assert "Preview of the draft." in body(page)
    assert "Patients can’t read this page yet." in body(page)
    assert "<h1>Lupus, soon</h1>" in body(page)
    assert "no-store" in page["Cache-Control"]
    assert client.get(draft.get_absolute_url()).status_code == 404


NO_REFERENCE = "No reference has the key nobody-1999. Add it to the references, or correct the key."


def test_a_preview_names_unknown_references(erin: Client) -> None:
    draft = article(blocks=[text("<p>Words.[@nobody-1999]</p>")])
    page = plain_words(body(erin.get(screen("preview", draft))))
    assert "This draft can’t be shown yet:" in page
    assert NO_REFERENCE in page
    reference("nobody-1999")
    assert "Preview of the draft." in body(erin.get(screen("preview", draft)))


def test_editions_are_listed_and_an_old_one_can_be_restored(erin: Client, client: Client) -> None:
    draft = published(blocks=[text("<p>Old words.</p>")]).article
    assert "not been published" in body(erin.get(screen("editions", article("other"))))
    live(rewritten(draft, text("<p>New words.</p>")))
    page = plain_words(body(erin.get(screen("editions", draft))))
    assert "2 (live)" in page
    done = erin.post(screen("restore", draft, 1), follow=True)
    assert "The words of edition 1 are in the draft now. The public page is unchanged." in body(done)
    assert "Old words." in body(erin.get(screen("preview", draft)))
    assert "New words." in body(client.get(draft.get_absolute_url()))
    assert AuditEvent.objects.filter(verb="article_restore", actor="erin").count() == 1


def test_restoring_takes_a_post_and_an_edition_of_that_page(erin: Client) -> None:
    draft, other = published("lupus").article, published("psoriasis").article
    rewritten(draft, title="Newer title")
    assert erin.get(screen("restore", draft, 1))["Location"] == screen("editions", draft)
    assert erin.post(screen("restore", draft, 2)).status_code == 404
    assert Article.objects.get(pk=draft.pk).title == "Newer title"
    assert Article.objects.get(pk=other.pk).title == "Psoriasis"


def test_publishing_selected_pages_publishes_the_signed_ones_and_names_the_others(erin: Client) -> None:
    ready, more, not_ready = complete("lupus"), complete("gout"), complete("psoriasis")
    signed(ready)
    signed(more)
    ticked = {"action": "publish_selected", "_selected_action": [ready.pk, more.pk, not_ready.pk]}
    said = plain_words(body(erin.post(LIST, ticked, follow=True)))
    assert "Published: 2 pages." in said
    assert "“Psoriasis” was not published. No clinician has signed exactly these words." in said
    assert sorted(Edition.objects.values_list("title", flat=True)) == ["Gout", "Lupus"]
    assert AuditEvent.objects.filter(verb="article_publish", actor="erin").count() == 2


# Who may do what

SCREENS = ["change", "preview", "review", "editions", "compare"]


@of_each(SCREENS)
def test_anonymous_users_are_sent_to_log_in(name: str, client: Client) -> None:
    path = screen(name, published().article)
    for response in (client.get(path), client.post(path, {"reason": "mine"})):
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/?next=")
    assert Edition.objects.count() == 1


WRITES = {*SCREENS, "save", "restore"}
MAY: dict[str, set[str]] = {
    "editor": WRITES,
    "clinician": WRITES,
    "manager": {*SCREENS},
    "intake": set(),
    "administrator": set(),
}


@of_each(MAY)
def test_each_role_opens_exactly_the_screens_it_may(role: str) -> None:
    draft = published().article
    client = logged_in(staff("someone", role))
    opened = {name for name in SCREENS if client.get(screen(name, draft)).status_code == 200}
    assert opened == MAY[role] & set(SCREENS)
    assert (client.get(LIST).status_code == 200) == bool(MAY[role])
    assert (client.get(ADD).status_code == 200) == ("save" in MAY[role])


@of_each(MAY)
def test_roles_without_the_right_to_write_can_not_post_either(role: str) -> None:
    draft = published().article
    whole_form = form_data(body(logged_in(erin_the_editor()).get(screen("change", draft))), "article_form")
    client = logged_in(staff("someone", role))
    done = set()
    client.post(screen("change", draft), whole_form | {"title": "Theirs", "_continue": "x"})
    if Article.objects.get().title == "Theirs":
        done.add("save")
    if client.post(screen("restore", draft, 1)).status_code == 302:
        done.add("restore")
    assert done == MAY[role] & {"save", "restore"}


def test_a_publisher_who_may_not_write_sees_no_button_for_it() -> None:
    draft = article()
    assert "Save draft" not in body(logged_in(staff("maria", "manager")).get(screen("change", draft)))
    assert "Save draft" in body(logged_in(clara_the_clinician()).get(screen("change", draft)))


def test_roles_without_articles_do_not_see_them_in_the_menu() -> None:
    published()
    for person in (ines_at_intake(), adam_the_administrator()):
        assert "/admin/education/article/" not in body(logged_in(person).get("/admin/"))
