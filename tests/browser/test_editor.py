"""Writing an article: blocks as cards, inserted anywhere, with the page as patients would see it beside them."""

import re

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.asking import button
from tests.browser.axe import violations
from tests.browser.desk import add_block, begin_article, begin_with_text, edit, pk_of
from tests.browser.editor import PHONE, WIDE, card, cards, live, status, text_field
from tests.browser.fitting import too_wide
from tests.browser.profiles import Desk
from tests.browser.sites import Site


def test_what_is_typed_shows_on_the_page_beside_it_whose_words_lead_to_their_blocks_and_nothing_is_saved(
    at_the_desk: Desk, site: Site
) -> None:
    page = at_the_desk(viewport=WIDE)
    edit(page, site, "lupus")
    expect(live(page).get_by_role("heading", level=1)).to_have_text("Lupus")
    saved = site.rows("SELECT draft_sha256 FROM education_article WHERE slug = 'lupus'")
    page.get_by_label("Title", exact=True).fill("Lupus, typed just now")
    expect(live(page).get_by_role("heading", level=1)).to_have_text("Lupus, typed just now")
    assert site.rows("SELECT draft_sha256 FROM education_article WHERE slug = 'lupus'") == saved
    live(page).get_by_role("heading", name="Who gets it").click()
    expect(text_field(page)).to_contain_text("Who gets it")


def test_a_block_is_inserted_in_the_middle_in_two_steps(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=WIDE)
    edit(page, site, "psoriasis")
    before = cards(page).count()
    cards(page).nth(3).hover()
    page.locator(".block-insert").nth(3).click()
    page.locator(".block-chooser").get_by_role("button", name="Steps").click()
    expect(cards(page)).to_have_count(before + 1)
    expect(cards(page).nth(3)).to_contain_text("Steps")
    expect(page.get_by_role("textbox", name="Heading", exact=True)).to_be_focused()
    expect(status(page)).to_have_text("Steps added as block 4.")


def test_what_a_new_block_begins_with_is_not_told_as_its_words(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=WIDE)
    begin_article(page, "With a risk picture")
    add_block(page, "Risk picture")
    expect(page.get_by_label("How many", exact=False).first).to_be_visible()
    expect(cards(page).last).to_contain_text("Nothing in it yet")
    page.get_by_role("textbox", name="Label").last.fill("Vivid dreams")
    expect(cards(page).last).not_to_contain_text("Nothing in it yet")


def test_a_slash_on_an_empty_line_offers_the_blocks(at_the_desk: Desk) -> None:
    page = at_the_desk()
    begin_with_text(page, "With a slash", "One line.")
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type("expander")
    page.keyboard.press("Enter")
    expect(cards(page)).to_have_count(2)
    expect(cards(page).nth(1)).to_contain_text("Expander")


def test_the_choice_of_blocks_is_left_with_one_key_whatever_was_typed_to_find_one(at_the_desk: Desk) -> None:
    page = at_the_desk()
    begin_article(page, "Without a block")
    button(page, "Add a block").click()
    page.keyboard.type("steps")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(button(page, "Add a block")).to_be_focused()


def more(page: Page, name: str) -> None:
    page.locator(".is-open .block-controls").get_by_text("More", exact=True).click()
    page.locator(".is-open .block-more").get_by_text(name, exact=True).click()


def test_text_becomes_a_list_of_steps(at_the_desk: Desk) -> None:
    page = at_the_desk()
    begin_with_text(page, "From text to steps", "Stand up.")
    page.keyboard.press("Enter")
    page.keyboard.type("Sit down.")
    more(page, "Turn into steps")
    expect(page.get_by_role("textbox", name="Steps", exact=True)).to_have_value("Stand up.\nSit down.")
    expect(cards(page)).to_have_count(1)


def test_text_is_split_at_the_cursor_and_joined_again(at_the_desk: Desk) -> None:
    page = at_the_desk()
    begin_with_text(page, "Split and joined", "First part.")
    page.keyboard.press("Enter")
    page.keyboard.type("Second part.")
    page.keyboard.press("Home")
    more(page, "Split here")
    expect(text_field(page)).to_have_text("Second part.")
    card(page, "First part.").click()
    expect(text_field(page)).to_have_text("First part.")
    more(page, "Join with next")
    expect(text_field(page)).to_contain_text("Second part.")
    expect(cards(page)).to_have_count(1)


def test_a_block_is_copied_to_another_page(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk()
    edit(page, site, "lupus")
    card(page, "Key points").click()
    words = page.get_by_role("textbox", name="Points", exact=True).input_value()
    more(page, "Copy")
    begin_article(page, "With a copied block")
    add_block(page, "Paste")
    expect(page.get_by_role("textbox", name="Points", exact=True)).to_have_value(words)


def test_rich_text_is_set_up_as_its_block_is_opened_and_that_changes_no_word(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=WIDE)
    edit(page, site, "scleroderma")
    bodies = "SELECT id, body FROM education_carecardblock WHERE parent_id = ? ORDER BY ordering"
    before = site.rows(bodies, pk_of(site, "scleroderma"))
    expect(page.locator(".tiptap")).to_have_count(0)
    card(page, "Get medical help the same day").click()
    expect(text_field(page).locator(".study-chip").first).to_be_visible()
    expect(page.locator(".tiptap")).to_have_count(1)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert not asked  # nothing was typed that could be lost
    expect(text_field(page)).to_be_visible()
    button(page, "Save draft").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert site.rows(bodies, pk_of(site, "scleroderma")) == before


def test_a_page_is_copied_from_its_own_screen(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=PHONE)
    edit(page, site, "uveitis")
    button(page, "Copy to a new draft").click()
    expect(page.get_by_text("This is a copy of “Uveitis”.")).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Copy of Uveitis")
    expect(cards(page)).not_to_have_count(0)


def test_after_a_save_the_same_block_is_open(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk()
    edit(page, site, "scleroderma")
    opened = cards(page).nth(4)
    opened.click()
    words = opened.inner_text()
    button(page, "Save draft").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    expect(page.locator(".block-toggle[aria-expanded=true]")).to_have_text(words, use_inner_text=True)


def test_after_a_move_that_was_not_saved_the_same_block_is_open(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=WIDE)
    edit(page, site, "psoriasis")
    words = cards(page).nth(2).inner_text()
    cards(page).nth(2).click()
    page.locator(".is-open .block-controls").get_by_text("Move up", exact=True).click()
    expect(cards(page).nth(1)).to_have_text(words)
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(button(page, "Open all")).to_be_visible()
    expect(page.locator(".is-open .block-toggle")).to_have_text(words)
    expect(cards(page).nth(2)).to_have_attribute("aria-expanded", "true")


def test_on_a_phone_the_page_is_one_tap_away(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=PHONE)
    edit(page, site, "lupus")
    button(page, "See the page").click()
    expect(live(page).get_by_role("heading", level=1)).to_be_visible()
    button(page, "Back to writing").click()
    expect(page.get_by_label("Title", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_bar_counts_what_is_missing_and_leads_to_the_list(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=PHONE)
    edit(page, site, "unready")
    page.get_by_role("link", name=re.compile(r"^\d things? missing$")).click()
    expect(page.get_by_role("heading", name="Publication checks")).to_be_in_viewport()


def box(found: Locator) -> FloatRect:
    there = found.bounding_box()
    assert there
    return there


@pytest.mark.parametrize("width", [1024, 1280])
def test_the_page_stands_beside_the_form_and_nothing_is_cut_off(at_the_desk: Desk, site: Site, width: int) -> None:
    page = at_the_desk(viewport={"width": width, "height": 768})
    edit(page, site, "lupus")
    cards(page).nth(2).click()
    assert too_wide(page) <= 0
    form, beside = box(page.locator("#article_form")), box(page.locator(".live-preview-stage"))
    assert form["x"] + form["width"] < beside["x"]
    assert form["width"] > 440, "fields and the buttons of rich text"
    assert 360 <= beside["width"] <= 430, "a telephone"
    assert page.locator(".live-preview-bar p").inner_text() == "As patients see it", "it is not live"
    for link in page.locator(".staff-nav a").all():
        assert 0 <= box(link)["x"] < form["x"] - box(link)["width"], link.inner_text()
    button(page, "Wide").click()
    assert box(page.locator(".live-preview-stage"))["width"] > width / 2
    assert too_wide(page) <= 0


def test_the_page_beside_offers_to_be_dark_or_light_whichever_it_is_not(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=WIDE)
    edit(page, site, "lupus")
    expect(live(page).get_by_role("heading", level=1)).to_be_visible()
    page.emulate_media(color_scheme="null")  # or the browser would heed nothing else
    button(page, "Dark").click()
    is_dark = "() => matchMedia('(prefers-color-scheme: dark)').matches"
    expect(button(page, "Light")).to_be_focused()
    assert live(page).locator("html").evaluate(is_dark)
    button(page, "Light").click()
    expect(button(page, "Dark")).to_be_focused()
    page.emulate_media(color_scheme="dark")  # as in browsers that show the page as the device is
    expect(button(page, "Light")).to_be_visible()


def test_a_line_for_each_block_leads_to_it_and_the_editor_has_no_barrier(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=WIDE)
    edit(page, site, "lupus")
    cards(page).nth(2).click()
    lines = page.get_by_role("navigation", name="Blocks of this page").get_by_role("link")
    expect(lines).to_have_count(cards(page).count())
    last = cards(page).count() - 1
    lines.nth(last).click()
    expect(cards(page).nth(last)).to_have_attribute("aria-expanded", "true")
    expect(cards(page).nth(last)).to_be_in_viewport()
    expect(lines.nth(last)).to_have_attribute("aria-current", "true")
    assert not violations(page)
    button(page, "Add a block").click()
    assert not violations(page, within=".block-chooser")
