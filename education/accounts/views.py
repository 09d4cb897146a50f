"""The pages behind one-time links, where one is logged in, roles that wait for a second administrator, and the
addresses that the idle lock's script calls.
"""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import perform_login
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from education.accounts import actions, idle, tokens
from education.accounts.forms import FirstAccountForm, PasswordForm
from education.accounts.log_in.reauthentication import fully_reauthenticated
from education.accounts.models import RoleRequest, User, staff
from education.accounts.roles import MAY_MANAGE_STAFF
from education.accounts.sessions import hashed
from education.core.http import by_button

DECIDED = "Nothing was done: other roles are asked for by now. Read them, then decide."
button_of_roles = by_button(lambda pk: reverse("admin:education_user_roles", args=[pk]))


@sensitive_post_parameters()
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """The page of both set-up links: that of the first account, and those that new colleagues get."""
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


@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is logged in; a POST logs out everywhere else."""
    user, current = staff(request), request.session.session_key or ""
    if request.method == "POST":
        actions.end_sessions(user, by=user, but=current)
        messages.success(request, "You are logged out everywhere else.")
        return redirect("account_sessions")
    found = user.sessions.filter(expire_date__gt=timezone.now()).order_by("-began_at")
    context = {"title": "Where you are logged in", "sessions": found, "current": hashed(current)}
    return render(request, "accounts/sessions.html", {**context, "has_permission": True})


@require_safe
def asked_roles(request: HttpRequest, pk: int) -> HttpResponse:
    """Roles that somebody asks for; another administrator decides here."""
    asked = _asked(request, pk)
    context = {**admin.site.each_context(request), "title": "Roles that wait for you", "asked": asked}
    return render(request, "admin/accounts/asked_roles.html", context)


@button_of_roles
@fully_reauthenticated
def confirm_roles(request: HttpRequest, pk: int) -> HttpResponse:
    done = "{account.username} now has the roles asked for: {role_labels}."
    return _decide(request, pk, actions.confirm_roles, done)


@button_of_roles
@fully_reauthenticated
def refuse_roles(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, actions.refuse_roles, "{account.username} does not get: {role_labels}.")


def _decide(request: HttpRequest, pk: int, verb: Callable[..., None], done: str) -> HttpResponse:
    """Decide on the roles that stood on the page: others may be asked for by now."""
    asked = _asked(request, pk)
    asked.roles = request.POST.get("roles", "")
    try:
        verb(asked, by=staff(request))
    except actions.DecidedMeanwhile:
        messages.warning(request, DECIDED)
        return redirect("admin:education_user_roles", pk)
    messages.success(request, done.format(account=asked.account, role_labels=asked.role_labels))
    return redirect("admin:index")


def _asked(request: HttpRequest, pk: int) -> RoleRequest:
    if not request.user.has_perm(MAY_MANAGE_STAFF):
        raise PermissionDenied
    account = get_object_or_404(User, pk=pk)  # a number that no column holds would be an error in a foreign key
    return get_object_or_404(RoleRequest, account=account)


def _link_void(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_void.html", status=404)


def _log_in(request: HttpRequest, user: User) -> HttpResponse:
    """Log in with the password just chosen. A second factor is asked for if there is one, or may be added now."""
    response: HttpResponse = perform_login(request, user)
    if request.user.is_authenticated:
        reauthenticate_by_password(request)
    return response
