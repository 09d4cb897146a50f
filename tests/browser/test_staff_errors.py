"""Errors on staff screens: what is wrong is seen at the field, and what was refused above it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import PROSE, article
from tests.browser.profiles import Desk

PROFILE, REFERENCE = "/admin/education/clinicprofile/1/change/", "/admin/education/reference/add/"
EDGE = "one => { const {borderTop, borderLeft} = getComputedStyle(one); return [borderTop, borderLeft]; }"
# How far the words of a row with an error stand from its red bar.
GAP = """row => row.querySelector("label").getBoundingClientRect().left
  - row.getBoundingClientRect().left - parseFloat(getComputedStyle(row).borderLeftWidth)"""


def save_wrongly(page: Page, path: str, label: str, typed: str) -> None:
    page.goto(path)
    page.locator("form").evaluate_all("all => all.forEach(form => { form.noValidate = true; })")
    page.get_by_label(label, exact=True).fill(typed)
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("alert").get_by_role("link", name=label)).to_be_visible()


@pytest.mark.parametrize(
    ("path", "label", "typed"),
    [(PROFILE, "Telephone", "nobody knows"), (PROFILE, "Public e-mail", "nobody"), (REFERENCE, "Address", "nowhere")],
)
def test_a_field_with_an_error_is_red_and_stands_apart_from_the_bar_beside_it(
    at_the_desk: Desk, path: str, label: str, typed: str
) -> None:
    page = at_the_desk()
    save_wrongly(page, path, label, typed)
    field = page.get_by_label(label, exact=True)
    row = page.locator(".form-row.errors").filter(has=field)
    red = row.evaluate("one => getComputedStyle(one).borderLeftColor")
    assert field.evaluate("one => getComputedStyle(one).borderTopColor") == red
    assert row.evaluate(GAP) >= 8


def test_a_refusal_to_sign_has_the_edge_of_all_other_refusals(at_the_desk: Desk) -> None:
    page = at_the_desk(expected=(409,))
    save_wrongly(page, PROFILE, "Telephone", "nobody knows")
    others = page.get_by_role("alert").evaluate(EDGE)
    article("sign", PROSE)(page)
    page.locator(".next-step button[type=submit]").click()
    expect(page.get_by_role("heading", name="Not signed yet")).to_be_visible()
    assert page.get_by_role("alert").evaluate(EDGE) == others
