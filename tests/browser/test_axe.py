"""What the other tests ask axe about: whether it is found, and stays found for a text that is like others before it."""

import re
from typing import Any

from tests.browser.axe import AA, READ, WIDTHS, examined, violations
from tests.browser.profiles import Visits
from tests.browser.sites import Site

CHANGE = "([name, value]) => { document.querySelector('main .lede').style.setProperty(name, value, 'important'); }"
# Each stands in a white box of its own. `under` is a part of that box that the text does not stand in.
PLANT = """plants => {
  document.querySelectorAll(".planted").forEach(box => box.remove());
  const add = (parent, tag, css) => {
    const made = parent.appendChild(document.createElement(tag));
    made.style.cssText = css;
    return made;
  };
  for (const {id, box = "", under, text = "", words = "Some words", disabled = false} of plants) {
    const white = add(document.querySelector("main"), "div", "background: #fff; padding: 4rem; position: relative");
    white.className = "planted";
    if (under) { add(white, "div", under); }
    const button = add(add(white, "div", box), "button", `all: unset; ${text}`);
    Object.assign(button, {id, disabled, textContent: words});
  }
}"""
# A link that is told from its text by its colour alone, which is too much like it, and targets that are hard to hit.
WRONG = """() => {
  const text = document.querySelector("main").appendChild(document.createElement("p"));
  text.style.cssText = "background: #fff; color: #222";
  text.append("Words around a ");
  const link = text.appendChild(document.createElement("a"));
  Object.assign(link, {href: "/", textContent: "link"});
  link.style.cssText = "color: #444; text-decoration: none; border: 0; font-weight: inherit; background: none";
  text.append(" and some more of them.");
  for (const name of ["One", "Two"]) {
    const button = document.querySelector("main").appendChild(document.createElement("button"));
    button.setAttribute("aria-label", name);
    button.style.cssText = "all: unset; display: inline-block; width: 9px; height: 9px; background: #222";
  }
}"""
EVERYWHERE = {f"{scheme}, {width} px)" for scheme in ("light", "dark") for width in WIDTHS}
DARK_BOX = "background: #123; height: 2rem; width: 20rem"
Plant = dict[str, Any]
# By what makes it unreadable: a text that is readable, or that axe does not judge, and one that is like it and is not.
LIKE_TEXTS: dict[str, tuple[Plant, Plant]] = {
    "hidden-before": ({"text": "color: #aaa; display: none"}, {"text": "color: #aaa"}),
    "clipped-before": (
        {"text": "color: #aab; position: absolute; clip: rect(0 0 0 0); overflow: hidden; width: 1px; height: 1px"},
        {"text": "color: #aab"},
    ),
    "disabled-before": ({"text": "color: #aac", "disabled": True}, {"text": "color: #aac"}),
    "a-letter-before": ({"text": "color: #aad", "words": "x"}, {"text": "color: #aad"}),
    "over-a-picture-before": (
        {"text": "color: #aae", "box": "background-image: linear-gradient(#fff, #fff)"},
        {"text": "color: #aae"},
    ),
    "another-colour": ({"text": "color: #500"}, {"text": "color: #daa"}),
    "filled-with-another-colour": ({"text": "color: #501"}, {"text": "color: #501; -webkit-text-fill-color: #dab"}),
    "another-background": ({"text": "color: #502"}, {"text": "color: #502", "box": "background: #723"}),
    "pale": ({"text": "color: #503"}, {"text": "color: #503", "box": "opacity: 0.4"}),
    "smaller": ({"text": "color: #888; font-size: 24px"}, {"text": "color: #888; font-size: 23px"}),
    "lighter": (
        {"text": "color: #889; font-size: 19px; font-weight: 700"},
        {"text": "color: #889; font-size: 19px; font-weight: 400"},
    ),
    "over-what-it-does-not-stand-in": (
        {"text": "color: #504; position: relative"},
        {"text": "color: #504; position: relative", "under": "background: #724; position: absolute; inset: 0"},
    ),
    "drawn-out-of-its-box": (
        {"text": "color: #eef; display: block", "box": DARK_BOX},
        {"text": "color: #eef; display: block; position: relative; top: 2.5rem", "box": DARK_BOX},
    ),
    "longer-than-its-box": (
        {"text": "color: #eff; display: block", "box": DARK_BOX},
        {"text": "color: #eff; display: block; white-space: nowrap; width: max-content; padding-left: 21rem",
         "box": DARK_BOX},
    ),
}  # fmt: skip


def test_what_is_wrong_is_found(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    page.evaluate("document.querySelector('h1').remove(); document.documentElement.removeAttribute('lang')")
    page.evaluate(WRONG)
    found = violations(page)
    for rule, times in {"html-has-lang": 2, "target-size": 2, "link-in-text-block": 4}.items():
        assert sum(line.startswith(f"{rule}:") for line in found) == times, found


def test_a_text_that_can_hardly_be_read_is_found_where_it_could_be_read_before(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    assert violations(page, enhanced=True) == []
    for changed in ("color", "background"):
        page.evaluate(CHANGE, [changed, "rgb(128, 128, 128)"])
        found = violations(page, enhanced=True)
        assert {line.rpartition("(")[2] for line in found if "contrast" in line} == EVERYWHERE, changed
        page.evaluate(CHANGE, [changed, ""])


def test_a_text_that_is_read_with_effort_is_found_where_more_is_asked(visit: Visits, site: Site) -> None:
    """Its ratio is 5.7: enough for AA, and too little for AAA."""
    page = visit(site)
    page.goto("/")
    page.evaluate(PLANT, [{"id": "grey", "text": "color: #666"}])
    assert violations(page) == []
    found = violations(page, enhanced=True)
    assert {line.rpartition("(")[2] for line in found if line.startswith("color-contrast-enhanced:")} == EVERYWHERE


def test_a_text_that_can_hardly_be_read_is_found_after_one_that_is_like_it(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 1280, "height": 900})
    page.goto("/")
    assert violations(page) == []
    page.evaluate(PLANT, [{"id": name, **before} for name, (before, _) in LIKE_TEXTS.items()])
    assert examined(page, AA) == []
    page.evaluate(PLANT, [{"id": name, **after} for name, (_, after) in LIKE_TEXTS.items()])
    assert {name for line in examined(page, AA) for name in re.findall(r"#([\w-]+)", line)} == set(LIKE_TEXTS)


def test_a_text_that_can_be_read_in_light_colours_only_is_found(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    page.evaluate(CHANGE, ["color", "#333"])
    assert {line.rpartition("(")[2] for line in violations(page)} == {f"dark, {width} px)" for width in WIDTHS}


# A link alone, about which axe does not ask, and the same one within words: they differ in what stands around it.
LINK = """words => {
  document.querySelectorAll("#planted").forEach(old => old.remove());
  const text = document.querySelector("main").appendChild(document.createElement("p"));
  text.id = "planted";
  text.style.cssText = "background: #fff; color: #222";
  const link = document.createElement("a");
  Object.assign(link, {href: "/", textContent: "link"});
  link.style.cssText = "color: #447; text-decoration: none; border: 0; font: inherit; background: none";
  text.append(words, link, words);
}"""


def test_a_link_that_is_not_told_from_its_text_is_found_after_one_of_which_nobody_asks(
    visit: Visits, site: Site
) -> None:
    page = visit(site)
    page.goto("/")
    page.evaluate(LINK, "")
    assert violations(page) == []
    page.evaluate(LINK, " – ")
    assert violations(page) == []
    page.evaluate(LINK, " words that stand around it ")
    assert {line.partition(":")[0] for line in examined(page, AA)} == {"link-in-text-block"}
    assert {line.rpartition("(")[2] for line in violations(page)} == EVERYWHERE


def test_texts_that_could_be_read_are_not_measured_again(visit: Visits, site: Site) -> None:
    """Most of the time of an examination goes into that."""
    page = visit(site)
    page.goto("/")
    assert violations(page) == []
    known = len(READ[AA])
    assert known > 20
    page.reload()
    assert violations(page) == []
    assert len(READ[AA]) == known
    assert page.evaluate("window.unread.size") < 10
