"""Only those pages of django-allauth that staff need: nobody signs up, and no mail holds a link into an account."""

from collections.abc import Callable

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path
from django.views.generic import RedirectView
from django.views.generic.base import ContextMixin

from education.accounts import views
from education.accounts.log_in.reauthentication import fully_reauthenticated as protected
from education.accounts.log_in.reauthentication import proves_second_factor
from education.core.http import View

PASSKEYS = "accounts/2fa/webauthn/"
CONFIRM = "Confirm that it is you"


def named(view: type[ContextMixin], title: str) -> View:
    """A page for whoever is logged in. Its name stands in its head and in the way back, as on the other staff pages."""
    as_view: Callable[..., View] = view.as_view  # type: ignore[attr-defined]
    return as_view(extra_context={"title": title, "has_permission": True})


urlpatterns = [
    path("setup/<str:token>/", views.setup, name="setup"),
    path("accounts/", RedirectView.as_view(pattern_name="mfa_index")),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", named(account.LogoutView, "Log out?"), name="account_logout"),
    path("accounts/clock/", views.idle_lock, {"verb": "alive"}, name="staff_clock"),
    path("accounts/clock/<str:verb>/", views.idle_lock, name="staff_clock_verb"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path(
        "accounts/reauthenticate/",
        named(account.ReauthenticateView, CONFIRM),
        name="account_reauthenticate",
    ),
    path(
        "accounts/password/change/",
        protected(named(account.PasswordChangeView, "Change your password")),
        name="account_change_password",
    ),
    path(
        "accounts/password/set/",
        protected(named(account.PasswordSetView, "Choose a password")),
        name="account_set_password",
    ),
    path("accounts/sessions/", views.sessions, name="account_sessions"),
    path("accounts/2fa/", named(mfa.IndexView, "Your account"), name="mfa_index"),
    path("accounts/2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path(
        "accounts/2fa/reauthenticate/",
        named(mfa.ReauthenticateView, CONFIRM),
        name="mfa_reauthenticate",
    ),
    path(
        "accounts/2fa/totp/activate/",
        protected(proves_second_factor(named(totp.ActivateTOTPView, "Add an authenticator app"))),
        name="mfa_activate_totp",
    ),
    path(
        "accounts/2fa/totp/deactivate/",
        protected(named(totp.DeactivateTOTPView, "Stop using the authenticator app")),
        name="mfa_deactivate_totp",
    ),
    path(
        "accounts/2fa/recovery-codes/",
        protected(named(codes.ViewRecoveryCodesView, "Recovery codes")),
        name="mfa_view_recovery_codes",
    ),
    path(
        "accounts/2fa/recovery-codes/generate/",
        protected(named(codes.GenerateRecoveryCodesView, "Make new recovery codes")),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "accounts/2fa/recovery-codes/download/",
        protected(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path(PASSKEYS, named(passkeys.ListWebAuthnView, "Passkeys and security keys"), name="mfa_list_webauthn"),
    path(
        f"{PASSKEYS}add/",
        protected(proves_second_factor(named(passkeys.AddWebAuthnView, "Add a passkey"))),
        name="mfa_add_webauthn",
    ),
    path(
        f"{PASSKEYS}keys/<int:pk>/edit/",
        protected(named(passkeys.EditWebAuthnView, "Rename a passkey")),
        name="mfa_edit_webauthn",
    ),
    path(
        f"{PASSKEYS}keys/<int:pk>/remove/",
        protected(named(passkeys.RemoveWebAuthnView, "Remove a passkey")),
        name="mfa_remove_webauthn",
    ),
    path(
        f"{PASSKEYS}reauthenticate/",
        named(passkeys.ReauthenticateWebAuthnView, CONFIRM),
        name="mfa_reauthenticate_webauthn",
    ),
    path(f"{PASSKEYS}login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
]
