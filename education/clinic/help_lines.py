"""Whom to call or text when it can't wait: the lines of a country to begin with, and how one is shown.

A number here is only ever a number. Words beside it are shown as they are; nothing looks for numbers in them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from django.db.models import TextChoices

# How an emergency card of the starter library ends. A line for a crisis with that number stands in its place.
CRISIS_SENTENCE = "If you have thoughts of ending your life, call or text 988, day or night."
CRISIS_NUMBER = "988"
NUMBER = re.compile(r"\+?[0-9]+(?:[ -][0-9]+)*")


class HelpKind(TextChoices):
    EMERGENCY = "emergency", "In an emergency"
    CRISIS = "crisis", "If you think of harming yourself"
    POISON = "poison", "After a poisoning or an overdose"


@dataclass(frozen=True)
class HelpLine:
    """`call` and `text` are numbers as people write them, such as 116 123, or empty. `label` says who answers."""

    kind: str
    label: str
    call: str = ""
    text: str = ""
    when: str = ""

    @property
    def call_href(self) -> str:
        return f"tel:{_dialled(self.call)}" if self.call else ""

    @property
    def text_href(self) -> str:
        return f"sms:{_dialled(self.text)}" if self.text else ""

    @property
    def said(self) -> str:
        """The whole line in words, for whoever signs it."""
        numbers = [f"{verb} {number}" for verb, number in (("call", self.call), ("text", self.text)) if number]
        parts = [" or ".join(numbers), self.label, self.when]
        return f"{HelpKind(self.kind).label}: {', '.join(part for part in parts if part)}"

    def stored(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Help:
    """The lines for one need, and what the clinic says beside them."""

    kind: HelpKind
    lines: tuple[HelpLine, ...]
    words: str = ""

    @property
    def title(self) -> str:
        return str(self.kind.label)


def read(stored: Iterable[Mapping[str, str]]) -> list[HelpLine]:
    """The lines as a profile holds them."""
    return [HelpLine(**line) for line in stored]


def grouped(lines: Iterable[HelpLine], words: Mapping[HelpKind, str]) -> list[Help]:
    """The lines by need, the most urgent need first. A need without lines and words is left out."""
    found = list(lines)
    needs = [Help(kind, tuple(line for line in found if line.kind == kind), words.get(kind, "")) for kind in HelpKind]
    return [need for need in needs if need.lines or need.words]


def says_crisis_sentence(needs: Iterable[Help]) -> bool:
    """Whether a line for a crisis can be both called and texted at the number of CRISIS_SENTENCE, so that it says all
    of it.
    """
    lines = (line for need in needs if need.kind == HelpKind.CRISIS for line in need.lines)
    return any(_dialled(line.call) == _dialled(line.text) == CRISIS_NUMBER for line in lines)


def _dialled(number: str) -> str:
    return re.sub(r"[ -]", "", number)


def _emergency(number: str) -> HelpLine:
    return HelpLine(HelpKind.EMERGENCY.value, "", call=number)


def _crisis(label: str, call: str, text: str = "") -> HelpLine:
    return HelpLine(HelpKind.CRISIS.value, label, call=call, text=text, when="day and night")


SAMARITANS = _crisis("Samaritans", "116 123")
EU = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IT LV LT LU MT NL PL PT RO SK SI ES SE".split()  # noqa: SIM905
# Common knowledge: no source was looked up for any of these numbers, which the profile and `for-the-clinician.md` say.
# A clinic elsewhere fills in its own.
OF_COUNTRY: dict[str, tuple[HelpLine, ...]] = {
    "US": (_emergency("911"), _crisis("988 Suicide & Crisis Lifeline", "988", "988")),
    "CA": (_emergency("911"), _crisis("9-8-8 Suicide Crisis Helpline", "988", "988")),
    "GB": (_emergency("999"), SAMARITANS),
    "IE": (_emergency("112"), _emergency("999"), SAMARITANS),
    "AU": (_emergency("000"), _crisis("Lifeline", "13 11 14")),
    "NZ": (_emergency("111"), _crisis("Need to talk?", "1737", "1737")),
    **{country: (_emergency("112"),) for country in EU},
}


def of_country(country: str) -> list[dict[str, str]]:
    """The country's lines as a profile stores them; empty where we know none."""
    return [line.stored() for line in OF_COUNTRY.get(country, ())]
