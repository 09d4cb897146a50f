"""A patient asks for a consultation: by keyboard, without scripts, with mistakes, and in a hurry."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import keys
from tests.browser.asking import (
    FORM,
    begin,
    button,
    check_answers,
    error_state,
    fill_shortest,
    for_whom,
    form_token,
    heading,
    on_to,
    open_form,
    part,
    reference,
    send,
    take_time,
)
from tests.browser.places import FIBROMYALGIA
from tests.browser.profiles import Desk, Visits
from tests.browser.sites import Site


def go_on(page: Page, heading_of_part: str) -> None:
    """By keyboard, to the next part; its heading takes the focus."""
    keys.press(page, part(page).get_by_role("button", name="Continue"))
    expect(page.get_by_role("heading", name=heading_of_part)).to_be_focused()


def test_a_request_by_keyboard_alone(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    keys.press(page, page.get_by_role("banner").get_by_role("link", name="Request a consultation"))
    expect(heading(page, "Request a consultation")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Part 1 of 4")).to_be_visible()
    keys.type_into(page, page.get_by_label("Full name"), "Kay Board")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Telephone number", exact=True)).to_be_focused()
    expect(page.get_by_text("Enter a telephone number or an e-mail address")).to_be_visible()
    keys.type_into(page, page.get_by_label("E-mail address"), "kay@example.org")
    keys.press(page, page.get_by_label("You may leave a voice message"), "Space")
    go_on(page, "About you")
    go_on(page, "Your health")
    keys.type_into(page, page.get_by_label("Your main reason for asking"), "Tired of pain")
    go_on(page, "Your agreement")
    keys.press(page, page.get_by_label("I agree that the clinic keeps these answers"), "Space")
    keys.press(page, button(page, "Check your answers"))
    expect(heading(page, "Check your answers")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="Tired of pain")).to_be_visible()
    keys.press(page, button(page, "Send request"))
    reference(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_the_proposed_address_is_taken_with_one_tap(visit: Visits, site: Site, scripts: bool) -> None:
    page = visit(site, java_script_enabled=scripts)
    page.goto(FORM)
    page.get_by_label("E-mail address").fill("ana@gmial.com")
    fill_shortest(page, "Ana Slip")
    take_time(page) if scripts else page.wait_for_timeout(3100)
    button(page, "Check your answers").click()
    expect(page.get_by_text("Did you mean ana@gmail.com?")).to_be_visible()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    button(page, "Use ana@gmail.com").click()
    expect(page.get_by_role("definition").filter(has_text="ana@gmail.com")).to_be_visible()
    expect(page.get_by_text("gmial")).to_have_count(0)
    assert bool(requests) != scripts, "with a script nothing is loaded"
    button(page, "Send request").click()
    reference(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_form_speaks_of_the_patient_only_to_whoever_asks_for_someone_else(
    visit: Visits, site: Site, scripts: bool
) -> None:
    page = visit(site, java_script_enabled=scripts)
    page.goto(FORM)
    go = page.get_by_role("button", name="Continue" if scripts else "Check your answers")
    for who, hint, error in (
        ("Me", "", "Enter your full name."),
        ("Someone else", "The patient’s name.", "Enter the full name of the patient."),
    ):
        for_whom(page, who).check()
        expect(page.get_by_label("Full name")).to_have_accessible_description(re.compile(f"^{hint}"))
        go.click()
        expect(page.get_by_label("Full name")).to_have_accessible_description(re.compile(f"^{hint}.*{error}$"))


def test_a_request_for_someone_else_by_keyboard(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto(FORM)
    expect(page.get_by_label("Your own name")).to_be_hidden()
    keys.press(page, for_whom(page, "Me"), "ArrowDown")
    keys.type_into(page, page.get_by_label("Your own name"), "Mira Patel")
    keys.press(page, page.get_by_role("group", name="Whom may we call?").get_by_label("Me"), "Space")
    keys.press(page, part(page).get_by_label("Yes", exact=True).first, "Space")
    keys.type_into(page, page.get_by_label("Full name"), "Ana Ruiz")
    keys.type_into(page, page.get_by_label("Telephone number", exact=True), "555 0142")
    for title in ("About the patient", "The patient’s health", "Your agreement"):
        go_on(page, title)
    keys.press(page, page.get_by_label("I agree that the clinic keeps these answers"), "Space")
    page.keyboard.press("Enter")
    expect(heading(page, "Check your answers")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="Mira Patel")).to_be_visible()


def test_back_goes_one_part_back_and_loses_nothing(visit: Visits, site: Site) -> None:
    page = visit(site)
    begin(page, "Bo Backer")
    on_to(page, "Your health")
    page.get_by_label("Conditions you live with").fill("Lupus")
    page.go_back()
    expect(page.get_by_role("heading", name="About you")).to_be_visible()
    part(page).get_by_role("button", name="Back").click()
    expect(page.get_by_label("Full name")).to_have_value("Bo Backer")
    on_to(page, "Your health")
    expect(page.get_by_label("Conditions you live with")).to_have_value("Lupus")


def test_an_urgent_answer_shows_the_stop_page_which_must_be_acknowledged(visit: Visits, site: Site) -> None:
    page = visit(site)
    begin(page, "Ursa Urgent")
    on_to(page, "Your health")
    question = page.get_by_role("group", name="Are you thinking of harming yourself?")
    answer = question.get_by_label("Yes")
    if page.locator(".part-actions").count():  # with scripts, at once
        answer.click()
    else:
        answer.check()
        page.get_by_label("I agree that the clinic keeps these answers").check()
        take_time(page)
        button(page, "Check your answers").click()
    expect(heading(page, "You may need help now")).to_be_visible()
    main = page.get_by_role("main")
    expect(main.get_by_role("link", name="Call 911", exact=True)).to_be_in_viewport()
    expect(main.get_by_role("link", name="Call 988", exact=True)).to_be_in_viewport()
    expect(page.get_by_text("Nothing has been sent yet.")).to_be_visible()
    button(page, "Go on with my request").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.url.endswith("/stop/#error-summary")
    page.get_by_role("alert").get_by_role("link", name="Check the box if you want to go on.").click()
    expect(page.get_by_label("I have read this.")).to_be_focused()
    page.get_by_label("I have read this.").check()
    button(page, "Go on with my request").click()
    if page.get_by_role("heading", name="Request a consultation", level=1).is_visible():
        expect(page.get_by_role("heading", name="Your health")).to_be_visible()
        expect(answer).to_be_checked()
        on_to(page, "Your agreement")
        page.get_by_label("I agree that the clinic keeps these answers").check()
        take_time(page)
        button(page, "Check your answers").click()
    expect(heading(page, "Check your answers")).to_be_visible()
    button(page, "Send request").click()
    reference(page)


def test_the_first_screen_of_a_small_phone_shows_what_matters(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 360, "height": 640})
    page.goto(FORM)
    expect(page.get_by_role("banner").get_by_text("Clinic by the Quillwater")).to_be_in_viewport(ratio=1)
    said = [
        "Not for emergencies.",
        "Call 911",
        "can read your answers",
        "180 days",
        "by e-mail",
    ]
    for words in said:
        expect(page.get_by_role("main").get_by_text(words).first).to_be_in_viewport(ratio=1)


def test_yes_and_no_share_a_row_on_a_phone_and_follow_each_other_by_keyboard(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 390, "height": 844})
    begin(page, "Hal Height")
    on_to(page, "Your health")
    question = page.get_by_role("group", name="Is an operation planned in the next three months?")
    boxes = [label.bounding_box() for label in question.locator(".choice label").all()]
    assert [label.inner_text() for label in question.locator(".choice label").all()][:2] == ["Yes", "No"]
    yes, no, unsure, talk = [box for box in boxes if box]
    assert yes["y"] == no["y"] < unsure["y"] < talk["y"]
    assert all(box["height"] >= 44 for box in (yes, no, unsure, talk))
    question.get_by_label("Yes").check()
    page.keyboard.press("ArrowDown")
    expect(question.get_by_label("No", exact=True)).to_be_checked()


def test_the_address_of_the_receipt_is_copied_with_one_press(visit: Visits, site: Site) -> None:
    page = visit(site)
    send(page, "Cora Copy")
    receipt = page.url
    page.goto(f"{receipt}add/")  # where that form is open, the address is still the receipt's
    button(page, "Copy the link").click()
    expect(page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    expect(button(page, "Copy the link")).to_be_focused()
    page.get_by_label("What would you like to add?").focus()
    page.keyboard.press("Control+V")
    expect(page.get_by_label("What would you like to add?")).to_have_value(receipt)


def test_questions_kept_while_reading_are_added_and_can_be_removed(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/my-questions/")
    page.get_by_label("A question of your own").fill("May I drive?")
    button(page, "Add").click()
    page.get_by_label("Remember on this device").check()
    page.goto(FIBROMYALGIA)
    page.locator(".questions li").first.evaluate("one => { one.prepend('Hydroxy\\u00adchloroquine. '); }")
    button(page, "Keep these questions for my request").first.click()
    page.goto(FORM)
    fill_shortest(page, "Quinn Question")
    page.get_by_label("Share which of your pages I read (1)").check()
    page.go_back()
    page.get_by_label(re.compile("Bring my questions")).check()
    brought = re.compile(r"May I drive\?\s+Hydroxychloroquine\.")
    expect(page.get_by_label("Questions you would like to ask us")).to_have_value(brought)
    on_to(page, "Your agreement")
    button(page, "Check your answers").click()
    expect(page.get_by_role("definition").filter(has_text=FIBROMYALGIA)).to_be_visible()
    button(page, "Remove “May I drive?”").click()
    expect(heading(page, "Check your answers")).to_be_visible()
    expect(page.get_by_text("May I drive?")).to_have_count(0)
    expect(page.get_by_role("definition").filter(has_text=FIBROMYALGIA)).to_be_visible()


def test_withdrawing_at_the_receipt(visit: Visits, site: Site) -> None:
    page = visit(site)
    send(page, "Wim Withdraw")
    receipt = page.url
    page.get_by_text("Withdraw my request").click()
    page.get_by_label("The e-mail address or telephone number that you gave us").fill("555 9999")
    button(page, "Withdraw and destroy my answers").click()
    said = page.get_by_role("alert").get_by_role("link", name="is not an e-mail address or telephone number")
    expect(page.get_by_role("alert")).to_be_focused()
    said.click()
    expect(page.get_by_label("The e-mail address or telephone number that you gave us")).to_be_focused()
    page.get_by_label("The e-mail address or telephone number that you gave us").fill("555-0142")
    button(page, "Withdraw and destroy my answers").click()
    expect(heading(page, "Your request is withdrawn")).to_be_visible()
    page.goto(receipt)
    expect(heading(page, "Your request is withdrawn")).to_be_visible()


def test_a_request_without_scripts(visit: Visits, site: Site) -> None:
    page = visit(site, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Request a consultation").click()
    page.wait_for_url(f"**{FORM}*.*/")
    fill_shortest(page, "Nora Script")
    page.get_by_label("Your main reason for asking").fill("Pain in the\nmornings")
    button(page, "Check your answers").click()
    expect(page.get_by_role("definition").filter(has_text="Pain in the")).to_be_visible()
    button(page, "Change your answers").click()
    expect(page.get_by_label("Your main reason for asking")).to_have_value("Pain in the\nmornings")
    expect(page.get_by_label("Full name")).to_have_value("Nora Script")
    page.get_by_label("Full name").fill("Nora Noscript")
    button(page, "Check your answers").click()
    expect(page.get_by_role("definition").filter(has_text="Nora Noscript")).to_be_visible()
    button(page, "Send request").click()
    reference(page)
    assert page.locator("[hidden]").count()
    expect(page.locator("[hidden]:visible")).to_have_count(0)  # such as the button that prints by a script


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_empty_form_lists_what_is_missing_and_links_to_it(visit: Visits, site: Site, scripts: bool) -> None:
    page = visit(site, java_script_enabled=scripts)
    error_state(page)
    assert page.title().startswith("Error:")
    expect(page.get_by_role("alert")).to_be_focused()
    links = page.get_by_role("alert").get_by_role("link")
    assert links.count() == 3
    for link in links.all():
        words = link.inner_text()
        link.press("Enter")
        field = page.locator(":focus")
        expect(field).to_have_accessible_description(re.compile(re.escape(words)))
        expect(field).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_nothing_typed_is_lost_to_a_mistake(visit: Visits, site: Site, scripts: bool) -> None:
    page = visit(site, java_script_enabled=scripts)
    open_form(page)
    page.get_by_label("Full name").fill("Ana Ruiz")
    page.get_by_label("Preferred name").fill("Anita")
    page.get_by_label("E-mail address").fill("ana ruiz@example.org")
    page.get_by_label("By e-mail").check()
    on_to(page, "About you")
    page.get_by_label("Day", exact=True).fill("31")
    page.get_by_label("Month").fill("February")
    page.get_by_label("Year").fill("1980")
    on_to(page, "Your health")
    page.get_by_label("Conditions you live with").fill("Lupus\nHashimoto’s")
    page.get_by_label("I would rather talk about it").first.check()
    on_to(page, "Your agreement")
    button(page, "Check your answers").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Preferred name")).to_have_value("Anita")
    expect(page.get_by_label("E-mail address")).to_have_value("ana ruiz@example.org")
    expect(page.get_by_label("By e-mail")).to_be_checked()
    on_to(page, "Your health")
    expect(page.get_by_label("Conditions you live with")).to_have_value("Lupus\nHashimoto’s")
    expect(page.get_by_label("I would rather talk about it").first).to_be_checked()
    if scripts:
        part(page).get_by_role("button", name="Back").click()
    expect(page.get_by_label("Day", exact=True)).to_have_value("31")
    expect(page.get_by_label("Month")).to_have_value("February")
    expect(page.get_by_label("Year")).to_have_value("1980")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_page_that_was_open_for_more_than_a_day_loses_no_answer(visit: Visits, site: Site, scripts: bool) -> None:
    page = visit(site, java_script_enabled=scripts, expected=(400,))
    open_form(page)
    fill_shortest(page, "Dana Dayold")
    button(page, "Check your answers").click()
    _set_token(page, form_token(site, timedelta(hours=25)))
    button(page, "Send request").click()
    expect(page.get_by_role("alert")).to_contain_text("check them and send them now")
    expect(page.get_by_role("definition").filter(has_text="Dana Dayold")).to_be_visible()
    assert [row for row in site.rows("SELECT locked FROM education_keptanswers") if b"Dayold" in row[0]] == []
    button(page, "Change your answers").click()
    _set_token(page, "lost")
    on_to(page, "Your agreement")
    button(page, "Check your answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Check your answers and send them again")
    expect(page.get_by_label("Full name")).to_have_value("Dana Dayold")
    on_to(page, "Your agreement")
    button(page, "Check your answers").click()
    button(page, "Send request").click()
    reference(page)


def _set_token(page: Page, token: str) -> None:
    page.locator("form [name=token]").evaluate("(field, token) => { field.value = token; }", token)


def test_a_double_click_sends_one_request(visit: Visits, site: Site, at_the_desk: Desk) -> None:
    page = visit(site)
    before = site.requests()
    check_answers(page, "Dora Double")
    button(page, "Send request").dblclick()
    sent = reference(page)
    assert site.requests() == before + 1
    _is_once_in_the_queue(at_the_desk(), "Dora Double", sent)


def test_going_back_after_sending_leads_to_the_same_receipt(visit: Visits, site: Site, at_the_desk: Desk) -> None:
    page = visit(site)
    before = site.requests()
    check_answers(page, "Bea Back")
    button(page, "Send request").click()
    sent, receipt = reference(page), page.url
    page.go_back()
    expect(heading(page, "You have sent this request")).to_be_visible()
    page.get_by_role("link", name="See where it stands").click()
    assert reference(page) == sent
    assert page.url == receipt
    assert site.requests() == before + 1
    _is_once_in_the_queue(at_the_desk(), "Bea Back", sent)


def _is_once_in_the_queue(desk: Page, name: str, sent: str) -> None:
    desk.goto("/admin/")
    desk.get_by_role("navigation", name="Staff").get_by_role("link", name="Requests").click()
    rows = desk.get_by_role("row").filter(has_text=name)
    expect(rows).to_have_count(1)
    expect(rows.get_by_role("link", name=sent, exact=True)).to_be_visible()


def test_whoever_has_a_receipt_is_not_told_to_ask_again(visit: Visits, site: Site) -> None:
    page = visit(site)
    again = page.get_by_role("banner").get_by_role("link", name="Request a consultation")
    page.goto("/")
    expect(again).to_be_visible()
    send(page, "Rita Receipt")
    expect(again).to_be_hidden()
