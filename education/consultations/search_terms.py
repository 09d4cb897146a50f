"""The blind index: the terms that a request is found by, and the terms that a search asks for.

A term is a kind and a value, such as `name:ruiz`. Only its keyed digest is stored, which somebody who has only the
database can compare but not read. So that comparing tells little, requests fall into BUCKETS with digests of their own,
and made-up digests fill up what each of them has.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils import timezone

from education.clinic.dates import parts_of
from education.consultations.form import dates
from education.core import sealing
from education.core.contact import email, names, telephone
from education.core.text import one_line

RULES = "2"  # which terms a request has: with other ones the worker indexes every request again
SUFFIX_DIGITS = 7  # enough to find a number of which staff know only the end
BUCKETS = 16
ENTRIES_STEP = 16  # a request has a multiple of so many entries
NAME_FIELDS = ("full_name", "preferred_name", "proxy_name")


def rules_in(country: str) -> str:
    """What the terms of a request depend on beside its answers."""
    return f"{RULES}/{country}"


def terms_of(answers: Mapping[str, str], country: str) -> set[str]:
    """Everything that a request with these answers is found by."""
    terms = {f"name:{part}" for field in NAME_FIELDS for part in names.findable(answers.get(field, ""))}
    phone = answers.get("phone", "")
    numbers = telephone.read(phone, country)
    terms |= {term for number in numbers for term in _number_terms(number)}
    ends = [telephone.digits(phone), *(telephone.digits(one.typed) for one in numbers), *(n.national for n in numbers)]
    terms |= {f"phone:{end[-SUFFIX_DIGITS:]}" for end in ends if len(end) >= SUFFIX_DIGITS}
    terms.add(email_term(answers.get("email", "")))
    if answers.get("date_of_birth"):
        terms.add(f"birth:{answers['date_of_birth']}")
    return terms - {""}


def terms_for(search: str, country: str) -> list[set[str]]:
    """What was typed into the search: an e-mail address, number or date, or each word of a name.

    A request is found that has one term out of each of these sets.
    """
    typed = one_line(search)
    if "@" in typed:
        return [{email_term(typed)}]
    born = _date(typed)
    if born:
        return [{f"birth:{born.isoformat()}"}]
    if telephone.is_only_a_number(typed):
        return [_searched_number(typed, country)]
    return [{f"name:{one}" for one in word} for word in names.searched(typed)]


def identities(answers: Mapping[str, str], country: str) -> dict[str, str]:
    """Numbers and addresses of which a single one is enough to suspect the same person, each with its kind: phone,
    digits or email.
    """
    numbers = telephone.read(answers.get("phone", ""), country)
    found = {number.e164 or number.national: "phone" if number.e164 else "digits" for number in numbers}
    found[email.key(answers.get("email", ""))] = "email"
    return {value: kind for value, kind in found.items() if value}


def name_and_birth_terms(answers: Mapping[str, str]) -> set[str]:
    """Terms that suggest the same person only together; empty without a date of birth."""
    words = {f"name:{word}" for word in names.words(answers.get("full_name", ""))}
    return {*words, f"birth:{answers['date_of_birth']}"} if words and answers.get("date_of_birth") else set()


def email_term(typed: str) -> str:
    return f"email:{email.key(typed)}" if "@" in typed else ""


def phone_terms(typed: str, country: str) -> list[str]:
    """The whole numbers in what was typed: as they are dialed from everywhere, and within their country."""
    found = (term for number in telephone.read(typed, country) for term in _number_terms(number))
    return list(dict.fromkeys(found))


def terms_before(typed: str) -> set[str]:
    """What a contact was compared by until version 2: requests from then still hold that, keyed by their receipts."""
    decomposed = unicodedata.normalize("NFKD", one_line(typed))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().replace("’", "'")
    digits = telephone.digits(re.split(r"(?i)(?:ext|x|#)", typed, maxsplit=1)[0])
    if "@" in typed:
        return {f"email:{' '.join(bare.split())}"}
    return {f"line:{digits[-SUFFIX_DIGITS:]}"} if len(digits) >= telephone.MIN_DIGITS else set()


def digests(term: str) -> list[bytes]:
    """Every digest that this term may be stored as."""
    return sealing.blind_each(_in_bucket(term, bucket) for bucket in range(BUCKETS))


def digests_for(reference: str, terms: Iterable[str]) -> set[bytes]:
    """What the request with this reference stores of its terms."""
    bucket = sealing.blind(f"bucket:{reference}")[0] % BUCKETS
    return set(sealing.blind_each(_in_bucket(term, bucket) for term in terms))


def padding(count: int) -> list[bytes]:
    """Made-up digests that nobody searches for, to fill up so many entries."""
    return [secrets.token_bytes(sealing.BLIND_BYTES) for _ in range(-count % ENTRIES_STEP)]


def _in_bucket(term: str, bucket: int) -> str:
    """Bucket 0 is how every request was indexed before there were buckets."""
    return f"{bucket}/{term}" if bucket else term


def _number_terms(number: telephone.Telephone) -> list[str]:
    return [f"tel:{written}" for written in (number.e164, number.national) if written]


def _searched_number(typed: str, country: str) -> set[str]:
    """A whole number is found as such. Of one that is not whole, the last digits are enough."""
    digits = telephone.digits(typed)
    terms = {f"tel:{digits}", *phone_terms(typed, country)}
    if telephone.doubtful(typed, country) and len(digits) >= SUFFIX_DIGITS:
        terms.add(f"phone:{digits[-SUFFIX_DIGITS:]}")
    return terms


def _date(typed: str) -> date | None:
    parts = parts_of(typed)
    try:
        return dates.read_date(**parts, today=timezone.localdate()) if parts else None
    except dates.DateProblem:
        return None
