"""The blind index: the terms that a request is found by, and the terms that a search asks for.

A term is a kind and a value, such as `name:ruiz`. Only its keyed digest is stored, which somebody who has only the
database can compare but not read. So that comparing tells little, requests fall into BUCKETS with digests of their own,
and made-up digests fill up what each of them has.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils import timezone

from education.clinic.dates import parts_of
from education.consultations.form import dates
from education.consultations.form.fields import MIN_PHONE_DIGITS
from education.core import sealing
from education.core.text import folded

PHONE_SUFFIX_DIGITS = 7  # a number is compared by so many of its last digits: country and area codes vary
MIN_NAME_LETTERS = 2
BUCKETS = 16
ENTRIES_STEP = 16  # a request has a multiple of so many entries
NAME_FIELDS = ("full_name", "preferred_name", "proxy_name")


def terms_of(answers: Mapping[str, str]) -> set[str]:
    """Everything that a request with these answers is found by."""
    terms = {f"name:{word}" for field in NAME_FIELDS for word in _words(answers.get(field, ""))}
    terms |= {f"phone:{ending}" for ending in _suffixes(answers.get("phone", ""))}
    if email := email_term(answers.get("email", "")):
        terms.add(email)
    if answers.get("date_of_birth"):
        terms.add(f"birth:{answers['date_of_birth']}")
    return terms


def terms_for(search: str) -> list[str]:
    """What was typed into the search, as terms: one e-mail address, number or date, or each word of a name."""
    typed = search.strip()
    if "@" in typed:
        return [email_term(typed)]
    born = _date(typed)
    if born:
        return [f"birth:{born.isoformat()}"]
    digits = _digits(typed)
    if len(digits) >= PHONE_SUFFIX_DIGITS and not re.search(r"[^\W\d_]", typed):
        return [f"phone:{digits}"]
    return [f"name:{word}" for word in _words(typed)]


def identifying_terms(answers: Mapping[str, str]) -> list[str]:
    """Terms of which a single one is enough to suspect the same person."""
    digits = _digits(answers.get("phone", ""))
    phone = f"phone:{digits[-PHONE_SUFFIX_DIGITS:]}" if len(digits) >= PHONE_SUFFIX_DIGITS else ""
    return [term for term in (email_term(answers.get("email", "")), phone) if term]


def name_and_birth_terms(answers: Mapping[str, str]) -> list[str]:
    """Terms that suggest the same person only together; empty without a date of birth."""
    names = [f"name:{word}" for word in _words(answers.get("full_name", ""))]
    return [*names, f"birth:{answers['date_of_birth']}"] if names and answers.get("date_of_birth") else []


def email_term(typed: str) -> str:
    return f"email:{folded(typed)}" if "@" in typed else ""


def phone_line_term(typed: str) -> str:
    """A telephone number without country code, area code and extension; empty for what is no number."""
    main = re.split(r"(?i)(?:ext|x|#)", typed, maxsplit=1)[0]
    digits = _digits(main)
    return f"line:{digits[-PHONE_SUFFIX_DIGITS:]}" if len(digits) >= MIN_PHONE_DIGITS and "@" not in typed else ""


def digests(term: str) -> list[bytes]:
    """Every digest that this term may be stored as."""
    return [_digest(term, bucket) for bucket in range(BUCKETS)]


def digests_for(reference: str, terms: Iterable[str]) -> set[bytes]:
    """What the request with this reference stores of its terms."""
    bucket = sealing.blind(f"bucket:{reference}")[0] % BUCKETS
    return {_digest(term, bucket) for term in terms}


def padding(count: int) -> list[bytes]:
    """Made-up digests that nobody searches for, to fill up so many entries."""
    return [secrets.token_bytes(sealing.BLIND_BYTES) for _ in range(-count % ENTRIES_STEP)]


def _digest(term: str, bucket: int) -> bytes:
    """Bucket 0 is how every request was indexed before there were buckets."""
    return sealing.blind(f"{bucket}/{term}" if bucket else term)


def _words(value: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", folded(value)) if len(word) >= MIN_NAME_LETTERS]


def _digits(value: str) -> str:
    return "".join(str(int(character)) for character in value if character.isdecimal())


def _suffixes(phone: str) -> list[str]:
    """Every ending of the number that is long enough, so that it is found with or without its country code."""
    digits = _digits(phone)
    return [digits[start:] for start in range(max(0, len(digits) - PHONE_SUFFIX_DIGITS + 1))]


def _date(typed: str) -> date | None:
    parts = parts_of(typed)
    try:
        return dates.read_date(**parts, today=timezone.localdate()) if parts else None
    except dates.DateProblem:
        return None
