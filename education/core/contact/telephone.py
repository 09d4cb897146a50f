"""Telephone numbers. What somebody typed is read once; the same reading is shown, dialed and compared.

The rules of each country come from `phonenumbers`. A number may be possible without being in use, and rules change:
so only length and country code decide whether it can be dialed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import phonenumbers
from phonenumbers import Leniency, NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher
from phonenumbers import ValidationResult as Length

from education.core.text import one_line, without_invisible

MIN_DIGITS = 5  # the shortest number that anybody could be reached at
MAX_TYPED = 300  # characters that are looked at
MAX_DIGITS = 20  # the longest is 15; a prefix to dial abroad and an extension may come with it
MIN_WHOLE_DIGITS = 7  # of a number that another one may follow, of which only the end is written

NEEDED = "Enter the whole telephone number, with its area code."
NO_NUMBER = "There is no telephone number in it."
TOO_SHORT = "It has too few digits. Perhaps the area code is missing."
TOO_LONG = "It has too many digits for one number."
NO_COUNTRY = "No country has the code that it begins with."
PARSE_PROBLEMS = {NumberParseException.INVALID_COUNTRY_CODE: NO_COUNTRY, NumberParseException.TOO_LONG: TOO_LONG}

EXAMPLES = (
    "Write it like (212) 555-0188, or with + and the country code like +44 20 7946 0000. An extension may follow as "
    "“ext 12”, a second number after a comma."
)

NOT_WORDS = re.compile(r"(?i)(?:;ext=|extension|extn|ext|x)[.: ]*(?=\d)|^(?:tel|phone|telephone)\b")
LETTER = re.compile(r"[^\W\d_]")
LIST = re.compile(r"\s+/\s+|\s*[,;|&]\s*")  # what can only be between two numbers
SLASH = re.compile(r"\s*[,;/|&]\s*")  # a slash alone may also follow the area code
ABROAD = re.compile(r"^\s*(?:00|011)[\s\-]*(?=[1-9])")  # what is dialed to reach another country, in most of the world
MEXICO = 52
OLD_MEXICAN = re.compile(r"^(?:1|01|044|045)(?=\d{10}$)")  # dialed before a number there until 2019, and still written


@dataclass(frozen=True)
class Telephone:
    """One number.

    `e164` is empty for a number that works within one area only, and for one that can't be dialed; `problem` says why
    that is. `national` are the digits that are dialed within its own country.
    """

    typed: str
    e164: str = ""
    national: str = ""
    extension: str = ""
    display: str = ""
    dialed: str = ""
    problem: str = ""

    @property
    def tel(self) -> str:
        """The link that dials it. Telephones wait at a comma, and then dial the extension."""
        return f"tel:{self.dialed}" + (f",{self.extension}" if self.extension else "") if self.dialed else ""


def read(typed: str, country: str) -> list[Telephone]:
    """The numbers in what was typed, in their order: `01632 960000 / 960001` are two. Empty only for nothing."""
    text = without_invisible(one_line(typed[:MAX_TYPED]))
    if not text:
        return []
    pieces = _pieces(text, country)
    if len(pieces) == 1:
        return [_number(text, pieces[0], country)]
    return [_number(piece, piece, country) for piece in pieces]


def refusal(typed: str) -> str:
    """What to do about something that is no telephone number anywhere; empty if it may be one."""
    if sum(character.isdecimal() for character in typed) < MIN_DIGITS:
        return NEEDED
    runs = re.split(r"[^\W\d_]+|[,;/|&\n]", without_invisible(typed))
    if any(len(digits(run)) > MAX_DIGITS for run in runs):
        return "This has too many digits for one telephone number. If they are two numbers, put a comma between them."
    return ""


def problem_with(typed: str, country: str) -> str:
    """Why this can't be shown to patients as a number to dial, or as several; empty if it can."""
    if not typed:
        return ""
    numbers = read(typed, country)
    if has_words(typed):
        return "Use digits, spaces, brackets and a leading + only."
    return next((number.problem for number in numbers if number.problem), "" if numbers else NO_NUMBER)


def digits(value: str) -> str:
    """The digits of any script as 0 to 9."""
    return "".join(str(int(character)) for character in value if character.isdecimal())


def is_only_a_number(typed: str) -> bool:
    """Whether a search means a number: enough digits, and no word but those that announce an extension."""
    return len(digits(typed)) >= MIN_DIGITS and not has_words(typed)


def has_words(text: str) -> bool:
    """Whether it says more than numbers and their extensions."""
    return bool(LETTER.search(NOT_WORDS.sub("", text)))


def doubtful(typed: str, country: str) -> list[Telephone]:
    """The numbers that can't be dialed as written, or from nearby only."""
    return [number for number in read(typed, country) if not number.e164]


def shown(numbers: Iterable[Telephone]) -> str:
    """The numbers for a sentence in a mail: “020 7946 0000 or 020 7946 0001”."""
    return " or ".join(number.display for number in numbers)


def _pieces(text: str, country: str) -> list[str]:
    """The single numbers in the text, each as it can be read by itself."""
    if has_words(text):
        found = [match.raw_string for match in PhoneNumberMatcher(text, country, leniency=Leniency.POSSIBLE)]
        return _completed(found, country) or [text]
    if not SLASH.search(text):  # as most have none: looking up whether it is in use takes longer than all the rest
        return [text]
    whole = _parsed(text, country)
    is_one = whole is not None and phonenumbers.is_valid_number(whole)
    if is_one and whole and whole.extension:
        return [text]
    for separator in (LIST, SLASH):
        parts = [part for part in separator.split(text) if digits(part)]
        if len(parts) > 1 and _may_be_followed(parts[0], country):
            completed = _completed(parts, country)
            if not is_one or (separator is LIST and all(_is_valid(part, country) for part in completed)):
                return completed
    return [text]


def _may_be_followed(part: str, country: str) -> bool:
    number = _parsed(part, country)
    return number is not None and _is_whole(number) and len(str(number.national_number)) >= MIN_WHOLE_DIGITS


def _completed(parts: list[str], country: str) -> list[str]:
    """The parts, each that is only the end of a number completed with the beginning of the number before it."""
    done: list[str] = []
    before = ""
    for part in parts:
        own = digits(part)
        longer = before[: -len(own)] + own if before and len(own) <= MIN_WHOLE_DIGITS else ""
        if longer and not _is_valid(part, country) and _parsed(longer, country):
            done.append(longer)
            continue
        done.append(part)
        number = _parsed(part, country)
        if number and _is_whole(number):
            before = phonenumbers.format_number(_without_extension(number), PhoneNumberFormat.E164)
    return done


def _number(typed: str, piece: str, country: str) -> Telephone:
    number = _parsed(piece, country)
    if number is None:
        return Telephone(typed, national=digits(piece), display=typed, problem=_why_not(piece, country))
    main, extension = _without_extension(number), number.extension or ""
    if not _is_whole(number):
        own = digits(piece.rpartition(extension)[0] if extension else piece)
        with_code = piece.lstrip("( ").startswith("+")
        national = phonenumbers.national_significant_number(main) if with_code else own
        dialed = f"+{own}" if with_code else own
        return Telephone(typed, national=national, extension=extension, display=typed, dialed=dialed)
    e164 = phonenumbers.format_number(main, PhoneNumberFormat.E164)
    national = digits(phonenumbers.format_number(main, PhoneNumberFormat.NATIONAL))
    at_home = number.country_code == phonenumbers.country_code_for_region(country)
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return Telephone(
        typed,
        e164=e164,
        national=national,
        extension=extension,
        display=phonenumbers.format_number(number, style),
        dialed=national if _for_home_only(main) else e164,
    )


def _for_home_only(number: PhoneNumber) -> bool:
    """Whether it can't be dialed from abroad. Which of 25 countries with one code it is in takes long to find out."""
    return _has_numbers_for_home(number.country_code) and not phonenumbers.can_be_internationally_dialled(number)


@cache
def _has_numbers_for_home(country_code: int) -> bool:
    """Whether any country with this code has numbers that can't be dialed from abroad."""
    regions = phonenumbers.region_codes_for_country_code(country_code)
    found = (phonenumbers.PhoneMetadata.metadata_for_region(region, None) for region in regions)
    rules = (country.no_international_dialling for country in found if country)
    return any(rule and rule.national_number_pattern for rule in rules)


def _parsed(text: str, country: str) -> PhoneNumber | None:
    """The number, if it can be dialed somewhere: one that is in use before one that is only long enough."""
    writings = {text: None, ABROAD.sub("+", text): None}  # mostly one and the same
    found = [number for writing in writings if (number := _possible(writing, country))]
    if len(found) < 2:
        return found[0] if found else None
    return next(filter(phonenumbers.is_valid_number, found), found[0])


def _possible(text: str, country: str) -> PhoneNumber | None:
    try:
        number = _todays(phonenumbers.parse(text, country))
    except NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) in (Length.IS_POSSIBLE, Length.IS_POSSIBLE_LOCAL_ONLY):
        return number
    is_short = not has_words(text) and phonenumbers.is_possible_short_number_for_region(number, country)
    return number if is_short else None


def _todays(number: PhoneNumber) -> PhoneNumber:
    """A Mexican number without what is no longer dialed before it."""
    own = phonenumbers.national_significant_number(number)
    if number.country_code == MEXICO and OLD_MEXICAN.match(own):
        return phonenumbers.parse(f"+{MEXICO}{OLD_MEXICAN.sub('', own)}", None)
    return number


def _why_not(text: str, country: str) -> str:
    if not digits(text):
        return NO_NUMBER
    try:
        number = phonenumbers.parse(LETTER.sub(" ", text), country)
    except NumberParseException as error:
        return PARSE_PROBLEMS.get(error.error_type, TOO_SHORT)
    return TOO_LONG if phonenumbers.is_possible_number_with_reason(number) == Length.TOO_LONG else TOO_SHORT


def _is_whole(number: PhoneNumber) -> bool:
    """Whether it can be dialed from everywhere. Where numbers don't begin with 0, one that does is from elsewhere."""
    if phonenumbers.is_possible_number_with_reason(number) != Length.IS_POSSIBLE:
        return False
    return not number.italian_leading_zero or phonenumbers.is_valid_number(number)


def _is_valid(text: str, country: str) -> bool:
    number = _parsed(text, country)
    return number is not None and phonenumbers.is_valid_number(number)


def _without_extension(number: PhoneNumber) -> PhoneNumber:
    bare = PhoneNumber()
    bare.merge_from(number)
    bare.extension = None
    return bare
