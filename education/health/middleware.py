"""The staff side does not work without its keys: answers that can't be opened would look like answers that are lost."""

import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from education.health.keys import starting_problem

TRUSTED_FOR = 60  # seconds that a good verdict holds: asking costs a look through the requests


class StaffKeysMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.good_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/admin/"):
            return self.get_response(request)
        if time.monotonic() > self.good_until:
            if problem := starting_problem():
                return render(request, "accounts/keys_missing.html", {"problem": problem}, status=503)
            self.good_until = time.monotonic() + TRUSTED_FOR
        return self.get_response(request)
