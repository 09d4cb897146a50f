"""The blind index: which terms a request is found by, and which terms a search asks for."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils import timezone

from education.consultations.form import dates
from education.core import sealing
from education.core.text import folded

SHORTEST_NUMBER = 7
FEWEST_DIGITS = 5
SHORTEST_NAME = 2
NAME_FIELDS = ("full_name", "preferred_name", "proxy_name")
WRITTEN_DATE = re.compile(r"(\d{1,2})[ ./-]+([^\W\d_]+|\d{1,2})[ ./,-]+(\d{4})")


def terms_of(answers: Mapping[str, str]) -> set[str]:
    """Everything a request may be found by."""
    terms = {f"name:{word}" for field in NAME_FIELDS for word in _words(answers.get(field, ""))}
    terms |= {f"phone:{ending}" for ending in _endings(answers.get("phone", ""))}
    if email := email_term(answers.get("email", "")):
        terms.add(email)
    if answers.get("date_of_birth"):
        terms.add(f"birth:{answers['date_of_birth']}")
    return terms


def terms_for(search: str) -> list[str]:
    """What the typed words ask for: one address, number or date, or every word of a name."""
    typed = search.strip()
    if "@" in typed:
        return [email_term(typed)]
    born = _date(typed)
    if born:
        return [f"birth:{born.isoformat()}"]
    digits = _digits(typed)
    if len(digits) >= SHORTEST_NUMBER and not re.search(r"[^\W\d_]", typed):
        return [f"phone:{digits}"]
    return [f"name:{word}" for word in _words(typed)]


def identifying(answers: Mapping[str, str]) -> list[str]:
    """Terms of which one alone speaks for the same person."""
    digits = _digits(answers.get("phone", ""))
    phone = f"phone:{digits[-SHORTEST_NUMBER:]}" if len(digits) >= SHORTEST_NUMBER else ""
    return [term for term in (email_term(answers.get("email", "")), phone) if term]


def name_and_birth(answers: Mapping[str, str]) -> list[str]:
    """Terms that speak for the same person only together; empty without a date of birth."""
    names = [f"name:{word}" for word in _words(answers.get("full_name", ""))]
    return [*names, f"birth:{answers['date_of_birth']}"] if names and answers.get("date_of_birth") else []


def email_term(typed: str) -> str:
    return f"email:{folded(typed)}" if "@" in typed else ""


def line(typed: str) -> str:
    """A telephone line whatever its country code, area code or extension: how a person names it varies."""
    main = re.split(r"(?i)(?:ext|x|#)", typed, maxsplit=1)[0]
    digits = _digits(main)
    return f"line:{digits[-SHORTEST_NUMBER:]}" if len(digits) >= FEWEST_DIGITS and "@" not in typed else ""


def digests(terms: Iterable[str]) -> list[bytes]:
    return [sealing.blind(term) for term in terms]


def _words(value: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", folded(value)) if len(word) >= SHORTEST_NAME]


def _digits(value: str) -> str:
    return "".join(str(int(character)) for character in value if character.isdecimal())


def _endings(phone: str) -> list[str]:
    """A number is found with or without its country code, so each long enough ending counts."""
    digits = _digits(phone)
    return [digits[start:] for start in range(max(0, len(digits) - SHORTEST_NUMBER + 1))]


def _date(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        pass
    parts = WRITTEN_DATE.fullmatch(typed)
    try:
        return dates.read_date(*parts.groups(), today=timezone.localdate()) if parts else None
    except dates.DateProblem:
        return None
