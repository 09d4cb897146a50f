"""What is pasted into the editor from Word keeps its meaning, and a notice says what it lost."""

from playwright.sync_api import Page, expect

from tests.browser.asking import button
from tests.browser.desk import begin_article
from tests.browser.keys import press
from tests.browser.profiles import Desk

PASTE = """(editor, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "as plain text");
  editor.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
POINT = (
    "<p class=MsoListParagraph style='mso-list:l0 level{} lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·"
    "<span>&nbsp;&nbsp; </span></span><![endif]>{}</p>"
)
FROM_WORD = (
    "<html><body><p class=MsoNormal>Take <del>15 mg</del><ins>1.5 mg</ins>, 10<sup>6</sup>.</p>"
    + "".join(POINT.format(level, words) for level, words in ((1, "One"), (2, "Inner"), (1, "Two")))
    + "<table><tr><td><p>5 mg</p></td><td><p>10 mg</p></td></tr></table><p><img src='x.png'>End.</p></body></html>"
)


def test_a_paste_from_word_keeps_its_meaning(at_the_desk: Desk) -> None:
    page: Page = at_the_desk()
    begin_article(page, "Pasted from Word")
    press(page, button(page, "Text"))
    editor = page.get_by_role("textbox", name="Body")
    expect(editor).to_be_focused()
    editor.evaluate(PASTE, FROM_WORD)
    notice = page.locator(".paste-notice")
    expect(notice).to_have_text(
        "Left out, because it was deleted, struck out or hidden: “15 mg”. "
        "Left out: 1 picture. Add a picture as a block. "
        "Each row of a table is a line now. To show a table, add it as a block."
    )
    press(page, button(page, "Save draft"))
    expect(page.get_by_text("was added successfully")).to_be_visible()
    editor = page.get_by_role("textbox", name="Body")
    expect(editor.locator("> p")).to_have_text(["Take 1.5 mg, 10⁶.", "5 mg | 10 mg", "End."])
    expect(editor.locator("> ul > li")).to_have_count(2)
    expect(editor.locator("> ul > li > ul > li")).to_have_text("Inner")
    editor.evaluate(PASTE, "<p>Plain words.</p>")
    expect(editor.get_by_text("Plain words.")).to_have_count(1)
    expect(notice).to_have_text("")


def test_a_field_of_plain_words_takes_it_the_same_way(at_the_desk: Desk) -> None:
    page: Page = at_the_desk()
    begin_article(page, "Pasted into points")
    press(page, button(page, "Key points"))
    points = page.get_by_role("textbox", name="Points:")
    expect(points).to_be_focused()
    points.evaluate(PASTE, FROM_WORD)
    expect(points).to_have_value("Take 1.5 mg, 10⁶.\nOne\nInner\nTwo\n5 mg | 10 mg\nEnd.")
    expect(page.locator(".paste-notice")).to_contain_text("“15 mg”")
