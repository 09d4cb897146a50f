"""The pages that help with a decision: equal space for each choice, and what IPDASi asks of a decision aid.

The numbers are those of IPDASi version 4: six items without which a page is no decision aid, and six without which it
may mislead. Those on screening tests do not apply.
"""

import re

from education.references.actions import CITATION
from tests.content.words import NAMES, blocks, page, said
from tests.each import of_each

AIDS = [name for name in NAMES if blocks(name, "options")]
VERDICT = re.compile(
    r"\byou should\b|\bwe (?:recommend|advise|suggest)\b|\bsuits you\b|\bright for you\b|\bbest choice\b", re.IGNORECASE
)
STATED = {
    "qualifying 1, the health problem": r"(?:Fibromyalgia|Crohn's disease|Multiple sclerosis) .+ tiredness",
    "qualifying 2, the decision": r"“Shall I talk with a clinician about adding LDN to my treatment\?”",
    "qualifying 3, the options": r"What you do",
    "qualifying 4, what may get better": r"What may get better",
    "qualifying 5, what may go wrong": r"What may go wrong",
    "qualifying 6, living with it": r"Living with it",
    "certification 3, the date": r"wrote this page in November 2026",
    "certification 4, how it is updated": r"looks at it again at each review, or sooner when a new trial comes out",
    "certification 5, how sure it is": r"How sure this is.+the best that we found, and new trials may change them",
    "certification 6, who paid": r"No company paid for the page, but the clinic may charge you",
    "nobody certified it": r"though nobody has certified it",
}
each_aid = of_each(AIDS)


def test_there_is_one_for_each_of_three_conditions() -> None:
    assert [name.removeprefix("ldn-decision-") for name in AIDS] == [
        "crohns-disease",
        "fibromyalgia",
        "multiple-sclerosis",
    ]


@of_each(AIDS, STATED)
def test_it_says_what_a_decision_aid_must_say(name: str, item: str) -> None:
    assert re.search(STATED[item], " ".join(said(name)))


@each_aid
def test_the_three_choices_have_equal_space_and_harm_stands_beside_benefit(name: str) -> None:
    """Certification 1. Equal to within a seventh: nobody writes three times the same number of words."""
    (options,) = blocks(name, "options")
    first, *told = zip(*options["rows"], strict=True)
    assert first[first.index("What may get better") + 1] == "What may go wrong"
    words = [sum(len(CITATION.sub("", cell).split()) for cell in cells[1:]) for cells in told]
    assert len(words) == 3
    assert max(words) <= min(words) * 7 / 6


@each_aid
def test_pictures_of_benefit_and_of_harm_have_one_denominator_and_a_study(name: str) -> None:
    """Certification 2, and 5."""
    pictures = blocks(name, "risk")
    assert {picture["denominator"] for picture in pictures} == {100}
    assert all(CITATION.search(picture["title"]) and picture["second_group"] for picture in pictures)
    assert any("side effect" in picture["title"] for picture in pictures)
    assert [claim["grade"] for claim in blocks(name, "claim")] in (["low"], ["conflicting"])


@each_aid
def test_it_asks_what_matters_and_gives_no_verdict(name: str) -> None:
    matters, now = blocks(name, "what-matters")
    assert matters["rows"][-1] == ["What else matters to you?"]
    assert now["rows"][-1][0] == "What would you like to do next?"
    assert [words for words in said(name) if VERDICT.search(words)] == []


@each_aid
def test_what_is_no_choice_is_said_too(name: str) -> None:
    words = " ".join(said(name))
    assert "never in its place" in words
    assert "LDN is not a choice for anyone who takes opioids" in words
    assert page(name)["kind"] == "guide"
