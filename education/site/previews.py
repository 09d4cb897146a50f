"""Public pages drawn with words that nobody has saved yet."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone

from education.articles.models import Article
from education.articles.public.a_to_z import a_to_z
from education.articles.public.views import home, topic_or_policy
from education.clinic.context import profile_for, words_for
from education.consultations import mails
from education.consultations.models import ConsultationRequest
from education.consultations.public import receipt
from education.consultations.public.availability import Intake, intake
from education.consultations.public.steps import FORM, Visit
from education.consultations.public.steps import page as form_page
from education.pages.models import PageVersion
from education.pages.views import not_found
from education.search.views import search
from education.wording.links import site_links
from education.wording.places import Words

REFERENCE, LINK = "ABCD2345", "https://…"  # of nobody
ONE_DAY = timedelta(days=1)


def draw(request: HttpRequest, page: str, path: str, words: Words) -> HttpResponse:
    """The page as a visitor would get it, if the site said these words."""
    visitor = _visitor(request, path, words)
    drawn = DRAWN_BY[page](visitor)
    request.carried_styles = getattr(visitor, "carried_styles", [])  # type: ignore[attr-defined]  # for its policy
    return HttpResponse(getattr(drawn, "content", b""))


def _visitor(request: HttpRequest, path: str, words: Words) -> HttpRequest:
    visitor = copy(request)
    visitor.method, visitor.user = "GET", AnonymousUser()
    visitor.path = visitor.path_info = path or "/"
    visitor.__dict__.update(GET=QueryDict(), site_words=words)
    return visitor


def _intake(request: HttpRequest) -> Intake:
    state = intake()
    words = words_for(request)
    return replace(state, around=replace(state.around, words=words, links=site_links(words)))


def _form(request: HttpRequest) -> HttpResponse:
    """The empty form, also while the clinic takes no requests."""
    return form_page(Visit(request, _intake(request)), FORM)


def _receipt(request: HttpRequest) -> HttpResponse:
    """The receipt of a request that came in just now, without what can be done there."""
    state, now = _intake(request), timezone.now()
    row = ConsultationRequest(reference=REFERENCE, received_at=now, due_at=now + ONE_DAY, delete_after=state.kept_until)
    return render(request, receipt.TEMPLATE, receipt.receipt_context(row, state))


def _mail(request: HttpRequest) -> HttpResponse:
    due = timezone.now() + ONE_DAY
    words = words_for(request)["mail"]
    subject, body = mails.acknowledgement(words, profile_for(request), REFERENCE, due=due, link=LINK)
    return render(request, "admin/site/mail.html", {"mails": [(subject, body)]})


def _staff_mail(request: HttpRequest) -> HttpResponse:
    """The mails to staff, one below the other."""
    words = words_for(request)["staff_mail"]
    told = [mails.staff_notice(words, REFERENCE, link=LINK, is_added=is_added) for is_added in (False, True)]
    told.append(mails.withdrawal_notice(words, REFERENCE))
    return render(request, "admin/site/mail.html", {"mails": told})


def _search(request: HttpRequest) -> HttpResponseBase:
    """A search that finds pages named by the word and, in most libraries, pages that only mention it."""
    request.GET = QueryDict("q=chronic+pain")
    return search(request)


def _topic(request: HttpRequest) -> HttpResponseBase:
    """A topic, if possible one that shows pages about this site, too; the list of pages while no topic has a page."""
    policies = Article.objects.published().filter(kind=Article.Kind.POLICY).select_related("topic")
    with_policies = [article.topic.get_absolute_url() for article in policies]
    topics = list(PageVersion.objects.filter(nav_order__isnull=False).values_list("path", flat=True))
    if not topics:
        return a_to_z(request)
    request.path = request.path_info = next((path for path in topics if path in with_policies), topics[0])
    return topic_or_policy(request, request.path.strip("/"))


DRAWN_BY: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {
    "home": home,
    "frame": _topic,
    "topic": _topic,
    "a_to_z": a_to_z,
    "search": _search,
    "form": _form,
    "receipt": _receipt,
    "not_found": not_found,
    "mail": _mail,
    "staff_mail": _staff_mail,
}
