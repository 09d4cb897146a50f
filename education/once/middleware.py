"""Every form of the staff area is answered once.

Its nonce is the token against forged forms, which Django masks differently on each page that it draws: the same token
with the same words at the same address is a second tap on the same button.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from education.core.disk import NotStored
from education.once.actions import answer_once, key_of
from education.once.models import AnsweredForm

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of the field
SECOND_TAP = timedelta(seconds=10)  # later it was meant: then the page says why nothing was done
DONE_BEFORE = "This was done before from the same page, so it was not done a second time."


class StaffOnceMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST" or not request.path_info.startswith("/admin/") or TOKEN not in request.POST:
            return self.get_response(request)

        try:
            return self._once(request)
        except OperationalError as error:  # the transaction could not end, so the view is asked to show its form again
            request.not_stored = NotStored(error)  # type: ignore[attr-defined]
            return self._once(request)

    def _once(self, request: HttpRequest) -> HttpResponseBase:
        def again(row: AnsweredForm) -> None:
            if timezone.now() - row.answered_at > SECOND_TAP:
                messages.info(request, DONE_BEFORE)

        return answer_once(_key(request), lambda: self.get_response(request), again=again)


def _key(request: HttpRequest) -> str:
    fields = sorted((name, value) for name, values in request.POST.lists() for value in values)
    files = [(name, _digest(file)) for name, files in request.FILES.lists() for file in files]
    return key_of(str(request.user.pk), request.get_full_path(), repr(fields), repr(sorted(files)))


def _digest(file: object) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():  # type: ignore[attr-defined]
        digest.update(chunk)
    file.seek(0)  # type: ignore[attr-defined]
    return digest.hexdigest()
