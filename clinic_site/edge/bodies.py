"""Bodies of requests: how large each may be, how much of this worker's memory its sender may use, and reading them."""

import io
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from clinic_site.edge.responses import Receive, Scope
from education.core.http import address_behind, network_of


class BodyTooLarge(Exception):
    """A body is larger than its sender may send to this address. `status` is the refusal."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class TooManyBodies(Exception):
    """There is no memory left for this body."""


@dataclass(frozen=True)
class Allowance:
    """What one body may use: at most `limit` bytes, and `share` bytes together with its sender's other bodies."""

    sender: str
    limit: int
    share: int
    refusal: int = 413  # the status for one that is larger
    reserved: bool = False  # may use the reserve
    gives_way: bool = True  # to others, while it is incomplete and memory is short


@dataclass(frozen=True)
class BodyLimits:
    """From the settings. `holder_of` says to whom an upload pass among these cookies belongs."""

    by_path: tuple[tuple[str, int], ...]  # bytes by path prefix; the first prefix that fits counts
    uploads: str  # path prefix under which more than elsewhere takes an upload pass
    reserved: tuple[str, ...]  # path prefixes of the forms that patients send
    share: int  # bytes that one client address may have here at once
    proxies: tuple[str, ...]
    holder_of: Callable[[str], str]

    def allowance(self, scope: Scope, headers: dict[bytes, bytes]) -> Allowance:
        path = scope["path"]
        limit = next((limit for prefix, limit in self.by_path if path.startswith(prefix)), 0)
        if not path.startswith(self.uploads):
            return Allowance(self.sender(scope), limit, self.share, reserved=path.startswith(self.reserved))
        if holder := self.holder_of(headers.get(b"cookie", b"").decode("latin-1")):
            return Allowance(f"staff {holder}", limit, limit, gives_way=False)
        return Allowance(self.sender(scope), self.by_path[-1][1], self.share, refusal=403)

    def sender(self, scope: Scope) -> str:
        forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        peer = (scope.get("client") or ("",))[0]
        return network_of(address_behind(peer, forwarded.decode("latin-1"), proxies=self.proxies))


class Body(io.BytesIO):
    """A body in memory. `held` is how many of its bytes are charged to its sender."""

    def __init__(self, allowed: Allowance) -> None:
        super().__init__()
        self.allowed = allowed
        self.held = 0
        self.gave_way = False


class BodyReader:
    """Reads bodies into memory, never into a file, and never more than `limit` bytes of all of them together. The last
    `reserve` bytes are for patients' forms. Where there is no room, the largest body that is still coming in gives way:
    among those of its sender when he has used his share, else among all. A form that somebody has typed is small, and
    finds room whoever else sends from the same address, and from however many addresses.
    """

    def __init__(self, limit: int, *, reserve: int) -> None:
        self.limit = limit
        self.reserve = reserve
        self.held = 0
        self.held_by: Counter[str] = Counter()
        self.incomplete: set[Body] = set()

    async def read(self, receive: Receive, allowed: Allowance) -> Body | None:
        """One body; None if the sender left before its end. Raises BodyTooLarge and TooManyBodies.

        Whoever has finished with the body calls `release`.
        """
        body = Body(allowed)
        self.incomplete.add(body)
        complete = False
        try:
            while not complete:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                self._add(body, message.get("body", b""))
                complete = not message.get("more_body")
            body.seek(0)
            return body
        finally:
            self.incomplete.discard(body)
            if not complete:
                self.release(body)

    def _add(self, body: Body, part: bytes) -> None:
        allowed = body.allowed
        if body.gave_way:
            raise TooManyBodies
        if body.held + len(part) > allowed.limit:
            raise BodyTooLarge(allowed.refusal)
        self._charge(body, len(part))
        while self.held_by[allowed.sender] > allowed.share:
            self._make_room(body, [other for other in self.incomplete if other.allowed.sender == allowed.sender])
        while self.held > self.limit - (0 if allowed.reserved else self.reserve):
            self._make_room(body, self.incomplete)
        body.write(part)

    def _make_room(self, newcomer: Body, among: Collection[Body]) -> None:
        may_give_way = [body for body in among if body.allowed.gives_way]
        largest = max(may_give_way, key=lambda body: (body.held, body is newcomer), default=newcomer)
        if largest is newcomer or not largest.held:
            raise TooManyBodies
        self.release(largest)
        largest.gave_way = True
        largest.seek(0)
        largest.truncate()

    def release(self, body: Body) -> None:
        """Give the body's memory back. This does not close it: a thread whose request was given up may still be reading
        it.
        """
        self._charge(body, -body.held)

    def _charge(self, body: Body, count: int) -> None:
        body.held += count
        self.held += count
        self.held_by[body.allowed.sender] += count
        if not self.held_by[body.allowed.sender]:
            del self.held_by[body.allowed.sender]
