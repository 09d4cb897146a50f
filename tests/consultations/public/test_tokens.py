"""The tokens of forms and receipts."""

from datetime import UTC, datetime
from typing import Any

from education.consultations.public import limits, tokens


def test_the_mac_of_the_answers_is_keyed_by_the_receipt() -> None:
    answers = {"full_name": "Ana"}
    assert tokens.content_mac("a", answers) != tokens.content_mac("b", answers)
    assert tokens.content_mac("a", answers) != tokens.content_mac("a", {"full_name": "Bea"})


def test_tokens_and_hashes_are_what_they_always_were(settings: Any) -> None:
    """Receipts that patients hold, and hashes that are stored, must outlive every change of this code."""
    settings.SECRET_KEY = "a fixed key"
    assert tokens.receipt_token("nonce") == "X0GEq412qbLmswOdIzSF6mN3e6_nRgua"
    assert tokens.receipt_hash("token").startswith("3c469e9d6c5875d37a43f353d4f88e61")
    assert tokens.content_mac("token", {"a": "é"}).startswith("01e1adadd46265104fdbc30e7662d05b")
    assert tokens.contact_mac("token", "email:a").startswith("96cd57750869a10b16b868eba43fad35")
    assert limits._key("192.0.2.1", datetime(2026, 1, 2, tzinfo=UTC), "requests").startswith("3e572ab9e62f4789da01f8b5")


def test_forms_are_signed_as_they_always_were(settings: Any) -> None:
    settings.SECRET_KEY = "a fixed key"
    assert tokens._signer().signature("nonce") == "eVw3Q4h6TgDyrZx3g226zSuTyR_0DrnDGzsi40S8FQw"
