"""The mouse. Each step waits until what it is about is in sight and stands still, as a page may scroll by itself."""

from playwright.sync_api import Locator, Page


def drag(page: Page, target: Locator, over: Locator) -> None:
    """To the upper edge of `over`."""
    target.hover(position={"x": 40, "y": 20})
    page.mouse.down()
    over.hover(position={"x": 40, "y": 20})
    over.hover(position={"x": 40, "y": 4})
    page.mouse.up()
