"""The keyboard, and where its focus is."""

import pytest
from playwright.sync_api import Locator, Page

WHERE = "() => (document.activeElement.outerHTML || '').slice(0, 200)"
IS_HERE = "element => element === document.activeElement"
# An outline, a shadow or an underline that the element would not have without focus; null when nothing has it.
SHOWS_FOCUS = """() => {
  if (document.activeElement === document.body) { return null; }
  const look = () => {
    const style = getComputedStyle(document.activeElement);
    const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    return [outline, style.boxShadow, style.textDecoration, style.borderColor, style.backgroundColor].join();
  };
  const element = document.activeElement;
  const focused = look();
  element.blur();
  const style = getComputedStyle(element);
  const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  const plain = [outline, style.boxShadow, style.textDecoration, style.borderColor, style.backgroundColor].join();
  element.focus();
  return focused !== plain;
}"""


def tab_to(page: Page, target: Locator, *, most: int = 120, key: str = "Tab") -> None:
    """Press Tab until the focus is on `target`."""
    element = target.element_handle()  # looked up once: to find it after each key takes longer than the key
    for _ in range(most):
        page.keyboard.press(key)
        if element.evaluate(IS_HERE):
            return
    pytest.fail(f"Tab did not reach {target} in {most} steps; the focus is on {page.evaluate(WHERE)}")


def type_into(page: Page, target: Locator, words: str) -> None:
    tab_to(page, target)
    page.keyboard.type(words)


def press(page: Page, target: Locator, key: str = "Enter", *, most: int = 120) -> None:
    tab_to(page, target, most=most)
    page.keyboard.press(key)


def stops(page: Page, most: int = 60) -> int:
    """Tab through the page once; fails at the first stop that does not show it has the focus."""
    for number in range(most):
        page.keyboard.press("Tab")
        shows = page.evaluate(SHOWS_FOCUS)
        if shows is None:
            return number
        assert shows, f"Nothing shows the focus on {page.evaluate(WHERE)}"
    return most
