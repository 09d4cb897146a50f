"""Ten things that an editor does, by a scripted browser: clicks, and trips away from the edit form.

Run by `.venv/bin/python -m tests.bench.ten_tasks`, which takes two minutes and prints a table. A click is a click, a
double click, a drag, or a key that chooses or submits (Enter, Control+S, Alt+arrow). Words that are typed don’t count,
nor does a choice that typing makes in a field that has the focus. A trip is another page than before that is no edit
form. Tasks 2 to 7 begin on the edit form, the others at the desk. Each ends when what was wanted stands there.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Frame, Locator, Page, expect, sync_playwright

from clinic_site.bootstrap import CHROMIUM
from tests.bench.start import prepared
from tests.browser.asking import button
from tests.browser.editor import card, cards, dialog, live, suggestions, text_field
from tests.browser.flags import FLAGS
from tests.browser.mouse import drag
from tests.server import Launcher, manage

FURNISH = """
from tests import cast
from tests.browser.furnish import STAFF, furnish
from education.accounts.models import User
furnish()
paragraphs = [cast.text(f"<p>Paragraph number {number} of the page.</p>") for number in range(14)]
draft = cast.article("long", title="Long page", blocks=paragraphs)
for name in ("one", "two", "three"):
    cast.article(name, title=f"Page {name}", blocks=[cast.text("<p>Take a small zzdose at night.</p>")])
cast.picture(name="meadow", alt="A meadow")
print(draft.pk, cast.logged_in(User.objects.get(username=STAFF)).cookies["sessionid"].value)
"""
COPY_PICTURE = """async () => {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, {width: 400, height: 300});
  canvas.getContext("2d").fillRect(0, 0, 200, 300);
  const picture = await new Promise(done => canvas.toBlob(done, "image/png"));
  await navigator.clipboard.write([new ClipboardItem({"image/png": picture})]);
}"""
IN_THE_MIDDLE = "row => row.scrollIntoView({block: 'center'})"
IS_FORM = re.compile(r"/(add|change)/$")
WAIT = 60_000  # milliseconds; a busy machine is slow, not broken


class Hand:
    """Acts on a page, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.trips, self.at = page, 0, 0, ""
        page.on("framenavigated", self._went)

    def _went(self, frame: Frame) -> None:
        path = frame.url.partition("?")[0].partition("#")[0]
        if frame == self.page.main_frame and path != self.at:
            self.at = path
            self.trips += not IS_FORM.search(path)

    def click(self, target: Locator, **options: Any) -> None:
        self.clicks += 1
        target.click(**options)

    def press(self, key: str) -> None:
        self.clicks += 1
        self.page.keyboard.press(key)

    def drag(self, target: Locator, over: Locator) -> None:
        self.clicks += 1
        drag(self.page, target, over)

    def mark_first_word(self) -> None:
        """Of the text that is open, by a double click."""
        self.clicks += 1
        text_field(self.page).locator("p").first.dblclick(position={"x": 12, "y": 12})

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def add_block(self, kind: str) -> None:
        """At the end: “Add a block”, its name, Enter."""
        before = cards(self.page).count()
        self.click(button(self.page, "Add a block"))
        self.type(kind)
        self.press("Enter")
        expect(cards(self.page)).to_have_count(before + 1)

    def begin(self, path: str) -> None:
        """Where the task starts, and what was counted until here does not count."""
        self.page.goto(path)
        if IS_FORM.search(path):
            expect(button(self.page, "Open all")).to_be_visible()
        self.clicks = self.trips = 0


def new_page(hand: Hand, form: str) -> None:
    """With a heading, a text that cites a study, key points and a picture."""
    page = hand.page
    hand.begin("/admin/")
    hand.click(page.get_by_role("link", name="Add to Articles"))
    hand.click(page.get_by_label("Title", exact=True))
    hand.type("Made of all parts")
    hand.click(page.get_by_label("Summary", exact=True))
    hand.type("About all parts.")
    hand.click(page.get_by_label("Topic", exact=True))
    hand.type("Auto")
    hand.press("Enter")
    hand.add_block("Text")
    expect(text_field(page)).to_be_focused()
    hand.type("## A heading")
    hand.press("Enter")
    hand.type("It was tried. [@young 2013")
    expect(suggestions(page).first).to_contain_text("Younger")
    hand.press("Enter")
    hand.add_block("Key points")
    expect(page.get_by_role("textbox", name="Points", exact=True)).to_be_focused()
    hand.type("The first point")
    hand.press("Enter")
    hand.type("The second point")
    hand.add_block("Figure")
    hand.click(page.get_by_role("button", name="Picture"))
    expect(page.get_by_role("combobox", name="Find")).to_be_focused()
    hand.type("meadow")
    expect(dialog(page).get_by_role("option").first).to_contain_text("A meadow")
    hand.press("Enter")
    expect(page.locator(".is-open .choice img").first).to_be_visible()
    hand.press("Control+s")
    expect(page.get_by_text("was added successfully")).to_be_visible()


def block_in_the_middle(hand: Hand, form: str) -> None:
    hand.begin(form)
    before = cards(hand.page).count()
    cards(hand.page).nth(6).hover()
    hand.click(hand.page.locator(".block-insert").nth(6))
    hand.click(hand.page.locator(".block-chooser").get_by_role("button", name="Steps"))
    expect(cards(hand.page)).to_have_count(before + 1)
    expect(cards(hand.page).nth(6)).to_contain_text("Steps")


def move_over_ten(hand: Hand, form: str) -> None:
    hand.begin(form)
    words = cards(hand.page).nth(12).inner_text()
    expect(live(hand.page).get_by_text("Paragraph number 12 ")).to_be_attached()  # nothing moves any more
    cards(hand.page).nth(7).evaluate(IN_THE_MIDDLE)
    hand.drag(cards(hand.page).nth(12), cards(hand.page).nth(2))
    expect(cards(hand.page).nth(2)).to_have_text(words, use_inner_text=True)


def two_studies(hand: Hand, form: str) -> None:
    """One that is there, and one that is added."""
    page = hand.page
    hand.begin(form)
    hand.click(card(page, "number 3 "))
    expect(text_field(page)).to_be_focused()
    hand.type(" [@young 2013")
    expect(suggestions(page).first).to_contain_text("Younger")
    hand.press("Enter")
    hand.type(" [@Zebra stripes")
    hand.click(page.get_by_role("option", name="Add a new study…"))
    expect(dialog(page).get_by_label("DOI")).to_be_focused()
    hand.type("10.1000/zebra")
    for label, words in (("Title", "Zebra stripes"), ("Authors", "Zimmer A"), ("Year", "2020")):
        hand.click(dialog(page).get_by_label(label))
        hand.type(words)
    hand.click(dialog(page).get_by_label("Kind"))
    hand.type("Review")
    hand.press("Enter")
    hand.click(button(page, "Add it"))
    expect(page.locator(".is-open .study-chip")).to_have_text(["Younger 2013 (retracted)", "Zimmer 2020"])


def internal_link(hand: Hand, form: str) -> None:
    page = hand.page
    hand.begin(form)
    hand.click(card(page, "number 4 "))
    expect(text_field(page)).to_be_focused()
    hand.type(" [[rheumatoid arthritis")
    expect(suggestions(page).first).to_contain_text("Rheumatoid arthritis")
    hand.press("Enter")
    expect(text_field(page).get_by_role("link")).to_have_text("Rheumatoid arthritis")


def pasted_picture(hand: Hand, form: str) -> None:
    page = hand.page
    hand.begin(form)
    hand.click(card(page, "number 5 "))
    expect(text_field(page)).to_be_focused()
    page.evaluate(COPY_PICTURE)
    hand.press("Control+v")
    expect(dialog(page).get_by_label("Text alternative")).to_be_focused()
    hand.type("A black half")
    hand.click(button(page, "Add it"))
    expect(page.locator(".is-open .choice img").first).to_be_visible()


def one_word_and_preview(hand: Hand, form: str) -> None:
    hand.begin(form)
    expect(live(hand.page).get_by_text("Paragraph number 6 ")).to_be_visible()
    hand.click(card(hand.page, "number 6 "))
    expect(text_field(hand.page)).to_contain_text("number 6 ")
    hand.mark_first_word()
    hand.type("Passage")
    expect(live(hand.page).get_by_text("Passage number 6 ")).to_be_visible()


def order_of_a_topic(hand: Hand, form: str) -> None:
    """The tenth page becomes the first, without scrolling while it is dragged."""
    page = hand.page
    hand.begin("/admin/")
    hand.click(page.get_by_role("link", name="Autoimmune conditions", exact=True))
    pages = page.get_by_role("list", name="Its pages in order").get_by_role("listitem")
    tenth = pages.nth(9).get_attribute("data-slug")
    pages.nth(5).evaluate(IN_THE_MIDDLE)
    hand.drag(pages.nth(9), pages.first)
    expect(pages.first).to_have_attribute("data-slug", str(tenth))
    hand.press("Control+s")
    expect(page.get_by_text("was changed successfully")).to_be_visible()


def replace_on_three_pages(hand: Hand, form: str) -> None:
    page = hand.page
    hand.begin("/admin/")
    hand.click(page.get_by_role("link", name="Find and replace on many pages"))
    hand.click(page.get_by_label("Find", exact=True))
    hand.type("zzdose")
    hand.click(page.get_by_label("Replace with"))
    hand.type("amount")
    hand.press("Enter")
    expect(page.get_by_text("3 places on 3 pages")).to_be_visible()
    hand.click(button(page, "Replace in the places that are checked"))
    expect(page.get_by_text("Replaced: 3 places on 3 pages.")).to_be_visible()


def sent_back_and_mended(hand: Hand, form: str) -> None:
    """Both sides by one person with both roles: a note, one other word, and to the clinician again."""
    page = hand.page
    hand.begin("/admin/")
    hand.click(page.get_by_role("listitem").filter(has_text="Sent for review.").get_by_role("link", name="Gout"))
    hand.click(page.get_by_text("Send it back…"))
    hand.click(page.get_by_label("What has to change?"))
    hand.type("Say it more plainly.")
    hand.click(button(page, "Send back"))
    expect(page.get_by_text("Sent back. Whoever wrote it reads your note.")).to_be_visible()
    clicks, trips = hand.clicks, hand.trips
    hand.begin("/admin/")
    hand.clicks, hand.trips = clicks, trips  # to the desk: as another person, at another time
    hand.click(page.get_by_role("link", name="Gout", exact=True).first)
    expect(page.get_by_text("Say it more plainly.")).to_be_visible()
    hand.click(cards(page).first)
    hand.mark_first_word()
    hand.type("Other")
    hand.click(button(page, "Save and send for review again"))
    expect(page.get_by_text("It waits for a clinician now.")).to_be_visible()


Task = Callable[[Hand, str], None]
TASKS: dict[str, Task] = {
    "new page with all parts": new_page,
    "block into the middle": block_in_the_middle,
    "block moved over ten": move_over_ten,
    "an old and a new study cited": two_studies,
    "internal link": internal_link,
    "picture by paste": pasted_picture,
    "one word changed, and previewed": one_word_and_preview,
    "order of a topic": order_of_a_topic,
    "find and replace over three pages": replace_on_three_pages,
    "sent back, and mended": sent_back_and_mended,
}


def counted(browser: Browser, origin: str, session: str, form: str, task: Task) -> tuple[int, int]:
    """Clicks and trips, in a window of its own."""
    context = browser.new_context(base_url=origin, viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(WAIT)
    page = context.new_page()
    page.on("dialog", lambda asked: asked.accept())
    hand = Hand(page)
    try:
        task(hand, form)
    finally:
        context.close()
    return hand.clicks, hand.trips


def main() -> None:
    """Of all tasks, or of those whose numbers are given."""
    expect.set_options(timeout=WAIT)
    wanted = [int(number) for number in sys.argv[1:]] or range(1, len(TASKS) + 1)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        launch = Launcher(Path(temporary))
        ready = prepared(launch, Path(temporary) / "prepared")
        data_dir = Path(shutil.copytree(ready, Path(temporary) / "data"))
        pk, session = manage(data_dir, "shell", "--no-imports", "-c", FURNISH).split()[-2:]
        run = launch.serve(data_dir, INTAKE_LIMIT_PER_HOUR="0").up()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        print(f"{'task':36} clicks trips", flush=True)
        for number, (name, task) in enumerate(TASKS.items(), start=1):
            if number in wanted:
                origin, form = f"http://127.0.0.1:{run.port}", f"/admin/education/article/{pk}/change/"
                clicks, trips = counted(browser, origin, session, form, task)
                print(f"{number:2}. {name:32} {clicks:6} {trips:5}", flush=True)
        browser.close()
        launch.end_all()


if __name__ == "__main__":
    main()
