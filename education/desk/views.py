"""Buttons on the desk."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from education.consultations import triage
from education.staff.models import User


@require_POST
def load_examples(request: HttpRequest) -> HttpResponse:
    if not settings.TRIAL:
        raise Http404
    user = request.user
    if not isinstance(user, User) or not user.has_perm("education.work_consultationrequest"):
        raise PermissionDenied
    added = triage.load_examples(by=user)
    words = "The queue now holds example requests." if added else "The example requests are in the queue already."
    messages.success(request, f"{words} Each is marked EXAMPLE.")
    return redirect("admin:index")
