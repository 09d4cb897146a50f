"""Several studies in a few words."""

from education.references.groups import ONE_AND_MORE, by_kind, in_words
from education.references.models import Reference
from tests.each import of_each


def study(kind: str = "rct", size: int | None = None, year: int | None = None) -> Reference:
    return Reference(kind=kind, size=size, year=year)


@of_each(
    [
        ([study(size=31, year=2013)], "1 trial of 31 people, 2013"),
        ([study(size=58, year=2023), study(size=99, year=2026)], "2 trials of 58 to 99 people, 2023 to 2026"),
        ([study(size=40, year=2011), study(size=40, year=2011)], "2 trials of 40 people, 2011"),
        ([study(size=58, year=2023), study(year=2026)], "2 trials, 2023 to 2026"),
        ([study(size=58, year=2023), study(size=99)], "2 trials of 58 to 99 people"),
        ([study("registry", size=11_194)], "1 registry study of 11,194 people"),
        ([study("case-report", size=1)], "1 case report of 1 person"),
        ([study("uncontrolled", size=15, year=2020)], "1 study of 15 people without a comparison group, 2020"),
        ([study("meta-analysis"), study("meta-analysis")], "2 meta-analyses"),
    ]
)
def test_what_is_said_of_a_group_is_true_of_each_study_in_it(group: tuple[list[Reference], str]) -> None:
    studies, words = group
    assert in_words(studies) == words


def test_every_kind_has_a_word_for_one_and_for_more() -> None:
    assert list(ONE_AND_MORE) == list(Reference.Kind)


def test_studies_of_one_kind_stand_together_trials_first() -> None:
    given = [study("review"), study(), study("meta-analysis"), study()]
    assert by_kind(given) == [[given[1], given[3]], [given[2]], [given[0]]]
