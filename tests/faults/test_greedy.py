"""Who sends large bodies, tiny chunks or many passwords at once takes his own time, and nobody else's: in a trial and
behind nginx."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core.signing import TimestampSigner

from education.core.upload_pass import SALT
from tests.faults.asking import call, form_token, post
from tests.faults.bodies import memory
from tests.faults.greedy import (
    all_log_in,
    drip_after_a_fast_start,
    hoard,
    piled_marks,
    post_head,
    processor_seconds,
    tiny_chunks,
)
from tests.faults.production import Site
from tests.faults.wire import CLOSE, exchange

SOON = 20  # seconds; readers are promised one, and a machine that runs other tests too is forgiven the rest
CUT = 120  # seconds; a sender who drips is cut after fifteen
SENDERS, LOG_INS = 6, 16


def test_bytes_that_came_fast_buy_no_time_to_drip(trial: Site, production: Site) -> None:
    """Both at once: nearly all of it is waiting."""
    with ThreadPoolExecutor(2) as pool:
        for done in pool.map(lambda site: drip_after_a_fast_start(site.port, 4), (trial, production)):
            assert done.last_cut < CUT
            assert max(done.waited.values()) < SOON, done.waited


@pytest.mark.parametrize("addresses", [1, 24])
def test_a_patient_sends_the_form_while_others_fill_the_memory_for_bodies(either: Site, addresses: int) -> None:
    """The patient comes from one of these addresses: he may sit in the same waiting room as who attacks."""
    with hoard(either.port, [f"127.0.0.{number + 1}" for number in range(addresses)]):
        for number in range(6):  # each of the workers is asked
            assert post(either.port, form_token(either.port), f"Paula {number}").status == 303


@pytest.mark.parametrize("length", [b"Content-Length: 3000000\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_a_large_body_for_the_staff_area_takes_somebody_who_is_logged_in(either: Site, length: bytes) -> None:
    piece = b"x" * 150_000
    body = piece if b"Content-Length" in length else b"%x\r\n%s\r\n" % (len(piece), piece)
    reply = exchange(either.port, post_head("/admin/", CLOSE, length), body)
    assert reply.status == 403
    assert b"Log in" in reply.body
    assert call(either.port, "POST", "/admin/", "x" * 90_000).location.startswith("/accounts/login/")


def test_an_upload_with_a_pass_reaches_django(either: Site) -> None:
    """Which looks at the session, and finds none here."""
    signed = TimestampSigner(key=(either.data_dir / "keys" / "secret_key").read_text().strip(), salt=SALT).sign("7")
    prefix = b"__Host-" if either.is_production else b""
    body = b"x" * (settings.MAX_UPLOAD_MB * 1_000_000)
    cookie = b"Cookie: " + prefix + b"upload_pass=" + signed.encode() + b"\r\n"
    head = post_head("/admin/", CLOSE, cookie, b"Content-Length: %d\r\n" % len(body))
    assert exchange(either.port, head, body).headers["location"].startswith("/accounts/login/")


def test_senders_of_tiny_chunks_are_refused_before_they_cost_anything(either: Site) -> None:
    before = processor_seconds(either.run)
    replies, waited = tiny_chunks(either.port, SENDERS)
    refused = 408 if either.is_production else 400  # nginx packs the chunks anew, and the last one never comes
    assert [(reply.status, reply.answers) for reply in replies] == [(refused, 1)] * SENDERS
    assert max(waited.values()) < SOON, waited
    assert processor_seconds(either.run) - before < SENDERS  # they took several times that once


def test_piled_marks_cost_next_to_nothing(either: Site) -> None:
    before = processor_seconds(either.run)
    replies, waited = piled_marks(either.port, SENDERS)
    assert {reply.status for reply in replies} == {400}
    assert max(waited.values()) < SOON, waited
    assert processor_seconds(either.run) - before < SENDERS  # each took half a minute once


def test_many_log_ins_at_once_take_little_memory_and_keep_no_reader_waiting(either: Site) -> None:
    all_log_in(either.port, 6)  # what each worker loads once
    before, most, over = memory(either.run), 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not over.wait(0.02):
            most = max(most, memory(either.run) - before)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        replies, waited = all_log_in(either.port, LOG_INS)
    finally:
        over.set()
        watching.join()
    assert {reply.status for reply in replies} <= {200, 429, 504}  # 504 is nginx, which gives up on a busy machine
    assert max(waited.values()) < SOON, waited
    assert most < 60_000_000  # each password takes 19 MiB for itself
