"""The tokens of a request: the signed one in the form, and the unguessable one of the receipt.

One form token leads to one receipt, so a double click, a second tab and Back-and-resend are one request.
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

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db import connection
from django.utils.crypto import salted_hmac

# These strings stay as they are wherever the code moves: with others, open forms and the receipts that patients hold
# would stop working.
FORM_SALT = "education.consultations.form"
RECEIPT_SALT = "education.consultations.receipt"
FORM_TOKEN_MAX_AGE = timedelta(hours=24)
MIN_FILL_TIME = timedelta(seconds=3)  # nobody fills in the form in less
REFERENCE_ALPHABET = "23456789ACDEFHJKMNPRTVWXY"  # at most one each of 0/O/Q, 1/I/L, 2/Z, 5/S, 6/G, 8/B, U/V
REFERENCE_LENGTH = 8
SAID_RECEIPT = "clinic.receipt"  # a setting of PostgreSQL, for one transaction


@dataclass(frozen=True)
class FormToken:
    """What a form's token says. The nonce begins with the time when the form was first opened, in milliseconds."""

    nonce: str
    fresh: bool

    @property
    def too_fast(self) -> bool:
        """Whether it was sent sooner than a person can type. Never for a form from the future: the clock was set back,
        which is not the patient's fault.
        """
        return self._opened and 0 <= self._age < MIN_FILL_TIME.total_seconds()

    def opened_before(self, ago: timedelta) -> bool:
        return self._opened and self._age > ago.total_seconds()

    @property
    def _opened(self) -> bool:
        return self.nonce.partition(".")[0].isdecimal()

    @property
    def _age(self) -> float:
        return time.time() - int(self.nonce.partition(".")[0]) / 1000


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=FORM_SALT)


def new_form_token(nonce: str = "") -> str:
    """A signed token for a form. To renew an expired one, give its nonce: it then leads to the same receipt."""
    return _signer().sign(nonce or f"{int(time.time() * 1000)}.{secrets.token_urlsafe(18)}")


def read_form_token(value: str) -> FormToken | None:
    """What a form sent back; None when the token is missing or not ours."""
    try:
        return FormToken(_signer().unsign(value, max_age=FORM_TOKEN_MAX_AGE), fresh=True)
    except SignatureExpired:  # of a token that is ours
        return FormToken(nonce_of(value), fresh=False)
    except BadSignature:
        return None


def nonce_of(form_token: str) -> str:
    """The nonce in a token that we have just made or read."""
    return _signer().unsign(form_token)


def another_nonce(nonce: str) -> str:
    """For another request that is sent with the same form, as long as that has been open."""
    return f"{nonce.partition('.')[0]}.{secrets.token_urlsafe(18)}"


def receipt_token(nonce: str, *, secret: str = "") -> str:
    """`secret`: a SECRET_KEY of earlier, under which the form may have been sent already."""
    digest = salted_hmac(RECEIPT_SALT, nonce, secret or None, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def earlier_receipt_tokens(nonce: str) -> list[str]:
    return [receipt_token(nonce, secret=secret) for secret in settings.SECRET_KEY_FALLBACKS]


def receipt_hash(token: str) -> str:
    """What the database stores of a receipt's token: SHA-256, as hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def say_receipt(token: str) -> None:
    """Tell PostgreSQL, for this transaction, which receipt the request comes from: it lets the public role change that
    request only.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [SAID_RECEIPT, token])


def content_mac(token: str, answers: Mapping[str, str]) -> str:
    """Tells whether the same answers came again. The key is a token stored nowhere, so answers can't be guessed."""
    text = json.dumps(dict(answers), sort_keys=True, ensure_ascii=False)
    return hmac.new(token.encode(), text.encode("utf-8", "replace"), "sha256").hexdigest()


def contact_mac(token: str, contact: str) -> str:
    """Tells whether an e-mail address or telephone number is the one given, to somebody with the receipt's token."""
    return hmac.new(
        token.encode("utf-8", "replace"), f"contact {contact}".encode("utf-8", "replace"), "sha256"
    ).hexdigest()


def age_mac(token: str, *, child: bool, spanish: bool = False) -> str:
    """Tells whether the person is under 18, and whether an interpreter for Spanish was asked for, to somebody with the
    receipt's token. Without the latter it is what it was before that was noted.
    """
    return contact_mac(token, f"under 18: {child}" + (", in Spanish" if spanish else ""))


def new_reference() -> str:
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))
