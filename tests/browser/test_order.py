"""Things are put in order by dragging them, and by keyboard."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.asking import button
from tests.browser.axe import violations
from tests.browser.profiles import Desk
from tests.browser.sites import Site
from tests.browser.test_editor import WIDE, cards, edit


def drag(page: Page, target: Locator, over: Locator) -> None:
    """To the upper edge of `over`, in steps as a hand does it, and both in sight."""
    over.scroll_into_view_if_needed()
    start, end = target.bounding_box(), over.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 40, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + 40, end["y"] + 20, steps=10)
    page.mouse.move(end["x"] + 40, end["y"] + 4, steps=4)
    page.mouse.up()


def test_a_block_is_dragged_by_its_line(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=WIDE)
    edit(page, site, "psoriasis")
    words = cards(page).nth(5).inner_text()
    drag(page, cards(page).nth(5), cards(page).nth(2))
    expect(cards(page).nth(2)).to_have_text(words, use_inner_text=True)


def test_the_pages_of_a_topic_are_put_in_order(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=WIDE)
    page.goto("/admin/")
    page.get_by_role("link", name="Autoimmune conditions", exact=True).click()
    pages = page.get_by_role("list", name="Its pages in order").get_by_role("listitem")
    last = pages.last.get_attribute("data-slug")
    drag(page, pages.last, pages.nth(-4))
    expect(pages.nth(-4)).to_have_attribute("data-slug", str(last))
    pages.nth(-4).get_by_role("button", name="Move up").press("Alt+ArrowUp")
    expect(pages.nth(-5)).to_have_attribute("data-slug", str(last))
    expect(pages.nth(-5).get_by_role("button", name="Move up")).to_be_focused()
    assert not violations(page)
    button(page, "Save").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    ((shelf,),) = site.rows("SELECT shelf FROM education_topic WHERE slug = 'autoimmune-conditions'")
    assert shelf.splitlines()[-5] == last
