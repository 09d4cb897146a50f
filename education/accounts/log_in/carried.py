"""What somebody was sending when it turned out that they were no longer logged in: it waits for their log-in.

It lies in the session of that browser, which is encrypted with a key that only the browser has (sessions.py). What came
from a page that was too old is kept nowhere: the answer itself holds it.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from education.pages.views import csrf_failure

CARRIED = "staff_carried"  # key in the session
KEPT_FOR = timedelta(hours=1)
MAX_LENGTH = 20_000  # characters: more than any note, less than a page, which is autosaved
NOT_CARRIED = ("csrfmiddlewaretoken", "unlock_only", "unlock_password")


@dataclass(frozen=True)
class Carried:
    address: str
    fields: list[tuple[str, str]]


def fields_of(request: HttpRequest) -> list[tuple[str, str]]:
    """What was posted, without what belongs to the page that it came from."""
    names = [name for name in request.POST if name not in NOT_CARRIED]
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def keep(request: HttpRequest) -> None:
    """The caller has made sure that it came from a page of ours."""
    fields = fields_of(request)
    if fields and sum(len(name) + len(value) for name, value in fields) <= MAX_LENGTH:
        request.session[CARRIED] = {"address": request.get_full_path(), "fields": fields, "at": int(time.time())}


def offered(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The page that asks whether to send what was carried over the log-in, if it was sent to this address; else
    `response`. Asks only those who may open the address.
    """
    found = request.session.get(CARRIED)
    if not found or request.method != "GET" or found["address"] != request.get_full_path():
        return response
    if response.status_code >= 400 or time.time() - found["at"] > KEPT_FOR.total_seconds():
        return response
    del request.session[CARRIED]
    list(get_messages(request))  # those of a page that is not shown
    carried = Carried(found["address"], [(name, value) for name, value in found["fields"]])
    return _ask(request, {"carried": carried})


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """The answer to a form without the right token. Of staff it may be a page of ours from before they logged in again
    in another tab: then what was typed comes back, to be sent by them. A browser says whose page it was; one that does
    not say so is too old to be believed.
    """
    if request.path_info.startswith(reverse("staff_clock")):
        return HttpResponse(status=401)  # the script then sends the whole page, which comes back as below
    refused = csrf_failure(request, reason)
    from_here = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if not (from_here and request.path_info.startswith("/admin/") and request.user.is_staff and request.POST):
        return refused
    carried = Carried(request.get_full_path(), fields_of(request))
    context = {"carried": carried, "is_stale": True, "had_files": bool(request.FILES)}
    return _ask(request, context, status=refused.status_code)


def _ask(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponseBase:
    shown = {"title": "Not sent yet", "has_permission": True, **context}
    return render(request, "accounts/carried.html", shown, status=status)
