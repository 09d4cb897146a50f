"""Plain text from forms and files, cleaned before it is stored."""

import re
import unicodedata

MAX_MARKS = 30  # combining characters on one letter; no language needs as many
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")


def clean_input(value: str) -> str:
    """Without control characters and lone surrogates, in Unicode form NFC, with \\n at line ends."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _without_piled_marks(CONTROL.sub("", value)))


def folded(value: str) -> str:
    """For comparing and sorting: without accents and upper case, with single spaces."""
    decomposed = unicodedata.normalize("NFKD", _without_piled_marks(value))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.casefold().replace("’", "'").split())


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


def counted(count: int, noun: str) -> str:
    """The number with its noun: “1 page”, “2 pages”."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def heading_id(text: str, taken: set[str]) -> str:
    """An HTML id for a heading that is not in `taken`; it is added there."""
    base = re.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-") or "part"
    candidate, number = base, 2
    while candidate in taken:
        candidate, number = f"{base}-{number}", number + 1
    taken.add(candidate)
    return candidate
