"""Input that browsers do not send by themselves, or that was pasted by mistake: a clear message, and nothing lost."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import UnreadablePostError
from django.test import Client

from education.consultations.models import ConsultationRequest
from education.consultations.triage import actions as triage
from education.consultations.triage.record import open_row
from education.consultations.upkeep import ingest
from tests.consultations.asking import SHORTEST, Page, check, open_form, press, send, sent_row
from tests.each import of_each
from tests.screens import plain_words

URLENCODED = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.usefixtures("clinic")


def post_raw(client: Client, body: bytes | str, content_type: str = URLENCODED) -> Any:
    return press(client, body, content_type=content_type)


def filled(client: Client, **more: str) -> dict[str, str]:
    return open_form(client).values() | SHORTEST | more


@pytest.mark.parametrize("as_browser", [True, False])
def test_a_name_of_a_megabyte_is_refused_and_everything_stays_on_the_page(client: Client, as_browser: bool) -> None:
    name = "x" * 1_000_000
    sent = filled(client, full_name=name, questions="Will it work?")
    response = post_raw(client, urlencode(sent)) if as_browser else press(client, sent)
    assert response.status_code == 200
    assert "“Full name” is 1,000,000 characters long. Shorten it to 200" in response.content.decode()
    kept = Page(response).values()
    assert kept["full_name"] == name
    assert kept["questions"] == "Will it work?"


def test_a_control_character_between_words_becomes_a_space_or_a_new_line(client: Client) -> None:
    typed = {"full_name": "Ana\x1fRuiz\x07", "main_reason": "a\x00b\r\nc\x0bd", "proxy_name": ""}
    row = sent_row(send(client, SHORTEST | typed))
    answers = open_row(row).answers
    assert answers["full_name"] == "Ana Ruiz"
    assert answers["main_reason"] == "a b\nc\nd"
    ingest.ingest_new()
    for found_by in ("ruiz", "ana ruiz", "Ana\x1fRuiz"):
        assert list(triage.search(found_by)) == [row], "indexed as it was sealed"


def test_control_characters_are_not_shown_again_either(client: Client) -> None:
    kept = Page(check(client, {"full_name": "Ana\x00Ruiz", "consent": "on"})).values()
    assert kept["full_name"] == "Ana Ruiz"


def test_a_line_break_in_a_single_line_becomes_a_space(client: Client) -> None:
    row = sent_row(send(client, SHORTEST | {"full_name": "Ana\r\nBcc: all@example.org"}))
    assert open_row(row).answers["full_name"] == "Ana Bcc: all@example.org"


@pytest.mark.parametrize("bad", [b"%FF%FE", b"\xff\xfe"])
def test_bytes_that_are_not_text_are_an_error_at_their_field(client: Client, bad: bytes) -> None:
    body = urlencode(filled(client)).encode() + b"&questions=caf" + bad
    response = post_raw(client, body)
    assert response.status_code == 200
    assert "type them again" in response.content.decode()
    assert Page(response).values()["full_name"] == "Ana Ruiz"


def test_a_body_of_a_hundred_thousand_fields_is_read_all_the_same(client: Client) -> None:
    body = urlencode(filled(client)) + "&x=1" * 100_000
    assert "<h1>Check your answers</h1>" in post_raw(client, body).content.decode()


def test_too_many_parts_of_a_multipart_form_are_refused_with_an_explanation(client: Client) -> None:
    many = {f"x{n}": "1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)}
    response = press(client, filled(client) | many | {"file": SimpleUploadedFile("x.txt", b"makes parts of it")})
    assert response.status_code == 400
    assert "We could not read what arrived." in plain_words(response.content.decode())


def test_the_last_value_of_a_field_sent_twice_counts(client: Client) -> None:
    body = urlencode(filled(client, action="check")) + "&action=edit"
    assert "<h1>Request a consultation</h1>" in post_raw(client, body).content.decode()


@pytest.mark.parametrize("as_browser", [True, False])
def test_too_large_a_body_is_refused_with_an_explanation(client: Client, as_browser: bool) -> None:
    sent = filled(client, questions="x" * 3_000_000)
    response = post_raw(client, urlencode(sent)) if as_browser else press(client, sent)
    assert response.status_code == 413
    assert "Go back, shorten the longest answer" in response.content.decode()


@of_each(
    [
        ("application/json", b"{}"),
        ("text/plain", b"hello"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"broken"),
        ("application/x-www-form-urlencoded; charset=latin-1", b"full_name=x"),
    ]
)
def test_a_body_that_is_not_a_form_is_answered_with_the_form(case: tuple[str, bytes], client: Client) -> None:
    content_type, body = case
    response = post_raw(client, body, content_type)
    assert response.status_code == 400
    assert Page(response).by_id("consultation")


def test_a_connection_that_breaks_off_is_no_server_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(request: Any) -> bytes:
        raise UnreadablePostError

    sent = urlencode(filled(client))
    monkeypatch.setattr("django.http.request.HttpRequest.body", property(broken))
    assert post_raw(client, sent).status_code == 400


def test_an_uploaded_file_is_ignored(client: Client) -> None:
    sent = filled(client) | {"full_name": SimpleUploadedFile("a.txt", b"Ana")}
    response = press(client, sent)
    assert "Enter the full name" in response.content.decode()


def test_an_unknown_action_only_checks(client: Client) -> None:
    response = press(client, filled(client, action="destroy"))
    assert "<h1>Check your answers</h1>" in response.content.decode()
    assert ConsultationRequest.objects.count() == 0


def test_too_long_a_hidden_field_is_cut_and_not_refused(client: Client) -> None:
    response = check(client, SHORTEST | {"share_pages": "/x/" * 10_000})
    assert "<h1>Check your answers</h1>" in response.content.decode()
