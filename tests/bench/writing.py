"""Writing a long article in a browser: when it can be used, whether typing waits, how soon the page shows it."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Request, sync_playwright

from clinic_site.bootstrap import CHROMIUM
from tests.bench.editing import BLOCKS, furnished_editor
from tests.bench.figures import Report
from tests.browser.flags import FLAGS
from tests.server import Launcher

ROUNDS = 5
TYPED = "Words that somebody types without a pause. "
MAX = {"usable": 1000, "frame": 50, "preview": 500, "transferred": 300}
# The longest time between two frames while these words are typed.
WATCH_FRAMES = """() => {
  window.longest = 0;
  let last = performance.now();
  const step = now => {
    window.longest = Math.max(window.longest, now - last);
    last = now;
    window.requestAnimationFrame(step);
  };
  window.requestAnimationFrame(step);
}"""
USABLE = """() => new Promise(resolve => {
  const look = () => document.querySelector(".block-toggle") ? resolve(performance.now()) : requestAnimationFrame(look);
  look();
})"""
# From the last key to the frame in which the page beside the form says it.
PREVIEW = """words => new Promise(resolve => {
  const started = performance.now();
  const look = () => {
    const frame = document.querySelector(".live-preview-stage iframe:not(.is-coming)");
    const page = frame && frame.contentDocument;
    if (page && page.body && page.body.textContent.includes(words)) { resolve(performance.now() - started); }
    else { requestAnimationFrame(look); }
  };
  look();
})"""


def one_round(page: Page, address: str, number: int) -> dict[str, float]:
    sizes: list[int] = []

    def add(request: Request) -> None:
        if request.frame == page.main_frame:
            sizes.append(request.sizes()["responseBodySize"])

    page.on("requestfinished", add)
    page.goto(address, wait_until="commit")
    usable = page.evaluate(USABLE)
    page.wait_for_load_state("networkidle")
    page.remove_listener("requestfinished", add)
    transferred = sum(sizes) / 1024
    page.locator(".block-toggle").first.click()
    page.locator(".is-open .tiptap").first.click()
    page.evaluate(WATCH_FRAMES)
    page.keyboard.type(TYPED, delay=60)
    frame = page.evaluate("window.longest")
    words = f"Round {number}."
    page.keyboard.type(words)
    preview = page.evaluate(PREVIEW, words)
    page.get_by_role("button", name="Save draft").click()  # else the next round would be offered what this one typed
    page.get_by_text("was changed successfully").wait_for()
    return {"usable": usable, "frame": frame, "preview": preview, "transferred": transferred}


def show(report: Report, launch: Launcher, data_dir: Path) -> None:
    report.begin(f"Writing an article of {BLOCKS} blocks in Chromium, its window 1,440 pixels wide")
    run = launch.serve(data_dir).up()
    pk, session = furnished_editor(run, data_dir)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        origin = f"http://127.0.0.1:{run.port}"
        found = [_in_new_window(browser, origin, pk, session, number) for number in range(ROUNDS)]
        browser.close()
    rows = {
        "usable": ("from the request until the blocks can be used, nothing in the browser’s cache", "ms"),
        "frame": ("longest frame while somebody types", "ms"),
        "preview": ("from the last key until the page beside it shows the words", "ms"),
        "transferred": ("transferred for the screen, without the page beside it", "KB"),
    }
    for name, (words, unit) in rows.items():
        report.add(words, [one[name] for one in found], unit, most=MAX[name])


def _in_new_window(browser: Any, origin: str, pk: str, session: str, number: int) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
    page = context.new_page()
    page.on("dialog", lambda asked: asked.accept())
    try:
        return one_round(page, f"{origin}/admin/education/article/{pk}/change/", number)
    finally:
        context.close()
