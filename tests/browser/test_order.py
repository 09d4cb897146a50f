"""Things are put in order by dragging them, and by keyboard."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.asking import button
from tests.browser.axe import violations
from tests.browser.desk import edit
from tests.browser.editor import WIDE, cards
from tests.browser.mouse import drag
from tests.browser.profiles import Desk
from tests.browser.sites import Site


def test_a_block_is_dragged_by_its_line(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=WIDE)
    edit(page, site, "psoriasis")
    words = cards(page).nth(5).inner_text()
    drag(page, cards(page).nth(5), cards(page).nth(2))
    expect(cards(page).nth(2)).to_have_text(words, use_inner_text=True)


def pages_in_order(page: Page) -> Locator:
    page.goto("/admin/")
    page.get_by_role("link", name="Autoimmune conditions", exact=True).click()
    pages = page.get_by_role("list", name="Its pages in order").get_by_role("listitem")
    expect(pages.nth(5)).to_be_visible()
    return pages


def save(page: Page, site: Site) -> list[str]:
    """The order as it is stored by then."""
    button(page, "Save").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    ((shelf,),) = site.rows("SELECT shelf FROM education_topic WHERE slug = 'autoimmune-conditions'")
    return [str(slug) for slug in shelf.splitlines()]


def test_the_pages_of_a_topic_are_put_in_order(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=WIDE)
    pages = pages_in_order(page)
    before = [item.get_attribute("data-slug") for item in pages.all()]
    drag(page, pages.last, pages.nth(-4))
    expect(pages.nth(-4)).to_have_attribute("data-slug", str(before[-1]))
    pages.nth(-4).get_by_role("button", name="Move up").press("Alt+ArrowUp")
    expect(pages.nth(-5)).to_have_attribute("data-slug", str(before[-1]))
    expect(pages.nth(-5).get_by_role("button", name="Move up")).to_be_focused()
    expect(page.get_by_text(f"is now number {len(before) - 4} of {len(before)}.")).to_have_count(1)
    assert not violations(page)
    assert save(page, site) == [*before[:-5], before[-1], *before[-5:-1]]

    pages_in_order(page).nth(-5).get_by_role("button", name="Move down").focus()
    for _ in range(4):
        page.keyboard.press("Alt+ArrowDown")
    assert save(page, site) == before, "as other tests find it"


def test_a_page_that_is_not_dropped_goes_back(at_the_desk: Desk) -> None:
    """As when Escape is pressed: a browser then ends the drag without a drop."""
    page = at_the_desk(viewport=WIDE)
    pages = pages_in_order(page)
    field = page.locator("textarea[name=shelf]")
    before, stored = pages.all_inner_texts(), field.input_value()
    carried = {"dataTransfer": page.evaluate_handle("() => new DataTransfer()"), "clientY": -10_000}
    pages.last.dispatch_event("dragstart", carried)
    pages.nth(3).dispatch_event("dragover", carried)
    expect(pages.nth(3)).to_have_text(before[-1], use_inner_text=True)
    pages.nth(3).dispatch_event("dragend", carried)
    expect(pages).to_have_text(before, use_inner_text=True)
    assert field.input_value() == stored
