"""Answers that are ready to send, and how they are sent."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

Headers = list[tuple[bytes, bytes]]
Scope = dict[str, Any]
BLOCK = 65536


class Receive(Protocol):
    async def __call__(self) -> dict[str, Any]: ...


class Send(Protocol):
    async def __call__(self, message: dict[str, Any]) -> None: ...


@dataclass(slots=True)
class Answer:
    """`file` is read while it is sent, for what is too large to be held. Nothing need be done to a `ready` one."""

    status: int
    headers: Headers
    body: bytes = b""
    file: BinaryIO | None = None
    ready: bool = False

    def value(self, name: bytes) -> bytes:
        """The header of this name, in small letters; empty when there is none."""
        return next((value for key, value in self.headers if key == name), b"")

    def values(self, name: bytes) -> list[bytes]:
        return [value for key, value in self.headers if key == name]

    def without(self, *names: bytes) -> "Answer":
        return Answer(self.status, [pair for pair in self.headers if pair[0] not in names], self.body, self.file)


def with_defaults(headers: Headers, defaults: Iterable[tuple[bytes, bytes]]) -> Headers:
    """`headers`, and those defaults that nobody set: two policies in one answer would both hold."""
    known = {name for name, _ in headers}
    return headers + [pair for pair in defaults if pair[0] not in known]


async def deliver(answer: Answer, send: Send, *, head: bool = False) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    bare = head or answer.status in (204, 304)
    if answer.file is None:
        await send({"type": "http.response.body", "body": b"" if bare else answer.body})
        return
    try:
        while not bare and (block := await asyncio.to_thread(answer.file.read, BLOCK)):
            await send({"type": "http.response.body", "body": block, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        answer.file.close()
