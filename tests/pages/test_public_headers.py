"""What every public page tells browsers, caches and other sites in its headers and its HTML."""

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.cast import care, clinic, published, reference, text
from tests.database import SharedRows
from tests.screens import harm, tags

pytestmark = pytest.mark.django_db
STORED = [
    "/",
    "/autoimmune-conditions/",
    "/autoimmune-conditions/lupus/",
    "/privacy/",
    "/a-z/",
    "/references/younger-2013/",
    "/autoimmune-conditions/lupus/history/",
    "/privacy/history/",
    "/people/starter-library/",
    "/glossary/",
    "/sitemap.xml",
    "/feed/",
    "/robots.txt",
    "/.well-known/security.txt",
]
NOT_STORED = ["/search/", "/search/?q=lupus", "/no-such-page/", "/autoimmune-conditions/no-such-page/", "/no/such/page"]
FORM = ["/request-a-consultation/"]
EVERY = STORED + NOT_STORED + FORM


@pytest.fixture(autouse=True, scope="module")
def pages(shared_rows: SharedRows) -> None:
    with shared_rows():
        clinic(accent="#1d3557")
        reference()
        published("lupus", blocks=[text("<h2>One</h2><p>Words.[@younger-2013]</p>"), care("emergency")])
        published("privacy", kind="policy")


def answer(client: Client, path: str) -> HttpResponse:
    """The response to a browser that has been in the staff area and prefers another language."""
    cookies = f"sessionid={'a' * 32}; csrftoken={'b' * 32}"
    return client.get(path, headers={"accept-language": "fr", "cookie": cookies})  # type: ignore[return-value]


@pytest.mark.parametrize("path", STORED)
def test_a_page_may_be_stored_but_is_revalidated(client: Client, path: str) -> None:
    response = answer(client, path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("path", NOT_STORED + FORM)
def test_private_pages_are_stored_nowhere(client: Client, path: str) -> None:
    assert "no-store" in answer(client, path)["Cache-Control"]


@pytest.mark.parametrize("path", NOT_STORED)
def test_no_other_page_learns_what_was_searched_for(client: Client, path: str) -> None:
    assert answer(client, path)["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", EVERY)
def test_no_reader_gets_a_cookie_and_no_page_differs_by_cookie_or_language(client: Client, path: str) -> None:
    response = answer(client, path)
    assert not response.cookies
    assert "Set-Cookie" not in response.headers
    assert "cookie" not in response.get("Vary", "").lower()
    assert "accept-language" not in response.get("Vary", "").lower()
    assert b"csrfmiddlewaretoken" not in response.content


def carried(response: HttpResponse) -> list[str]:
    """The hash of each style inside a page, as a browser computes it."""
    styles = re.findall(r"<style>(.*?)</style>", response.content.decode(), re.DOTALL)
    return [f"'sha256-{b64encode(sha256(css.encode()).digest()).decode()}'" for css in styles]


@pytest.mark.parametrize("path", EVERY)
def test_the_content_security_policy_allows_this_site_only(client: Client, path: str) -> None:
    policy = answer(client, path)["Content-Security-Policy"]
    given = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    for name in ("default-src", "base-uri", "frame-ancestors"):
        assert given[name] == ["'none'"], name
    for name in ("script-src", "font-src", "connect-src", "form-action", "manifest-src"):
        assert given[name] == ["'self'"], name
    assert given["img-src"] == ["'self'", "data:"]
    assert given["style-src"] == ["'self'", *carried(answer(client, path))]
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert "//" not in re.sub(r"'sha256-[^']+'", "", policy)
    assert "*" not in policy


@pytest.mark.parametrize("path", EVERY)
def test_framing_type_sniffing_and_referrers_are_refused(client: Client, path: str) -> None:
    response = answer(client, path)
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Referrer-Policy"] in ("same-origin", "no-referrer")
    for name in ("Server", "X-Powered-By"):
        assert name not in response.headers


PAGES = [path for path in EVERY if not path.endswith((".xml", ".txt", "/feed/"))]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_loaded_from_another_origin_or_runs_inline(client: Client, path: str) -> None:
    page = answer(client, path).content.decode()
    assert harm(page) == []
    for tag, given in tags(page):
        loaded = given.get("src") or (given.get("href") if tag == "link" else "") or given.get("srcset") or "/"
        assert str(loaded).startswith("/"), (tag, given)
        assert not str(loaded).startswith("//")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_blocks_rendering(client: Client, path: str) -> None:
    """A style sheet is for paper or forced colours, or stands below the head of an article, which is drawn by then."""
    seen: list[str] = []
    for tag, given in tags(answer(client, path).content.decode()):
        seen.append(tag)
        if tag == "link" and given.get("rel") == "stylesheet":
            assert given.get("media") in ("print", "(forced-colors: active)") or "h1" in seen, given
        assert tag != "script" or "defer" in given or given.get("type") == "module", given


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_title_a_language_one_main_heading_and_a_skip_link(client: Client, path: str) -> None:
    page = answer(client, path).content.decode()
    found: list[tuple[str, dict[str, Any]]] = list(tags(page))
    assert [given.get("lang") for tag, given in found if tag == "html"] == ["en"]
    assert [tag for tag, _ in found].count("h1") == 1
    assert [given.get("id") for tag, given in found if tag == "main"] == ["main"]
    assert next(given["href"] for tag, given in found if tag == "a") == "#main"
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert title.endswith(" – Test Clinic")
    assert len(title) > len(" – Test Clinic")


@pytest.mark.parametrize("path", PAGES)
def test_ids_are_unique_and_headings_skip_no_level(client: Client, path: str) -> None:
    found = list(tags(answer(client, path).content.decode()))
    ids = [given["id"] for _, given in found if given.get("id")]
    assert len(ids) == len(set(ids))
    levels = [int(tag[1]) for tag, _ in found if tag in ("h1", "h2", "h3", "h4", "h5", "h6")]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("path", STORED)
def test_a_head_request_is_answered_like_a_get(client: Client, path: str) -> None:
    assert client.head(path).status_code == 200


def test_logged_in_users_get_the_same_public_page(client: Client, admin_client: Client) -> None:
    for path in STORED[:6]:
        assert admin_client.get(path).content == client.get(path).content
        assert "cookie" not in admin_client.get(path).get("Vary", "").lower()
