"""Browser profiles that tests share one after another: emptying one takes half of the work of making one."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Page, StorageState, ViewportSize

from tests.browser.sites import Site
from tests.browser.watch import Watch

DESKTOP: ViewportSize = {"width": 1280, "height": 720}
LONGEST_ANSWER = 60  # seconds
RESTING_PLACE = "/robots.txt"  # short, and of the same site: a page of another origin would cost a new process
# When this has run, everything that the page has sent is known, and within one turn what it has complained of.
# Not with setTimeout, as some tests set the clock.
SEND_NOTHING = """() => new Promise(done => {
  window.fetch = () => new Promise(() => {});
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done(0);
  channel.port2.postMessage(0);
})"""
Desk = Callable[..., Page]  # opens a page as a member of staff
Kind = tuple[str, bool, float]  # what can't be changed in a profile: origin, scripts, device scale factor


@dataclass(eq=False)
class Profile:
    """A browser context, the page that it always has open, and the watch over both."""

    kind: Kind
    context: BrowserContext
    watch: Watch
    page: Page = field(init=False)
    cdp: CDPSession = field(init=False)

    def __post_init__(self) -> None:
        self.watch.follow(self.context)
        self._new_page()

    def _new_page(self) -> None:
        self.page = self.context.new_page()
        self.cdp = self.context.new_cdp_session(self.page)

    def open(
        self, viewport: ViewportSize = DESKTOP, forced_colors: Any = "none", storage_state: StorageState | None = None
    ) -> Page:
        """The page, in a window of this size and with these cookies."""
        self.page.set_viewport_size(viewport)
        self.page.emulate_media(
            media="null", color_scheme="light", reduced_motion="reduce", forced_colors=forced_colors
        )
        if storage_state:
            self.context.add_cookies(storage_state["cookies"])  # type: ignore[arg-type]
        return self.page

    def hold_still(self) -> None:
        """Its pages send nothing more, not even when they are left, and what they have sent is answered.

        Else what a form keeps at the end of one test would come in during the next, whose own would be refused.
        """
        if not self.has_scripts:
            return
        pages = self.context.pages
        for page in pages:
            with suppress(Error):  # it is being left
                page.evaluate(SEND_NOTHING)
        self.watch.ended = True
        self._wait_for_answers(pages)
        for page in pages:
            with suppress(Error):  # it has just been closed
                session = self.cdp if page is self.page else self.context.new_cdp_session(page)
                session.send("Emulation.setScriptExecutionDisabled", {"value": True})

    def _wait_for_answers(self, pages: list[Page]) -> None:
        """While their scripts still run: an answer that nobody reads would hold up those behind it."""
        until = monotonic() + LONGEST_ANSWER
        while pages and (waiting := self.watch.unanswered_in(pages)):
            if monotonic() > until:
                self.watch.complaints.append(f"Not answered: {waiting}")
                return
            pages[0].wait_for_timeout(20)

    @property
    def has_scripts(self) -> bool:
        return self.kind[1]

    def empty(self) -> None:
        """Leave nothing of the last test: no other page, cookie, stored data or history. To be held still before.

        Files stay in the cache. They can't mislead: a page is asked for anew each time, a static file never changes.
        """
        for page in self.context.pages:
            if page is not self.page:
                page.close()
        self._go_to_rest()
        origin = self.watch.origin
        self.context.clear_cookies()
        self.cdp.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        self.cdp.send("DOMStorage.clear", {"storageId": {"securityOrigin": origin, "isLocalStorage": False}})
        self.cdp.send("Page.resetNavigationHistory")
        if self.has_scripts:
            self.cdp.send("Emulation.setScriptExecutionDisabled", {"value": False})

    def _go_to_rest(self) -> None:
        """A page that was closed, or that asks whether to stay, is replaced."""
        try:
            self.page.goto(RESTING_PLACE)
        except Error:
            self.page.close()
            self._new_page()
            self.page.goto(RESTING_PLACE)


class Profiles:
    """The profiles of one browser."""

    def __init__(self, browser: Browser, timeout: float) -> None:
        self.browser = browser
        self.timeout = timeout  # milliseconds
        self.free: dict[Kind, list[Profile]] = defaultdict(list)

    def make(self, kind: Kind) -> Profile:
        origin, scripts, scale = kind
        context = self.browser.new_context(
            base_url=origin, java_script_enabled=scripts, device_scale_factor=scale, reduced_motion="reduce"
        )
        context.set_default_timeout(self.timeout)
        return Profile(kind, context, Watch(origin))

    def take(self, kind: Kind) -> Profile:
        return self.free[kind].pop() if self.free[kind] else self.make(kind)

    def give_back(self, profile: Profile) -> None:
        profile.empty()
        self.free[profile.kind].append(profile)

    def close(self, site: Site) -> None:
        """Close the connections to this site, for which it would wait when it stops."""
        for kind in [kind for kind in self.free if kind[0] == site.origin]:
            for profile in self.free.pop(kind):
                profile.context.close()


class Visits:
    """Opens pages, each in a browser profile of its own, empty at first."""

    def __init__(self, profiles: Profiles) -> None:
        self.profiles = profiles
        self.shared: list[Profile] = []
        self.single: list[Profile] = []

    def __call__(
        self,
        site: Site,
        *,
        expected: tuple[int, ...] = (),
        java_script_enabled: bool = True,
        device_scale_factor: float = 1,
        alone: bool = False,
        **options: Any,
    ) -> Page:
        """`expected`: statuses that the test asks for on purpose. `alone`: in a profile that no other test gets,
        because the test changes what can't be put back, such as the clock."""
        kind = (site.origin, java_script_enabled, device_scale_factor)
        profile = self.profiles.make(kind) if alone else self.profiles.take(kind)
        (self.single if alone else self.shared).append(profile)
        profile.watch.begin(expected)
        return profile.open(**options)

    def pages(self) -> list[Page]:
        return [page for profile in self.shared + self.single for page in profile.context.pages]

    def end(self, *, failed: bool = False) -> list[str]:
        """Empty the profiles for the next test, after a failure throw them away; what the watches noticed."""
        for profile in self.shared + self.single:
            if not failed:
                profile.hold_still()
            if failed or profile in self.single:
                profile.context.close()
            else:
                self.profiles.give_back(profile)
        problems = [problem for profile in self.shared + self.single for problem in profile.watch.problems()]
        self.shared, self.single = [], []
        return problems
