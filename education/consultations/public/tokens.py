"""The tokens of a request: the form's signed one, and the receipt's, which nobody can guess.

One form token leads to one receipt: that is what makes a double click, a second tab and Back-and-resend one request.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.crypto import salted_hmac

ACCEPTED_FOR = timedelta(hours=24)
FASTEST = timedelta(seconds=3)  # nobody fills in the form in less
REFERENCE_ALPHABET = "23456789ACDEFHJKMNPRTVWXY"  # of 0/O/Q, 1/I/L, 2/Z, 5/S, 6/G, 8/B, U/V one at most
REFERENCE_LENGTH = 8


@dataclass(frozen=True)
class FormToken:
    """The nonce begins with the millisecond at which the form was first opened."""

    nonce: str
    fresh: bool

    @property
    def too_fast(self) -> bool:
        opened = self.nonce.partition(".")[0]
        return opened.isdecimal() and time.time() - int(opened) / 1000 < FASTEST.total_seconds()


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="education.consultations.form")


def new_form_token(nonce: str = "") -> str:
    """A token for a form. An expired one is renewed with its own nonce, so that it still leads to one receipt."""
    return _signer().sign(nonce or f"{int(time.time() * 1000)}.{secrets.token_urlsafe(18)}")


def read_form_token(value: str) -> FormToken | None:
    """What a form sent back; None when it is missing or not ours."""
    try:
        nonce = _signer().unsign(value)
        _signer().unsign(value, max_age=ACCEPTED_FOR)
    except SignatureExpired:
        return FormToken(nonce, fresh=False)
    except BadSignature:
        return None
    return FormToken(nonce, fresh=True)


def receipt_token(nonce: str) -> str:
    digest = salted_hmac("education.consultations.receipt", nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def receipt_hash(token: str) -> str:
    """What the database knows of a receipt's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def content_mac(token: str, answers: Mapping[str, str]) -> str:
    """Tells whether the same text came again. Keyed by a token that is stored nowhere, so texts can't be tried out."""
    text = json.dumps(dict(answers), sort_keys=True, ensure_ascii=False)
    return hmac.new(token.encode(), text.encode("utf-8", "replace"), "sha256").hexdigest()


def contact_mac(token: str, contact: str) -> str:
    """Tells whether an address or number is the one that was given, to somebody who holds the receipt's token."""
    return hmac.new(
        token.encode("utf-8", "replace"), f"contact {contact}".encode("utf-8", "replace"), "sha256"
    ).hexdigest()


def new_reference() -> str:
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))
