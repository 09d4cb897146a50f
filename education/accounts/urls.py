"""Only those pages of django-allauth that staff need: nobody signs up, and no mail holds a link into an account."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path
from django.views.generic import RedirectView

from education.accounts import views
from education.accounts.log_in.reauthentication import fully_reauthenticated as protected
from education.accounts.log_in.reauthentication import proves_second_factor

PASSKEYS = "accounts/2fa/webauthn/"

urlpatterns = [
    path("setup/<str:token>/", views.setup, name="setup"),
    path("accounts/", RedirectView.as_view(pattern_name="mfa_index")),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/clock/", views.idle_lock, {"verb": "alive"}, name="staff_clock"),
    path("accounts/clock/<str:verb>/", views.idle_lock, name="staff_clock_verb"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", protected(account.password_change), name="account_change_password"),
    path("accounts/password/set/", protected(account.password_set), name="account_set_password"),
    path("accounts/sessions/", views.sessions, name="account_sessions"),
    path("accounts/2fa/", mfa.index, name="mfa_index"),
    path("accounts/2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/2fa/totp/activate/", protected(proves_second_factor(totp.activate_totp)), name="mfa_activate_totp"),
    path("accounts/2fa/totp/deactivate/", protected(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("accounts/2fa/recovery-codes/", protected(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "accounts/2fa/recovery-codes/generate/",
        protected(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "accounts/2fa/recovery-codes/download/",
        protected(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path(PASSKEYS, passkeys.list_webauthn, name="mfa_list_webauthn"),
    path(f"{PASSKEYS}add/", protected(proves_second_factor(passkeys.add_webauthn)), name="mfa_add_webauthn"),
    path(f"{PASSKEYS}keys/<int:pk>/edit/", protected(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path(f"{PASSKEYS}keys/<int:pk>/remove/", protected(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path(f"{PASSKEYS}reauthenticate/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path(f"{PASSKEYS}login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
]
