"""Lists that staff put in order, of pages or of the parts of a page, as the words of a place.

Each line is an address or the name of a part; “hide” before it keeps it out of sight. What is there by itself
without being listed, such as each topic in the menu, follows after the last line.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from education.core.text import lines

HIDE = "hide "
ADDRESS = re.compile(r"/(?:[a-z0-9-]+/)*")
NO_ADDRESS = "“{}” is not an address of this site. An address begins and ends with a slash, such as /contact/."
TWICE = "“{}” stands here twice. Keep one of the two."


@dataclass(frozen=True)
class Item:
    value: str
    shown: bool = True


def items(words: str) -> list[Item]:
    return [Item(line.removeprefix(HIDE).strip(), not line.startswith(HIDE)) for line in lines(words)]


def as_words(found: Iterable[Item]) -> str:
    return "\n".join(("" if item.shown else HIDE) + item.value for item in found)


def arranged(words: str, following: Iterable[str] = ()) -> list[Item]:
    """What is listed, then the rest of `following` in its own order."""
    listed = items(words)
    named = {item.value for item in listed}
    return [*listed, *(Item(value) for value in following if value not in named)]


def shown(words: str, following: Iterable[str] = ()) -> list[str]:
    return [item.value for item in arranged(words, following) if item.shown]


def shortest(found: list[Item], following: Iterable[str] = ()) -> str:
    """The fewest lines that say the same, so that what is new later takes its own place among what is not listed."""
    rest = list(following)
    kept = [item for item in found if item.shown or item.value in rest]
    known = [value for value in rest if value in {item.value for item in kept}]
    for count in range(len(kept)):
        words = as_words(kept[:count])
        if arranged(words, known) == kept:
            return words
    return as_words(kept)


def names(words: str) -> dict[str, str]:
    """What a link says instead of the title of its page, by address."""
    found = (line.partition(" ") for line in lines(words))
    return {address: name.strip() for address, _, name in found}


def names_as_words(found: dict[str, str]) -> str:
    return "\n".join(f"{address} {name}" for address, name in found.items() if name)


def pages_problem(words: str) -> str:
    listed = [item.value for item in items(words)]
    wrong = next((value for value in listed if not ADDRESS.fullmatch(value)), "")
    return NO_ADDRESS.format(wrong) if wrong else _twice(listed)


def sections_problem(words: str, there_are: Collection[str]) -> str:
    listed = [item.value for item in items(words)]
    wrong = next((value for value in listed if value not in there_are), "")
    return f"This page has no part “{wrong}”, but these: {', '.join(there_are)}." if wrong else _twice(listed)


def names_problem(words: str, limit: int) -> str:
    named = [line.partition(" ") for line in lines(words)]
    for address, _, name in named:
        if not ADDRESS.fullmatch(address):
            return NO_ADDRESS.format(address)
        if not name.strip():
            return f"Write after {address} what the link to it shall say."
        if len(name) > limit:
            return f"“{name}” has {len(name)} characters. Shorten it to {limit}."
    return _twice([address for address, _, _ in named])


def _twice(listed: list[str]) -> str:
    again = next((value for number, value in enumerate(listed) if value in listed[:number]), "")
    return TWICE.format(again) if again else ""
