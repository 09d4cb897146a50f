"""A bucket of the server that tests/s3.py starts, asked past the site. That server checks no signature."""

import re

from tests.faults.visitor import Page, Visitor

SIGNED = "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"


class Bucket:
    def __init__(self, port: int, name: str) -> None:
        self.server, self.name = Visitor(port), name
        self.address = f"s3+http://key:hidden@127.0.0.1:{port}/{name}"
        assert self._ask("PUT").status == 200

    def files(self) -> list[str]:
        return re.findall(r"<Key>(.*?)</Key>", self._ask("GET").body)

    def read(self, name: str) -> bytes:
        return self._ask("GET", name).content

    def write(self, name: str, words: str) -> None:
        assert self._ask("PUT", name, words).status == 200

    def empty(self) -> None:
        for name in self.files():
            self._ask("DELETE", name)

    def delete(self) -> None:
        self.empty()
        self._ask("DELETE")

    def _ask(self, method: str, name: str = "", body: str = "") -> Page:
        sent = {"Authorization": SIGNED, "Content_Type": "application/octet-stream"}  # a form would be read as fields
        return self.server.call(method, f"/{self.name}/{name}".rstrip("/"), body, **sent)
