"""What a reader's eye meets: the first screen, what stays in view, what moves, what opens."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.asking import FORM, heading
from tests.browser.places import DECISIONS, FIBROMYALGIA, LDN, MISSING, PROSE, article
from tests.browser.profiles import Desk, Visits
from tests.browser.sites import Site

PHONE = {"width": 390, "height": 844}
ARTICLES = "/admin/education/article/"
LATE = re.compile(r"\.(woff2|svg|png|jpg|webp)\b")
LOADED_SLOWLY = (
    *("/", "/low-dose-naltrexone/", FIBROMYALGIA, LDN, DECISIONS[0], "/autoimmune-conditions/lupus/"),
    *("/a-z/", "/glossary/", "/search/?q=naltrexone", "/people/", "/contact/", FORM, MISSING),
)
# How much of the page moves while it arrives piece by piece, as over a slow line or on a busy phone.
PIECE_BY_PIECE = """async () => {
  const page = await (await fetch(location.href)).text();
  let by = 0;
  document.open();
  const add = list => list.getEntries().forEach(entry => { by += entry.value; });
  new PerformanceObserver(add).observe({type: "layout-shift"});
  for (let at = 0; at < page.length; at += 600) {
    document.write(page.slice(at, at + 600));
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
  document.close();
  return new Promise(done => requestAnimationFrame(() => setTimeout(() => done(by), 300)));
}"""
# The same where its second piece begins with the last of these words.
IN_TWO_PIECES = """async words => {
  const page = await (await fetch(location.href)).text();
  let by = 0;
  document.open();
  const add = list => list.getEntries().forEach(entry => { by += entry.value; });
  new PerformanceObserver(add).observe({type: "layout-shift"});
  for (const piece of [page.slice(0, page.lastIndexOf(words)), page.slice(page.lastIndexOf(words))]) {
    document.write(piece);
    await new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 300));
  }
  document.close();
  return new Promise(done => requestAnimationFrame(() => setTimeout(() => done(by), 300)));
}"""
# The words that begin and end on different lines without a hyphen: between soft hyphens each part counts as a word.
BROKEN_WORDS = """() => {
  const found = [], all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (all.nextNode()) {
    const text = all.currentNode, around = text.parentElement;
    if (!around.offsetParent || around.closest(".visually-hidden, details, table, [href^=mailto]")) continue;
    for (const word of text.data.matchAll(/(?<!\\p{L})\\p{L}{4,}(?!\\p{L})/gu)) {
      const last = word.index + word[0].length - 1;
      const lines = new Set([word.index, last].map(at => {
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return Math.round([...range.getClientRects()].pop()?.top); // the hyphen before a letter comes first
      }));
      if (lines.size > 1) found.push(word[0]);
    }
  }
  return found;
}"""
# Where the number of a source ends and where its words begin, from the end of the text that they stand beside.
SIDE_BY_SIDE = """cite => {
  const measured = part => {
    const style = getComputedStyle(cite, part);
    const px = name => parseFloat(style[name]) || 0;
    const edges = ["paddingLeft", "paddingRight", "borderLeftWidth", "borderRightWidth"].map(px);
    const width = px("width") + (style.boxSizing === "border-box" ? 0 : edges.reduce((all, one) => all + one, 0));
    const begins = -px("marginRight") - width;
    return {begins: begins + px("borderLeftWidth") + px("paddingLeft"), ends: begins + width};
  };
  return [measured("::after").ends, measured("::before").begins];
}"""
# How far below their headings the words of each fact begin, in the strip under the head of a page.
FACTS = """all => all.map(one => {
  const words = document.createRange();
  words.selectNodeContents(one.querySelector("dd a") || one.querySelector("dd").lastChild);
  return Math.round(words.getClientRects()[0].top - one.getBoundingClientRect().top);
})"""
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# What would glide, turn or fade, or make the page itself glide to an anchor.
MOVING = """() => Array.from(document.querySelectorAll("*")).filter(element => {
  const style = getComputedStyle(element);
  const takes = [style.transitionDuration, style.animationDuration].some(all => parseFloat(all) > 0);
  return takes || style.scrollBehavior === "smooth";
}).map(element => element.outerHTML.slice(0, 100))"""
# How much of the page has moved, and the main headings that moved up or down.
SHIFTED = """() => new Promise(resolve => {
  let by = 0;
  const headings = [];
  const note = ({node, previousRect, currentRect}) => {
    const heading = node && (node.closest ? node : node.parentElement)?.closest("h1");
    if (heading && previousRect.y !== currentRect.y) headings.push(heading.textContent.trim());
  };
  const add = entry => { by += entry.value; entry.sources.forEach(note); };
  new PerformanceObserver(list => list.getEntries().forEach(add)).observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => setTimeout(() => resolve({by, headings}), 300));
})"""


def test_the_first_screen_of_home_says_who_what_for_and_how_to_go_on(visit: Visits, site: Site) -> None:
    page = visit(site, viewport=PHONE)
    page.goto("/")
    expect(page.get_by_role("banner").get_by_text("Clinic by the Quillwater")).to_be_in_viewport(ratio=1)
    expect(heading(page, "Living with pain or an autoimmune condition?")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("searchbox")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("link", name="Find your condition")).to_be_in_viewport(ratio=1)
    for name in ("Request a consultation", "Call +1 555 0100"):
        expect(page.locator(".call-bar").get_by_role("link", name=name)).to_be_in_viewport(ratio=1)


def test_the_first_screen_of_an_article_holds_whom_to_call_and_its_notices(visit: Visits, site: Site) -> None:
    page = visit(site, viewport=PHONE)
    page.goto(FIBROMYALGIA)
    bar = page.locator(".call-bar").bounding_box()
    assert bar
    for shown in (".help-top", ".byline", ".bulletin"):
        box = page.locator(shown).bounding_box()
        assert box, shown
        assert box["y"] + box["height"] <= bar["y"], shown


def test_with_letters_of_twice_the_size_head_and_foot_leave_the_screen_to_the_page(visit: Visits, site: Site) -> None:
    page = visit(site, viewport=PHONE)
    heights = "all => all.map(one => one.getBoundingClientRect().height)"
    for path in ("/", FIBROMYALGIA):  # whose head has a way to the search as well
        page.goto(path)
        before = sum(page.locator(".masthead, .call-bar").evaluate_all(heights))
        page.evaluate("document.documentElement.style.fontSize = '225%'")
        assert sum(page.locator(".masthead, .call-bar").evaluate_all(heights)) < 1.8 * before, path
        menu = page.locator(".masthead summary").bounding_box()
        assert menu, path
        assert menu["x"] + menu["width"] > PHONE["width"] - 30, f"the menu of {path} is not where thumbs look for it"


def test_with_letters_of_twice_the_size_pages_stay_as_wide_as_the_phone_and_no_word_breaks_without_a_hyphen(
    visit: Visits, site: Site
) -> None:
    page = visit(site, expected=(404,), viewport=PHONE)
    problems = {}
    for path in (*LOADED_SLOWLY, "/autoimmune-conditions/", "/everyday-life/living-well/", "/search/?q=pain"):
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '225%'")
        too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if broken := page.evaluate(BROKEN_WORDS) + ["wider than the phone"] * too_wide:
            problems[path] = broken
    assert problems == {}


def test_with_letters_of_twice_the_size_words_below_a_face_stand_at_its_margin(visit: Visits, site: Site) -> None:
    page = visit(site, viewport=PHONE)
    page.goto("/people/")
    page.evaluate("document.documentElement.style.fontSize = '225%'")
    edges = "all => all.map(one => Array.from(one.children).map(part => part.getBoundingClientRect()))"
    faces_and_words = page.locator(".people li").evaluate_all(edges)
    assert faces_and_words
    for face, words in faces_and_words:
        assert words["top"] >= face["bottom"]
        assert words["left"] == face["left"]


def test_the_first_screen_of_the_form_holds_its_first_question(visit: Visits, site: Site) -> None:
    page = visit(site, viewport=PHONE)
    page.goto(FORM)
    question = page.get_by_role("group", name="Who is the consultation for?")
    expect(question.locator("legend")).to_be_in_viewport(ratio=1)
    expect(question.get_by_text("Me", exact=True)).to_be_in_viewport(ratio=1)


def test_nothing_is_animated_for_whoever_asked_for_less_motion(visit: Visits, at_the_desk: Desk, site: Site) -> None:
    reader, staff = visit(site), at_the_desk()  # whose browsers always ask for less
    moving = []
    for page, path in ((reader, "/"), (reader, FIBROMYALGIA), (reader, FORM), (staff, "/admin/"), (staff, ARTICLES)):
        page.goto(path)
        moving += [f"{path}: {part}" for part in page.evaluate(MOVING)]
    assert moving == []


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_when_the_heading_face_and_pictures_come_late(visit: Visits, site: Site, width: int) -> None:
    page = visit(site, viewport={"width": width, "height": 844}, alone=True, expected=(404,))
    held: list[Route] = []
    moved, are_held = {}, True

    def come_late(route: Route) -> None:
        if are_held:
            held.append(route)
        else:
            route.continue_()

    page.route(LATE, come_late)
    for path in LOADED_SLOWLY:
        are_held = True
        page.goto(path, wait_until="domcontentloaded")
        page.evaluate(PAINTED)
        assert any(".woff2" in route.request.url for route in held), path
        are_held = False
        while held:
            held.pop().continue_()
        page.wait_for_load_state("networkidle")
        moved[path] = page.evaluate(SHIFTED)
    assert {path: found["headings"] for path, found in moved.items() if found["headings"]} == {}
    # Not nought: the title of one card wraps to another line in its own face (0.0013).
    assert {path: found["by"] for path, found in moved.items() if found["by"] >= 0.01} == {}


def test_the_button_at_the_foot_keeps_its_place_when_the_number_beside_it_comes_later(
    visit: Visits, site: Site
) -> None:
    page = visit(site, viewport=PHONE)
    page.goto("/a-z/")
    assert page.evaluate(IN_TWO_PIECES, '<a class="quick"') == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_more_of_a_page_comes(visit: Visits, site: Site, width: int) -> None:
    """Its number was drawn at the edge, and then moved to make room for what stands beside it (0.0076 of the page)."""
    page = visit(site, viewport={"width": width, "height": 844})
    page.goto("/a-z/")
    assert page.evaluate(PIECE_BY_PIECE) < 0.001


def test_on_a_phone_the_rail_shows_where_one_is(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=PHONE)
    page.goto("/admin/education/auditevent/")
    expect(page.locator(".staff-nav [aria-current]")).to_be_in_viewport(ratio=1)


def test_on_a_phone_what_a_grade_means_stands_below_it(visit: Visits, site: Site) -> None:
    """On one line, “Conflicting” and “Studies disagree” read as one sentence."""
    page = visit(site, viewport=PHONE)
    page.goto("/")
    grades = page.locator(".grades div")
    below = "one => one.lastChild.getBoundingClientRect().top >= one.firstChild.getBoundingClientRect().bottom"
    assert [grade.evaluate(below) for grade in grades.all()] == [True] * 5


@pytest.mark.parametrize("height", [900, 640])
def test_the_contents_beside_an_article_show_only_whole_entries(visit: Visits, site: Site, height: int) -> None:
    page = visit(site, viewport={"width": 1280, "height": height})
    page.goto(LDN)
    contents = page.locator(".contents ol")
    assert contents.evaluate("list => list.scrollHeight > list.clientHeight") == (height < 900)
    cut = """list => Array.from(list.children).filter(entry => {
      const box = entry.getBoundingClientRect(), end = list.getBoundingClientRect().bottom;
      return box.top < end - 1 && box.bottom > end + 1;
    }).map(entry => entry.innerText)"""
    assert contents.evaluate(cut) == []
    contents.evaluate("list => list.scrollTo(0, list.scrollHeight)")
    assert contents.evaluate(cut) == []


def test_the_contents_mark_where_one_is(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 1440, "height": 900})
    page.goto(FIBROMYALGIA)
    contents = page.get_by_role("navigation", name="On this page")
    contents.get_by_role("link", name="How it is found").click()
    expect(contents.locator("[aria-current]")).to_have_text("How it is found")
    page.evaluate("scrollBy({top: -150, behavior: 'instant'})")  # the heading before it is above the window now,
    expect(contents.locator("[aria-current]")).not_to_have_text("How it is found")
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")  # and far below the line in the next frame
    expect(contents.locator("[aria-current]")).to_have_count(0)


def test_folded_references_open_for_whoever_follows_a_citation(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto(LDN)
    study = page.locator("#ref-3")
    expect(study).to_be_hidden()
    page.get_by_role("link", name="Reference 3", exact=True).first.click()
    expect(study).to_be_in_viewport()


def test_a_source_stands_beside_its_sentence_where_there_is_room(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 1280, "height": 900})
    page.goto(FIBROMYALGIA)
    note = page.locator(".prose > p .cite a[data-note]").first
    shown = "element => getComputedStyle(element, '::after').content"
    assert re.search(r"\d", note.evaluate(shown))
    page.set_viewport_size({"width": 390, "height": 844})
    assert note.evaluate(shown) == "none"


def test_the_number_of_a_source_stands_before_its_words_where_a_page_is_signed(at_the_desk: Desk) -> None:
    """It lay over them, and on a smaller desktop the words ran out of the sheet."""
    page = at_the_desk(viewport={"width": 1280, "height": 900})
    article("sign", PROSE)(page)
    note = page.locator(".prose > p .cite a[data-note]").first
    number_ends, words_begin = note.evaluate(SIDE_BY_SIDE)
    assert number_ends <= words_begin
    page.set_viewport_size({"width": 1100, "height": 900})
    assert note.evaluate("one => ['::before', '::after'].map(part => getComputedStyle(one, part).display)") == [
        "none",
        "none",
    ]


def test_in_a_low_window_the_button_beside_an_article_is_whole_and_the_contents_scroll(
    visit: Visits, site: Site
) -> None:
    page = visit(site, viewport={"width": 1280, "height": 600})
    page.goto(FIBROMYALGIA)
    button, lines = page.locator(".rail .button"), page.locator(".contents ol")
    assert button.evaluate("one => one.scrollHeight <= one.clientHeight && one.clientHeight >= 60")
    assert lines.evaluate("list => list.scrollHeight > list.clientHeight")
    left = """all => all.map(one => {
      const style = getComputedStyle(one);
      return one.getBoundingClientRect().left + parseFloat(style.borderLeftWidth) + parseFloat(style.paddingLeft);
    })"""
    link = page.locator(".contents ol a")
    link.last.evaluate("one => { one.setAttribute('aria-current', 'true'); }")
    assert len({round(x, 1) for x in link.evaluate_all(left)}) == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_the_four_answers_to_a_question_are_equally_high(visit: Visits, site: Site, width: int) -> None:
    page = visit(site, viewport={"width": width, "height": 900}, java_script_enabled=False)  # all parts at once
    page.goto(FORM)
    page.wait_for_url(re.compile(f"{FORM}."))  # the page goes to the address of its own
    answers = page.locator(".choices", has_text="I would rather talk about it").first.locator("label")
    assert answers.count() == 4
    assert len(set(answers.evaluate_all("all => all.map(one => one.offsetHeight)"))) == 1


def test_what_stands_side_by_side_is_level(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 1280, "height": 900})
    page.goto("/contact/")
    tops = "all => all.map(one => one.getBoundingClientRect().top)"
    assert len(set(page.locator(".urgent-strip p").evaluate_all(tops))) == 1
    page.goto("/autoimmune-conditions/lupus/")
    facts = page.locator(".at-once > div").evaluate_all(FACTS)
    assert len(facts) == 4
    assert len(set(facts)) == 1, "a link's room to touch pushed its words below those of the facts beside it"
    page.goto(FORM)
    right = "one => Math.round(one.getBoundingClientRect().right)"
    assert page.locator(".site-search").evaluate(right) == page.locator(".footer-parts").evaluate(
        "one => Math.round(one.getBoundingClientRect().right - parseFloat(getComputedStyle(one).paddingRight))"
    )
