"""Writing an article with the keyboard alone: blocks are added, typed, moved and deleted without a mouse."""

from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.asking import button
from tests.browser.desk import add_block, begin_article
from tests.browser.keys import press, tab_to, type_into
from tests.browser.profiles import Desk

TOO_NARROW: ViewportSize = {"width": 900, "height": 800}  # for the page beside the form, so that a button leads to it


def block(page: Page, label: str) -> Locator:
    """The button `label` of a block, such as "Move up: Care card, block 2 of 2"."""
    return page.get_by_role("button", name=label)


def status(page: Page) -> Locator:
    return page.locator("#block-status")


def walk_to_a_new_block(page: Page, kind: str) -> None:
    press(page, button(page, "Add a block"))
    page.keyboard.type(kind)
    page.keyboard.press("Enter")


def test_blocks_by_keyboard(at_the_desk: Desk) -> None:
    page = at_the_desk()
    page.goto("/admin/education/article/add/")
    type_into(page, page.get_by_label("Title", exact=True), "Written by keyboard")
    type_into(page, page.get_by_label("Topic", exact=True), "Auto")
    walk_to_a_new_block(page, "Key points")
    expect(page.get_by_role("textbox", name="Points", exact=True)).to_be_focused()
    page.keyboard.type("The first point")
    walk_to_a_new_block(page, "Text")
    expect(page.get_by_role("textbox", name="Body")).to_be_focused()
    page.keyboard.type("Typed without a mouse.")
    walk_to_a_new_block(page, "Questions")
    expect(page.get_by_role("textbox", name="Heading", exact=True)).to_be_focused()
    expect(status(page)).to_have_text("Questions to ask added as block 3.")
    tab_to(page, block(page, "Delete: Questions to ask, block 3 of 3"), key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("Questions to ask deleted.")
    expect(block(page, "Undo: bring Questions to ask back")).to_be_focused()
    text = page.get_by_role("button", name="Text Typed without a mouse.")
    press(page, text, "Alt+ArrowUp")
    expect(status(page)).to_have_text("Text is now block 1 of 2.")
    expect(text).to_be_focused()
    press(page, button(page, "Save draft"))
    expect(page.get_by_text("was added successfully")).to_be_visible()
    press(page, text)
    expect(page.get_by_role("textbox", name="Body")).to_have_text("Typed without a mouse.")
    tab_to(page, page.get_by_role("textbox", name="Body"))
    page.keyboard.press("Escape")
    expect(text).to_be_focused()
    expect(text).to_have_attribute("aria-expanded", "false")

    press(page, page.get_by_role("button", name="Key points The first point"))
    tab_to(page, block(page, "Delete: Key points, block 2 of 2"), key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("Key points will be deleted when you save.")
    expect(page.locator(".is-deleted").get_by_text("Goes when you save")).to_be_visible()
    press(page, button(page, "Save draft"))
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    expect(page.locator(".block-toggle")).to_have_count(1)


def test_a_new_block_that_was_deleted_comes_back_with_its_words_and_its_place(at_the_desk: Desk) -> None:
    page = at_the_desk()
    begin_article(page, "Deleted by mistake")
    add_block(page, "Text")
    page.keyboard.type("Half an hour of writing.[@younger-2013]")
    expect(page.locator(".study-chip")).to_have_text("Younger 2013 (retracted)")
    add_block(page, "Steps")
    first = page.locator(".block-toggle").first
    press(page, first)
    press(page, block(page, "Delete: Text, block 1 of 2"))
    expect(page.locator(".block-toggle")).to_have_count(1)
    page.keyboard.press("Enter")  # on “Undo”
    expect(status(page)).to_have_text("Text is back.")
    expect(first).to_be_focused()
    expect(page.locator(".is-open .tiptap")).to_have_text("Half an hour of writing.Younger 2013 (retracted)")
    expect(page.locator(".block-gone")).to_have_count(0)


def test_the_preview_shows_the_draft(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=TOO_NARROW)
    begin_article(page, "Seen before others")
    add_block(page, "Care card")
    expect(page.get_by_role("combobox", name="Level", exact=True)).to_be_focused()
    page.keyboard.type("Emerg")
    type_into(page, page.get_by_role("textbox", name="Heading", exact=True), "You have a rash")
    type_into(page, page.get_by_role("textbox", name="Body"), "Ring at once.")
    press(page, button(page, "Save draft"))
    press(page, button(page, "Save and preview"))
    expect(page.get_by_text("Preview of the draft.")).to_be_visible()
    card = page.get_by_role("region", name="You have a rash")
    expect(card.get_by_text("Ring at once.")).to_be_visible()
    expect(card.get_by_role("link", name="Call 911")).to_be_visible()
