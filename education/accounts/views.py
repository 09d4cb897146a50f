"""The pages behind one-time links, and the addresses that the idle lock's script calls."""

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from education.accounts import actions, idle, tokens
from education.accounts.forms import FirstAccountForm, PasswordForm
from education.accounts.models import User


@sensitive_post_parameters()
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """One address for two links: that of the first account, and those that new colleagues get."""
    if tokens.is_first_account_token(token):
        return _first_account(request, token)
    user = tokens.account_to_enrol(token)
    if user is None:
        return _link_void(request)
    form = PasswordForm(request.POST or None, user=user)
    if not form.is_valid():
        return render(request, "accounts/enrol.html", {"form": form, "account": user})
    actions.enrol(user=user, password=form.cleaned_data["password"])
    return _log_in(request, user)


def _first_account(request: HttpRequest, token: str) -> HttpResponse:
    form = FirstAccountForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/setup.html", {"form": form})
    try:
        user = actions.create_first_account(**form.cleaned_data, token=token)
    except actions.SetupClosed:
        return _link_void(request)
    return _log_in(request, user)


@require_POST
def idle_lock(request: HttpRequest, verb: str) -> HttpResponse:
    """Called by static/js/idle.js. `verb` is lock, unlock, or anything else for a sign of activity.

    Answers 204, 403 while locked or for a wrong password, 401 without a session.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    if verb == "lock":
        idle.lock(request.session)
    elif verb == "unlock":
        return HttpResponse(status=204 if idle.unlock(request, request.POST.get("password", "")) else 403)
    elif idle.is_locked(request.session):
        return HttpResponse(status=403)
    else:
        idle.touch(request.session)
    return HttpResponse(status=204)


def _link_void(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_void.html", status=404)


def _log_in(request: HttpRequest, user: User) -> HttpResponse:
    """Log in with the password just chosen. A second factor is asked for if there is one, or may be added now."""
    response: HttpResponse = perform_login(request, user)
    if request.user.is_authenticated:
        reauthenticate_by_password(request)
    return response
