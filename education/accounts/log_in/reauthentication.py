"""Before something sensitive is changed, whoever is logged in proves once more, and in full, who they are."""

import time
from functools import wraps

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from education.accounts.models import User
from education.core.http import View

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def fully_reauthenticated(view: View) -> View:
    """Asks first for all that a log-in asks for, unless it was given within the last minutes. What was being sent is
    kept meanwhile, and sent on.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        asked = _what_to_ask(request, request.user) if isinstance(request.user, User) else ""
        if asked:
            kept: HttpResponseBase = suspend_request(request, asked)
            return kept
        return view(request, *args, **kwargs)

    return wrapped


def proves_second_factor(view: View) -> View:
    """Around a view that adds a second factor: whoever has just shown that theirs works is not asked again on the next
    page, which may be the one with the recovery codes.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        before = set(_second_factors(request).values_list("pk", flat=True))
        response = view(request, *args, **kwargs)
        for added in _second_factors(request).exclude(pk__in=before):
            post_authentication(request, added, reauthenticated=True)
        return response

    return wrapped


def _second_factors(request: HttpRequest) -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=request.user.pk, type__in=SECOND_FACTORS)
    return found


def second_factor_address(request: HttpRequest) -> str:
    """Where somebody who is logged in gives the second factor."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    return str(next(method["url"] for method in methods if method["id"].startswith("mfa")))


def _what_to_ask(request: HttpRequest, user: User) -> str:
    """The address of the proof that is missing or too old; empty if there is none."""
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    proofs = [proof for proof in get_authentication_records(request, user) if proof["at"] > since]
    methods = {proof["method"] for proof in proofs}
    if any(proof.get("passwordless") for proof in proofs):  # a passkey proves both
        return ""
    if "password" not in methods and user.has_usable_password():
        return reverse("account_reauthenticate")
    if "mfa" not in methods and is_mfa_enabled(user, types=SECOND_FACTORS):
        return second_factor_address(request)
    return ""
