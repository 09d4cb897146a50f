"""`make screenshots TO=folder`: the site in pictures, each screen on a phone and on a desktop, light and dark.

It starts a site of its own with the starter pages and an invented clinic; `--at` takes the pictures of one that runs.
`make staff-guide` takes those of STAFF.md anew.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from clinic_site.bootstrap import CHROMIUM
from tests.browser.flags import FLAGS
from tests.server import Launcher, manage

SCREENS = {
    "home": "/",
    "topic": "/autoimmune-conditions/",
    "article": "/fibromyalgia-and-chronic-pain/fibromyalgia/",
    "condition": "/autoimmune-conditions/lupus/",
    "ldn": "/low-dose-naltrexone/ldn-for-autoimmune-diseases-and-fibromyalgia/",
    "a-to-z": "/a-z/",
    "glossary": "/glossary/",
    "search": "/search/?q=pain",
    "people": "/people/",
    "contact": "/contact/",
    "not-found": "/no-such/page/",
    "form": "/request-a-consultation/",
}
# For staff: an address, and the links to follow from there.
STAFF_SCREENS = {
    "login": ("/accounts/login/",),
    "desk": ("/admin/",),
    "queue": ("/admin/education/consultationrequest/",),
    "record": ("/admin/education/consultationrequest/", ".queue th a"),
    "telephone": ("/admin/education/consultationrequest/add/",),
    "articles": ("/admin/education/article/",),
    "editor": ("/admin/education/article/?q=lupus", "#result_list tbody th a"),
    "board": ("/admin/review-board/",),
    "review": ("/admin/review-board/", ".board-table th a"),
    "sign": ("/admin/review-board/", ".board-table th a", ".next-step a.button"),
    "profile": ("/admin/education/clinicprofile/1/change/",),
    "site": ("/admin/education/siteplace/",),
    "site-words": ("/admin/education/siteplace/", ".site-pages a"),
    "account": ("/accounts/2fa/",),
    "authenticator": ("/accounts/2fa/totp/activate/",),
    "passkey": ("/accounts/2fa/webauthn/add/",),
}
NAME, PASSWORD = "sam", "a-long-enough-passphrase"  # whom `show` adds; tests.cast can't be read without settings
GUIDE = {"desk": 1280, "queue": 1280, "editor": 1280, "record": 390, "sign": 390}  # pictures of STAFF.md, and how wide
COLORS = 128  # enough for a screen, at a third of the weight
SIZES = {390: 844, 1280: 900}  # width and height of the window
SCHEMES = ("light", "dark")
IDLE = 15_000  # milliseconds
# Pictures further down are fetched when one scrolls there.
NOW = "() => document.querySelectorAll('img[loading]').forEach(image => { image.loading = 'eager'; })"
FURNISH = "from tests.browser.furnish import show; show()"


def take(address: str, folder: Path, names: list[str], *, full: bool) -> list[Path]:
    """Pictures of these screens, named after screen, width and scheme; of the whole page if `full`."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        made = [path for width in SIZES for scheme in SCHEMES for path in _taken(
            browser, address, folder, names, full=full, width=width, scheme=scheme
        )]  # fmt: skip
        browser.close()
    return made


def take_guide(address: str, folder: Path) -> list[Path]:
    """The pictures of the staff guide."""
    made = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as temporary:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for width in SIZES:
            names = [name for name in GUIDE if GUIDE[name] == width]
            paths = _taken(browser, address, Path(temporary), names, full=False, width=width, scheme="light")
            for name, path in zip(names, paths, strict=True):
                made.append(folder / f"staff-{name}.png")
                Image.open(path).quantize(COLORS).save(made[-1], optimize=True)
        browser.close()
    return made


def _taken(
    browser: Browser, address: str, folder: Path, names: list[str], *, full: bool, width: int, scheme: Any
) -> Iterator[Path]:
    size: Any = {"width": width, "height": SIZES[width]}
    context = browser.new_context(base_url=address, viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    for name in names:
        _open(page, name)
        page.evaluate(NOW)
        with suppress(TimeoutError):  # the page that is shown beside the words of the site is never idle
            page.wait_for_load_state("networkidle", timeout=IDLE)  # the heading face among it
        path = folder / f"{name}-{width}-{scheme}.png"
        page.screenshot(path=path, full_page=full)
        yield path
    context.close()


def _open(page: Page, name: str) -> None:
    address, *links = STAFF_SCREENS.get(name) or (SCREENS[name],)
    page.goto(address)
    if name in STAFF_SCREENS and name != "login" and "/login/" in page.url:
        page.get_by_label("Username").fill(NAME)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Log in", exact=True).click()
        page.goto(address)
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Confirm", exact=True).click()
    for link in links:
        page.locator(link).first.click()


@contextmanager
def own_site() -> Iterator[str]:
    """The address of a site with an invented clinic, there for as long as it is needed."""
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary) / "data"
        manage(data, "prepare")
        manage(data, "shell", "--no-imports", "-c", FURNISH)
        launcher = Launcher(Path(temporary))
        try:
            yield f"http://127.0.0.1:{launcher.serve(data).up().port}"
        finally:
            launcher.end_all()


def main() -> None:
    known = [*SCREENS, *STAFF_SCREENS]
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to put the pictures")
    parser.add_argument("screens", nargs="*", metavar="SCREEN", help=f"one of {', '.join(known)}; default: all")
    parser.add_argument("--at", metavar="ADDRESS", help="a site that runs, such as http://127.0.0.1:8000")
    parser.add_argument("--fold", action="store_true", help="only what is seen before scrolling")
    parser.add_argument("--guide", action="store_true", help="only the pictures of STAFF.md")
    given = parser.parse_args()
    names = given.screens or (list(SCREENS) if given.at else known)  # what runs elsewhere has staff of its own
    if unknown := set(names) - set(known):
        parser.error(f"There is no screen {', '.join(sorted(unknown))}. There are: {', '.join(known)}.")
    if given.at:
        made = take(given.at, given.folder, names, full=not given.fold)
    else:
        with own_site() as address:
            if given.guide:
                made = take_guide(address, given.folder)
            else:
                made = take(address, given.folder, names, full=not given.fold)
    print(f"{len(made)} pictures are in {given.folder}.")


if __name__ == "__main__":
    main()
