"""What may be kept in memory for everybody, for how long, and under which addresses."""

import time
from typing import Any

from clinic_site.edge.page_cache.changes import ChangeLog
from clinic_site.edge.page_cache.memory import FOREVER, MemoryCache, page_from, uncacheable_because
from clinic_site.edge.page_cache.page import CachedPage
from clinic_site.edge.responses import Response
from tests.each import of_each

PUBLIC = {
    b"content-type": b"text/html",
    b"cache-control": b"public, no-cache",
    b"surrogate-control": b"max-age=60",
    b"surrogate-scope": b"own-page",
}


def response(body: bytes = b"<p>Words.</p>", status: int = 200, **headers: bytes) -> Response:
    given = PUBLIC | {name.replace("_", "-").encode(): value for name, value in headers.items()}
    return Response(status, list(given.items()), body)


def page(path: str = "/a/", *, change: int = 0, **facts: Any) -> CachedPage:
    given = {
        "headers": [],
        "body": b"x" * 1000,
        "epoch": 0,
        "rendered_at": time.time(),
        "max_age": 60,
        "names_others": False,
    }
    return CachedPage(path, change=change, **(given | facts))


def memory(*rows: tuple[str, int, bool], limit: int = 10**6) -> MemoryCache:
    changes = ChangeLog()
    changes.restart(list(rows), same_database=True)
    return MemoryCache(changes, limit=limit)


def test_a_page_for_everybody_may_be_kept() -> None:
    assert uncacheable_because(response()) == ""


@of_each(
    [
        (response(status=404), "not public"),
        (response(surrogate_control=b""), "not public"),
        (response(cache_control=b"private"), "its Cache-Control is not public"),
        (response(cache_control=b"public, no-store"), "its Cache-Control is not public"),
        (response(set_cookie=b"a=b"), "it sets a cookie"),
        (response(vary=b"Accept-Encoding, Cookie"), "it varies"),
        (response(content_security_policy=b"script-src 'nonce-abc'"), "its policy holds a nonce"),
        (response(b"<input name='csrfmiddlewaretoken'>"), "it holds a token"),
        (response(b'<input type="hidden" name="token" value="x">'), "it holds a token"),
        (response(b'<script nonce="x">'), "it holds a token"),
        (response(b"<a href='/my-request/abcdefghijklmnopqrstuvwxyz/'>"), "it holds a token"),
        (response(b"x" * 1_000_001), "not public"),
    ]
)
def test_whatever_could_be_for_one_person_is_refused(case: tuple[Response, str]) -> None:
    odd, why = case
    assert uncacheable_because(odd) == why


def test_a_page_takes_over_its_headers_without_the_internal_ones() -> None:
    made = page_from(
        "/a/", response(surrogate_scope=b"any-page", surrogate_query=b"from to", etag=b'"x"'), change=7, epoch=1
    )
    assert (made.names_others, made.query_parameters, made.max_age, made.change) == (True, {"from", "to"}, 60.0, 7)
    assert {name for name, _ in made.headers} == {b"content-type", b"cache-control"}
    assert (
        page_from("/a/", Response(200, [(b"cache-control", b"immutable")], b""), change=0, epoch=0).max_age == FOREVER
    )


@of_each(
    [
        (("/shelf/a/", 2, False), {"a", "names others"}),
        (("/shelf/*", 2, False), {"a", "b", "names others"}),
        (("*", 2, False), {"a", "b", "elsewhere", "names others"}),
        (("/elsewhere/", 2, False), {"elsewhere", "names others"}),
        (("/shelf/", 2, False), {"names others"}),
    ]
)
def test_a_change_makes_the_pages_outdated_that_it_concerns(case: tuple[tuple[str, int, bool], set[str]]) -> None:
    change, stale = case
    kept = memory(("/shelf/a/", 1, False))
    pages = {
        "a": page("/shelf/a/", change=1),
        "b": page("/shelf/b/", change=1),
        "elsewhere": page("/elsewhere/", change=1),
        "names others": page("/", change=1, names_others=True),
    }
    assert all(map(kept.is_fresh, pages.values()))
    kept.changes.apply([change])
    assert {name for name, one in pages.items() if not kept.is_fresh(one)} == stale


def test_a_page_of_another_database_or_of_the_future_is_not_fresh() -> None:
    kept = memory(("/a/", 5, False))
    assert kept.is_fresh(page(change=5))
    assert not kept.is_fresh(page(change=6))
    assert not kept.is_fresh(page(change=5, epoch=1))
    assert not kept.is_fresh(page(change=5, rendered_at=time.time() - 61))


def test_without_the_database_the_last_good_page_stays_unless_it_was_withdrawn() -> None:
    kept = memory(("/a/", 1, False), ("/gone/", 2, True))
    for path in ("/a/", "/gone/", "/gone/history/"):
        kept.put(path, page(path, rendered_at=0))
        assert kept.get(path) is None
    kept.changes.database_down = True
    assert [bool(kept.get(path)) for path in ("/a/", "/gone/", "/gone/history/")] == [True, False, False]


def test_the_least_recently_used_page_is_dropped_first() -> None:
    size = page().size
    kept = memory(limit=size * 2)
    for path in ("/a/", "/b/"):
        kept.put(path, page(path))
    assert kept.get("/a/")
    kept.put("/c/", page("/c/"))
    assert list(kept.pages) == ["/a/", "/c/"]
    assert kept.size == size * 2


def test_a_query_that_makes_no_difference_gets_the_same_page() -> None:
    kept = memory()
    kept.put("/a/", page())
    kept.put("/h/", page("/h/", query_parameters=frozenset(("from", "to"))))
    assert kept.key("/a/", "utm_source=x&y") == "/a/"
    assert kept.key("/h/", "x=1&to=2&from=1") == kept.key("/h/", "to=2&from=1&z") == "/h/?to=2&from=1"
    assert kept.key("/h/", "x=1") == "/h/"
    assert kept.key("/unknown/", "x=1") == "/unknown/?x=1"
