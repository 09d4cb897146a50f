"""What staff do at the desk: log in, write, and bring a draft to its readers."""

from playwright.sync_api import Page, expect

from tests.browser.asking import button, heading
from tests.browser.editor import text_field
from tests.browser.sites import Site
from tests.cast import PASSWORD


def log_in(page: Page, username: str) -> Page:
    page.goto("/accounts/login/")
    log_in_here(page, username)
    expect(heading(page, "Desk")).to_be_visible()
    return page


def log_in_here(page: Page, username: str) -> None:
    """On the log-in page, which leads back to where it was asked for."""
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    button(page, "Log in").click()


def confirm_if_asked(page: Page) -> None:
    """On a protected page: the password once more, unless it was given within the last minutes, in this test or in one
    before it that used the same log-in.
    """
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if heading(page, "Confirm that it is you").is_visible():
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        button(page, "Confirm").click()
        expect(heading(page, "Confirm that it is you")).to_have_count(0)


def begin_article(page: Page, title: str) -> None:
    """A new article with a title and a topic, not saved yet. That Tab leads to both is tested once: in test_blocks."""
    page.goto("/admin/education/article/add/")
    page.get_by_label("Title", exact=True).press_sequentially(title)
    page.get_by_label("Topic", exact=True).press_sequentially("Auto")
    expect(page.get_by_label("Address", exact=True)).to_have_value(title.lower().replace(" ", "-"))


def add_block(page: Page, kind: str) -> None:
    """A new block at the end, its first field focused."""
    button(page, "Add a block").press("Enter")
    page.keyboard.type(kind)
    page.keyboard.press("Enter")


def begin_with_text(page: Page, title: str, words: str) -> None:
    begin_article(page, title)
    add_block(page, "Text")
    expect(text_field(page)).to_be_focused()
    page.keyboard.type(words)


def edit(page: Page, site: Site, slug: str) -> None:
    page.goto(f"/admin/education/article/{pk_of(site, slug)}/change/")
    expect(button(page, "Open all")).to_be_visible()


def write_summary(page: Page, words: str) -> None:
    """On the change form: another summary, saved, and on to the review screen."""
    page.get_by_label("Summary").fill(words)
    button(page, "Save, then review and publish…").click()
    expect(heading(page, "Review and publish")).to_be_visible()


def say_who_signs(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Credentials").fill("MD")
    page.get_by_label("Conflicts of interest").fill("None to declare.")
    button(page, "Save").click()
    expect(heading(page, "Read and sign")).to_be_visible()


def pk_of(site: Site, slug: str) -> int:
    ((pk,),) = site.rows("SELECT id FROM education_article WHERE slug = ?", slug)
    return int(pk)


def state_of(site: Site, slug: str) -> str:
    ((state,),) = site.rows("SELECT state FROM education_article WHERE slug = ?", slug)
    return str(state)
