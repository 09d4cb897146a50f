"""A page that moved is redirected from its old address permanently, unless another page is there."""

import pytest
from django.test import Client

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.pages import actions
from education.pages.models import Redirect
from tests.cast import erin_the_editor, logged_in, published, reference, text, topic
from tests.screens import body, edit, links, plain_words

pytestmark = pytest.mark.django_db
OLD, NEW = "/old/page/", "/autoimmune-conditions/lupus/"


def test_an_old_address_redirects_to_the_new_one(client: Client) -> None:
    published("lupus")
    actions.moved(OLD, NEW)
    response = client.get(f"{OLD}?a=1&b=%2F")
    assert (response.status_code, response["Location"]) == (301, f"{NEW}?a=1&b=%2F")
    assert response["Cache-Control"] == "public, no-cache"
    assert client.get(OLD, follow=True).status_code == 200
    assert client.get(f"{OLD}history/")["Location"] == f"{NEW}history/"
    assert client.head(OLD).status_code == 301
    assert not response.cookies


def test_redirects_are_looked_up_only_where_no_page_exists(client: Client) -> None:
    published("lupus")
    Redirect.objects.create(old=NEW, new="/a-z/")
    assert client.get(NEW).status_code == 200


def test_a_post_is_not_redirected(client: Client) -> None:
    actions.moved(OLD, NEW)
    assert client.post(OLD).status_code == 404
    assert client.get("/old/other/").status_code == 404


def test_there_are_no_chains_or_loops_of_redirects(client: Client) -> None:
    published("lupus")
    actions.moved("/a/b/", "/c/d/")
    actions.moved("/c/d/", NEW)
    assert client.get("/a/b/")["Location"] == NEW
    actions.moved(NEW, "/a/b/")
    assert set(Redirect.objects.values_list("old", "new")) == {("/c/d/", "/a/b/"), (NEW, "/a/b/")}
    actions.moved(NEW, NEW)
    assert Redirect.objects.count() == 2


def renamed_topic() -> None:
    shelf = topic()
    boss = logged_in(User.objects.create_superuser("boss"))
    path = f"/admin/education/topic/{shelf.pk}/change/"
    assert edit(boss, path, form_id="topic_form", slug="immune-trouble").status_code == 302


def test_a_topic_that_moves_takes_its_pages_along(client: Client) -> None:
    reference()
    published("lupus", blocks=[text("<p>Words.[@younger-2013]</p>")])
    published("gout")
    published("privacy", kind="policy")
    renamed_topic()
    new = "/immune-trouble/lupus/"
    assert client.get(NEW)["Location"] == new
    assert client.get("/autoimmune-conditions/")["Location"] == "/immune-trouble/"
    assert client.get("/privacy/").status_code == 200
    for path in ("/", "/immune-trouble/", "/a-z/", "/search/?q=lupus", "/references/younger-2013/", "/sitemap.xml"):
        page = body(client.get(path))
        assert new in page or "/immune-trouble/gout/" in page, path
        assert "/autoimmune-conditions/" not in page, path
    page = body(client.get(new))
    assert "/immune-trouble/gout/" in links(page)
    assert "/people/starter-library/" in links(page)
    assert new in links(body(client.get("/people/starter-library/")))
    assert AuditEvent.objects.latest("id").verb == "topic_saved"


def test_a_topic_with_drafts_only_leaves_no_redirect(client: Client) -> None:
    topic()
    renamed_topic()
    assert client.get("/autoimmune-conditions/").status_code in (301, 404)
    assert client.get("/autoimmune-conditions/", follow=True).status_code == 404


def test_an_editor_leads_visitors_of_an_older_site_to_a_page_and_takes_it_back(client: Client) -> None:
    published("lupus")
    erin, old = logged_in(erin_the_editor()), "/treatments/lupus.html"
    add = "/admin/education/redirect/add/"
    refused = body(edit(erin, add, "_save", form_id="redirect_form", old=NEW, new=NEW))
    assert "There is a page at this address, so nobody would be led on from it." in plain_words(refused)
    for nowhere in ("http://[old.example", "?", "https://old.example"):
        refused = body(edit(erin, add, "_save", form_id="redirect_form", old=nowhere, new=NEW))
        assert "This is not the address of a page." in plain_words(refused)
    asked = {"old": f"https://old.example{old}", "new": NEW}
    assert edit(erin, add, "_save", form_id="redirect_form", **asked).status_code == 302
    assert f"{old} → {NEW}" in plain_words(body(erin.get("/admin/")))
    assert client.get(old)["Location"] == NEW
    assert old in plain_words(body(erin.get("/admin/education/redirect/")))
    change = f"/admin/education/redirect/{Redirect.objects.get().pk}/change/"
    edit(erin, change, "_save", form_id="redirect_form", new="/contact/")
    assert client.get(old)["Location"] == "/contact/"
    erin.post(change.replace("change", "delete"), {"post": "yes"})
    assert client.get(old).status_code == 404
    verbs = ["redirect_saved", "redirect_saved", "redirect_deleted"]
    assert list(AuditEvent.objects.filter(about=old).order_by("pk").values_list("verb", flat=True)) == verbs
