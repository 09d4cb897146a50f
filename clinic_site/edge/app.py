"""The edge: guard, published pages, bridge. One ASGI application; `clinic_site.asgi` puts it before Django."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from clinic_site.edge.bridge import Bridge, Busy, Hung
from clinic_site.edge.compression import can_be_shorter, shortened
from clinic_site.edge.guard import Bodies, Full, Guard, TooLarge, known_host
from clinic_site.edge.page_cache.lookup import NotAcceptable, Pages
from clinic_site.edge.page_cache.page import Ready
from clinic_site.edge.page_cache.warming import Warmer
from clinic_site.edge.responses import Answer, Receive, Scope, Send, deliver, with_defaults

log = logging.getLogger(__name__)
FOR_US = (b"surrogate-control", b"surrogate-key", b"surrogate-query")
WATCH_SECONDS = 0.2
LOOK_SECONDS = 1.0


@dataclass
class Edge:
    """`https`: plain requests are for Django to redirect, so none is answered from the pages."""

    guard: Guard
    bridge: Bridge
    https: bool
    pages: Pages
    warmer: Warmer
    bodies: Bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await deliver(await self.answer(scope, receive), send, head=scope["method"] == "HEAD")
        elif scope["type"] == "lifespan":
            await self.live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    def ready(self, target: bytes, headers: dict[bytes, bytes]) -> Ready | None:
        """For the fast lane: the answer that lies ready, if this plain request may have it."""
        path, _, query = target.partition(b"?")
        if b"%" in path or not known_host(headers.get(b"host", b""), self.guard.hosts) or not self.is_safe(headers):
            return None
        return self.pages.ready(path.decode("ascii"), query.decode("ascii"), headers)

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        headers = dict(scope["headers"])
        if status := self.guard.refusal(scope, headers):
            return self.guard.refused(status)
        try:
            found = await self.pages.find(scope, headers) if self.may_be_kept(scope, headers) else None
            if found is None:
                return await self.of_one(scope, receive, headers)
            return found if found.ready else await asyncio.to_thread(self.finished, found, headers)
        except NotAcceptable:
            return self.guard.refused(406)
        except TooLarge:
            return self.guard.refused(413)
        except (Full, Busy, Hung):
            return self.guard.refused(503)

    def is_safe(self, headers: dict[bytes, bytes]) -> bool:
        return not self.https or headers.get(b"x-forwarded-proto") == b"https"

    def may_be_kept(self, scope: Scope, headers: dict[bytes, bytes]) -> bool:
        return scope["method"] != "POST" and b"content-length" not in headers and self.is_safe(headers)

    async def of_one(self, scope: Scope, receive: Receive, headers: dict[bytes, bytes]) -> Answer:
        """What Django says to this one browser, finished by the thread that has it in hand."""
        body = await self.bodies.read(receive, self.guard.limit(scope["path"]))
        if body is None:  # whoever asked has left
            return self.guard.refused(408)
        said: list[Answer] = []

        def finish(answer: Answer) -> Answer:
            said.append(answer)
            return self.finished(answer, headers)

        try:
            answer = await self.bridge(scope, body, finish)
        finally:
            self.bodies.release(body)
        self.pages.passed(scope["path"], said[0])
        return answer

    async def of_all(self, scope: Scope) -> Answer:
        """What Django says to everybody, for the pages to judge."""
        answer = await self.bridge(scope)
        answer.headers = with_defaults(answer.headers, self.guard.headers)
        return answer

    def finished(self, answer: Answer, headers: dict[bytes, bytes]) -> Answer:
        """With all that an answer must say, and nothing that is for us alone."""
        answer = answer.without(*FOR_US)
        answer.headers = with_defaults(answer.headers, self.guard.headers)
        if b"cookie" in headers or not can_be_shorter(answer):
            return answer
        return shortened(answer, headers.get(b"accept-encoding"))

    async def live(self, receive: Receive, send: Send) -> None:
        """ASGI's lifespan: what belongs to one process starts here, after the fork."""
        await receive()
        self.bridge.start()
        await self.pages.watch.tick()
        chores = [
            asyncio.create_task(every(WATCH_SECONDS, self.pages.watch.tick)),
            asyncio.create_task(every(WATCH_SECONDS, self.pages.forget_what_is_gone)),
            asyncio.create_task(every(LOOK_SECONDS, self.bridge.look_after)),
            asyncio.create_task(every(LOOK_SECONDS, self.warmer.tick)),
        ]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for chore in chores:
            chore.cancel()
        await send({"type": "lifespan.shutdown.complete"})


async def every(seconds: float, what: Callable[[], object]) -> None:
    """A chore that fails is told of, and done again: without it readers would be left with yesterday's truth."""
    while True:
        await asyncio.sleep(seconds)
        try:
            done = what()
            if asyncio.iscoroutine(done):
                await done
        except Exception:
            log.exception("a chore of the edge failed")
