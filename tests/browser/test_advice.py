"""Advice at work: from a sentence to its block, and judging on a phone without scripts."""

import re

from playwright.sync_api import Page, expect

from tests.browser.asking import button
from tests.browser.desk import pk_of
from tests.browser.profiles import Desk
from tests.browser.sites import Site

LONG_PAGE = "ldn-for-autoimmune-diseases-and-fibromyalgia"  # which advice has much to say about


def open_advice(page: Page, site: Site) -> None:
    page.goto(f"/admin/education/article/{pk_of(site, LONG_PAGE)}/advice/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_observation_links_to_its_block_wherever_the_editor_scrolls(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport={"width": 1280, "height": 900})
    open_advice(page, site)
    hidden = page.get_by_role("heading", name="Sentences that hide who acts")
    link = page.locator("section", has=hidden).get_by_role("link", name="Go to the block").last
    sentence = link.locator("xpath=../preceding-sibling::q").inner_text()
    link.click()
    block = page.locator(f"[id='{page.url.partition('#')[2]}']")
    expect(block).to_contain_text(sentence.strip("“”"))
    expect(block).to_be_focused()
    page.wait_for_function("block => Math.abs(block.getBoundingClientRect().top) < 2", arg=block.element_handle())


def judged(page: Page) -> None:
    page.get_by_text(re.compile("^Answer them one by one")).click()
    question = page.get_by_role("group", name="1. It says at once what it is for.")
    question.get_by_label("Yes").check()
    button(page, "Save answers").first.click()
    expect(page.get_by_text("Saved: 1 judgement.")).to_be_visible()
    expect(question).to_contain_text(re.compile(r"Yes, judged by sam on \w+ \d"))


def test_pemat_p_is_answered_on_a_phone_without_scripts(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    open_advice(page, site)
    judged(page)
