"""Pages behind one-time links."""

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from education.accounts import actions, clock, tokens
from education.accounts.forms import FirstAccountForm, PasswordForm
from education.accounts.models import User


@sensitive_post_parameters()
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """One address for two links: the one that makes the first account, and the one that a new colleague gets."""
    if tokens.is_first_account(token):
        return _first_account(request, token)
    user = tokens.enrolled_by(token)
    if user is None:
        return _void(request)
    form = PasswordForm(request.POST or None, user=user)
    if not form.is_valid():
        return render(request, "accounts/enrol.html", {"form": form, "account": user})
    actions.enrol(user=user, password=form.cleaned_data["password"])
    return _enter(request, user)


def _first_account(request: HttpRequest, token: str) -> HttpResponse:
    form = FirstAccountForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/setup.html", {"form": form})
    try:
        user = actions.create_first_account(**form.cleaned_data, token=token)
    except actions.SetupClosed:
        return _void(request)
    return _enter(request, user)


@require_POST
def clock_view(request: HttpRequest, verb: str) -> HttpResponse:
    """For the script on staff pages: a sign of life, the lock, and the way out of it in place."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    if verb == "lock":
        clock.lock(request.session)
    elif verb == "unlock":
        return HttpResponse(status=204 if clock.unlock(request, request.POST.get("password", "")) else 403)
    elif clock.is_locked(request.session):
        return HttpResponse(status=403)
    else:
        clock.seen(request.session)
    return HttpResponse(status=204)


def _void(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_void.html", status=404)


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    """Log in with the password just chosen. Who has a second factor is asked for it; who has none may enrol one now."""
    response: HttpResponse = perform_login(request, user)
    if request.user.is_authenticated:
        reauthenticate_by_password(request)
    return response
