"""Several studies in a few words: how many of one kind, how large they were, and from when."""

from collections.abc import Sequence

from education.references.models import Reference

Kind = Reference.Kind
ONE_AND_MORE: dict[str, tuple[str, str]] = {
    Kind.RCT: ("trial", "trials"),
    Kind.META_ANALYSIS: ("meta-analysis", "meta-analyses"),
    Kind.GUIDELINE: ("guideline", "guidelines"),
    Kind.REGISTRY: ("registry study", "registry studies"),
    Kind.UNCONTROLLED: ("study without a comparison group", "studies without a comparison group"),
    Kind.OBSERVATIONAL: ("survey or cohort study", "surveys or cohort studies"),
    Kind.LABORATORY: ("laboratory study", "laboratory studies"),
    Kind.PROTOCOL: ("plan of a study", "plans of studies"),
    Kind.CASE_REPORT: ("case report", "case reports"),
    Kind.LABEL: ("medicine label", "medicine labels"),
    Kind.REVIEW: ("review", "reviews"),
    Kind.WEBSITE: ("health site", "health sites"),
}


def by_kind(studies: Sequence[Reference]) -> list[list[Reference]]:
    """The studies of each kind, in the order of the kinds: trials first."""
    groups = ([study for study in studies if study.kind == kind] for kind in Kind.values)
    return [group for group in groups if group]


def in_words(studies: Sequence[Reference]) -> str:
    """Studies of one kind, such as “3 trials of 58 to 99 people, 2023 to 2026”.

    A size or a year that one of them lacks is left out for all: what is said of a group is true of each in it.
    """
    one, more = ONE_AND_MORE[studies[0].kind]
    noun, without, what = (one if len(studies) == 1 else more).partition(" without")
    sizes, years = ([getattr(study, name) for study in studies] for name in ("size", "year"))
    people = f" of {_range(sizes, ',')} {'person' if sizes == [1] else 'people'}" if all(sizes) else ""
    return f"{len(studies)} {noun}{people}{without}{what}{f', {_range(years)}' if all(years) else ''}"


def _range(values: list[int], thousands: str = "") -> str:
    least, most = (f"{value:{thousands}}" for value in (min(values), max(values)))
    return least if least == most else f"{least} to {most}"
