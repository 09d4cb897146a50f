"""Who may enter the staff area: checked in one place, before any admin view runs."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render

from education.accounts import idle
from education.accounts.log_in import carried
from education.accounts.log_in.reauthentication import SECOND_FACTORS, second_factor_address
from education.core.http import path_of
from education.core.upload_pass import give_upload_pass
from education.pages.views import forbidden

UNLOCK_FIELD = "unlock_password"  # among what carried.py leaves out


class _TokenCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponseBase:
        """Quietly: what was sent is not answered with an error, but with the locked page."""
        return forbidden(request)


class StaffAreaMiddleware:
    """Leaves public addresses alone: reading their session would already make readers' pages vary by cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(("/admin/", "/accounts/", "/setup/")):
            return self.get_response(request)
        response = self._idle_lock(request) or (self._not_admitted(request) if path.startswith("/admin/") else None)
        if response is None:
            response = carried.offered(request, self.get_response(request))
            if path.startswith(settings.UPLOAD_PATHS):
                give_upload_pass(response, str(request.user.pk))
        response.headers["Cache-Control"] = "private, no-store"
        if path.startswith("/setup/"):  # no log of what the page loads shall name its token
            response.headers["Referrer-Policy"] = "strict-origin"
        return response

    def _idle_lock(self, request: HttpRequest) -> HttpResponseBase | None:
        """The response to a session that has ended or is locked. Logging in and out is always possible."""
        path = request.path_info
        if not request.user.is_authenticated or path in (path_of("account_login"), path_of("account_logout")):
            return None
        has_ended = idle.end_if_too_long(request)
        if path.startswith(path_of("staff_clock")):  # its script expects a status, which the view gives
            return None
        if has_ended:
            return _to_log_in(request)
        if idle.is_locked(request.session):
            if not _unlocks(request):
                return _locked(request)
            if "unlock_only" in request.POST:  # nothing else was sent: show the page itself
                return HttpResponseRedirect(request.get_full_path())
        idle.touch(request.session)
        return None

    def _not_admitted(self, request: HttpRequest) -> HttpResponseBase | None:
        """The response to somebody who may not, or not yet, see this admin address."""
        if not request.user.is_authenticated:
            return _to_log_in(request)
        if request.path_info in (path_of("admin:login"), path_of("admin:password_change")):
            change = request.path_info == path_of("admin:password_change")
            return HttpResponseRedirect(path_of("account_change_password" if change else "admin:index"))
        if request.path_info == path_of("admin:logout") and request.method == "GET":  # it is a button
            return HttpResponseRedirect(path_of("account_logout"))
        if not request.user.is_staff:
            return forbidden(request)
        return _second_factor(request) if settings.STAFF_MFA == "required" else None


def _unlocks(request: HttpRequest) -> bool:
    return request.method == "POST" and _from_here(request) and idle.unlock(request, request.POST.get(UNLOCK_FIELD, ""))


def _from_here(request: HttpRequest) -> bool:
    """Whether a POST holds the token that our own pages hold. Django asks only later, before the view."""
    return _TokenCheck(forbidden).process_view(request, forbidden, (), {}) is None


def _locked(request: HttpRequest) -> HttpResponseBase:
    """The page that asks for the password. It carries what was being sent, so that a half-written note is not lost; but
    nothing that came without a valid token, because it would be sent on with one.
    """
    foreign = request.method == "POST" and not _from_here(request)
    fields = [] if foreign else carried.fields_of(request)
    context = {
        "title": "Locked",
        "carried": fields,
        "field": UNLOCK_FIELD,
        "address": request.get_full_path(),
        "was_post": request.method == "POST" and bool(fields),
        "foreign": foreign,
        "wrong": UNLOCK_FIELD in request.POST and not foreign,
    }
    return render(request, "accounts/locked.html", context, status=403)


def _second_factor(request: HttpRequest) -> HttpResponseBase | None:
    if not is_mfa_enabled(request.user, types=SECOND_FACTORS):
        return HttpResponseRedirect(f"{path_of('mfa_index')}?why=required")
    if any(proof["method"] == "mfa" for proof in get_authentication_records(request, request.user)):
        return None
    return _redirect(request, second_factor_address(request))


def _to_log_in(request: HttpRequest) -> HttpResponseBase:
    """What was being sent waits for the log-in, if it came from a page of ours."""
    if request.method == "POST" and request.path_info.startswith("/admin/") and _from_here(request):
        carried.keep(request)
    return _redirect(request, path_of("account_login"))


def _redirect(request: HttpRequest, address: str) -> HttpResponseBase:
    """Redirect to `address`, which then leads back to what was asked for, unless that was logging in or out."""
    wanted = request.get_full_path()
    if request.path_info in (path_of("admin:login"), path_of("admin:logout")):
        wanted = request.GET.get("next", "")
    return HttpResponseRedirect(f"{address}?{urlencode({'next': wanted or path_of('admin:index')})}")
