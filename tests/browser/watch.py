"""Watches a browser while a test uses it: what it complains about, whom it talks to, and what it is left with."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# The console tells of blocked styles and scripts too; this also catches what it would only count.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", function (event) {
  console.error("Policy violation: " + event.violatedDirective + " " + event.blockedURI + " " + event.sample);
});
"""
STORED = """async () => ({
  cookie: document.cookie,
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map(found => found.name),
  caches: typeof caches === "undefined" ? [] : await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"cookie": "", "local": [], "session": [], "databases": [], "caches": [], "workers": 0}


def assert_nothing_is_stored(page: Page) -> None:
    """But for what is typed into the request form, which waits in its tab until it is sent."""
    assert page.context.cookies() == [], page.url
    stored = page.evaluate(STORED)
    if "/request-a-consultation/" in page.url:
        stored["session"] = [key for key in stored["session"] if key != "clinic.tab"]
    assert stored == NOTHING, page.url


@dataclass
class Watch:
    """`expected` are statuses that a test asks for on purpose: the console calls each of them an error."""

    origin: str
    expected: tuple[int, ...] = ()
    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    ended: bool = False  # what its pages complain of when they are cut off is not the test’s
    unanswered: set[Request] = field(default_factory=set)  # what scripts have sent to be kept

    def follow(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._add_message)
        context.on("weberror", lambda error: self._complain(f"Script error: {error.error}"))
        context.on("request", self._add_request)
        context.on("requestfailed", lambda request: self.unanswered.discard(request))
        context.on("response", self._note_answer)

    def begin(self, expected: tuple[int, ...]) -> None:
        """For another test."""
        self.unanswered.clear()
        self.ended = False
        self.expected, self.complaints, self.addresses = expected, [], []

    def _add_message(self, message: ConsoleMessage) -> None:
        expected = any(f"status of {status} " in message.text for status in self.expected)
        if message.type in ("error", "warning") and not expected:
            self._complain(f"Console: {message.text} ({message.location})")

    def _complain(self, words: str) -> None:
        if not self.ended:
            self.complaints.append(words)

    def _add_request(self, request: Request) -> None:
        self.addresses.append(request.url)
        if request.method == "POST" and not request.is_navigation_request():
            self.unanswered.add(request)

    def _note_answer(self, response: Response) -> None:
        """A fault of the site counts however late it comes: the console’s word of it would not be heard any more."""
        self.unanswered.discard(response.request)
        if self.ended and response.status >= 500 and response.status not in self.expected:
            self.complaints.append(f"Status {response.status}: {response.url}")

    def unanswered_in(self, pages: list[Page]) -> list[str]:
        return [found.url for found in self.unanswered if found.frame.page in pages]

    @property
    def foreign(self) -> list[str]:
        return [address for address in self.addresses if not self._is_ours(address)]

    def _is_ours(self, address: str) -> bool:
        parts = urlsplit(address)
        return parts.scheme == "data" or f"{parts.scheme}://{parts.netloc}" == self.origin

    def problems(self) -> list[str]:
        return self.complaints + [f"Left the origin: {address}" for address in self.foreign]
