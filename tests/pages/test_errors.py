"""Error pages say what is wrong, help, and have the right status."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory

from education.pages import views
from tests.cast import clinic, published
from tests.screens import body, links, plain_words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/no-such-page/", "/autoimmune-conditions/no-such/", "/a/b/c/", "/media/x.png"])
def test_a_missing_page_helps_to_find_another(client: Client, path: str) -> None:
    clinic(telephone="555 0100")
    published("lupus")
    response = client.get(path)
    assert response.status_code == 404
    page = body(response)
    main = page[page.index("<main") : page.index("</main>")]
    assert "We can’t find that page" in main
    assert "Search for it, or choose a page below." in main
    assert {"/a-z/", "/autoimmune-conditions/", "tel:5550100"} <= set(links(main))
    assert 'action="/search/"' in main


def test_the_requested_address_is_not_repeated(client: Client) -> None:
    assert "patricia" not in body(client.get("/patricia-canary/"))


def test_an_address_without_its_last_slash_is_redirected(client: Client) -> None:
    published("lupus")
    response = client.get("/autoimmune-conditions/lupus")
    assert (response.status_code, response["Location"]) == (301, "/autoimmune-conditions/lupus/")


@pytest.fixture
def quiet() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (SuspiciousOperation("x"), 400, "We couldn’t read what was sent"),
        (PermissionDenied(), 403, "You can’t open this page"),
    ],
)
def test_each_error_has_its_own_text(
    quiet: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, said: str
) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr("education.search.views.find", fails)
    clinic(telephone="555 0100")
    response = quiet.get("/search/?q=x")
    assert response.status_code == status
    assert said in plain_words(body(response))
    assert {"/", "tel:5550100"} <= set(links(body(response)))
    assert "no-store" in response["Cache-Control"]


def test_the_500_page_needs_no_database(  # the one query comes before: whether the clinic's profile has changed
    quiet: Client, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise ValueError("full of patricia canary")

    quiet.get("/search/?q=x")
    monkeypatch.setattr("education.search.views.find", fails)
    with django_assert_max_num_queries(1):
        response = quiet.get("/search/?q=x")
    assert response.status_code == 500
    assert "canary" not in body(response)
    assert "Traceback" not in body(response)
    assert "<h1>" in body(response)
    assert response["Content-Security-Policy"]


def test_an_outage_says_whose_site_it_is_and_whom_to_call(quiet: Client) -> None:
    clinic(name="Quill Clinic", telephone="555 0100")
    quiet.get("/")

    def damaged(*args: Any) -> None:
        raise DatabaseError("database disk image is malformed")

    with connection.execute_wrapper(damaged):
        page = body(quiet.get("/search/?q=x"))
    assert "QC" in page
    assert "Quill Clinic" in plain_words(page[: page.index("<main")])
    assert "tel:112" in links(page)


def test_with_a_damaged_database_patients_read_a_calm_page_with_the_telephone(quiet: Client) -> None:
    clinic(telephone="555 0100")
    quiet.get("/")

    def damaged(*args: Any) -> None:
        raise DatabaseError("database disk image is malformed, says patricia canary")

    with connection.execute_wrapper(damaged):
        for path in ("/", "/a-z/", "/autoimmune-conditions/lupus/", "/search/?q=x", "/no/such/page/"):
            response = quiet.get(path)
            assert (response.status_code, response["Retry-After"]) == (503, "60"), path
            assert {"/", "tel:5550100"} <= set(links(body(response)))
            assert "It is not your fault" in body(response)
            assert "canary" not in body(response)
            assert "no-store" in response["Cache-Control"]


def test_a_form_with_an_expired_token_is_asked_for_again() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {"login": "erin", "password": "x"})
    assert response.status_code == 403
    assert "Please send it again" in plain_words(body(response))
    assert "no-store" in response["Cache-Control"]


def test_the_sites_own_error_handlers_are_used() -> None:
    request = RequestFactory().get("/")
    assert views.bad_request(request).status_code == 400
    assert views.forbidden(request).status_code == 403
    assert views.not_found(request).status_code == 404
    assert views.server_error(request).status_code == 500
