"""What may lie ready for everybody, for how long, and under which addresses."""

import time
from typing import Any

import pytest

from clinic_site.edge.page_cache.changes import Changes
from clinic_site.edge.page_cache.memory import FOREVER, Store, page_of, refusal
from clinic_site.edge.page_cache.page import Page
from clinic_site.edge.responses import Answer

PUBLIC = {
    b"content-type": b"text/html",
    b"cache-control": b"public, no-cache",
    b"surrogate-control": b"max-age=60",
    b"surrogate-key": b"own-page",
}


def answer(body: bytes = b"<p>Words.</p>", status: int = 200, **headers: bytes) -> Answer:
    given = PUBLIC | {name.replace("_", "-").encode(): value for name, value in headers.items()}
    return Answer(status, list(given.items()), body)


def page(path: str = "/a/", *, seen: int = 0, **facts: Any) -> Page:
    given = {"headers": [], "body": b"x" * 1000, "era": 0, "made": time.time(), "keep": 60, "names_others": False}
    return Page(path, seen=seen, **(given | facts))


def store(*rows: tuple[str, int, bool], limit: int = 10**6) -> Store:
    changes = Changes()
    changes.begin(list(rows), same=True)
    return Store(changes, limit=limit)


def test_a_page_for_everybody_is_let_in() -> None:
    assert refusal(answer()) == ""


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (answer(status=404), "not public"),
        (answer(surrogate_control=b""), "not public"),
        (answer(cache_control=b"private"), "its Cache-Control is not public"),
        (answer(cache_control=b"public, no-store"), "its Cache-Control is not public"),
        (answer(set_cookie=b"a=b"), "it sets a cookie"),
        (answer(vary=b"Accept-Encoding, Cookie"), "it varies"),
        (answer(content_security_policy=b"script-src 'nonce-abc'"), "its policy holds a nonce"),
        (answer(b"<input name='csrfmiddlewaretoken'>"), "it holds a token"),
        (answer(b'<input type="hidden" name="token" value="x">'), "it holds a token"),
        (answer(b'<script nonce="x">'), "it holds a token"),
        (answer(b"<a href='/my-request/abcdefghijklmnopqrstuvwxyz/'>"), "it holds a token"),
        (answer(b"x" * 1_000_001), "not public"),
    ],
)
def test_whatever_could_be_for_one_person_is_refused(odd: Answer, why: str) -> None:
    assert refusal(odd) == why


def test_a_page_says_what_its_headers_said_and_nothing_that_is_for_us() -> None:
    made = page_of("/a/", answer(surrogate_key=b"any-page", surrogate_query=b"from to", etag=b'"x"'), seen=7, era=1)
    assert (made.names_others, made.query, made.keep, made.seen) == (True, {"from", "to"}, 60.0, 7)
    assert {name for name, _ in made.headers} == {b"content-type", b"cache-control"}
    assert page_of("/a/", Answer(200, [(b"cache-control", b"immutable")], b""), seen=0, era=0).keep == FOREVER


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        (("/shelf/a/", 2, False), {"a", "names others"}),
        (("/shelf/*", 2, False), {"a", "b", "names others"}),
        (("*", 2, False), {"a", "b", "elsewhere", "names others"}),
        (("/elsewhere/", 2, False), {"elsewhere", "names others"}),
        (("/shelf/", 2, False), {"names others"}),
    ],
)
def test_a_change_makes_those_pages_old_that_it_concerns(change: tuple[str, int, bool], stale: set[str]) -> None:
    kept = store(("/shelf/a/", 1, False))
    pages = {
        "a": page("/shelf/a/", seen=1),
        "b": page("/shelf/b/", seen=1),
        "elsewhere": page("/elsewhere/", seen=1),
        "names others": page("/", seen=1, names_others=True),
    }
    assert all(map(kept.is_true, pages.values()))
    kept.changes.note([change])
    assert {name for name, one in pages.items() if not kept.is_true(one)} == stale


def test_a_page_of_another_database_or_of_the_future_is_not_true() -> None:
    kept = store(("/a/", 5, False))
    assert kept.is_true(page(seen=5))
    assert not kept.is_true(page(seen=6))
    assert not kept.is_true(page(seen=5, era=1))
    assert not kept.is_true(page(seen=5, made=time.time() - 61))


def test_without_the_database_the_last_good_page_stays_unless_it_was_taken_back() -> None:
    kept = store(("/a/", 1, False), ("/gone/", 2, True))
    for path in ("/a/", "/gone/", "/gone/history/"):
        kept.put(path, page(path, made=0))
        assert kept.current(path) is None
    kept.changes.away = True
    assert [bool(kept.current(path)) for path in ("/a/", "/gone/", "/gone/history/")] == [True, False, False]


def test_the_least_used_page_makes_room() -> None:
    size = page().size
    kept = store(limit=size * 2)
    for path in ("/a/", "/b/"):
        kept.put(path, page(path))
    assert kept.current("/a/")
    kept.put("/c/", page("/c/"))
    assert list(kept.pages) == ["/a/", "/c/"]
    assert kept.size == size * 2


def test_a_query_that_makes_no_difference_is_no_way_round() -> None:
    kept = store()
    kept.put("/a/", page())
    kept.put("/h/", page("/h/", query=frozenset(("from", "to"))))
    assert kept.key("/a/", "utm_source=x&y") == "/a/"
    assert kept.key("/h/", "x=1&to=2&from=1") == kept.key("/h/", "to=2&from=1&z") == "/h/?to=2&from=1"
    assert kept.key("/h/", "x=1") == "/h/"
    assert kept.key("/unknown/", "x=1") == "/unknown/?x=1"
