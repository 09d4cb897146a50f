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
from tests.each import of_each
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
Answers = dict[str, Any]  # by path


@pytest.fixture(autouse=True, scope="module")
def answers(shared_rows: SharedRows) -> Answers:
    """What a browser gets that has been in the staff area and prefers another language."""
    cookies = f"sessionid={'a' * 32}; csrftoken={'b' * 32}"
    with shared_rows():
        clinic(accent="#1d3557")
        reference()
        published("lupus", blocks=[text("<h2>One</h2><p>Words.[@younger-2013]</p>"), care("emergency")])
        published("privacy", kind="policy")
        return {path: Client().get(path, headers={"accept-language": "fr", "cookie": cookies}) for path in EVERY}


@of_each(STORED)
def test_a_page_may_be_stored_but_is_revalidated(path: str, answers: Answers) -> None:
    response = answers[path]
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, no-cache"


@of_each(NOT_STORED + FORM)
def test_private_pages_are_stored_nowhere(path: str, answers: Answers) -> None:
    assert "no-store" in answers[path]["Cache-Control"]


@of_each(NOT_STORED)
def test_no_other_page_learns_what_was_searched_for(path: str, answers: Answers) -> None:
    assert answers[path]["Referrer-Policy"] == "no-referrer"


@of_each(EVERY)
def test_no_reader_gets_a_cookie_and_no_page_differs_by_cookie_or_language(path: str, answers: Answers) -> None:
    response = answers[path]
    assert not response.cookies
    assert "Set-Cookie" not in response.headers
    assert "cookie" not in response.get("Vary", "").lower()
    assert "accept-language" not in response.get("Vary", "").lower()
    assert b"csrfmiddlewaretoken" not in response.content


def carried(response: HttpResponse) -> list[str]:
    """The hash of each style inside a page, as a browser computes it."""
    styles = re.findall(r"<style>(.*?)</style>", response.content.decode(), re.DOTALL)
    return [f"'sha256-{b64encode(sha256(css.encode()).digest()).decode()}'" for css in styles]


@of_each(EVERY)
def test_the_content_security_policy_allows_this_site_only(path: str, answers: Answers) -> None:
    policy = answers[path]["Content-Security-Policy"]
    given = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    for name in ("default-src", "base-uri", "frame-ancestors"):
        assert given[name] == ["'none'"], name
    for name in ("script-src", "font-src", "connect-src", "form-action", "manifest-src"):
        assert given[name] == ["'self'"], name
    assert given["img-src"] == ["'self'", "data:"]
    assert given["style-src"] == ["'self'", *carried(answers[path])]
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert "//" not in re.sub(r"'sha256-[^']+'", "", policy)
    assert "*" not in policy


@of_each(EVERY)
def test_framing_type_sniffing_and_referrers_are_refused(path: str, answers: Answers) -> None:
    response = answers[path]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Referrer-Policy"] in ("same-origin", "no-referrer")
    for name in ("Server", "X-Powered-By"):
        assert name not in response.headers


PAGES = [path for path in EVERY if not path.endswith((".xml", ".txt", "/feed/"))]


@of_each(PAGES)
def test_nothing_is_loaded_from_another_origin_or_runs_inline(path: str, answers: Answers) -> None:
    page = answers[path].content.decode()
    # Without scripts the request form moves to an address of its own.
    assert harm(page) == (["<noscript>", "<meta>"] if path == "/request-a-consultation/" else [])
    for tag, given in tags(page):
        loaded = given.get("src") or (given.get("href") if tag == "link" else "") or given.get("srcset") or "/"
        assert str(loaded).startswith("/"), (tag, given)
        assert not str(loaded).startswith("//")


@of_each(PAGES)
def test_nothing_blocks_rendering(path: str, answers: Answers) -> None:
    """A style sheet is for paper or forced colors, or stands below the head of an article, which is drawn by then."""
    seen: list[str] = []
    for tag, given in tags(answers[path].content.decode()):
        seen.append(tag)
        if tag == "link" and given.get("rel") == "stylesheet":
            assert given.get("media") in ("print", "(forced-colors: active)") or "h1" in seen, given
        assert tag != "script" or "defer" in given or given.get("type") == "module", given


@of_each(PAGES)
def test_every_page_has_a_title_a_language_one_main_heading_and_a_skip_link(path: str, answers: Answers) -> None:
    page = answers[path].content.decode()
    found: list[tuple[str, dict[str, Any]]] = list(tags(page))
    assert [given.get("lang") for tag, given in found if tag == "html"] == ["en"]
    assert [tag for tag, _ in found].count("h1") == 1
    assert [given.get("id") for tag, given in found if tag == "main"] == ["main"]
    assert next(given["href"] for tag, given in found if tag == "a") == "#main"
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert title.endswith(" – Test Clinic")
    assert len(title) > len(" – Test Clinic")


@of_each(PAGES)
def test_every_page_says_what_it_is_about(path: str, answers: Answers) -> None:
    found = list(tags(answers[path].content.decode()))
    about = [given["content"] for tag, given in found if tag == "meta" and given.get("name") == "description"]
    assert [bool(str(words).strip()) for words in about] == [True], about


@of_each(PAGES)
def test_ids_are_unique_and_headings_skip_no_level(path: str, answers: Answers) -> None:
    found = list(tags(answers[path].content.decode()))
    ids = [given["id"] for _, given in found if given.get("id")]
    assert len(ids) == len(set(ids))
    levels = [int(tag[1]) for tag, _ in found if tag in ("h1", "h2", "h3", "h4", "h5", "h6")]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@of_each(STORED)
def test_a_head_request_is_answered_like_a_get(path: str, client: Client) -> None:
    assert client.head(path).status_code == 200


def test_logged_in_users_get_the_same_public_page(client: Client, admin_client: Client) -> None:
    for path in STORED[:6]:
        assert admin_client.get(path).content == client.get(path).content
        assert "cookie" not in admin_client.get(path).get("Vary", "").lower()
