"""What the browser keeps of a request that is being written, while the form itself changes."""

from playwright.sync_api import expect

from tests.browser.asking import FORM, open_form
from tests.browser.profiles import Visits
from tests.browser.sites import Site

# As if staff had taken this question, or this time to call, off the form meanwhile.
TAKEN_OFF = """() => {
  const kept = JSON.parse(sessionStorage.getItem("clinic.tab"));
  kept.answers["screening_taken_off"] = "yes";
  sessionStorage.setItem("clinic.tab", JSON.stringify(kept));
}"""


def test_an_answer_whose_question_is_no_longer_on_the_form_goes_along(visit: Visits, site: Site) -> None:
    page = visit(site)
    open_form(page)
    page.get_by_label("Full name").fill("Kit Kept")
    page.evaluate(TAKEN_OFF)
    page.goto(FORM)
    expect(page.get_by_label("Full name")).to_have_value("Kit Kept")
    expect(page.locator('#consultation input[name="screening_taken_off"]')).to_have_value("yes")
    page.reload()
    expect(page.locator('#consultation input[name="screening_taken_off"]')).to_have_count(1)
