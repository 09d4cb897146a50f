"""The sheet of drawings, from which staff choose by sight."""

import pytest
from django.test import Client

from education.core.typesetting.html import curved
from education.images.drawings import shipped
from tests.cast import article, erin_the_editor, figure, ines_at_intake, logged_in
from tests.screens import body, links, plain_words, tags

pytestmark = pytest.mark.django_db
SHEET = "/admin/drawings/"


def test_every_drawing_is_shown_light_and_dark_with_its_title_and_name() -> None:
    page = body(logged_in(erin_the_editor()).get(SHEET))
    shown = {str(given["src"]): given for tag, given in tags(page) if tag == "img"}
    for drawing in shipped().values():
        assert shown[drawing.address]["alt"] == drawing.description
        assert shown[drawing.dark_address]["alt"] == "The same in the dark"
        assert f"<code>{drawing.name}</code>" in page
        assert curved(drawing.title) in plain_words(page)


def test_a_drawing_names_the_pages_that_show_it() -> None:
    draft = article("lupus", blocks=[figure(drawing="small-steps")] * 2)
    page = body(logged_in(erin_the_editor()).get(SHEET))
    used = plain_words(page.partition("<code>small-steps</code>")[2].partition("</li>")[0])
    assert used.strip() == f"On: {draft.title} ."  # once, although it is shown twice
    assert f"/admin/education/article/{draft.pk}/change/" in links(page)


def test_the_sheet_is_for_those_who_may_see_articles() -> None:
    assert Client().get(SHEET).status_code == 302
    assert logged_in(ines_at_intake()).get(SHEET).status_code == 403
    assert SHEET in links(body(logged_in(erin_the_editor()).get("/admin/")))
