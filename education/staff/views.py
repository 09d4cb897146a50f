"""Pages behind one-time links."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from education.staff import actions, tokens
from education.staff.forms import FirstAccountForm, PasswordForm
from education.staff.models import User


def closed(request: HttpRequest) -> HttpResponse:
    """Addresses of the log-in package that this site has no use for: staff don't sign up and get no mail."""
    raise Http404


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
        return render(request, "staff/enrol.html", {"form": form, "account": user})
    actions.enrol(user=user, password=form.cleaned_data["password"])
    return _enter(request, user)


def _first_account(request: HttpRequest, token: str) -> HttpResponse:
    form = FirstAccountForm(request.POST or None)
    if not form.is_valid():
        return render(request, "staff/setup.html", {"form": form})
    try:
        user = actions.create_first_account(**form.cleaned_data, token=token)
    except actions.SetupClosed:
        return _void(request)
    return _enter(request, user)


def _void(request: HttpRequest) -> HttpResponse:
    return render(request, "staff/link_void.html", status=404)


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    """Log in with the password just chosen, and don't ask for it again when a second factor is enrolled next."""
    get_adapter(request).login(request, user)
    reauthenticate_by_password(request)
    return redirect("admin:index")
