"""A patient reads: home, topic, article, and the ways within a page."""

import re

from playwright.sync_api import expect

from tests.browser.asking import heading
from tests.browser.places import LDN
from tests.browser.profiles import Visits
from tests.browser.sites import Site

TOPIC = "Low-dose naltrexone (LDN)"
ARTICLE = "Low-dose naltrexone for autoimmune diseases and fibromyalgia"


def test_from_home_over_the_topic_to_the_article(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    page.get_by_role("navigation", name="Menu").get_by_role("link", name=TOPIC).click()
    expect(heading(page, TOPIC)).to_be_visible()
    page.get_by_role("main").get_by_role("link", name=ARTICLE, exact=True).click()
    expect(heading(page, ARTICLE)).to_be_visible()
    expect(page.get_by_text("Not yet reviewed by a clinician.")).to_be_visible()
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name=TOPIC).click()
    expect(heading(page, TOPIC)).to_be_visible()


def test_every_entry_of_the_contents_leads_to_its_heading(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto(LDN)
    lines = page.get_by_role("navigation", name="On this page").get_by_role("link")
    assert lines.count() > 3
    for line in lines.all():
        words = line.inner_text()
        line.click()
        expect(page.get_by_role("heading", name=words, level=2).last).to_be_in_viewport()


def test_on_a_phone_the_contents_open_and_lead_to_a_heading(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 390, "height": 844})
    page.goto(LDN)
    contents = page.get_by_role("navigation", name="On this page")
    contents.get_by_text("On this page").last.click()
    contents.get_by_role("link", name="References").click()
    expect(page.get_by_role("heading", name="References")).to_be_in_viewport()


def test_from_the_top_of_a_page_it_is_one_tap_to_when_to_call_for_help(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 390, "height": 844})
    page.goto(LDN)
    help_link = page.get_by_role("link", name="When to call for help")
    expect(help_link).to_be_in_viewport()
    help_link.click()
    expect(page.get_by_role("heading", name=re.compile("^Emergency:"))).to_be_in_viewport()


def test_a_citation_leads_to_its_reference_and_back(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto(LDN)
    citation = page.get_by_role("link", name="Reference 2", exact=True).first
    citation.click()
    back = page.get_by_role("link", name=re.compile("^use 1 of reference 2$"))
    expect(back).to_be_in_viewport()
    back.click()
    expect(citation).to_be_in_viewport()


def test_search_finds_a_page_by_a_mistyped_word(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    box = page.get_by_role("searchbox", name="A condition, a medicine or a question")
    box.fill("fibromyalga")
    box.press("Enter")
    page.get_by_role("link", name="fibromyalgia", exact=True).click()
    page.get_by_role("main").get_by_role("link", name="Fibromyalgia", exact=True).click()
    expect(heading(page, "Fibromyalgia")).to_be_visible()


def test_an_unknown_address_helps(visit: Visits, site: Site) -> None:
    page = visit(site, expected=(404,))
    page.goto("/autoimmune-conditions/no-such-page/")
    page.get_by_role("main").get_by_role("link", name="all pages, A to Z").click()
    expect(heading(page, "All pages, A to Z")).to_be_visible()
