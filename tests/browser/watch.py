"""Watches a browser while a test uses it: what it complains about, and whom it talks to."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request

# The console tells of blocked styles and scripts too; this also catches what it would only count.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", function (event) {
  console.error("Policy violation: " + event.violatedDirective + " " + event.blockedURI + " " + event.sample);
});
"""


@dataclass
class Watch:
    """`expected` holds statuses that a test asks for on purpose: the console calls each of them an error."""

    origin: str
    expected: set[int] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(f"Script error: {error.error}"))
        context.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        expected = any(f"status of {status} " in message.text for status in self.expected)
        if message.type in ("error", "warning") and not expected:
            self.complaints.append(f"Console: {message.text} ({message.location})")

    def _asked(self, request: Request) -> None:
        self.addresses.append(request.url)

    @property
    def foreign(self) -> list[str]:
        return [address for address in self.addresses if not self._is_ours(address)]

    def _is_ours(self, address: str) -> bool:
        parts = urlsplit(address)
        return parts.scheme == "data" or f"{parts.scheme}://{parts.netloc}" == self.origin

    def problems(self) -> list[str]:
        return self.complaints + [f"Left the origin: {address}" for address in self.foreign]
