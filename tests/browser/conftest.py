"""A browser, sites to visit, and a watch over both: any complaint or foreign address fails the test that caused it."""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from clinic_site.bootstrap import CHROMIUM
from tests.browser.flags import FLAGS
from tests.browser.furnish import STAFF
from tests.browser.sites import Site, start
from tests.browser.watch import Watch
from tests.cast import PASSWORD
from tests.server import Launcher, manage

PATIENCE = 30_000  # milliseconds; a busy machine is slow, not broken
RESULT = pytest.StashKey[bool]()
Desk = Callable[..., Page]
expect.set_options(timeout=PATIENCE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[RESULT] = item.stash.get(RESULT, False) or report.failed
    return report


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Asked for first: without it no site need be started."""
    if not os.access(CHROMIUM, os.X_OK):
        pytest.fail(f"There is no Chromium at {CHROMIUM}. Run `make chromium`, then try again.", pytrace=False)
    return CHROMIUM


@pytest.fixture(scope="package")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """For this package only: while it lives, Django would not let other tests ask the database."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def launcher(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path_factory.mktemp("sites"))
    yield launcher
    launcher.end_all()


@pytest.fixture(scope="session")
def site(launcher: Launcher, prepared: Path) -> Iterator[Site]:
    """A clinic at work: a profile, staff, requests and a draft that wait. Tests share it, and add to it only."""
    site = start(launcher, prepared, "site")
    manage(site.data_dir, "shell", "--no-imports", "-c", "from tests.browser.furnish import furnish; furnish()")
    yield site
    site.stop()


@pytest.fixture(scope="session")
def untouched_site(launcher: Launcher, prepared: Path) -> Iterator[Site]:
    """Just started: nobody has used the set-up link."""
    site = start(launcher, prepared, "untouched")
    yield site
    site.stop()


@pytest.fixture
def new_site(launcher: Launcher, prepared: Path, tmp_path: Path) -> Iterator[Site]:
    """Just started, for one test alone."""
    site = start(launcher, prepared, tmp_path.name)
    yield site
    site.stop()


class Visits:
    """Opens pages, each in a browser profile of its own, empty at first."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.watches: list[Watch] = []

    def __call__(self, site: Site, *, expected: tuple[int, ...] = (), **options: Any) -> Page:
        context = self.browser.new_context(base_url=site.origin, reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE)
        watch = Watch(site.origin, set(expected))
        watch.follow(context)
        self.contexts.append(context)
        self.watches.append(watch)
        return context.new_page()

    def keep_pictures(self, folder: Path) -> list[Path]:
        pages = [page for context in self.contexts for page in context.pages]
        pictures = [folder / f"failed-{number}.png" for number in range(len(pages))]
        for page, picture in zip(pages, pictures, strict=True):
            page.screenshot(path=picture, full_page=True)
        return pictures

    def end(self) -> list[str]:
        for context in self.contexts:
            context.close()
        return [problem for watch in self.watches for problem in watch.problems()]


@pytest.fixture
def visit(chromium: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Visits]:
    visits = Visits(chromium)
    yield visits
    if request.node.stash.get(RESULT, False):
        for picture in visits.keep_pictures(tmp_path):
            os.write(2, f"\nWhat the browser showed: {picture}\n".encode())
    problems = visits.end()
    assert not problems, "\n".join(problems)


@pytest.fixture
def at_the_desk(visit: Visits, site: Site) -> Desk:
    """Opens pages as a member of staff who may do everything."""

    def open_page(**options: Any) -> Page:
        if not site.logged_in:
            page = visit(site)
            page.goto("/accounts/login/")
            page.get_by_label("Username").fill(STAFF)
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Log in", exact=True).click()
            expect(page.get_by_role("heading", name="Desk", level=1)).to_be_visible()
            site.logged_in = page.context.storage_state()
        return visit(site, storage_state=site.logged_in, **options)

    return open_page
