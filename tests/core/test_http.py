"""Who asks, from where, and who may keep a copy of the answer."""

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from education.core.http import client_address, no_store, public_page, same_origin
from tests.each import of_each


def asked(**headers: str) -> HttpRequest:
    return RequestFactory().post("/", **headers)  # type: ignore[arg-type]


@of_each(
    [
        ([], "1.1.1.1", "", "1.1.1.1"),
        ([], "1.1.1.1", "6.6.6.6", "1.1.1.1"),
        (["10.0.0.1"], "1.1.1.1", "6.6.6.6", "1.1.1.1"),
        (["10.0.0.1"], "10.0.0.1", "6.6.6.6, 2.2.2.2", "2.2.2.2"),
        (["10.0.0.1", "10.0.0.2"], "10.0.0.1", "6.6.6.6, 2.2.2.2, 10.0.0.2", "2.2.2.2"),
        (["10.0.0.1"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", " , 10.0.0.1", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "203.0.113.5:4711", "203.0.113.5"),
        (["10.0.0.1"], "10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        (["10.0.0.1"], "10.0.0.1", "2001:db8::1", "2001:db8::1"),
        (["10.0.0.1"], "10.0.0.1", "::ffff:203.0.113.5", "203.0.113.5"),
        (["10.0.0.1"], "::ffff:10.0.0.1", "203.0.113.5", "203.0.113.5"),
        (["10.0.0.1"], "10.0.0.1", "6.6.6.6, unknown", "10.0.0.1"),
        (["172.18.0.0/16"], "172.18.0.9", "6.6.6.6, 2.2.2.2, 172.18.3.4:80", "2.2.2.2"),
        (["172.18.0.0/16"], "172.19.0.9", "6.6.6.6", "172.19.0.9"),
        (["fd00::/8"], "fd00::9", "2.2.2.2", "2.2.2.2"),
        (["10.0.0.1"], "", "6.6.6.6", ""),
    ]
)
def test_only_a_trusted_proxy_is_believed(case: tuple[list[str], str, str, str], settings: object) -> None:
    trusted, peer, forwarded, address = case
    settings.TRUSTED_PROXIES = trusted  # type: ignore[attr-defined]
    assert client_address(asked(REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)) == address


@of_each(
    [
        ("", "", True),
        ("same-origin", "", True),
        ("none", "", True),
        ("same-origin", "null", True),
        ("", "http://testserver", True),
        ("same-origin", "http://testserver", True),
        ("cross-site", "", False),
        ("same-site", "http://testserver", False),
        ("", "https://www.clinic.test:8443", True),  # the port that the proxy left out
        ("", "https://www.clinic.test", False),
        ("", "null", False),
        ("none", "null", False),
        ("", "http://evil.test", False),
        ("same-origin", "http://evil.test", False),
        ("", "http://testserver.evil.test", False),
        ("", "http://[::1", False),
        ("same-origin", "http://testserver:x]", False),
    ]
)
def test_a_post_from_elsewhere_is_told_apart(case: tuple[str, str, bool], settings: object) -> None:
    site, origin, own = case
    settings.SITE_URL = "https://www.clinic.test:8443"  # type: ignore[attr-defined]
    headers = {"HTTP_SEC_FETCH_SITE": site, "HTTP_ORIGIN": origin}
    assert same_origin(asked(**{name: value for name, value in headers.items() if value})) is own


def test_a_public_page_may_be_kept_but_is_asked_for_again() -> None:
    @public_page
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers=kept)

    kept: dict[str, str] = {}
    assert view(asked())["Cache-Control"] == "public, no-cache"
    kept["Cache-Control"] = "no-store"
    assert view(asked())["Cache-Control"] == "no-store"


def test_what_is_private_is_never_kept_nor_told() -> None:
    @no_store
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "public"})

    response = view(asked())
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")
