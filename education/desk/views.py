"""The review board, the sheet of drawings, and the button that loads examples."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from education.accounts.models import staff
from education.articles import workflow as articles
from education.clinic.examples import actions as example_clinic
from education.clinic.models import MAY_EDIT_PROFILE
from education.consultations import workflow as asking
from education.consultations.disclosure import actions as disclosure
from education.consultations.triage import actions as triage
from education.core.disk import NotStored
from education.core.http import by_button
from education.core.text import counted
from education.desk import actions, pages, rail
from education.images.drawings import shipped
from education.outbox import actions as outbox

button_of_desk = by_button(lambda: reverse("admin:index"))


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every live page by when its review is due, what is planned, and cited studies that no longer stand."""
    if not request.user.has_perm(articles.MAY_VIEW):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": "Review board",
        "today": timezone.localdate(),
        "groups": pages.review_groups(),
        "pages_wait": rail.waiting(rail.BOARD),
        "references": pages.references_in_trouble(),
        "planned": pages.planned(),
        "expiring": pages.expiring(),
    }
    return render(request, "admin/desk/board.html", context)


@require_safe
def drawings(request: HttpRequest) -> HttpResponse:
    """Every drawing that comes with the site, so that staff can choose one by sight."""
    if not request.user.has_perm(articles.MAY_VIEW):
        raise PermissionDenied
    uses = pages.uses_of_drawings()
    shown = [(drawing, uses.get(drawing.name, [])) for drawing in shipped().values()]
    context = {**admin.site.each_context(request), "title": "Drawings", "drawings": shown}
    return render(request, "admin/desk/drawings.html", context)


@button_of_desk
def retry_mail(request: HttpRequest) -> HttpResponse:
    """Mail that was given up is due again."""
    if not request.user.has_perm(MAY_EDIT_PROFILE):
        raise PermissionDenied
    count = outbox.retry_failed(by=staff(request))
    messages.success(request, f"{counted(count, 'mail')} will be tried again within a minute.")
    return redirect("admin:index")


@button_of_desk
def load_examples(request: HttpRequest) -> HttpResponse:
    if not settings.TRIAL:
        raise Http404
    user = staff(request)
    works, edits = user.has_perm(asking.MAY_WORK), user.has_perm(MAY_EDIT_PROFILE)
    if not (works or edits):
        raise PermissionDenied
    if works:
        added = triage.load_examples(by=user)
        words = "The queue now holds example requests." if added else "The example requests are in the queue already."
        messages.success(request, f"{words} Each is marked EXAMPLE.")
    try:
        if edits and example_clinic.load(by=user):
            messages.success(request, "What your profile lacked is filled in with an invented clinic and its people.")
    except NotStored as refusal:
        messages.error(request, f"The invented clinic is not there. {refusal}")
    return redirect("admin:index")


@button_of_desk
def remove_examples(request: HttpRequest) -> HttpResponse:
    """What `load_examples` added, as far as this user keeps it: also where a trial has become a clinic's own site."""
    user = staff(request)
    works, edits = user.has_perm(asking.MAY_WORK), user.has_perm(MAY_EDIT_PROFILE)
    if not (works or edits):
        raise PermissionDenied
    if works:
        disclosure.remove_examples(by=user)
    if edits:
        example_clinic.remove(by=user)
    messages.success(
        request, "The examples are gone. What you wrote yourselves, and what patients sent, is still there."
    )
    return redirect("admin:index")


@button_of_desk
def dismiss_mail(request: HttpRequest) -> HttpResponse:
    """The mails that the desk tells of were looked at: none of them is tried again."""
    if not request.user.has_perm(MAY_EDIT_PROFILE):
        raise PermissionDenied
    count = actions.dismiss_undelivered_mail(by=staff(request))
    messages.success(request, f"{counted(count, 'mail')} will not be shown here again, nor sent.")
    return redirect("admin:index")
