"""E-mail addresses: cleaned, compared, and what somebody may have meant. The rules come from `email_validator`."""

import re

from email_validator import EmailNotValidError, EmailSyntaxError, validate_email
from rapidfuzz import process
from rapidfuzz.distance import OSA

from education.core.contact.providers import MAIL_DOMAINS, POPULAR
from education.core.text import folded, one_line, without_invisible

NEEDED = "Enter an e-mail address such as name@example.org."
SPACES = "An e-mail address has no spaces. Check it, for example name@example.org."
TWO = "Enter one e-mail address only."
PLAIN_LETTERS = (
    "We can’t write to an e-mail address with letters other than a to z before the @. "
    "Give another one, or a telephone number."
)
AROUND = re.compile(r"^mailto:|[.,;:]+$", re.IGNORECASE)  # what is copied along with an address
MIN_LENGTH_FOR_TWO = 8  # in a shorter domain, two wrong letters are half of it


class EmailProblem(ValueError):
    """Why this is no address, in words that say what to do."""


def clean(typed: str) -> str:
    """The address alone, of `Ana Ruiz <ana@example.org>` too. Raises EmailProblem."""
    text = AROUND.sub("", without_invisible(one_line(typed)))
    try:
        found = validate_email(
            text,
            check_deliverability=False,
            allow_smtputf8=False,
            allow_quoted_local=True,
            allow_display_name=True,
            test_environment=True,  # a trial writes to addresses that end in .test
        )
    except EmailNotValidError:
        raise EmailProblem(_what_to_do(text)) from None
    return f"{found.local_part}@{found.domain}"


def key(typed: str) -> str:
    """Equal for addresses that reach the same mailbox; empty for what is no address."""
    if "@" not in typed:
        return ""
    try:
        return clean(typed).casefold()
    except EmailProblem:
        return without_invisible(folded(typed))


def suggestion(address: str) -> str:
    """What may have been meant, if the domain is one or two letters away from a well-known one; else empty.

    A domain that exists is never corrected.
    """
    name, _, domain = address.rpartition("@")
    domain = domain.lower()
    if not name or domain in MAIL_DOMAINS:
        return ""
    most = 2 if len(domain) >= MIN_LENGTH_FOR_TWO else 1
    near = process.extractOne(domain, POPULAR, scorer=OSA.distance, score_cutoff=most)
    return f"{name}@{near[0]}" if near else ""


def _what_to_do(text: str) -> str:
    if text.count("@") > 1:
        return TWO
    name, at, domain = text.partition("@")
    if not at or not name or not domain:
        return NEEDED
    if " " in text:
        return SPACES
    if not name.isascii() and _is_address(text):
        return PLAIN_LETTERS
    return NEEDED


def _is_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailSyntaxError:
        return False
    return True
