"""Fills a prepared site with what a running clinic has: a profile, members of staff, work that waits."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.text import slugify

from education.accounts.models import User
from education.accounts.roles import ROLES
from education.articles.commenting import actions as commenting
from education.articles.models import Article
from education.articles.publishing import actions
from education.clinic import help_lines
from education.clinic.actions import save_bulletin
from education.clinic.examples import actions as example_clinic
from education.clinic.models import Bulletin
from education.colleagues.models import Whose
from education.consultations.triage.actions import load_examples
from education.glossary.models import Term
from education.references.actions import set_status
from education.references.models import Reference
from education.search.models import ListedName
from education.search.names import place_of
from tests import cast

CLINIC = {
    "name": "Clinic by the Quillwater",
    "telephone": "+1 555 0100",
    "email": "desk@clinic.example",
    "address": "1 River Road\nSpringfield",
    "help_lines": help_lines.of_country("US"),
    "reply_promise": "We reply within two working days.",
    "accent": "#7a2a5a",
}
STAFF = "sam"
EDITORS = ("erin", "olga")
CLINICIANS = ("cora", "lars", "lena", "lisa")  # who write too, and have signed nothing yet
# Pages on which one test each works. Shown unsigned, as a trial shows the starter pages.
REWRITTEN = ("Raynaud’s", "Uveitis", "Vasculitis", "Vitiligo")
# Drafts on which one test each works.
DRAFTS = ("Written by two", "Written without a session", "Left with a word", "Left without a word")
BEGINNING = "It began like this."
EVERY_BLOCK = "Every block"


def furnish() -> None:
    """Opening hours stay empty: the desk then has something to ask for."""
    cast.clinic(**CLINIC)
    add_people_and_their_pages()
    everything = cast.staff(STAFF, *ROLES)
    load_examples(by=everything)
    overview = Article.objects.get(slug="overview")
    overview.summary += " Not published yet."
    overview.save(update_fields=["summary"])
    actions.draft_saved(overview, by=everything)
    add_history(everything)
    add_reviews(everything)


def show() -> None:
    """A trial after “Load examples”: the starter pages, an invented clinic, invented requests."""
    sam = cast.staff(STAFF, *ROLES)
    cast.signing_as(sam, "Dr. Sam Stone")
    load_examples(by=sam)
    example_clinic.load(by=sam)


def show_many_names() -> None:
    """As many names as no list holds: all but a few begin with the same letter."""
    row = {"path": "/privacy/", "shelf": "/", "title": "Privacy", "is_title": True}
    words = [f"{first} {second} {number}" for first in ("pain", "palsy") for second in "abc" for number in range(99)]
    ListedName.objects.bulk_create(ListedName(**row, name=name, place=place_of(name)) for name in words)


def add_people_and_their_pages() -> None:
    for name in EDITORS:
        cast.staff(name, "editor")
    for name in CLINICIANS:
        cast.staff(name, "editor", "clinician")
    for title in REWRITTEN:
        cast.live(cast.complete(slugify(title), title=title))
    for title in DRAFTS:
        cast.article(slugify(title), title=title, blocks=[cast.text(f"<p>{BEGINNING}</p>")])
    page = cast.complete(slugify(EVERY_BLOCK), title=EVERY_BLOCK, blocks=cast.every_block_that_passes())
    cast.live(page)
    cast.rewritten(page, summary="About every block, in other words.")


def add_history(by: User) -> None:
    """One page was changed twice, has news, explains signed words, and cites a study that was retracted since."""
    page = Article.objects.get(slug="fibromyalgia")
    for number, reason in enumerate(("The summary says less.", ""), start=1):
        cast.rewritten(page, summary=f"{page.summary} Changed {number} times.")
        cast.signed(page)
        actions.publish(page, by=by, reason=reason)
    news = Bulletin(path=page.get_absolute_url(), words="A new trial came out. We are reading it.")
    save_bulletin(news, by=by)
    cast.shown(news)
    for term in Term.objects.all():
        cast.shown(term)
    study = Reference.objects.get(key="younger-2013")
    set_status(study, Reference.Status.RETRACTED, notice="Retraction of 1 May 2026", on=date(2026, 5, 2), by=by)


def add_reviews(everything: User) -> None:
    """Pages in every state that the review screens show."""
    cast.signing_as(everything, "Dr Sam Stone")
    waiting = cast.complete("gout", title="Gout")
    cast.signed(waiting, by=everything)
    cast.rewritten(waiting, summary="About gout, plainly.")
    actions.submit(waiting, note="Plainer.", by=everything)
    for words in ("Ask the pharmacist about the price.", "Find a newer study."):
        task = commenting.add(waiting, words, by=everything, task=Whose(everything, timezone.localdate()))
    commenting.mark_done(task, by=everything)
    cast.article("unready", title="Unready", blocks=[cast.text("<h3>Small</h3><p>Words.[@nobody-1999]</p>")])
    actions.publish_unsigned(cast.complete("recall", title="Recall of lot 7"), reason="A recall.", by=everything)
    planned = cast.complete("planned", title="Planned page")
    cast.signed(planned)
    actions.schedule(planned, at=timezone.now() + timedelta(days=30), by=everything)
    gone = cast.complete("gone", title="Gone")
    cast.issued(gone)
    actions.withdraw(gone, reason="It was out of date.", by=everything)
