"""The edge itself: guard, page cache, bridge. `build.py` puts it together; `clinic_site.asgi` serves it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from clinic_site.edge.bodies import BodyReader, BodyTooLarge, TooManyBodies
from clinic_site.edge.bridge import Bridge, QueueFull, RequestHung
from clinic_site.edge.compression import compressed, may_compress
from clinic_site.edge.guard import Guard, is_known_host
from clinic_site.edge.page_cache.lookup import NotAcceptable, PageCache
from clinic_site.edge.page_cache.page import Variant
from clinic_site.edge.page_cache.warming import Warmer
from clinic_site.edge.responses import Receive, Response, Scope, Send, send_response, with_defaults

log = logging.getLogger(__name__)
INTERNAL_HEADERS = (b"surrogate-control", b"surrogate-scope", b"surrogate-query")  # from Django to the page cache
CHANGES_SECONDS = 0.1
HOUSEKEEPING_SECONDS = 1.0


Observe = Callable[[str, int, float], None]  # where an answer came from, its status, how many seconds it took


@dataclass
class Edge:
    """`https`: plain requests are for Django to redirect, so none is answered from the cache. `lanes` are bridges by
    path prefixes; the first that fits counts.
    """

    guard: Guard
    lanes: tuple[tuple[tuple[str, ...], Bridge], ...]
    https: bool
    page_cache: PageCache
    warmer: Warmer
    bodies: BodyReader
    at_start: Callable[[], object] = lambda: None
    observe: Observe | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            began = perf_counter()
            response = await self.respond(scope, receive)
            self.note(response, began)
            await send_response(response, send, head=scope["method"] == "HEAD")
        elif scope["type"] == "lifespan":
            await self.lifespan(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    def note(self, response: Response, began: float, source: str = "") -> None:
        if self.observe:
            found = source or ("store" if response.finished and response.status in (200, 304) else "django")
            self.observe(found, response.status, perf_counter() - began)

    def cached(self, target: bytes, headers: dict[bytes, bytes]) -> Variant | None:
        """For the fast lane: the cached page, if this plain request may have it. Never waits."""
        path, _, query = target.partition(b"?")
        if b"%" in path or not is_known_host(headers.get(b"host", b""), self.guard.hosts):
            return None
        if not self.is_secure(headers):
            return None
        return self.page_cache.get_now(path.decode("ascii"), query.decode("ascii"), headers)

    async def respond(self, scope: Scope, receive: Receive) -> Response:
        headers = dict(scope["headers"])
        if status := self.guard.refusal_status(scope, headers):
            return self.guard.refusal(status)
        try:
            found = await self.page_cache.get(scope, headers) if self.may_use_cache(scope, headers) else None
            if found is None:
                return await self.uncached(scope, receive, headers)
            return found if found.finished else await asyncio.to_thread(self.finished, found, headers)
        except NotAcceptable:
            return self.guard.refusal(406)
        except BodyTooLarge as refused:
            return self.guard.refusal(refused.status)
        except (TooManyBodies, QueueFull, RequestHung):
            return self.guard.refusal(503)

    def is_secure(self, headers: dict[bytes, bytes]) -> bool:
        return not self.https or headers.get(b"x-forwarded-proto") == b"https"

    def may_use_cache(self, scope: Scope, headers: dict[bytes, bytes]) -> bool:
        return scope["method"] != "POST" and b"content-length" not in headers and self.is_secure(headers)

    def bridge(self, scope: Scope) -> Bridge:
        return next(bridge for prefixes, bridge in self.lanes if scope["path"].startswith(prefixes))

    async def uncached(self, scope: Scope, receive: Receive, headers: dict[bytes, bytes]) -> Response:
        """Django's response to this one browser, finished in the thread that made it."""
        body = await self.bodies.read(receive, self.guard.body_limits.allowance(scope, headers))
        if body is None:  # the client has left
            return self.guard.refusal(408)
        from_django: list[Response] = []

        def finish(response: Response) -> Response:
            from_django.append(response)
            return self.finished(response, headers)

        try:
            response = await self.bridge(scope)(scope, body, finish)
        finally:
            self.bodies.release(body)
        self.page_cache.note_uncached(scope["path"], from_django[0])
        return response

    async def render_for_everybody(self, scope: Scope) -> Response:
        """Django's response with all its headers, for the page cache to judge."""
        began = perf_counter()
        response = await self.bridge(scope)(scope)
        self.note(response, began, "render")
        response.headers = with_defaults(response.headers, self.guard.headers)
        return response

    def finished(self, response: Response, headers: dict[bytes, bytes]) -> Response:
        """The response with every header that it must have and no internal one, compressed where that is safe."""
        response = response.without_headers(*INTERNAL_HEADERS)
        response.headers = with_defaults(response.headers, self.guard.headers)
        if b"cookie" in headers or not may_compress(response):
            return response
        return compressed(response, headers.get(b"accept-encoding"))

    async def lifespan(self, receive: Receive, send: Send) -> None:
        """ASGI's lifespan: what belongs to one process starts here, after the fork."""
        await receive()
        bridges = [bridge for _, bridge in self.lanes]
        for bridge in bridges:
            bridge.start()
        await self.page_cache.watcher.poll()
        tasks = [
            asyncio.create_task(repeat(CHANGES_SECONDS, self.page_cache.watcher.poll)),
            asyncio.create_task(self.page_cache.watcher.listen()),
            asyncio.create_task(repeat(CHANGES_SECONDS, self.page_cache.delete_withdrawn)),
            *(asyncio.create_task(repeat(HOUSEKEEPING_SECONDS, bridge.replace_hung_threads)) for bridge in bridges),
            asyncio.create_task(repeat(HOUSEKEEPING_SECONDS, self.warmer.tick)),
        ]
        self.at_start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in tasks:
            task.cancel()
        await send({"type": "lifespan.shutdown.complete"})


async def repeat(seconds: float, action: Callable[[], object]) -> None:
    """An action that fails is logged and tried again: without it readers would be left with outdated pages."""
    while True:
        await asyncio.sleep(seconds)
        try:
            result = action()
            if asyncio.iscoroutine(result):
                await result
        except Exception:
            log.exception("a background task of the edge failed")
