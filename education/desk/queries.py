"""What the desk shows: only what this user may act on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from education.accounts.models import User
from education.articles import workflow
from education.articles.models import Article, Edition, Topic, UnsavedWriting
from education.articles.public.topics import live, put_first
from education.clinic.models import MAY_EDIT_PROFILE, ONLY_ROW, ClinicProfile
from education.consultations import clinicians, mails
from education.consultations import workflow as asking
from education.consultations.disclosure.actions import example_requests
from education.consultations.models import ConsultationRequest, IntakePause
from education.consultations.public.availability import Intake, intake
from education.consultations.triage import queue
from education.consultations.workflow import Flag, Status
from education.core.contact import telephone
from education.core.text import counted
from education.desk import accounts, pages, tasks, words
from education.desk.sections import Line, Link, Section, Tally
from education.health import backups, inspection
from education.health.watching import troubles
from education.health.watching.troubles import Trouble, When
from education.outbox.models import OutboxMessage
from education.people.models import Person
from education.search import shelves

SHOWN = 6  # requests that are next to answer


@dataclass
class Desk:
    tallies: list[Tally] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    missing: list[Link] = field(default_factory=list)
    closed_form: bool = False
    pauses: list[IntakePause] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    call: tuple[str, str] = ("", "")  # what stands around the words for whom to call about them
    whom_to_call: str = ""
    whose_number: str = ""  # the link that dials them, if one is known
    site: list[Line] = field(default_factory=list)
    unsent: dict[str, int] = field(default_factory=dict)  # mails, by their state
    refused_mail: int = 0
    steps: list[Link] = field(default_factory=list)
    can_load_examples: bool = False
    holds_examples: bool = False

    @property
    def troubles_can_wait(self) -> bool:
        """Whether to show whoever answers requests first who is next: nobody has to call about the server now."""
        answers = any(section.next_to_answer is not None for section in self.sections[:1])
        return answers and bool(self.troubles) and self.troubles[0].when > When.NOW

    @property
    def failed_mail(self) -> int:
        return self.unsent.get(OutboxMessage.FAILED, 0)


def desk_for(user: User) -> Desk:
    desk, keeps = Desk(), user.has_perm(MAY_EDIT_PROFILE)
    left = tasks.tasks_for(user)
    if user.has_perm(asking.MAY_VIEW):
        found = _found()
        desk.tallies += _tallies(found, late_tasks=tasks.late(user, left))
        desk.sections.append(_requests(found, user))
    desk.sections += [*accounts.waiting_roles(user), *tasks.sections(user, left)]
    if user.has_perm(workflow.MAY_VIEW):
        to_sign = Article.objects.to_sign(timezone.localdate()).count()
        desk.tallies.append(_to_review(to_sign, signs=user.has_perm(workflow.MAY_SIGN)))
        desk.sections += [*_unsaved(user), *words.section_for(user), *pages.sections_for(user, to_sign)]
    desk.sections += accounts.changes(user)
    if keeps:
        written = ClinicProfile.as_written()
        desk.missing = [Link(lack.words, f"{profile_path()}#id_{lack.field}") for lack in written.missing_fields()]
        desk.holds_examples = bool(written.example_fields) or Person.objects.filter(is_example=True).exists()
        desk.closed_form = not (settings.TRIAL or ClinicProfile.load().ready_for_requests)
        desk.refused_mail = mails.refused_by_staff_addresses().count()
        _add_troubles(desk, inspection.for_desk(), written)
    elif user.has_perm(asking.MAY_VIEW):
        _add_troubles(desk, inspection.for_desk(*inspection.ARRIVING), ClinicProfile.load())
    _add_state(desk, user, keeps=keeps)
    desk.holds_examples |= user.has_perm(asking.MAY_WORK) and example_requests().exists()
    if settings.TRIAL:
        desk.steps = _first_steps(user)
        desk.can_load_examples = not desk.holds_examples and (user.has_perm(asking.MAY_WORK) or keeps)
    return desk


def _add_troubles(desk: Desk, findings: dict[str, str], clinic: ClinicProfile) -> None:
    """What is wrong with the server, and whom to call about it."""
    if not findings:
        return
    desk.troubles, desk.whom_to_call = troubles.explained(findings), troubles.whom_to_call()
    desk.call = troubles.call(desk.troubles)
    numbers = [number.tel for number in telephone.read(settings.SERVER_CONTACT, clinic.country) if number.tel]
    desk.whose_number = next(iter(numbers), "")


def _add_state(desk: Desk, user: User, *, keeps: bool) -> None:
    """Whether requests come in, for whoever answers them, pauses the form or `keeps` the site."""
    if not (keeps or user.has_perm(asking.MAY_VIEW) or user.has_perm(asking.MAY_PAUSE)):
        return
    form, today = intake(), timezone.localdate()
    desk.pauses = [pause for pause in form.around.pauses if pause.holds_on(today)]
    desk.unsent = OutboxMessage.objects.unsent_by_state()
    desk.site = _site(desk, form, keeps=keeps)


def _site(desk: Desk, form: Intake, *, keeps: bool) -> list[Line]:
    """The state of the site in words. What is wrong stands above."""
    lines = [Line("What is wrong with the server is said above.")]
    if not desk.troubles:
        looked_at = "The server runs as it should" if keeps else "Requests arrive as they should"
        lines = [Line(looked_at, well=True), _mail(desk.unsent)]
    closed = "The request form is paused" if form.pause else "The request form is closed"
    lines.append(Line("The request form is open", well=True) if form.is_open else Line(closed))
    return [*lines, Line(backups.last_in_words(), well=backups.newest() is not None)] if keeps else lines


def _mail(unsent: dict[str, int]) -> Line:
    waiting = unsent.get(OutboxMessage.WAITING, 0)
    if lost := sum(unsent.values()) - waiting:
        return Line(f"{counted(lost, 'mail')} could not be delivered")
    return Line(f"{counted(waiting, 'mail')} on the way") if waiting else Line("All mail is delivered", well=True)


def profile_path() -> str:
    return reverse("admin:education_clinicprofile_change", args=[ONLY_ROW])


def _queue_path() -> str:
    return reverse("admin:education_consultationrequest_changelist")


def _found() -> dict[str, Any]:
    """How many requests wait. Of the gravest, those that no clinician has talked to yet."""
    unmet = clinicians.come_first()
    return ConsultationRequest.objects.waiting().aggregate(
        open=Count("pk"),
        new=Count("pk", filter=Q(status=Status.NEW)),
        suspect=Count("pk", filter=Q(status=Status.SUSPECT)),
        overdue=Count("pk", filter=Q(due_at__lte=timezone.now())),
        **{flag.name: Count("pk", filter=Q(flag=flag) & unmet) for flag in Flag if flag >= Flag.URGENT},
        left=Count("pk", filter=queue.left_behind()),
        clinician_first=Count("pk", filter=unmet),
    )


def _tallies(found: dict[str, Any], *, late_tasks: int) -> list[Tally]:
    """What is overdue are requests, and tasks of whoever looks, which are listed below."""
    path, overdue, first = _queue_path(), found["overdue"] + late_tasks, found["clinician_first"]
    where = f"{path}?only=overdue" if found["overdue"] or not late_tasks else f"#{tasks.PLACE}"
    return [
        *_urgent(found, path),
        Tally(found["new"], _verb(found["new"], "wait", "for a first answer"), f"{path}?status={Status.NEW}"),
        Tally(overdue, "is overdue" if overdue == 1 else "are overdue", where, alarming=overdue > 0),
        Tally(first, _verb(first, "need", "a clinician first"), f"{path}?flag={queue.CLINICIAN_FIRST}"),
    ]


def _urgent(found: dict[str, Any], path: str) -> list[Tally]:
    """Those that need help now, before all else; nothing when there are none."""
    return [
        Tally(
            number,
            f"{'is' if number == 1 else 'are'} {flag.name.lower()}",
            f"{path}?flag={flag.value}&only={queue.NO_CLINICIAN}",
            alarming=True,
        )
        for flag in sorted(Flag, reverse=True)
        if flag >= Flag.URGENT and (number := found[flag.name])
    ]


def _to_review(count: int, *, signs: bool) -> Tally:
    """To whoever signs, the pages one after the other; to others the board, which lists them."""
    words = "page waits for review" if count == 1 else "pages wait for review"
    return Tally(count, words, reverse("admin:education_article_run" if signs else "review_board"))


def _verb(count: int, verb: str, rest: str) -> str:
    return f"{verb}{'s' if count == 1 else ''} {rest}"


def _requests(found: dict[str, Any], user: User) -> Section:
    """Who is next, and what the head of the desk does not count."""
    path = _queue_path()
    links = []
    if found["suspect"]:
        doubted = f"{counted(found['suspect'], 'request')} that may be spam"
        links.append(Link(doubted, f"{path}?status={Status.SUSPECT}"))
    if found["left"]:
        nobodys = f"{counted(found['left'], 'request')} that nobody has any more"
        why = "Whoever had them can’t work on them now. Claim what you take on."
        links.append(Link(nobodys, f"{path}?only={queue.LEFT}", why))
    rows = queue.first(SHOWN) if found["open"] else []
    talked = clinicians.talked_to(row for row in rows if row.flag >= Flag.RED)
    said = [clinicians.flag_words(row, Flag(row.flag), by=user, talked=row.pk in talked) for row in rows]
    return Section("Next to answer", 0, links, next_to_answer=list(zip(rows, said, strict=True)))


def _unsaved(user: User) -> list[Section]:
    """What this user typed and did not save; no section when there is nothing."""
    waiting = list(UnsavedWriting.objects.filter(editor=user).select_related("article"))
    links = [
        Link(
            kept.article.title if kept.article else "A new page",
            _change(kept.article) if kept.article else reverse("admin:education_article_add"),
            f"Typed {_ago(kept.autosaved_at)}.",
        )
        for kept in waiting
    ]
    return [Section("Writing of yours that is not saved", len(links), links)] if links else []


def _change(article: Article) -> str:
    return reverse("admin:education_article_change", args=[article.pk])


def _first_steps(user: User) -> list[Link]:
    """What somebody with a new trial site may try, as far as the roles allow."""
    page = _first_page()
    steps = []
    if user.has_perm(MAY_EDIT_PROFILE):
        named = "name" not in {lack.field for lack in ClinicProfile.load().missing_fields()}
        steps.append(Link("Give the site your clinic’s name", f"{profile_path()}#id_name", done=named))
    if page:
        steps.append(Link("Read a page as a patient does", page.get_absolute_url()))
    if page and user.has_perm(workflow.MAY_WRITE):
        edited = Edition.objects.filter(number__gt=1).exists()
        steps.append(Link("Change a word in it, sign it and publish it", _change(page), done=edited))
    return [*steps, Link("Send a consultation request to yourself", "/request-a-consultation/")]


def _first_page() -> Article | None:
    """The first page of the first topic."""
    for topic in Topic.objects.order_by("order", "title"):
        by_title = shelves.titles(topic.get_absolute_url()).values_list("path", flat=True)[:1]
        if found := live(put_first(topic)[:1]) or live(list(by_title)):
            return found[0]
    return None


def _ago(moment: datetime) -> str:
    if timezone.now() - moment < timedelta(minutes=1):
        return "just now"
    return f"{timesince(moment, depth=1)} ago"
