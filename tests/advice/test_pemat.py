"""PEMAT-P: what counting settles, what it leaves to people, and how the score is made."""

from typing import Any

from education.advice.counting import PageMetrics
from education.advice.models import Judgement
from education.advice.pemat import ITEMS, DomainScore, all_items, assess
from education.articles.content.pieces import pieces
from tests.advice.shipped import advise
from tests.cast import care, claim, do_dont, figure, key_points, questions, risk, steps, table, text
from tests.each import of_each

Block = dict[str, Any]
LONG = text("<h2>One</h2><p>Some words here.</p><p>More words there.</p><h2>Two</h2><p>Last words of all.</p>")
PASSIVE = text("<p>It is taken daily. It was given to you. They were told so. We walk.</p>")
NUMBERED = text("<p>3 in 10 people felt better.</p>")


def judged(
    *blocks: Block, judgements: list[Judgement] | None = None, unexplained: list[str] | None = None
) -> list[DomainScore]:
    content = {"title": "Walking", "summary": "How to walk.", "blocks": list(blocks)}
    page = PageMetrics(content, pieces(content), advise(content, unavoidable=["lupus"], swaps={}), unexplained or [])
    return assess(page, judgements or [], "now")


def observed(number: int, *blocks: Block, **more: Any) -> tuple[str, str]:
    (found,) = [one for one in all_items(judged(*blocks, **more)) if one.item.number == number]
    return str(found.verdict), found.observation.text


def judgement(item: int, verdict: str, sha256: str = "now") -> Judgement:
    return Judgement(item=item, verdict=verdict, sha256=sha256, judged_by="erin")


def test_the_items_are_those_of_pemat_p() -> None:
    numbers = [item.number for item in ITEMS]
    assert numbers == [number for number in range(1, 27) if number not in (13, 14)]
    assert [len(domain.items) for domain in judged(LONG)] == [17, 7]
    assert [item.number for item in ITEMS if item.not_applicable_when] == [6, 8, 9, 11, 16, 17, 18, 19, 24, 25]


@of_each(
    [
        (5, [PASSIVE], "no", "3 of 5 sentences look passive; at most one in five may."),
        (5, [LONG], "yes", "0 of 4 sentences look passive; at most one in five may."),
        (6, [LONG], "n/a", "There is no number in it."),
        (6, [NUMBERED], "", ""),
        (6, [text("<p>30% did, 3 in 10 did not.</p>")], "", "1 percentage: “3 in 10” is clearer."),
        (8, [text()], "n/a", "The page is very short: two paragraphs at most."),
        (8, [LONG], "yes", "The longest paragraph has 4 words (at most 75)"),
        (8, [LONG, text("<p>" + "word " * 80 + "</p>")], "no", "The longest paragraph has 80 words (at most 75)"),
        (8, [text(("<p>" + "word " * 60 + "</p>") * 4)], "no", "a heading 240 (at most 200)"),
        (8, [text(("<h2>One</h2><p>" + "word " * 60 + "</p>") * 4)], "yes", "a heading 60 (at most 200)"),
        (8, [LONG, key_points(*("A point." for _ in range(11)))], "no", "the longest list 11 points (at most 10)"),
        (9, [text("<p>One.</p><p>Two.</p><p>Three.</p>")], "no", "It has no heading."),
        (9, [LONG], "", "It has 2 headings."),
        (9, [text()], "n/a", "The page is very short: two paragraphs at most."),
        (11, [LONG], "no", "It has no key points."),
        (11, [LONG, key_points()], "yes", "It has key points."),
        (11, [text()], "n/a", "The page is very short: two paragraphs at most."),
        (12, [LONG], "no", "Nothing stands out: no key points, no card, no bold words."),
        (12, [LONG, care(), key_points()], "yes", "It has key points, care cards."),
        (12, [text("<p><strong>One</strong> of ten words that stand here in a row.</p>")], "yes", "a few bold words"),
        (12, [text("<p><strong>All of it</strong> is bold.</p>")], "", "3 of 5 words are bold"),
        (16, [LONG], "n/a", "There is none."),
        (16, [figure()], "", ""),
        (17, [LONG], "n/a", "There is none."),
        (17, [figure(), risk()], "", "Each has one. Is it clear?"),
        (17, [figure(), figure(caption="")], "no", "1 picture has no caption."),
        (18, [risk()], "", ""),
        (19, [LONG], "n/a", "There is none."),
        (19, [table()], "", "None is wide."),
        (19, [table(rows=[["a", "b", "c", "d", "one two three four five six"]])], "", "The widest has 5 columns. “one"),
        (20, [LONG], "", "No block of it is made for things to do"),
        (20, [steps(), do_dont()], "yes", "It has do and don’t, steps."),
        (21, [text("<p>You can rest. It is your day.</p>")], "", "“You” and “your” stand in it 2 times."),
        (22, [steps()], "", "It has a block of steps."),
        (23, [questions()], "", "It has questions to take along."),
        (25, [LONG], "n/a", "There are none."),
        (25, [table()], "", ""),
    ]
)
def test_items_that_can_be_counted_get_a_verdict(case: tuple[int, list[Block], str, str]) -> None:
    number, blocks, verdict, words = case
    found, how = observed(number, *blocks)
    assert found == verdict
    assert words in how


@of_each([1, 2, 3, 4, 7, 10, 15, 21, 22, 23, 24, 26])
def test_items_that_need_a_person_never_get_a_verdict_by_counting(number: int) -> None:
    for blocks in ([text()], [LONG, key_points(), care(), steps(), figure(), table(), claim(), questions()], [PASSIVE]):
        assert observed(number, *blocks)[0] == ""


def test_a_term_that_the_glossary_does_not_explain_is_named() -> None:
    page = text("<p>Lupus can tire you.</p>")
    assert "Your glossary does not explain: lupus." in observed(4, page, unexplained=["lupus"])[1]
    assert "It uses lupus: your glossary explains each." in observed(4, page)[1]


def test_a_person_overrules_the_count_but_only_for_the_draft_they_judged() -> None:
    assert observed(11, LONG, judgements=[judgement(11, "yes")])[0] == "yes"
    assert observed(11, LONG, judgements=[judgement(11, "yes", sha256="before")])[0] == "no"
    assert observed(2, LONG, judgements=[judgement(2, "yes", sha256="before")])[0] == ""


def all_judged(**other: str) -> list[Judgement]:
    return [judgement(item.number, other.get(f"item_{item.number}", "yes")) for item in ITEMS]


def test_the_score_is_the_share_of_yes_among_the_items_that_apply() -> None:
    """13 of the 16 items that apply are a yes: scored as PEMAT does."""
    others = {"item_1": "no", "item_2": "no", "item_3": "no", "item_6": "n/a"}
    understandability, actionability = judged(LONG, judgements=all_judged(**others))
    assert (understandability.yes_count, understandability.applicable, understandability.percent) == (13, 16, 81)
    assert actionability.percent == 100


def test_there_is_no_score_while_an_item_is_open() -> None:
    understandability, actionability = judged(LONG, judgements=[one for one in all_judged() if one.item != 2])
    assert (understandability.open, understandability.percent) == (1, None)
    assert (understandability.lowest, understandability.highest) == (94, 100)
    assert actionability.percent == 100


def test_there_is_no_score_when_no_item_applies() -> None:
    domain = DomainScore("Actionability", [one for one in all_items(judged(LONG)) if one.item.number in (16, 19)])
    assert (domain.open, domain.applicable, domain.percent) == (0, 0, None)


def test_table_cells_are_not_counted_as_list_items() -> None:
    rows = [["Study", "People", "Pain"], *([f"Study {number}", "31", "less"] for number in range(8))]
    assert observed(8, LONG, table(rows=rows))[0] == "yes"
