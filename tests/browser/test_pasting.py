"""What is pasted into the editor keeps its meaning whatever program it comes from, and a notice says what it lost."""

from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Page, expect

from education.core.richtext import canonical_html
from tests.browser.asking import button
from tests.browser.desk import add_block, begin_article
from tests.browser.keys import press
from tests.browser.profiles import Desk

SAMPLES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("pasted.yaml").read_text(encoding="utf-8"))
PASTE = """(editor, [html, text]) => {
  const data = new DataTransfer();
  if (html) { data.setData("text/html", html); }
  data.setData("text/plain", text);
  editor.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
# Each block in its order: [the field that holds its words, what it holds]. A new editor comes a moment after its block.
BLOCKS = """async () => {
  const {blocks, fieldsOf, editorOf} = await import("editor/block");
  const made = blocks().map(block => fieldsOf(block));
  const waiting = made.some(fields => fields.body && !editorOf(fields.body));
  return waiting ? [] : made.map(fields => fields.body ? ["text", fields.body.value] : ["table", fields.rows.value]);
}"""
REMOVE_ALL = (
    "document.querySelectorAll('.inline-related:not(.empty-form) .inline-deletelink').forEach(link => link.click())"
)
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg=="


def paste(page: Page, html: str, text: str = "as plain text") -> None:
    page.locator(".is-open .tiptap").evaluate(PASTE, [html, text])


def blocks(page: Page) -> list[tuple[str, str]]:
    made: list[list[str]] = page.evaluate(BLOCKS)
    return [(kind, canonical_html(value) if kind == "text" else value) for kind, value in made]


def test_twenty_pastes_give_the_blocks_that_were_meant(at_the_desk: Desk) -> None:
    """One page for all. The watch over the browser fails the test for any complaint of the policy in the console."""
    page = at_the_desk()
    begin_article(page, "Pasted from everywhere")
    found = {}
    for sample in SAMPLES:
        add_block(page, "Text")
        expect(page.locator(".is-open .tiptap")).to_be_focused()
        paste(page, sample.get("html", ""), sample.get("text", "as plain text"))
        expect(page.locator(".paste-notice").first).to_have_text(sample.get("notice", ""))
        expect(page.locator(".block-toggle")).to_have_count(len(sample["wanted"]))
        page.wait_for_function(f"({BLOCKS})().then(made => made.length)")
        found[sample["name"]] = blocks(page)
        page.evaluate(REMOVE_ALL)
        expect(page.locator(".block-toggle")).to_have_count(0)
    wanted = {sample["name"]: [next(iter(one.items())) for one in sample["wanted"]] for sample in SAMPLES}
    assert len(found) == 20
    assert found == wanted


def test_what_stood_behind_the_cursor_stays_behind_a_pasted_table_and_a_picture_is_offered(at_the_desk: Desk) -> None:
    page = at_the_desk()
    begin_article(page, "Pasted in the middle")
    add_block(page, "Text")
    expect(page.locator(".is-open .tiptap")).to_be_focused()
    page.keyboard.type("Before. After.")
    for _ in "After.":
        page.keyboard.press("ArrowLeft")
    table = "<table><tr><td>5 mg</td><td>10 mg</td></tr></table>"
    paste(page, f"{table}<p>Between.<img src='data:image/png;base64,{PNG}'></p>")
    expect(page.locator(".block-toggle")).to_have_count(4)
    expect(page.locator(".is-open .tiptap")).to_be_focused()  # of the last block, which is open now
    expect(page.locator(".is-open .tiptap")).to_have_text("After.")
    press(page, button(page, "Add picture to the library…"))
    expect(page.get_by_role("dialog").get_by_label("Text alternative")).to_be_focused()
    page.keyboard.press("Escape")
    assert [words.strip() for _, words in blocks(page)] == [
        "<p>Before.</p>", "| 5 mg | 10 mg |", "<p>Between.</p>", "<p>After.</p>"
    ]  # fmt: skip


def test_a_field_of_plain_words_takes_it_the_same_way(at_the_desk: Desk) -> None:
    page: Page = at_the_desk()
    begin_article(page, "Pasted into points")
    add_block(page, "Key points")
    points = page.get_by_role("textbox", name="Points", exact=True)
    expect(points).to_be_focused()
    sample = next(sample for sample in SAMPLES if sample["name"] == "Word, a list of two levels")
    before, after = (
        "<p>Take <del>15 mg</del>1.5 mg, 10<sup>6</sup>.</p>",
        "<table><tr><td>5</td><td>10</td></tr></table>",
    )
    points.evaluate(PASTE, [f"{before}{sample['html']}{after}", "plain"])
    expect(points).to_have_value("Take 1.5 mg, 10⁶.\nRest\nIn the day\nEat\n5 | 10")
    expect(page.locator(".paste-notice")).to_contain_text("“15 mg”")
