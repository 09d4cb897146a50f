"""Staff pages are closed while keys are missing: answers that can't be opened would look as if they were lost.

So are the log-in and the links to set up an account, which could not be recorded. All of them are closed too while
only the key is missing that the record of actions needs: staff could do nothing.
"""

import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from education.health import checks
from education.health.keys import starting_problem

CLOSED = ("/admin/", "/accounts/", "/setup/")
STILL_OPEN = ("/accounts/logout/", "/accounts/clock/")  # whoever is in may go, and a screen that is left locks
RECHECK_SECONDS = 60  # after a check that found nothing: it reads the index of requests


class StaffKeysMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.checked_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(CLOSED) or path.startswith(STILL_OPEN):
            return self.get_response(request)
        if time.monotonic() > self.checked_until:
            if problem := starting_problem():
                return _closed(request, problem)
            if problem := checks.audit_key():
                return _closed(request, problem, only_recording=True)
            self.checked_until = time.monotonic() + RECHECK_SECONDS
        return self.get_response(request)


def _closed(request: HttpRequest, problem: str, *, only_recording: bool = False) -> HttpResponseBase:
    """`only_recording`: requests could be opened and still come in, but nothing that staff do can be recorded."""
    context = {"title": "The staff side can’t start", "problem": problem, "only_recording": only_recording}
    return render(request, "accounts/keys_missing.html", context, status=503)
