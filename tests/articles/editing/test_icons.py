"""The editors' buttons are drawn by a sprite of ours; the icon font and jQuery, which they bring, are not fetched."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.cast import article, logged_in, staff, text

STATIC = Path(settings.BASE_DIR) / "static"
# What the rich-text editor calls its buttons, and the icon that each gets.
BUTTONS = {
    "bold": "bold",
    "italic": "italic",
    "unordered list": "bullets",
    "ordered list": "numbers",
    "insert link": "link",
    "remove link": "unlink",
    "undo": "undo",
    "redo": "redo",
}


@pytest.mark.django_db
def test_the_article_editor_fetches_neither_the_icon_font_nor_jquery():
    page = article("lupus", blocks=[text("<p>Words.</p>")])
    html = logged_in(staff("erin", "editor")).get(f"/admin/education/article/{page.pk}/change/").content.decode()
    sheets = re.findall(r'<link[^>]*href="([^"]+\.css)"', html)
    assert [sheet for sheet in sheets if "material-icons" in sheet] == []
    assert any("css/rich-text" in sheet for sheet in sheets)
    assert "jquery" not in html.lower()


def test_each_button_shows_its_icon():
    sprite = (STATIC / "icons" / "staff.svg").read_text()
    row = re.findall(r'<use href="#(\w+)" x="(\d+)"', sprite)
    assert [int(x) for _, x in row] == [24 * place for place in range(len(row))]
    assert [name for name, _ in row] == re.findall(r'<symbol id="(\w+)"', sprite)
    styles = (STATIC / "css" / "rich-text.css").read_text()
    shown = dict(re.findall(r'\[title="([a-z ]+)"\] \{\s+--icon: (\d+);', styles))
    assert {title: row[int(place)][0] for title, place in shown.items()} == BUTTONS
