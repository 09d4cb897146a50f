"""Plain text from forms and files, cleaned before it is stored."""

import re
import unicodedata
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

MAX_MARKS = 30  # combining characters on one letter; no language needs as many
MAX_DIGITS = 9
# The spaces in “December 2, 2026”, “2 December” and “5 p.m.”
WITHIN_A_DATE = re.compile(r"(?<=[a-z]) (?=\d)|(?<=\d) (?=[A-Za-z])|(?<=\d,) (?=\d{4}\b)")
FIRST_REPEAT = 2  # the number in the id of the second of two equal headings
# “U.S. adults” and “Dr. Ito” go on.
SENTENCE_END = re.compile(r"(?<=[.?!…])(?<!\b[A-Z]\.)(?<!\b(?:Dr|Mr|Ms|St|vs)\.)(?<!\bMrs\.)\s+")
LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")  # a word processor ends lines with some of these
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]+")
NO_SPACE = r"[\S\x1c-\x1f]"  # for Python, the last four control characters are spaces
CONTROL_AT_SPACE = re.compile(rf"(?<!{NO_SPACE}){CONTROL.pattern}|{CONTROL.pattern}(?!{NO_SPACE})")
# Lone surrogates and what is no character; what turns the direction of the words after it around; and soft hyphens,
# which come with words copied from our own pages.
DROPPED = re.compile(r"[\xad\ud800-\udfff\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
AT_A_CUT = " ,;:–—("
SMALL = "a an and are as at by for from in into is its of on or than that the their to vs was were with"
SMALL_WORD = rf"(?<=\S)[{AT_A_CUT}]+(?:{SMALL.replace(' ', '|')})\b\.?"
SMALL_WORDS_AT_END = re.compile(rf"(?:{SMALL_WORD})+[{AT_A_CUT}]*$")
# Letters that Unicode does not take apart, as people type them who have no such key.
PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n", "þ": "th", "æ": "ae", "œ": "oe"}
)


def clean_input(value: str) -> str:
    """Without control characters and lone surrogates, in Unicode form NFC, with \\n at line ends.

    A control character may be all that is between two words, so it becomes a space or the end of a line.
    """
    if value.isascii() and value.isprintable():  # as most answers are, of which the queue reads thousands
        return value
    value = CONTROL.sub(" ", CONTROL_AT_SPACE.sub("", LINE_END.sub("\n", value)))
    return unicodedata.normalize("NFC", _without_piled_marks(DROPPED.sub("", value)))


def in_fours(text: str) -> str:
    """The text in groups of four characters, which are easier to read out and to copy by hand."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def without_invisible(value: str) -> str:
    """Without what takes no room on the screen, such as a zero-width space: for addresses and numbers."""
    return "".join(c for c in value if unicodedata.category(c) != "Cf").strip()


def folded(value: str) -> str:
    """For comparing and sorting: without accents, upper case and invisible characters, with single spaces."""
    bare = value if value.isascii() else _bare(value)
    return " ".join(bare.casefold().translate(PLAIN_LETTERS).replace("’", "'").split())


def _bare(value: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _without_piled_marks(value))
    return "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")


def _without_piled_marks(value: str) -> str:
    """At most MAX_MARKS combining characters in a row; the rest of a longer row is dropped.

    Normalising puts each row in order, which takes time with the square of its length: a row of 100,000 would hold
    the interpreter for half a minute.
    """
    if value.isascii():
        return value
    kept, row = [], 0
    for character in value:
        row = row + 1 if unicodedata.combining(character) else 0
        if row <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def one_line(value: str) -> str:
    """For titles and the like: on one line, with single spaces."""
    return " ".join(clean_input(value).split())


def lines(value: str) -> list[str]:
    """The lines of a text that are not blank, stripped."""
    return [line.strip() for line in clean_input(value).split("\n") if line.strip()]


def full_stop(words: str) -> str:
    """The end of a sentence: “at 9 p.m.” has its full stop already."""
    return words if words.endswith((".", "?", "!", "…")) else f"{words}."


def after_colon(words: str) -> str:
    """A sentence as it goes on behind a name and a colon: with a small letter, in every message alike."""
    return words[:1].lower() + words[1:]


def first_sentence(words: str) -> str:
    first = SENTENCE_END.split(words.strip(), maxsplit=1)[0]
    return full_stop(first) if first else ""


def shortened(words: str, most: int) -> str:
    """At most so many characters and an ellipsis, with no word cut in two but one that is longer than that. No small
    word stands at the end: it says nothing without the next one.
    """
    if len(words) <= most:
        return words
    kept = words[: most + 1].rpartition(" ")[0] or words[:most]
    return f"{SMALL_WORDS_AT_END.sub('', kept).rstrip(AT_A_CUT)}…"


def counted(count: int, noun: str, plural: str = "") -> str:
    """The number with its noun: “1 page”, “2 pages”; “2 studies” with its `plural`."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"


def day_and_time(moment: datetime) -> str:
    """In the clinic's own time, as its country writes it: for a sentence to staff or to the operator."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def today_or_date(moment: datetime, otherwise: str) -> str:
    """“today at 1:53 p.m.”, and any other day in this format: that it is today is quicker read than its date."""
    here = timezone.localtime(moment)
    is_today = here.date() == timezone.localdate()
    said = f"today at {date_format(here, 'TIME_FORMAT')}" if is_today else date_format(here, otherwise)
    return unbroken(said)


def unbroken(said: str) -> str:
    """A day, or a time, in which no line ends: not after the month, nor between the hour and its half of the day."""
    return WITHIN_A_DATE.sub("\u00a0", said)


def heading_id(text: str, taken: dict[str, int]) -> str:
    """An HTML id for a heading that is not in `taken`; it is added there.

    Beside each id is the number to try when it is wanted again, so that a thousand equal headings take no longer
    than a thousand different ones.
    """
    base = re.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-") or "part"
    candidate, number = base, taken.get(base, FIRST_REPEAT)
    while candidate in taken:
        candidate, number = f"{base}-{number}", number + 1
    taken[base] = number
    taken.setdefault(candidate, FIRST_REPEAT)
    return candidate


def whole_number(typed: str) -> int | None:
    """The number that these digits are; None for anything else, and for more digits than any number of ours has."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= MAX_DIGITS else None
