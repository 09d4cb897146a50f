"""What the desk says: only what the person looking may act on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from education.articles.models import Article, Edition
from education.clinic.models import ONLY_ROW, ClinicProfile
from education.consultations.models import ConsultationRequest, Flag, Status
from education.health import backups
from education.outbox.models import OutboxMessage
from education.staff.models import User

SHOWN = 5


@dataclass(frozen=True)
class Link:
    words: str
    path: str
    note: str = ""
    done: bool = False


@dataclass(frozen=True)
class Section:
    """One thing that waits. `more` leads to the whole list when only the first few links are shown."""

    title: str
    count: int
    links: list[Link]
    empty: str = ""
    more: Link | None = None


@dataclass
class Desk:
    sections: list[Section] = field(default_factory=list)
    missing: list[Link] = field(default_factory=list)
    closed_form: bool = False
    failed_mail: int = 0
    backup_problem: str = ""
    steps: list[Link] = field(default_factory=list)
    can_load_examples: bool = False


def desk_for(user: User) -> Desk:
    desk = Desk()
    if user.has_perm("education.view_consultationrequest"):
        desk.sections.append(_requests())
    if user.has_perm("education.view_article"):
        desk.sections += [_drafts(), _not_reviewed()]
    if user.has_perm("education.change_clinicprofile"):
        clinic = ClinicProfile.load()
        desk.missing = [Link(wanted.words, f"{profile_path()}#id_{wanted.field}") for wanted in clinic.missing()]
        desk.closed_form = not (settings.TRIAL or clinic.ready_for_requests)
        desk.failed_mail = OutboxMessage.objects.failed().count()
        desk.backup_problem = backups.problem()
    if settings.TRIAL:
        desk.steps = _first_steps(user)
        desk.can_load_examples = user.has_perm("education.work_consultationrequest")
    return desk


def profile_path() -> str:
    return reverse("admin:education_clinicprofile_change", args=[ONLY_ROW])


def _requests() -> Section:
    queue = reverse("admin:education_consultationrequest_changelist")
    new = Q(status=Status.NEW)
    found = ConsultationRequest.objects.waiting().aggregate(
        open=Count("pk"),
        new=Count("pk", filter=new),
        urgent=Count("pk", filter=Q(flag=Flag.URGENT)),
        oldest=Min("received_at", filter=new),
        overdue=Count("pk", filter=Q(due_at__lte=timezone.now())),
    )
    links = []
    if found["urgent"]:
        links.append(Link(f"{_number(found['urgent'], 'request')} marked urgent", queue, "Open the queue now."))
    if found["overdue"]:
        links.append(Link(f"{_number(found['overdue'], 'request')} overdue", f"{queue}?only=overdue"))
    if found["new"]:
        links.append(Link(_number(found["new"], "new request"), queue, f"The oldest came {_ago(found['oldest'])}."))
    if found["open"] > found["new"]:
        links.append(Link(f"{_number(found['open'] - found['new'], 'request')} being worked on", queue))
    return Section("Consultation requests", found["new"], links, "Nobody is waiting.")


def _drafts() -> Section:
    drafts = Article.objects.with_unpublished_changes().order_by("-updated_at")
    return _articles("Drafts not yet published", drafts, "Everything that was written is published.")


def _not_reviewed() -> Section:
    pages = Article.objects.not_reviewed().order_by("title")
    return _articles("Pages that no clinician has reviewed yet", pages, "A clinician has reviewed them all.")


def _articles(title: str, articles: QuerySet[Article], empty: str) -> Section:
    count = articles.count()
    links = [Link(article.title, _change(article)) for article in articles[:SHOWN]]
    more = Link(f"See all {count}", reverse("admin:education_article_changelist")) if count > SHOWN else None
    return Section(title, count, links, empty, more)


def _change(article: Article) -> str:
    return reverse("admin:education_article_change", args=[article.pk])


def _first_steps(user: User) -> list[Link]:
    """What somebody who has just unpacked the site may try, as far as the roles allow."""
    pages = Article.objects.published().exclude(kind=Article.Kind.POLICY)
    page = pages.order_by("topic__order", "pk").first()
    steps = []
    if user.has_perm("education.change_clinicprofile"):
        named = bool(ClinicProfile.load().name)
        steps.append(Link("Give the site your clinic’s name", f"{profile_path()}#id_name", done=named))
    if page:
        steps.append(Link("Read a page as a patient does", page.get_absolute_url()))
    if page and user.has_perm("education.change_article"):
        edited = Edition.objects.filter(number__gt=1).exists()
        steps.append(Link("Change a word in it and publish it", _change(page), done=edited))
    return [*steps, Link("Send a consultation request to yourself", "/request-a-consultation/")]


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _ago(moment: datetime) -> str:
    if timezone.now() - moment < timedelta(minutes=1):
        return "just now"
    return f"{timesince(moment, depth=1)} ago"
