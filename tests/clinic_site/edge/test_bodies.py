"""How much a sender's bodies may use of a worker's memory."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.conf import settings
from django.core.signing import TimestampSigner
from django.http import HttpResponse

from clinic_site.edge.bodies import Allowance, Body, BodyLimits, BodyReader, BodyTooLarge, TooManyBodies
from clinic_site.edge.build import body_limits
from education.core.upload_pass import SALT, give_upload_pass

SMALL, UPLOAD = 100_000, dict(settings.BODY_LIMITS)["/admin/"]


class Sender:
    """Sends a body in parts, and waits after each until it is told to go on."""

    def __init__(self) -> None:
        self.parts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def __call__(self) -> dict[str, Any]:
        return await self.parts.get()

    def send(self, size: int, *, more: bool = True) -> None:
        self.parts.put_nowait({"type": "http.request", "body": b"x" * size, "more_body": more})

    def leave(self) -> None:
        self.parts.put_nowait({"type": "http.disconnect"})


def allowed(sender: str, limit: int = 100, share: int = 100, **more: bool) -> Allowance:
    return Allowance(sender, limit, share, **more)


async def sending(reader: BodyReader, allowance: Allowance, size: int) -> tuple[Sender, "asyncio.Task[Body | None]"]:
    """So much has come of a body that goes on."""
    sender = Sender()
    task = asyncio.create_task(reader.read(sender, allowance))
    sender.send(size)
    await settled()
    return sender, task


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@asynccontextmanager
async def complete(reader: BodyReader, allowance: Allowance, size: int) -> Any:
    sender = Sender()
    sender.send(size, more=False)
    body = await reader.read(sender, allowance)
    assert body
    yield body
    reader.release(body)


def run(scene: Callable[[BodyReader], Awaitable[None]], limit: int = 200, reserve: int = 50) -> None:
    """Afterwards nothing is held any more."""
    reader = BodyReader(limit, reserve=reserve)
    asyncio.run(scene(reader))  # type: ignore[arg-type]
    assert (reader.held, dict(reader.held_by), reader.incomplete) == (0, {}, set())


def test_an_address_has_its_share_and_no_more() -> None:
    async def scene(reader: BodyReader) -> None:
        first, one = await sending(reader, allowed("a"), 60)
        _, two = await sending(reader, allowed("a"), 60)
        with pytest.raises(TooManyBodies):
            await two
        async with complete(reader, allowed("b"), 60) as other:
            assert other.read() == b"x" * 60
        first.leave()
        assert await one is None

    run(scene)


def test_a_form_from_the_address_of_a_greedy_sender_finds_room() -> None:
    async def scene(reader: BodyReader) -> None:
        large, one = await sending(reader, allowed("a"), 95)
        async with complete(reader, allowed("a"), 10):
            assert reader.held == 10
        large.leave()
        assert await one is None

    run(scene)


def test_the_reserve_is_for_patients_forms() -> None:
    async def scene(reader: BodyReader) -> None:
        async with complete(reader, allowed("a"), 90), complete(reader, allowed("b"), 60):
            with pytest.raises(TooManyBodies):
                async with complete(reader, allowed("c"), 1):
                    pass
            async with complete(reader, allowed("c", reserved=True), 50):
                assert reader.held == 200

    run(scene)


def test_the_largest_body_that_is_still_coming_gives_way_to_a_small_one() -> None:
    async def scene(reader: BodyReader) -> None:
        large, one = await sending(reader, allowed("a"), 90)
        small, two = await sending(reader, allowed("b"), 55)
        async with complete(reader, allowed("c"), 40):
            assert reader.held == 95
        large.send(1)
        with pytest.raises(TooManyBodies):
            await one
        small.send(1, more=False)
        body = await two
        assert body
        reader.release(body)

    run(scene)


def test_an_upload_of_staff_gives_way_to_nobody() -> None:
    async def scene(reader: BodyReader) -> None:
        staff, one = await sending(reader, allowed("staff 1", gives_way=False), 90)
        _, two = await sending(reader, allowed("a"), 70)
        with pytest.raises(TooManyBodies):
            await two
        staff.send(5, more=False)
        body = await one
        assert body
        reader.release(body)

    run(scene)


def test_a_body_larger_than_its_limit_is_refused_with_the_status_for_it() -> None:
    async def scene(reader: BodyReader) -> None:
        _, one = await sending(reader, Allowance("a", 10, 100, refusal=403), 11)
        with pytest.raises(BodyTooLarge) as refused:
            await one
        assert refused.value.status == 403

    run(scene)


def scope(path: str, peer: str = "1.2.3.4", *forwarded: str) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return {"path": path, "client": (peer, 1), "headers": headers}


def limits(**more: Any) -> BodyLimits:
    return BodyLimits(**{**vars(body_limits()), **more})


def pass_cookie(holder: str) -> dict[bytes, bytes]:
    response = HttpResponse()
    give_upload_pass(response, holder)
    return {b"cookie": f"a=b; {response.cookies.output(header='', attrs=[]).strip()}".encode()}


def test_only_staff_with_a_pass_may_send_what_an_upload_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = body_limits().allowance(scope("/admin/"), {})
    assert (stranger.limit, stranger.refusal) == (SMALL, 403)
    staff = body_limits().allowance(scope("/admin/"), pass_cookie("7"))
    assert (staff.limit, staff.sender, staff.gives_way) == (UPLOAD, "staff 7", False)
    assert body_limits().allowance(scope("/accounts/login/"), pass_cookie("7")).limit == SMALL
    forged = {b"cookie": pass_cookie("7")[b"cookie"] + b"x"}
    assert body_limits().allowance(scope("/admin/"), forged).limit == SMALL
    monkeypatch.setattr(TimestampSigner, "timestamp", lambda self: "1Zzzzz")  # some years ago
    assert body_limits().allowance(scope("/admin/"), pass_cookie("7")).limit == SMALL
    assert SALT == "education.core.upload_pass"


def test_a_sender_is_the_client_behind_the_trusted_proxy_and_his_whole_ipv6_network() -> None:
    behind = limits(proxies=("10.0.0.1",))
    assert behind.sender(scope("/", "10.0.0.1", "6.6.6.6", "2.2.2.2")) == "2.2.2.2"
    assert behind.sender(scope("/", "1.2.3.4", "6.6.6.6")) == "1.2.3.4"
    assert behind.sender(scope("/", "2001:db8:1:2:3::4")) == "2001:db8:1:2::/64"
    assert behind.sender(scope("/", "::ffff:1.2.3.4")) == "1.2.3.4"


@pytest.mark.parametrize("path", settings.PATIENT_PATHS)
def test_what_patients_send_may_use_the_reserve(path: str) -> None:
    assert body_limits().allowance(scope(f"{path}x/"), {}).reserved
    assert not body_limits().allowance(scope("/accounts/login/"), {}).reserved
