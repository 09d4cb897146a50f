"""What a page refers to is chosen in place, not typed from memory: by keyboard, and new ones are added there too."""

from pathlib import Path

from django.conf import settings
from playwright.sync_api import Locator, Page, Route, expect

from education.clinic import examples
from tests.browser.asking import button
from tests.browser.axe import violations
from tests.browser.desk import add_block, begin_article, begin_with_text, edit
from tests.browser.editor import PHONE, WIDE, cards, dialog, live, suggestions, text_field
from tests.browser.keys import press
from tests.browser.profiles import Desk
from tests.browser.sites import Site
from tests.browser.test_pasting import PASTE

PASTE_PICTURE = """async (editor) => {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, {width: 400, height: 300});
  canvas.getContext("2d").fillRect(0, 0, 200, 300);
  const file = new File([await new Promise(done => canvas.toBlob(done, "image/png"))], "x.png", {type: "image/png"});
  const data = new DataTransfer();
  data.items.add(file);
  editor.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
DRAWN_PICTURE = Path(examples.__file__).parent / "art" / "nurse.png"


def find(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Find")


def chips(page: Page) -> Locator:
    return page.locator(".is-open .study-chip")


def problems(page: Page) -> Locator:
    return page.locator(".is-open .field-problems")


def test_what_the_site_can_not_say_now_is_not_asked_for_again_and_again(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=WIDE, alone=True, expected=(503,))
    asked: list[str] = []
    page.route("**/pick/studies/?named=*", lambda route: (asked.append(route.request.url), route.fulfill(status=503)))
    with page.expect_response("**/pick/studies/?named=*"):
        begin_with_text(page, "With a study that nobody can name", "It was tried.[@younger-2013]")
    page.evaluate("() => new Promise(done => setTimeout(done, 600))")  # ten times as long as it gathers what to ask
    assert len(asked) <= 2  # while it is typed, and when it is complete


def test_a_study_is_chosen_by_its_author_and_shows_as_a_chip(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=WIDE)
    begin_with_text(page, "With a study", "It was tried. [@young 2013")
    expect(suggestions(page).first).to_contain_text("Younger")
    page.keyboard.press("Enter")
    expect(chips(page)).to_have_text("Younger 2013 (retracted)")
    expect(live(page).get_by_role("heading", name="References")).to_be_visible()
    page.keyboard.type(" It was tried again. [@nobody-1999] And [")
    expect(chips(page).nth(1)).to_have_text("Unknown study: nobody-1999")
    expect(problems(page)).to_have_text("There is no study “nobody-1999”.")
    expect(live(page).locator("mark")).to_have_text("[@nobody-1999]")
    expect(live(page).get_by_text("It was tried again.")).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Backspace")
    expect(chips(page).nth(1)).to_have_text("Unknown study: nobody-1999")
    page.keyboard.press("Backspace")  # a chip goes as a whole
    expect(chips(page)).to_have_count(1)
    expect(problems(page)).to_be_hidden()
    press(page, button(page, "Save draft"))
    expect(page.get_by_text("was added successfully")).to_be_visible()
    ((body,),) = site.rows("SELECT body FROM education_textblock WHERE body LIKE '%It was tried again.%'")
    assert body == "<p>It was tried. [@younger-2013] It was tried again.</p>"


def test_a_study_is_cited_in_a_field_of_one_line_too(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=PHONE)
    begin_article(page, "A risk and its study")
    add_block(page, "Risk picture")
    expect(page.locator(".is-open").get_by_text("To cite the study, type [@ and its key at the end.")).to_be_visible()
    page.keyboard.type("People with a headache [@young 2013")
    expect(suggestions(page).first).to_contain_text("Younger")
    page.keyboard.press("Enter")
    expect(page.locator(".is-open").get_by_label("Label", exact=True)).to_have_value(
        "People with a headache [@younger-2013]"
    )


def test_the_studies_behind_a_claim_have_names_and_are_taken_away_by_keyboard(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=PHONE)
    begin_article(page, "A claim and its studies")
    add_block(page, "Evidence claim")
    page.keyboard.type("It may help.")
    choose = page.get_by_role("button", name="Studies behind it Choose a study…")
    for words in ("younger 2013", "bruun 2024"):
        choose.press("Enter")
        find(page).fill(words)
        expect(dialog(page).get_by_role("option").first).to_contain_text(words[:5], ignore_case=True)
        page.keyboard.press("Enter")
        expect(choose).to_be_focused()
    studies = page.get_by_role("list", name="Studies behind it").get_by_role("listitem")
    expect(studies.first).to_contain_text("Younger J 2013 · ")
    expect(studies.first).to_contain_text("Retracted")
    expect(page.get_by_role("textbox", name="Studies behind it")).to_have_count(0)
    page.get_by_role("textbox", name="Graded on").focus()  # so that the bar of buttons covers nothing by half
    assert not violations(page, within=".is-open")
    button(page, "Remove Younger 2013 (retracted)").press("Enter")
    expect(studies).to_have_count(1)
    expect(page.get_by_role("button", name="Remove Bruun")).to_be_focused()
    press(page, button(page, "Save draft"))
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert site.rows("SELECT references_for FROM education_claimblock WHERE text = 'It may help.'") == [("bruun-2024",)]
    expect(page.locator(".block-toggle")).not_to_contain_text("bruun-2024")
    button(page, "Remove Bruun 2024").press("Enter")  # once the name has come
    expect(choose).to_be_focused()


def test_a_new_study_is_added_and_cited_without_leaving_the_page(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(expected=(422,))
    begin_with_text(page, "With a new study", "It was tried. [@Zebra stripes")
    page.get_by_role("option", name="Add a new study…").click()
    expect(dialog(page).get_by_label("DOI")).to_be_focused()
    dialog(page).get_by_label("DOI").fill("nonsense")
    dialog(page).get_by_label("Title").fill("Zebra stripes in clinics")
    button(page, "Add it").click()
    expect(dialog(page).get_by_text("This is not a DOI.")).to_be_visible()
    expect(dialog(page).get_by_label("Title")).to_have_value("Zebra stripes in clinics")
    assert not violations(page, within=".picker[open]")
    dialog(page).get_by_label("DOI").fill("https://doi.org/10.1000/zebra")
    dialog(page).get_by_label("Authors").fill("Zimmer A, Young B")
    dialog(page).get_by_label("Year").fill("2020")
    dialog(page).get_by_label("Kind").select_option(label="Review")
    button(page, "Add it").click()
    expect(chips(page)).to_have_text("Zimmer 2020")
    expect(text_field(page)).to_be_focused()
    assert site.rows("SELECT doi, status FROM education_reference WHERE key = 'zimmer-2020'") == [
        ("10.1000/zebra", "unverified")
    ]


def test_a_study_is_found_by_its_doi_and_a_doi_that_is_not_here_goes_into_the_form(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=WIDE)
    begin_with_text(page, "With a DOI", "It was tried. ")
    button(page, "Cite a study").click()
    expect(find(page)).to_be_focused()
    page.keyboard.type("https://doi.org/10.1002/ART.37734")
    expect(dialog(page).get_by_role("option").first).to_contain_text("Younger J 2013")
    find(page).fill("10.9999/never-heard-of")
    page.get_by_role("option", name="Add a new study…").click()
    expect(dialog(page).get_by_label("DOI")).to_have_value("10.9999/never-heard-of")
    button(page, "Back to the list").click()
    find(page).fill("Zebra stripes at night")
    page.get_by_role("option", name="Add a new study…").click()
    expect(dialog(page).get_by_label("Title")).to_have_value("Zebra stripes at night")
    page.keyboard.press("Escape")


def test_words_never_become_an_address(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=WIDE)
    begin_with_text(page, "With links", "Read about ")
    page.keyboard.press("Control+k")
    expect(find(page)).to_be_focused()
    page.keyboard.type("no such page anywhere")
    expect(dialog(page).get_by_role("status")).to_contain_text("None found.")
    page.keyboard.press("Control+a")
    page.keyboard.type("rheumatoid arthritis")
    expect(dialog(page).get_by_role("option", name="Rheumatoid arthritis").first).to_be_visible()
    page.keyboard.press("Enter")
    link = text_field(page).get_by_role("link")
    expect(link).to_have_text("Rheumatoid arthritis")
    expect(link).to_have_attribute("href", "/autoimmune-conditions/rheumatoid-arthritis/")
    page.keyboard.type(" or [[lupus who gets")
    page.get_by_role("option", name="Who gets it").click()
    expect(link.nth(1)).to_have_attribute("href", "/autoimmune-conditions/lupus/#who-gets-it")
    page.keyboard.press("Shift+ArrowLeft")
    page.locator(".is-open").get_by_title("insert link").click()
    expect(dialog(page)).to_have_count(1)  # ours, and not the rich-text editor’s own
    page.keyboard.press("Escape")
    expect(text_field(page)).to_be_focused()
    # ProseMirror puts its own selection back 20 ms after it is focused; a key pressed sooner than any hand can is lost.
    page.evaluate("() => new Promise(done => setTimeout(done, 40))")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+k")
    find(page).fill("www.lupus.example")
    page.get_by_role("option", name="https://www.lupus.example").click()
    expect(link.nth(2)).to_have_attribute("href", "https://www.lupus.example")
    text_field(page).evaluate(PASTE, ["<p><a href='/gone/nowhere/'>gone</a></p>", ""])
    expect(text_field(page).locator(".dead-link")).to_have_text("gone")
    expect(problems(page)).to_contain_text("The link to /gone/nowhere/ leads nowhere.")


def test_a_pasted_picture_goes_to_the_library_with_its_words_and_its_focus(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=WIDE, expected=(422,))
    begin_with_text(page, "With a picture", "See it.")
    text_field(page).evaluate(PASTE_PICTURE)
    shown = dialog(page).locator(".upload-shown img")
    expect(shown).to_be_visible()
    button(page, "Add it").click()
    expect(dialog(page).get_by_text("Fill this in.")).to_be_visible()
    dialog(page).get_by_label("Text alternative").fill("A black half")
    box = shown.bounding_box()
    assert box
    shown.click(position={"x": box["width"] / 4, "y": box["height"] / 2})
    expect(dialog(page).get_by_label("Focus from the left")).to_have_value("25")
    assert not violations(page, within=".picker[open]")
    button(page, "Add it").click()
    expect(page.locator(".is-open .choice").first).to_contain_text("A black half")
    expect(page.locator(".is-open .choice img").first).to_be_visible()
    expect(live(page).get_by_role("img", name="A black half")).to_be_visible()
    assert site.rows("SELECT focal_x, focal_y FROM education_picture WHERE alt = 'A black half'") == [(25, 50)]
    page.locator(".is-open .block-controls").get_by_text("More", exact=True).click()
    page.locator(".is-open .block-more").get_by_text("Duplicate", exact=True).click()
    expect(page.locator(".is-open .choice").first).to_contain_text("A black half")
    expect(page.get_by_role("textbox", name="Text alternative")).to_have_value("A black half")
    expect(cards(page)).to_have_count(3)


def test_a_picture_that_can_not_be_shown_or_taken_says_so_before_it_is_sent(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=PHONE)
    begin_with_text(page, "With pictures of a phone", "See them.")
    add_block(page, "Figure")
    expect(page.get_by_role("button", name="Picture Choose… Nothing chosen")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("option", name="Add a new picture…").click()
    file = dialog(page).get_by_label("Picture")
    file.set_input_files({"name": "IMG_1.HEIC", "mimeType": "", "buffer": b"ftypheic"})
    expect(dialog(page).get_by_text("This browser can’t show this kind of picture.")).to_be_visible()
    expect(dialog(page).locator(".upload-shown img")).to_be_hidden()
    dialog(page).get_by_label("Text alternative").fill("A bed by a window")
    page.evaluate("() => { document.querySelector('[data-max-bytes]').dataset.maxBytes = '8'; }")
    file.set_input_files({"name": "large.jpg", "mimeType": "image/jpeg", "buffer": b"nine signs"})
    expect(dialog(page).get_by_role("alert")).to_contain_text("This file is larger than")
    expect(file).to_have_value("")
    expect(dialog(page).get_by_label("Text alternative")).to_have_value("A bed by a window")
    assert not violations(page, within=".picker[open]")


def test_a_file_that_is_no_picture_is_refused_at_once_and_the_next_one_is_not_blamed_for_it(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=PHONE, expected=(422,))
    begin_with_text(page, "With a wrong file", "See it.")
    add_block(page, "Figure")
    page.get_by_role("button", name="Picture Choose…").click()
    page.get_by_role("option", name="Add a new picture…").click()
    file, refusal = dialog(page).get_by_label("Picture"), dialog(page).get_by_text("This is not a picture we can read.")
    file.set_input_files({"name": "notes.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"})
    expect(refusal).to_be_visible()
    expect(dialog(page).get_by_text("It can be added all the same")).to_be_hidden()
    expect(file).to_have_value("")
    broken = {"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"}
    file.set_input_files(broken)
    expect(refusal).to_be_hidden()
    dialog(page).get_by_label("Text alternative").fill("A bed by a window")
    button(page, "Add it").click()
    expect(refusal).to_be_visible()
    dialog(page).get_by_label("Picture").set_input_files({**broken, "name": "another.jpg"})
    expect(refusal).to_be_hidden()
    expect(dialog(page).get_by_label("Text alternative")).to_have_value("A bed by a window")


def test_the_way_on_and_the_way_out_of_a_dialog_are_in_sight(at_the_desk: Desk) -> None:
    """They lay below the end of a list or of a long form."""
    page = at_the_desk(viewport={"width": 1280, "height": 700})
    begin_with_text(page, "With ways out", "It was tried.")
    button(page, "Add a block").click()
    expect(button(page, "Cancel")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    page.locator(".is-open").get_by_role("button", name="Cite a study").first.click()
    new, title = page.get_by_role("option", name="Add a new study…"), dialog(page).get_by_role("heading")
    expect(new).to_be_in_viewport(ratio=1)
    new.click()
    expect(title).to_have_text("Add a new study")
    for name in ("Add it", "Back to the list", "Cancel"):
        expect(button(page, name)).to_be_in_viewport(ratio=1)
    button(page, "Back to the list").click()
    expect(title).to_have_text("Cite a study")
    expect(new).to_be_visible()


def test_what_is_offered_while_one_types_fits_a_phone(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=PHONE)
    begin_with_text(page, "With suggestions on a phone", "It was tried again and again. [@young 2013")
    expect(suggestions(page).first).to_be_visible()
    box = page.get_by_role("listbox", name="Suggestions").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_drawings_and_people_are_chosen_by_keyboard_on_a_phone_too(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=PHONE)
    edit(page, site, "written-by-two")
    add_block(page, "Figure")
    press(page, page.get_by_role("button", name="Drawing"))
    expect(find(page)).to_be_focused()
    page.keyboard.type("bowel crohn")
    expect(dialog(page).get_by_role("option").first).to_have_attribute("aria-selected", "true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('.picker').getBoundingClientRect().right") <= 390
    assert not violations(page, within=".picker[open]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".is-open .choice").nth(1)).to_contain_text("The bowel in Crohn")
    expect(page.get_by_role("textbox", name="Text alternative")).not_to_have_value("")
    page.get_by_text("Topic, address and author").click()
    page.get_by_role("button", name="Author Choose…").click()
    page.keyboard.type("nobody of that name")
    page.get_by_role("option", name="Add a new person…").click()
    dialog(page).get_by_label("Name").fill("Dr Nina New")
    button(page, "Add it").click()
    expect(page.locator("#id_author-chosen")).to_have_text("Dr Nina New")
    assert not violations(page)


def test_keys_pressed_before_the_answer_are_for_what_is_typed(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(viewport=WIDE, alone=True)
    held: list[Route] = []
    page.route("**/pick/drawings/?q=bowel*", lambda route: held.append(route))
    edit(page, site, "written-by-two")
    add_block(page, "Figure")
    press(page, page.get_by_role("button", name="Drawing"))
    options = dialog(page).get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")  # of all drawings
    with page.expect_request("**/pick/drawings/?q=bowel%20crohn"):
        page.keyboard.type("bowel crohn")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(find(page)).to_be_focused()
    for route in held:
        route.continue_()
    expect(page.locator(".is-open .choice").nth(1)).to_contain_text("The bowel in Crohn")
    press(page, page.get_by_role("button", name="Drawing"))
    expect(options.first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("Topic, address and author").click()
    page.get_by_role("button", name="Author Choose…").click()
    expect(find(page)).to_be_focused()
    expect(options.filter(has_text="bowel")).to_have_count(0)  # nor those of another question


def test_a_button_keeps_its_name_when_the_new_block_before_it_goes(at_the_desk: Desk) -> None:
    page = at_the_desk()
    begin_with_text(page, "With two figures", "See them.")
    for _ in range(2):
        add_block(page, "Figure")
    cards(page).filter(has_text="Figure").first.click()
    page.locator(".is-open").get_by_role("button", name="Delete").click()
    cards(page).filter(has_text="Figure").click()
    expect(page.get_by_role("button", name="Drawing Choose… Nothing chosen")).to_be_visible()


def test_a_text_of_a_saved_page_names_its_studies_once(at_the_desk: Desk, site: Site) -> None:
    """They stood below it, too, as below a field that can’t show them itself."""
    page = at_the_desk(viewport=WIDE)
    edit(page, site, "lupus")
    page.locator(".block-toggle:has(b:text-is('Text'))").nth(2).click()  # the first two cite nothing
    expect(chips(page).first).to_be_visible()
    expect(page.locator(".is-open .field-studies")).to_have_count(0)


def test_a_picture_that_would_be_refused_is_not_sent_and_one_without_its_words_stays_chosen(at_the_desk: Desk) -> None:
    """In the library, too. Minutes went by until a large file was refused, and a forgotten word cost the file."""
    page = at_the_desk(alone=True)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto("/admin/education/picture/add/")
    file = page.get_by_label("Picture", exact=True)
    file.set_input_files({"name": "words.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    expect(page.get_by_role("alert")).to_contain_text("This is not a picture we can read.")
    file.set_input_files(
        {"name": "large.png", "mimeType": "image/png", "buffer": bytes(settings.MAX_UPLOAD_MB * 1_000_000 + 1)}
    )
    expect(page.get_by_role("alert")).to_contain_text(f"This file is larger than {settings.MAX_UPLOAD_MB} MB.")
    expect(file).to_have_value("")
    file.set_input_files(DRAWN_PICTURE)
    expect(page.get_by_role("alert")).to_have_count(0)
    press(page, button(page, "Save"))
    expect(page.get_by_role("alert")).to_have_text("Say what the picture shows. It is not sent yet, and still chosen.")
    expect(page.get_by_label("Text alternative", exact=True)).to_be_focused()
    assert not [url for url in sent if "/picture/" in url]
    page.keyboard.type("A portrait of nobody.")
    press(page, button(page, "Save"))
    expect(page.get_by_text("was added successfully")).to_be_visible()


def test_what_keeps_a_new_row_from_being_saved_has_the_focus(at_the_desk: Desk) -> None:
    """The first field had it, and what was wrong stood above."""
    page = at_the_desk()
    page.goto("/admin/education/person/add/")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    press(page, button(page, "Save"))
    expect(page.get_by_role("alert")).to_be_focused()
