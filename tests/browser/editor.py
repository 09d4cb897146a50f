"""The form of an article: its blocks as cards, and the page beside it."""

from playwright.sync_api import FrameLocator, Locator, Page, ViewportSize

WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PUT_AWAY = """() => {
  Object.defineProperty(document, "hidden", {value: true, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
  delete document.hidden;
}"""


def put_away(page: Page) -> None:
    """As when another window comes before it. What was typed is then kept at once, and not with the next tick."""
    page.evaluate(PUT_AWAY)


def live(page: Page) -> FrameLocator:
    """The page beside the form, in its newest version."""
    return page.frame_locator(".live-preview-stage iframe:not(.is-coming)")


def cards(page: Page) -> Locator:
    return page.locator(".block-toggle")


def card(page: Page, words: str) -> Locator:
    return cards(page).filter(has_text=words)


def text_field(page: Page) -> Locator:
    return page.locator(".is-open .tiptap")


def status(page: Page) -> Locator:
    return page.locator("#block-status")


def suggestions(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")
