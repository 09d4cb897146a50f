"""Somebody with a browser: keeps cookies, follows nothing by itself, sends forms as a page of the site does."""

import http.client
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.faults.wire import HttpsPort, connect

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Page:
    status: int
    headers: http.client.HTTPMessage
    content: bytes
    seconds: float

    @property
    def location(self) -> str:
        return str(self.headers.get("Location", ""))

    @property
    def body(self) -> str:
        return self.content.decode()


@dataclass
class Visitor:
    """`address` is where he comes from: each 127.x.y.z is another person to the site."""

    port: int
    address: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)  # each cookie's Set-Cookie header as it came last

    @property
    def origin(self) -> str:
        return f"https://{self.host}" if isinstance(self.port, HttpsPort) else f"http://{self.host}"

    @property
    def host(self) -> str:
        return "127.0.0.1" if isinstance(self.port, HttpsPort) else f"127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Page:
        return self.call("GET", path, **headers)

    def post(self, path: str, data: Mapping[str, str | list[str]], **headers: str) -> Page:
        """From a page of this site, unless the headers say otherwise: `Origin="https://evil.test"`."""
        own = {"Origin": self.origin, "Referer": self.origin + path, "Sec-Fetch-Site": "same-origin"}
        return self.call("POST", path, urlencode(data, doseq=True), **own | headers)

    def send(self, path: str, data: Mapping[str, str | list[str]], **headers: str) -> Page:
        """Open the page, then send its form."""
        found = CSRF.search(self.get(path).body)
        assert found, f"{path} has no form of ours"
        return self.post(path, {"csrfmiddlewaretoken": found[1], **data}, **headers)

    def call(self, method: str, path: str, body: str = "", **headers: str) -> Page:
        """Underscores in the names of headers stand for hyphens."""
        sent = {"Host": self.host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.sock = self.connected()
        try:
            connection.request(method, path, body or None, sent)
            answer = connection.getresponse()
            page = Page(answer.status, answer.headers, answer.read(), time.monotonic() - began)
        finally:
            connection.close()
        self._keep_cookies(page.headers.get_all("Set-Cookie") or [])
        return page

    def connected(self) -> socket.socket:
        return connect(self.port, source=self.address)

    def _keep_cookies(self, lines: list[str]) -> None:
        for line in lines:
            for name, cookie in SimpleCookie(line).items():
                self.given[name] = line
                self.cookies[name] = cookie.value
                if not cookie.value or cookie["max-age"] == "0":
                    del self.cookies[name]
