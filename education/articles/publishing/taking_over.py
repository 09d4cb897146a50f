"""What a signature takes over with the words: who is shown as the author, the grades, the studies.

Afterwards the page says one thing: nothing on it is by the starter library, and nothing is still to be checked.
"""

from collections.abc import Iterator

from django.utils.text import get_text_list

from education.accounts.models import User
from education.articles.content.blocks.claim import ClaimBlock
from education.articles.publishing import gate
from education.articles.publishing.gate import Facts
from education.articles.publishing.signing import NotSignable, SignOffRequest
from education.core.text import after_colon
from education.people.models import Person
from education.references import actions as references
from education.references.models import Reference
from education.wording import actions as wording

MAX_NAMED = 3  # studies in one sentence


def take_over(facts: Facts, request: SignOffRequest, *, person: Person, by: User) -> bool:
    """Do what the clinician asked for. Raises NotSignable, naming what is left. Whether patients will see a change."""
    changed = _set_author(facts, request)
    unsigned, unchecked = gate.unsigned_studies(facts), gate.unchecked_studies(facts)
    references.locked(Reference.objects.filter(pk__in={study.pk for study in [*unsigned, *unchecked]}))
    refusals = dict(_refusals(facts, request))
    if refusals:
        raise NotSignable(**refusals)
    graded = [claim["graded_by"] for _, claim in gate.foreign_grades(facts)]
    for block in facts.blocks:
        if isinstance(block, ClaimBlock) and block.graded_by in graded:
            block.graded_by, block.graded_on = str(person), facts.today
            block.save(update_fields=["graded_by", "graded_on"])
    if request.studies_seen and request.studies_seen == wording.sha256_of(unsigned):
        _sign(unsigned, facts, name=str(person), by=by)
    for study in unchecked:
        references.set_status(study, Reference.Status.CURRENT, notice=study.notice, on=facts.today, by=by)
    return changed or bool(graded or unchecked)


def _sign(studies: list[Reference], facts: Facts, *, name: str, by: User) -> None:
    seen = {study.pk: study.words_sha256() for study in studies}
    outcome = wording.sign(Reference, seen, name=name, second_person=facts.clinic.second_person_signs, by=by)
    if outcome.refused:
        raise NotSignable(*(f"{study.short_name}: {after_colon(why)}" for study, why in outcome.refused))


def _set_author(facts: Facts, request: SignOffRequest) -> bool:
    article = facts.article
    before = article.author_id, article.written_by_clinic
    if request.by_clinic:
        article.author, article.written_by_clinic = None, True
    elif request.author:
        article.author, article.written_by_clinic = request.author, False
    if before == (article.author_id, article.written_by_clinic):
        return False
    article.save(update_fields=["author", "written_by_clinic", "updated_at"])
    return True


def _refusals(facts: Facts, request: SignOffRequest) -> Iterator[tuple[str, str]]:
    """What is left, each with the field of the request that would settle it."""
    if gate.has_library_author(facts.article):
        by = f"Written by {facts.article.author}"
        yield "author", f"Patients would read “{by}” on a page that you signed. Choose who wrote it."
    grades = gate.foreign_grades(facts)
    if grades and not request.grades_are_mine:
        names = ", ".join(sorted({claim["graded_by"] for _, claim in grades}))
        words = f"The evidence is graded by {names}. Confirm that you stand by these grades, or correct them."
        yield "grades_are_mine", words
    unchecked = gate.unchecked_studies(facts)
    if unchecked and not request.studies_checked:
        count = "1 study" if len(unchecked) == 1 else f"{len(unchecked)} studies"
        words = f"Nobody has checked {count} of this page against the original."
        yield "studies_checked", f"{words} {_how_to_check(unchecked)}"


def _how_to_check(studies: list[Reference]) -> str:
    """Those without a link are named: they have to be found first."""
    lost = [f"“{name}”" for name, study in gate.named(studies) if not study.link]
    if not lost:
        return "Each has its link above the box: look at them, then check the box."
    which = get_text_list(lost, "and") if len(lost) <= MAX_NAMED else f"{len(lost)} of them"
    find = "find it by its title" if len(lost) == 1 else "find them by their titles"
    others = "" if len(lost) == len(studies) else " All others have a link above the box."
    return (
        f"No address is on record for {which}: {find}, or send the page back.{others} Look at each, then check the box."
    )
