"""Buttons on the desk."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from education.consultations import actions
from education.staff.models import User


@require_POST
def load_examples(request: HttpRequest) -> HttpResponse:
    if not settings.TRIAL:
        raise Http404
    user = request.user
    if not isinstance(user, User) or not user.has_perm("education.work_consultationrequest"):
        raise PermissionDenied
    actions.load_examples(by=user)
    messages.success(request, "The queue now holds example requests. Each is marked EXAMPLE.")
    return redirect("admin:index")
