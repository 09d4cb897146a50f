"""Plain text from forms and files, cleaned before it is stored."""

import re
import unicodedata

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")


def clean_input(value: str) -> str:
    """Without control characters and lone surrogates, in Unicode form NFC, with \\n at line ends."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", CONTROL.sub("", value))


def folded(value: str) -> str:
    """For comparing and sorting: without accents and upper case, with single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c))
    return " ".join(bare.casefold().replace("’", "'").split())


def one_line(value: str) -> str:
    """For titles and the like: on one line, with single spaces."""
    return " ".join(clean_input(value).split())


def lines(value: str) -> list[str]:
    """The lines of a text that are not blank, stripped."""
    return [line.strip() for line in clean_input(value).split("\n") if line.strip()]


def heading_id(text: str, taken: set[str]) -> str:
    """An HTML id for a heading that is not in `taken`; it is added there."""
    base = re.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-") or "part"
    candidate, number = base, 2
    while candidate in taken:
        candidate, number = f"{base}-{number}", number + 1
    taken.add(candidate)
    return candidate
