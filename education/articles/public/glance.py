"""What a page says at a glance: facts taken from the blocks of its live edition, so that they are signed with it."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from education.articles.content.blocks.claim import BARS, ClaimBlock
from education.articles.content.blocks.prose import CareCardBlock
from education.articles.content.blocks.risk import GROUPS
from education.articles.content.canonical import Content, parsed
from education.articles.models import Article, Edition
from education.articles.rendering.places import places_from
from education.core.html import plain
from education.references.actions import CITATION

EMERGENCY = CareCardBlock.Level.EMERGENCY
ABOUT_LDN = ("LDN", "naltrexone")
WHO_GETS_IT = "Who gets it"  # the part of a page on a condition whose first sentence says it
FIRST_PARAGRAPH = re.compile(rf"<h2>{WHO_GETS_IT}</h2><p>(.*?)</p>", re.DOTALL)
FIGURE = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.IGNORECASE)
BELONGS_TO_IT = re.compile(r"\d in \d|\bbut\b")  # a second group, or a doubt, without which a figure would say more
COUNTED = r"((?:[^:,]+: )?(?:about |around |fewer than |more than )?\d(?:[^,]|,\d)*?) have (?:it|its signs|{})"
SIGN = re.compile(r"<li>(.*?)</li>", re.DOTALL)
MAX_SIGNS = 3  # beside the pages of a topic
MAX_FACT = 110  # characters; a longer sentence is no fact for a glance
OVER_PLACEBO = "better than placebo"  # in a claim that found no difference: what it was compared with
TITLED = re.compile(r"[^.:;!?]{3,40}: \S")  # “What it is: Naltrexone is …”


FINDINGS = {  # what a patient would say to “Does it help?”
    ClaimBlock.Direction.HELPS: "Seems to help",
    ClaimBlock.Direction.NO_DIFFERENCE: "No difference found",
    ClaimBlock.Direction.HARMS: "Can harm",
    ClaimBlock.Direction.UNCLEAR: "Unclear if it helps",
}
NO_ANSWER = {  # grades that say by themselves that nobody knows
    ClaimBlock.Grade.CONFLICTING: "Studies disagree",
    ClaimBlock.Grade.NONE: "No study in people can tell",
}


class Grade(NamedTuple):
    """How sure anyone can be: a word, and the bars beside it."""

    word: str
    bars: tuple[int, ...]
    means: str = ""


class Point(NamedTuple):
    """A key point. What comes before its colon is its title, where a whole sentence follows."""

    title: str
    words: str

    @property
    def is_warning(self) -> bool:
        return (self.title or self.words).startswith("Never")


class Glance(NamedTuple):
    """`who` is a sentence about who gets the condition, or the figure that it begins with; `risk` a label and its
    chances in words; `ldn` how sure anyone can be of `claim`, the first about LDN; `finding` what was found, with that.

    On the page of one condition that claim speaks for LDN as a whole; on another page it is shown in its own words.
    """

    who: str = ""
    risk: tuple[str, str] | None = None
    ldn: Grade | None = None
    claim: str = "Evidence on LDN"
    finding: str = ""


class Signs(NamedTuple):
    """The first signs of an emergency card in its own words, where the whole card stands, and whether it is signed."""

    words: list[str]
    path: str
    signed: bool


def grades() -> list[Grade]:
    """All grades of evidence, with what each means."""
    return [_grade(str(value)) for value in ClaimBlock.Grade.values]


def glance(edition: Edition) -> Glance:
    return _glance(edition.pk, edition.content) if edition.pk else Glance()


@lru_cache(maxsize=128)
def _glance(edition: int, stored: str) -> Glance:
    """Editions never change."""
    content = parsed(stored)
    if _blocks(content, "options"):  # one number above a choice would lean to one side of it
        return Glance()
    claim = next(
        (block for block in _blocks(content, "claim") if any(word in block["text"] for word in ABOUT_LDN)), None
    )
    risk = next(iter(_blocks(content, "risk")), None)
    found = Glance(who=_who(content), risk=(_words(risk["title"]), _chances(risk)) if risk else None)
    if claim is None:
        return found
    found = found._replace(ldn=_grade(claim["grade"]))
    if content["kind"] != Article.Kind.CONDITION:
        return found._replace(claim=_words(claim["text"]), finding=_sure(claim))
    return found._replace(finding=_finding(claim))


def signs(articles: Iterable[Article]) -> Signs | None:
    """Those of the first of these pages that has an emergency card with a list."""
    for article in articles:
        edition: Any = article.current_edition
        cards = [card for card in _blocks(parsed(edition.content), "care") if card["level"] == EMERGENCY]
        if words := [_words(sign) for card in cards[:1] for sign in SIGN.findall(card["body"])]:
            card_id = places_from(edition.places.data).emergency
            path = f"{article.get_absolute_url()}#{card_id}"
            return Signs(words[:MAX_SIGNS], path, signed=article.sign_off_id is not None)
    return None


def key_points(edition: Edition) -> list[Point]:
    """The key points in plain words, without their sources."""
    found = _blocks(parsed(edition.content), "key-points")
    return [_point(_words(point)) for block in found for point in block["items"]]


def _point(words: str) -> Point:
    title, _, rest = words.partition(": ")
    return Point(title, rest) if TITLED.match(words) and rest[0].isupper() else Point("", words)


def _who(content: Content) -> str:
    """What comes before the first comma if that is a figure, and nothing after it changes what it means: else the whole
    sentence, which cut short could say something else. A figure needs no “have it”: the label asks who gets it.
    """
    if content["kind"] != Article.Kind.CONDITION:
        return ""
    paragraph = next(
        (found[1] for block in _blocks(content, "text") if (found := FIRST_PARAGRAPH.search(block["body"]))), ""
    )
    sentence = _words(paragraph).partition(". ")[0].rstrip(".")
    if len(sentence) > MAX_FACT:
        return ""
    first, _, rest = sentence.partition(", ")
    said = first if FIGURE.search(first) and not BELONGS_TO_IT.search(rest) else sentence
    names = [content["title"], *content["aliases"]]
    counted = re.fullmatch(COUNTED.format("|".join(map(re.escape, names))), said, re.IGNORECASE)
    return counted[1] if counted else said


def _finding(claim: dict[str, Any]) -> str:
    """What was found, and how sure that is: never surer than the two labels of the claim."""
    sure = _sure(claim)
    unclear = claim["direction"] == ClaimBlock.Direction.UNCLEAR
    if claim["grade"] == ClaimBlock.Grade.NONE or (unclear and claim["grade"] == ClaimBlock.Grade.CONFLICTING):
        return sure
    if claim["direction"] == ClaimBlock.Direction.NO_DIFFERENCE and OVER_PLACEBO in claim["text"]:
        return f"No better than placebo ({sure.lower()})"
    return f"{FINDINGS[claim['direction']]} ({sure.lower()})"


def _sure(claim: dict[str, Any]) -> str:
    grade = claim["grade"]
    return NO_ANSWER.get(grade) or f"{_grade(grade).word} evidence"


def _chances(risk: dict[str, Any]) -> str:
    """The chances of both groups, if there are two: the first alone would promise what the second takes back."""
    groups = [(risk[f"{name}_count"], risk[f"{name}_group"]) for name in GROUPS]
    return ", ".join(f"{count:,} in {risk['denominator']:,} {group}" for count, group in groups if group)


def _blocks(content: Content, kind: str) -> list[dict[str, Any]]:
    return [block for block in content["blocks"] if block["type"] == kind]


def _words(line: str) -> str:
    return plain(CITATION.sub("", line))


def _grade(value: str) -> Grade:
    word, _, means = str(ClaimBlock.Grade(value).label).partition(": ")
    return Grade(word, BARS[value], means[:1].upper() + means[1:])
