"""E-mail addresses: what is taken, what is the same mailbox, and what is never “corrected”."""

import pytest

from education.core.contact import email
from tests.each import of_each


@of_each(
    [
        ("ana@example.org", "ana@example.org"),
        (" Ana.Ruiz+x@Example.ORG ", "Ana.Ruiz+x@example.org"),
        ("\u200bana@example.org\u202a", "ana@example.org"),
        ("Ana Ruiz <ana@example.org>", "ana@example.org"),
        ("mailto:ana@example.org.", "ana@example.org"),
        ("ana@łódź.pl", "ana@łódź.pl"),
        ("ana@xn--d-uga0v4h.pl", "ana@łódź.pl"),
        ("o@example.org", "o@example.org"),
        ('"ana ruiz"@example.org', '"ana ruiz"@example.org'),
    ]
)
def test_an_address_is_taken_out_of_what_was_pasted(case: tuple[str, str]) -> None:
    typed, kept = case
    assert email.clean(typed) == kept
    assert email.key(typed) == email.key(kept.upper()) != ""


@of_each(
    [
        ("ana at example", "name@example.org"),
        ("maria@", "name@example.org"),
        ("ana@example", "name@example.org"),
        ("ana ruiz@example.org", "has no spaces"),
        ("ana@example.org, bea@example.org", "one e-mail address only"),
        ("łukasz@example.org", "Give another one, or a telephone number"),
        ("李@example.org", "Give another one, or a telephone number"),
    ]
)
def test_what_is_refused_says_what_to_do(case: tuple[str, str]) -> None:
    typed, words = case
    with pytest.raises(email.EmailProblem, match=words):
        email.clean(typed)


@of_each(
    [
        *("yahoo.co.uk", "yahoo.ca", "hotmail.co.uk", "mail.com", "ymail.com", "rocketmail.com", "aol.de", "gmx.net"),
        *("live.ie", "outlook.fr", "email.com", "me.com", "hey.com", "example.org", "willowclinic.com"),
    ]
)
def test_a_domain_that_exists_is_not_corrected(domain: str) -> None:
    assert email.suggestion(f"ana@{domain}") == ""


@of_each(
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("yaho.com", "yahoo.com"),
        ("yahoo.co.ku", "yahoo.co.uk"),
        ("iclod.com", "icloud.com"),
        ("Outlok.com", "outlook.com"),
    ]
)
def test_a_slip_of_the_keys_is_noticed(case: tuple[str, str]) -> None:
    typed, meant = case
    assert email.suggestion(f"Ana@{typed}") == f"Ana@{meant}"


def test_what_is_proposed_exists() -> None:
    assert set(email.POPULAR) <= email.MAIL_DOMAINS
