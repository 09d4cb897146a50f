"""Tables are written in a grid of cells, as in a spreadsheet: nobody has to count bars."""

import json
import random
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from education.articles.content.tables import cells_of, framed_line
from tests.browser.asking import button
from tests.browser.axe import violations
from tests.browser.desk import add_block, begin_article, edit
from tests.browser.editor import PHONE, suggestions
from tests.browser.fitting import SMALL_PHONE, too_wide
from tests.browser.keys import press
from tests.browser.profiles import Desk
from tests.browser.sites import Site
from tests.browser.targets import too_small
from tests.browser.test_pasting import PASTE

COPIED = 'Hours\tPain\tMood\r\n5\t"More\nthan usual"\tLow\r\n8\tLess\tBetter\r\n'  # as a spreadsheet does
# Rows as the script writes them, what it reads from that, and the rows that it takes from a spreadsheet.
AS_THE_SCRIPT_DOES = """async ([rows, copied]) => {
  const { rowsOf, textOf, copiedRows } = await import("editor/cells");
  return [rows.map(row => textOf([row])), rows.map(row => rowsOf(textOf([row]))[0]), copied.map(copiedRows)];
}"""
CHANGED = """() => Array.from(document.querySelectorAll("textarea[data-grid]"))
  .filter(field => field.value !== field.defaultValue).map(field => field.name)"""


def cell(page: Page, row: int, column: int) -> Locator:
    return page.locator(".is-open").get_by_role("textbox", name=f"Row {row}, column {column}")


def rows_of(site: Site, caption: str) -> list[list[str]]:
    ((rows,),) = site.rows("SELECT rows FROM education_tableblock WHERE caption = ?", caption)
    found: Any = json.loads(rows)
    return found  # type: ignore[no-any-return]


def paste_into(cell: Locator, html: str, text: str) -> None:
    cell.focus()
    cell.evaluate(PASTE, [html, text])


def begin_table(page: Page, title: str) -> None:
    begin_article(page, title)
    add_block(page, "Table")
    expect(page.get_by_role("textbox", name="Caption", exact=True)).to_be_focused()
    page.keyboard.type(title)
    page.keyboard.press("Tab")
    expect(cell(page, 1, 1)).to_be_focused()


def test_a_table_is_written_by_keyboard(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk()
    begin_table(page, "Written in a grid")
    for words in ("Hours", "A | B", "5"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.type("More.[@young 2013")
    expect(suggestions(page).first).to_contain_text("Younger")
    page.keyboard.press("Enter")
    expect(cell(page, 2, 2)).to_have_value("More.[@younger-2013]")
    expect(page.locator(".is-open .study-chip")).to_have_text("Younger 2013 (retracted)")
    page.keyboard.press("Enter")
    page.keyboard.type("Less.")
    page.keyboard.press("Enter")
    expect(cell(page, 4, 2)).to_be_focused()  # a row that was not there
    page.keyboard.press("Control+Enter")  # shows the page
    expect(cell(page, 4, 2)).to_be_focused()
    expect(cell(page, 5, 2)).to_have_count(0)
    expect(page.get_by_role("group", name="Rows")).to_have_accessible_description(re.compile("holds the headings"))
    press(page, button(page, "Save draft"))
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert rows_of(site, "Written in a grid") == [["Hours", "A | B"], ["5", "More.[@younger-2013]"], ["", "Less."]]


def test_rows_and_columns_are_added_and_deleted_and_that_can_be_undone(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=PHONE)
    begin_table(page, "Grown and cut")
    paste_into(cell(page, 2, 1), "", COPIED)
    expect(cell(page, 3, 2)).to_have_value("More than usual")
    cell(page, 3, 2).click()
    button(page, "Delete row 3").click()
    expect(cell(page, 3, 1)).to_have_value("8")
    button(page, "Undo: row 3 deleted").click()
    expect(cell(page, 3, 2)).to_have_value("More than usual")
    button(page, "Delete column 2").click()
    expect(cell(page, 3, 2)).to_have_value("Low")
    button(page, "Add a column").click()
    page.keyboard.type("New")
    expect(page.locator(".grid-tools").get_by_text("Undo")).to_be_hidden()  # it would take what was typed along
    assert not violations(page, within=".is-open")
    assert too_small(page) == []
    page.set_viewport_size(SMALL_PHONE)
    assert too_wide(page) <= 0
    cell(page, 1, 1).click()
    button(page, "Delete row 1").click()
    button(page, "Save draft").click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert rows_of(site, "Grown and cut") == [["Hours", "Mood", ""], ["5", "Low", "New"], ["8", "Better", ""]]


def to_tools(page: Page) -> None:
    page.keyboard.press("Alt+F10")
    expect(button(page, "Add a row")).to_be_focused()


def test_rows_and_columns_are_moved_by_keyboard_and_the_focus_goes_along(at_the_desk: Desk, site: Site) -> None:
    """They could only be deleted, and typed anew elsewhere. The way to the buttons led through all further cells, so
    that by keyboard only the last row could be deleted.
    """
    page = at_the_desk(viewport=PHONE)
    begin_table(page, "Put in order")
    paste_into(cell(page, 1, 1), "", COPIED)
    cell(page, 3, 2).focus()
    to_tools(page)
    press(page, button(page, "Move row 3 up"))
    expect(cell(page, 2, 2)).to_be_focused()
    expect(cell(page, 2, 2)).to_have_value("Less")
    to_tools(page)
    press(page, button(page, "Move column 2 left"))
    expect(cell(page, 2, 1)).to_be_focused()
    expect(button(page, "Move column 1 left")).to_be_hidden()
    to_tools(page)
    press(page, button(page, "Move row 2 up"))
    to_tools(page)
    press(page, button(page, "Undo: row 2 moved up"))
    expect(cell(page, 2, 1)).to_be_focused()
    assert too_small(page) == []
    press(page, button(page, "Save draft"))
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert rows_of(site, "Put in order") == [
        *(["Pain", "Hours", "Mood"], ["Less", "8", "Better"], ["More than usual", "5", "Low"]),
    ]


def test_a_table_of_a_page_fills_the_cells_too(at_the_desk: Desk) -> None:
    page = at_the_desk()
    begin_table(page, "Copied from a page")
    html = "<table><tr><th>Dose</th><th>How many</th></tr><tr><td>1.5 mg</td><td>10<sup>6</sup></td></tr></table>"
    paste_into(cell(page, 1, 1), html, "Dose\tHow many")
    expect(cell(page, 2, 2)).to_have_value("10⁶")
    paste_into(cell(page, 3, 1), "<p>Only <b>words</b></p>", "Only words")
    expect(button(page, "Undo: 2 rows pasted")).to_be_visible()  # one line of words is no table


def test_opening_a_table_changes_nothing_and_an_answer_less_makes_no_empty_answer(
    at_the_desk: Desk, site: Site
) -> None:
    page = at_the_desk()
    kept = "SELECT rows FROM education_tableblock UNION ALL SELECT rows FROM education_whatmattersblock"
    edit(page, site, "every-block")
    before = site.rows(kept)
    button(page, "Open all").click()
    expect(page.locator(".grid").first).to_be_visible()
    assert not page.evaluate(CHANGED)
    for answer in page.locator(".grid:not(.has-headings) textarea").all():
        answer.press("x")
        answer.press("Backspace")
    button(page, "Save draft").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert site.rows(kept) == before


def test_bars_and_backslashes_and_quotes_are_read_as_the_site_reads_them(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk()
    edit(page, site, "every-block")
    rows = [[word() for _ in range(1 + number % 4)] for number in range(400)]
    lines, read, copied = page.evaluate(AS_THE_SCRIPT_DOES, [rows, [as_copied(row) for row in rows if row[-1]]])
    assert lines == [framed_line(row) for row in rows]
    assert read == [cells_of(line) for line in lines] == rows
    assert copied == [[row] for row in rows if row[-1]]


SIGNS = random.Random(5)


def word() -> str:
    return " ".join("".join(SIGNS.choices('ab|\\"é ', k=SIGNS.randrange(7))).split())


def as_copied(row: list[str]) -> str:
    """By a spreadsheet: a cell with a quotation mark stands in quotation marks."""
    return "\t".join('"' + cell.replace('"', '""') + '"' if '"' in cell else cell for cell in row)
