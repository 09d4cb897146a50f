"""The database dies while a patient's request is being answered: whatever was typed comes back, with a clear status."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.test import Client

from education.consultations.models import ConsultationRequest, SealedAmendment
from education.consultations.public import hosts
from tests.consultations import asking
from tests.consultations.asking import FORM, WHOLE, Page, check, open_form

MAX_STATEMENTS = 60
DEATHS = {
    "for good": (OperationalError("disk I/O error"), MAX_STATEMENTS),
    "without a connection": (InterfaceError("connection already closed"), MAX_STATEMENTS),
    "for a moment": (OperationalError("disk I/O error"), 1),
}


@contextmanager
def dies(at: int, error: Error, failures: int) -> Iterator[list[str]]:
    """So many statements fail from that one on, savepoints and their release among them. What failed is listed."""
    seen, failed = 0, []

    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal seen
        seen += 1
        if at <= seen - 1 < at + failures:
            failed.append(sql)
            raise error
        return run(sql, *rest)

    with connection.execute_wrapper(execute):
        yield failed


def at_each_statement(death: str, ask: Callable[[], Any]) -> Iterator[Any]:
    """The response with the database dying at its first statement, at its second, and so on until none is left."""
    error, failures = DEATHS[death]
    for at in range(MAX_STATEMENTS):
        with transaction.atomic():
            with dies(at, error, failures) as failed:
                response = ask()
            transaction.set_rollback(True)
        if not failed:
            return
        yield response
    pytest.fail("there are more statements than expected")


def kept(response: Any) -> dict[str, str]:
    return {name: value for name, value in Page(response).values().items() if name in WHOLE}


@pytest.fixture
def client(client: Client) -> Client:
    """Whose exceptions become pages, as they do for patients."""
    client.raise_request_exception = False
    return client


@pytest.mark.thorough
@pytest.mark.parametrize("death", DEATHS)
@pytest.mark.parametrize("action", ["check", "send"])
def test_at_whatever_statement_it_dies_the_answers_come_back(
    client: Client, death: str, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "note_key", lambda: None)  # it comes after the request was stored, and may fail
    page = Page(check(client, WHOLE)).values() | {"action": action}
    died = 0
    for response in at_each_statement(death, lambda: client.post(FORM, page)):
        died += 1
        assert response.status_code == 503
        assert kept(response) == WHOLE
        assert response.headers["Retry-After"]
    assert died > 3
    assert not ConsultationRequest.objects.exists()


@pytest.mark.parametrize("death", ["for good", "without a connection"])  # for a moment, the clinic last known is shown
def test_what_is_kept_is_shown_as_soon_as_the_database_is_back(client: Client, death: str) -> None:
    address = client.post(FORM, open_form(client).values() | WHOLE).headers["Location"]
    for response in at_each_statement(death, lambda: client.get(address)):
        assert response.status_code == 503
        assert "What you typed is not lost" in response.content.decode()
    assert kept(client.get(address)) == WHOLE


@pytest.mark.parametrize("death", DEATHS)
def test_the_empty_form_says_that_it_is_closed_for_now(client: Client, death: str) -> None:
    client.get(FORM)
    for response in at_each_statement(death, lambda: client.get(FORM)):
        assert response.status_code == 503
        assert "You can still reach us" in response.content.decode()


@pytest.mark.thorough
@pytest.mark.parametrize("death", DEATHS)
def test_what_was_added_at_the_receipt_comes_back(client: Client, death: str) -> None:
    asking.request("one", **WHOLE)
    receipt = asking.receipt_of("one")
    for response in at_each_statement(death, lambda: client.post(f"{receipt}add/", {"add-text": "It got worse"})):
        assert response.status_code == 503
        assert Page(response).values()["add-text"] == "It got worse"
    assert not SealedAmendment.objects.exists()


@pytest.mark.parametrize("death", ["for good", "without a connection"])  # for a moment, it shows the clinic last known
def test_the_receipt_says_that_it_can_be_looked_up_again_in_a_minute(client: Client, death: str) -> None:
    asking.request("one", **WHOLE)
    receipt = asking.receipt_of("one")
    for response in at_each_statement(death, lambda: client.get(receipt)):
        assert response.status_code == 503
        assert "Try again in a minute" in response.content.decode()
