"""A response that is ready to send, and how it is sent over ASGI."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

Headers = list[tuple[bytes, bytes]]
Scope = dict[str, Any]
FILE_BLOCK_BYTES = 65536


class Receive(Protocol):
    async def __call__(self) -> dict[str, Any]: ...


class Send(Protocol):
    async def __call__(self, message: dict[str, Any]) -> None: ...


@dataclass(slots=True)
class Response:
    """Header names are in small letters. A `file` is too large for memory and is read while it is sent. A `finished`
    response has all its headers and its content coding.
    """

    status: int
    headers: Headers
    body: bytes = b""
    file: BinaryIO | None = None
    finished: bool = False

    def header(self, name: bytes) -> bytes:
        """The first value of this header; empty if there is none."""
        return next((value for key, value in self.headers if key == name), b"")

    def header_values(self, name: bytes) -> list[bytes]:
        return [value for key, value in self.headers if key == name]

    def without_headers(self, *names: bytes) -> "Response":
        return Response(self.status, [pair for pair in self.headers if pair[0] not in names], self.body, self.file)


def with_defaults(headers: Headers, defaults: Iterable[tuple[bytes, bytes]]) -> Headers:
    """`headers`, and those defaults that are not set: a browser would apply two policies together."""
    names = {name for name, _ in headers}
    return headers + [pair for pair in defaults if pair[0] not in names]


async def send_response(response: Response, send: Send, *, head: bool = False) -> None:
    await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
    no_body = head or response.status in (204, 304)
    if response.file is None:
        await send({"type": "http.response.body", "body": b"" if no_body else response.body})
        return
    try:
        while not no_body and (block := await asyncio.to_thread(response.file.read, FILE_BLOCK_BYTES)):
            await send({"type": "http.response.body", "body": block, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        response.file.close()
