"""Names of people: compared by their words, and set into sentences so that they can't turn those around."""

import re
import unicodedata

from education.core.text import folded, without_invisible

WORD = re.compile(r"[^\W_]+")
# These scripts put no space between a family name and a given one.
UNSPACED = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]+")
# As people write a letter who have no such key: Mueller and Muller are both Müller.
WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
RIGHT_TO_LEFT = {"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI"}
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"


def words(name: str) -> list[str]:
    """The words of a name as they are compared, also those of one letter."""
    return WORD.findall(folded(name))


def searched(name: str) -> list[set[str]]:
    """The words of a name, each in the ways in which it is written."""
    found: list[set[str]] = []
    for typed in name.split():
        plain, long = words(typed), words(_composed(typed).translate(WRITTEN_OUT))
        found += [set(pair) for pair in zip(plain, long if len(long) == len(plain) else plain, strict=True)]
    return found


def findable(name: str) -> set[str]:
    """Everything that a name is found by: each word, however it is written, and the parts of 李小龙."""
    found = {spelling for word in searched(name) for spelling in word}
    for word in UNSPACED.findall(_composed(name)):
        found |= {folded(part) for part in (*word, word[1:]) if part}
    return found


def isolated(name: str) -> str:
    """The name for a sentence in plain text: if it runs from right to left, marked so that it turns nothing else."""
    if any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in name):
        return f"{ISOLATE}{name}{END_OF_ISOLATE}"
    return name


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", without_invisible(name)).casefold()
