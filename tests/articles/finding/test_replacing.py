"""Find and replace: each place is shown, the chosen ones are changed in drafts, and nothing else happens."""

import re
from typing import Any

import pytest
from django.test import Client

from education.articles.content.canonical import draft_content
from education.articles.editing import autosave
from education.articles.models import Article
from tests import cast
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db
SCREEN = "/admin/education/article/find-and-replace/"
CHOICE = re.compile(
    r'<input type="checkbox" name="place" value="([\d:]+)"[^>]*?( checked)?>\s*<label[^>]*>(.*?)</label>', re.S
)


def shown(client: Client, find: str, put: str, **more: Any) -> list[tuple[str, bool, str]]:
    """Each place: its value, whether it is checked, and its sentence with “-before-” and “+after+”."""
    page = client.get(SCREEN, {"find": find, "put": put, "whole_words": "on", **more})
    assert page.status_code == 200
    marked = re.sub(r'<span class="visually-hidden">.*?</span>', "", body(page))
    marked = re.sub("</?del>", "-", re.sub("</?ins>", "+", marked))
    return [(value, bool(checked), plain_words(label)) for value, checked, label in CHOICE.findall(marked)]


def replace(client: Client, find: str, put: str, places: list[str], *, page: Any = None, **more: Any) -> Any:
    """Post what the screen showed, with these places checked."""
    given = {"find": find, "put": put, "whole_words": "on", **more}
    page = page or client.get(SCREEN, given)
    seen = dict(re.findall(r'name="(seen-\d+)" value="([^"]*)"', body(page)))
    return client.post(SCREEN, {**given, **seen, "place": places}, follow=True)


def test_each_place_is_shown_in_its_sentence_wherever_words_stand(erin: Client) -> None:
    words = (
        "<p>Before it. Take <strong>LDN</strong> at night, says Ann.[@ldn-2013] After it.</p>"
        '<ul><li>See <a href="/ldn/">ldn &amp; sleep</a></li></ul>'
    )
    rows = cast.table(caption="LDN at night", rows=[["Study", "LDN"], ["One", "LDNs"]])
    claim = cast.claim("LDN eases pain.", references_for=["ldn"])
    draft = cast.article("lupus", summary="What LDN does.", blocks=[cast.text(words), rows, claim])
    cast.article("gout")
    found = shown(erin, "LDN", "low-dose naltrexone")
    assert [sentence for _, _, sentence in found] == [
        "What -LDN- +low-dose naltrexone+ does. summary",
        "Take -LDN- +low-dose naltrexone+ at night, says Ann.[@ldn-2013] text",
        "See -ldn- +low-dose naltrexone+ & sleep text",
        "-LDN- +low-dose naltrexone+ at night table",
        "-LDN- +low-dose naltrexone+ table",
        "-LDN- +low-dose naltrexone+ eases pain. evidence claim",
    ]
    assert all(checked for _, checked, _ in found)
    assert Article.objects.get(pk=draft.pk).draft_sha256 == draft.draft_sha256


def test_the_chosen_places_change_in_drafts_and_patients_read_what_they_read(erin: Client, client: Client) -> None:
    live = cast.complete("lupus", blocks=[cast.text("<p>Take LDN. <em>LDN</em> &amp; rest.</p>"), cast.steps("LDN")])
    edition = cast.live(live)
    other = cast.article("gout", blocks=[cast.text("<p>LDN</p>")])
    places = [value for value, _, _ in shown(erin, "LDN", "naltrexone")]
    done = replace(erin, "LDN", "naltrexone <b>", [places[-1], places[-2]])
    assert "Replaced: 2 places on 1 page." in plain_words(body(done))
    live.refresh_from_db()
    content = draft_content(live)
    assert content["blocks"][0]["body"] == "<p>Take LDN. <em>naltrexone &lt;b&gt;</em> &amp; rest.</p>"
    assert content["blocks"][1]["title"] == "naltrexone <b>"
    assert (live.state, live.current_edition_id) == ("draft", edition.pk)
    assert live.versions.first().saved_by == "erin"  # type: ignore[union-attr]
    assert Article.objects.get(pk=other.pk).draft_sha256 == other.draft_sha256
    assert "Take LDN." in body(client.get("/autoimmune-conditions/lupus/"))
    back = next(found for found in re.findall(r'href="(/admin/[^"]+/editions/)"', body(done)))
    before = live.versions.exclude(sha256=live.draft_sha256).first()
    erin.post(f"/admin/education/article/{live.pk}/earlier/{before.pk}/restore/")  # type: ignore[union-attr]
    assert "Earlier drafts" in body(erin.get(back))
    assert draft_content(Article.objects.get(pk=live.pk))["blocks"][1]["title"] == "LDN"


def test_a_page_that_somebody_is_writing_says_so_and_is_left_out_unless_chosen(erin: Client) -> None:
    draft = cast.article("lupus", blocks=[cast.text("<p>LDN</p>")])
    before = erin.get(SCREEN, {"find": "LDN", "put": "x", "whole_words": "on"})
    writing = cast.staff("anna", "editor")
    autosave.save(draft, {"title": "Mine"}, form_key="1", base_sha256=draft.draft_sha256, by=writing)
    late = replace(erin, "LDN", "x", [f"{draft.pk}:0"], page=before)
    assert "“Lupus” was not changed. Somebody wrote in it since you looked." in plain_words(body(late))
    page = erin.get(SCREEN, {"find": "LDN", "put": "x", "whole_words": "on"})
    assert "anna typed in it and did not save yet." in plain_words(body(page))
    assert [checked for _, checked, _ in shown(erin, "LDN", "x")] == [False]
    replace(erin, "LDN", "x", [f"{draft.pk}:0"])
    assert draft_content(Article.objects.get())["blocks"][0]["body"] == "<p>x</p>"
    assert autosave.typed_data(autosave.find(draft, by=writing))["title"] == "Mine"  # type: ignore[arg-type]


def test_a_signature_that_other_words_void_is_told_before(erin: Client) -> None:
    draft = cast.complete("lupus")
    cast.signed(draft)
    page = erin.get(SCREEN, {"find": "plain", "put": "clear"})
    assert "Other words void the signature." in plain_words(body(page))
    replace(erin, "plain", "clear", [f"{draft.pk}:0"])
    draft.refresh_from_db()
    assert (draft.state, draft.signature) == ("draft", None)
    assert draft_content(draft)["blocks"][0]["body"] == "<p>Clear words.</p>"


def test_words_that_do_not_fit_leave_the_page_as_it_is(erin: Client) -> None:
    draft = cast.article("lupus", blocks=[cast.text("<p>Pain</p>"), cast.steps("Pain")])
    refused = replace(erin, "Pain", "long " * 39, [f"{draft.pk}:0", f"{draft.pk}:1"])
    assert "“Lupus” was not changed. Heading: Ensure this value has at most 120 characters" in plain_words(
        body(refused)
    )
    assert draft_content(draft)["blocks"][0]["body"] == "<p>Pain</p>"


def test_it_can_be_limited_to_one_page_and_only_writers_may(erin: Client) -> None:
    one, _ = cast.article("lupus", blocks=[cast.text("<p>LDN</p>")]), cast.article("ldn")
    linked = body(erin.get(f"/admin/education/article/{one.pk}/change/"))
    assert f"{SCREEN}?page={one.pk}" in linked
    assert [value for value, _, _ in shown(erin, "LDN", "x", page=str(one.pk))] == [f"{one.pk}:0"]
    empty = erin.get(SCREEN, {"find": "", "put": "x"})
    assert empty.status_code == 422
    assert "Fill this in." in body(empty)
    assert cast.logged_in(cast.staff("mona", "manager")).get(SCREEN).status_code == 403
