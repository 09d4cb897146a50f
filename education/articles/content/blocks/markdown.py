"""A block as a Markdown file holds it, and what the blocks share for reading and writing it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from education.articles.content import foreign
from education.core.richtext import to_html
from education.core.text import one_line

BULLET = re.compile(r"- \s*(?=\S)")
NUMBER = re.compile(r"[0-9]+\. +(?=\S)")


class BrokenSource(ValueError):
    """A file does not follow the format. The message names the file, the line, what is wrong and what to do."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}, line {line}: {problem}")


@dataclass(frozen=True)
class FencedBlock:
    """The lines between `::: name argument` and `:::`. Bare text in a file is one without a name."""

    name: str
    argument: str
    lines: Sequence[str]
    file: str = ""  # where it was read
    line: int = 0  # where it begins in that file, counted from 1

    @property
    def inside(self) -> str:
        return "\n".join(self.lines)

    def __str__(self) -> str:
        opening = f"::: {self.name} {self.argument}".rstrip()
        return "\n".join([opening, *self.lines, ":::"])

    def broken(self, problem: str, line: int | None = None) -> BrokenSource:
        """What to raise when it can't be read; `line` where one of its lines is at fault."""
        return BrokenSource(self.file, self.line if line is None else line, problem)

    def needed_argument(self, what: str) -> str:
        """The argument, which can't be left out. Raises BrokenSource, which asks for `what`."""
        if not self.argument:
            raise self.broken(f"::: {self.name} needs {what} on the same line.")
        return self.argument

    def heading(self) -> str:
        return self.needed_argument("a heading")

    def numbered_lines(self) -> Iterator[tuple[int, str]]:
        """Each line with its number in the file. Raises BrokenSource where one holds more than words and citations."""
        for number, line in enumerate(self.lines, start=self.first_line):
            if problem := foreign.plain_line_problem(line):
                raise self.broken(problem, number)
            yield number, line

    @property
    def first_line(self) -> int:
        """The number in the file of the first line inside: bare text has no line before it."""
        return self.line + bool(self.name)

    def rich(self, profile: str) -> str:
        """What is inside as rich text. Raises BrokenSource, also for Markdown that the format has not."""
        for line, problem in foreign.problems(self.inside, with_headings=profile == "text"):
            raise self.broken(problem, self.first_line + line)
        try:
            return to_html(self.inside, profile)
        except ValidationError as error:
            raise self.broken(str(error.message)) from error

    def bullets(self) -> list[str]:
        return self._items(BULLET, "every line is a point that begins with “- ”")

    def steps(self) -> list[str]:
        return self._items(NUMBER, "every line is a step that begins with “1. ”")

    def _items(self, marker: re.Pattern[str], rule: str) -> list[str]:
        items = []
        for number, line in self.numbered_lines():
            found = marker.match(line)
            if not found:
                raise self.broken(f"Inside ::: {self.name} {rule}.", number)
            items.append(line[found.end() :].strip())
        return items

    def grouped(self, *prefixes: str) -> dict[str, list[str]]:
        """The words of lines such as `do: Walk.`, by what they begin with. Raises BrokenSource for any other line."""
        found: dict[str, list[str]] = {prefix: [] for prefix in prefixes}
        for number, line in self.numbered_lines():
            prefix, _, words = line.partition(": ")
            if prefix not in found or not words.strip():
                begins = " or ".join(f"“{each}: ”" for each in prefixes)
                raise self.broken(f"Inside ::: {self.name} every line begins with {begins}.", number)
            found[prefix].append(words.strip())
        return found

    def pairs(self, *keys: str) -> dict[str, str]:
        """The values of lines such as `alt: A key.`; empty where a key is not there. Raises BrokenSource."""
        pairs = dict.fromkeys(keys, "")
        for number, line in self.numbered_lines():
            key, colon, value = line.partition(": ")
            if not colon or key not in pairs:
                problem = f"Inside ::: {self.name} each line is one of {', '.join(keys)}, a colon, and words."
                raise self.broken(problem, number)
            pairs[key] = one_line(value)
        return pairs


def bullet_lines(items: Iterable[str]) -> list[str]:
    return [f"- {item}" for item in items]


def step_lines(items: Iterable[str]) -> list[str]:
    return [f"{number}. {item}" for number, item in enumerate(items, start=1)]


def pair_lines(pairs: Iterable[tuple[str, Any]]) -> list[str]:
    """`key: value` for each pair that has a value."""
    return [f"{key}: {value}" for key, value in pairs if value not in ("", False)]
