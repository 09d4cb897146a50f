"""A browser, sites to visit, and a watch over both: any complaint or foreign address fails the test that caused it."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from clinic_site.bootstrap import CHROMIUM
from tests.browser import desk
from tests.browser.flags import FLAGS, SHORT_LIVED
from tests.browser.furnish import STAFF
from tests.browser.profiles import Desk, Profiles, Visits
from tests.browser.sites import Site, start
from tests.conftest import Once
from tests.server import Launcher, copied, manage

TIMEOUT = 120_000  # milliseconds; a busy machine is slow, not broken
FAILED = pytest.StashKey[bool]()
expect.set_options(timeout=TIMEOUT)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Asked for first: without it no site need be started."""
    if not os.access(CHROMIUM, os.X_OK):
        pytest.fail(f"There is no Chromium at {CHROMIUM}. Run `make chromium`, then try again.", pytrace=False)
    return CHROMIUM


@pytest.fixture(scope="package")
def profiles(chromium_path: str) -> Iterator[Profiles]:
    """For this package only: while the browser runs, Django would not let other tests query the database."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=[*FLAGS, *SHORT_LIVED])
        yield Profiles(browser, TIMEOUT)
        browser.close()


@pytest.fixture(scope="session")
def launcher(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path_factory.mktemp("sites"), for_tests=True)
    yield launcher
    launcher.end_all()


@pytest.fixture(scope="session")
def furnished(once: Once, prepared: Path) -> Path:
    """The data folder of a clinic at work. To be copied, not used."""

    def make(folder: Path) -> None:
        copied(prepared, folder)
        manage(folder, "shell", "--no-imports", "-c", "from tests.browser.furnish import furnish; furnish()")

    return once("furnished", make)


@pytest.fixture(scope="package")
def site(
    launcher: Launcher, furnished: Path, profiles: Profiles, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A clinic at work: a profile, staff, requests and drafts that wait. Tests share it, and add to it only. It ends
    with them: beside all the others it would cost two hundredths of a processor.

    Without the limit of requests an hour: else a test would find its request set aside because of the tests before it.
    """
    site = start(launcher, furnished, tmp_path_factory.mktemp("site").name, INTAKE_LIMIT_PER_HOUR="0")
    yield site
    profiles.close(site)
    site.stop()


@pytest.fixture
def new_site(launcher: Launcher, prepared: Path, profiles: Profiles, tmp_path: Path) -> Iterator[Site]:
    """Just started, for one test alone: nobody has used the set-up link. To be asked for before `visit`."""
    site = start(launcher, prepared, tmp_path.name)
    yield site
    profiles.close(site)
    site.stop()


@pytest.fixture
def visit(profiles: Profiles, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Visits]:
    visits = Visits(profiles)
    yield visits
    failed = request.node.stash.get(FAILED, False)
    for number, page in enumerate(visits.pages() if failed else []):
        picture = tmp_path / f"failed-{number}.png"
        page.screenshot(path=picture, full_page=True)
        os.write(2, f"\nWhat the browser showed: {picture}\n".encode())
    problems = visits.end(failed=failed)
    assert not problems, "\n".join(problems)


@pytest.fixture
def at_the_desk(visit: Visits, site: Site) -> Desk:
    """Opens pages as a member of staff who may do everything, and who has no unsaved writing from the last test."""
    site.forget_unsaved_writing()

    def open_page(**options: Any) -> Page:
        if not site.logged_in:
            site.logged_in = desk.log_in(visit(site), STAFF).context.storage_state()
        return visit(site, storage_state=site.logged_in, **options)

    return open_page
