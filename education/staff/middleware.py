"""Who gets into the staff area, asked in one place before any admin view runs."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from education.pages.views import forbidden

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class StaffAreaMiddleware:
    """Leaves public addresses alone: it must not even look at their session, or readers' pages vary by cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(("/admin/", "/accounts/", "/setup/")):
            return self.get_response(request)
        response = (self.turn_away(request) if path.startswith("/admin/") else None) or self.get_response(request)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def turn_away(self, request: HttpRequest) -> HttpResponseBase | None:
        """Where somebody must go first who may not see this admin address (yet)."""
        if not request.user.is_authenticated:
            return _redirect(request, reverse("account_login"))
        if request.path_info in (reverse("admin:login"), reverse("admin:password_change")):
            change = request.path_info == reverse("admin:password_change")
            return HttpResponseRedirect(reverse("account_change_password" if change else "admin:index"))
        if not request.user.is_staff:
            return forbidden(request)
        return _second_factor(request) if settings.STAFF_MFA == "required" else None


def _second_factor(request: HttpRequest) -> HttpResponseBase | None:
    if not is_mfa_enabled(request.user, types=SECOND_FACTORS):
        return HttpResponseRedirect(f"{reverse('mfa_index')}?why=required")
    if any(proof["method"] == "mfa" for proof in get_authentication_records(request, request.user)):
        return None
    methods = get_adapter().get_reauthentication_methods(request.user)
    return _redirect(request, next(method["url"] for method in methods if method["id"].startswith("mfa")))


def _redirect(request: HttpRequest, address: str) -> HttpResponseBase:
    wanted = request.GET.get("next", "") if request.path_info == reverse("admin:login") else request.get_full_path()
    return HttpResponseRedirect(f"{address}?{urlencode({'next': wanted or reverse('admin:index')})}")
