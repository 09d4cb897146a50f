"""What a hand has to hit: everything on a page, or in the dialog over it, that is smaller than it must be."""

from playwright.sync_api import Page

PHONE, DESKTOP = 44, 24  # pixels, for a thumb and for a mouse
SIZES = {PHONE: {"width": 390, "height": 844}, DESKTOP: {"width": 1280, "height": 900}}
# A label belongs to its box, and what is painted or laid over a link to the link: so it is asked at its edges who is
# hit there. Left out is what WCAG leaves out: a link within a sentence, what can't be pressed, and what nobody sees.
SMALL = r"""least => {
  const wanted = "a[href], button, summary, input:not([type=hidden]), select, textarea, [role=option], [role=button]";
  const over = document.querySelector("dialog:modal") || document.body;
  const isText = node => node.nodeType === 3 && /[\p{L}\p{N}]/u.test(node.data);
  const saysMore = box => Array.from(box.childNodes).some(isText);
  const isInSentence = target => {
    if (!target.matches("a")) { return false; }
    for (let box = target; getComputedStyle(box).display === "inline"; box = box.parentElement) {
      if (saysMore(box.parentElement)) { return true; } // also from within a raised number, and what holds it
    }
    return false;
  };
  const isUnseen = target => {
    for (let box = target; box; box = box.parentElement) {
      const {clip, clipPath, position, overflowX} = getComputedStyle(box);
      const isCut = position === "absolute" && overflowX === "hidden" && clip !== "auto";
      if (isCut || clipPath === "inset(50%)") { return true; }
    }
    const isAbove = target.getBoundingClientRect().bottom + window.scrollY <= 0; // until it has the focus
    return isAbove || !target.checkVisibility({visibilityProperty: true, opacityProperty: true});
  };
  const isHit = (target, x, y) => {
    const there = document.elementFromPoint(x, y);
    return there && (target.contains(there) || Array.from(target.labels || []).some(label => label.contains(there)));
  };
  const isLarge = target => {
    const boxes = [target, ...(target.labels || [])].map(element => element.getBoundingClientRect());
    const wide = Math.max(...boxes.map(box => box.width)) > least - 0.5;
    const high = Math.max(...boxes.map(box => box.height)) > least - 0.5;
    if (wide && high) { return true; }
    target.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
    const {left, right, top, bottom} = target.getBoundingClientRect();
    const [x, y, reach] = [(left + right) / 2, (top + bottom) / 2, least / 2 - 0.75];
    return (wide || isHit(target, x - reach, y) && isHit(target, x + reach, y))
      && (high || isHit(target, x, y - reach) && isHit(target, x, y + reach));
  };
  return Array.from(over.querySelectorAll(wanted))
    .filter(target => !target.disabled && !isUnseen(target) && !isInSentence(target) && !isLarge(target))
    .map(target => target.outerHTML.slice(0, 120));
}"""


def too_small(page: Page) -> list[str]:
    """On a phone and on a desktop, with the window left as it was."""
    before = page.viewport_size
    session = page.context.new_cdp_session(page)
    found = []
    for least, size in SIZES.items():
        session.send("Emulation.setTouchEmulationEnabled", {"enabled": least == PHONE})
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"{target} (below {least} px)" for target in page.evaluate(SMALL, least)]
    session.detach()
    if before:
        page.set_viewport_size(before)
    return found
