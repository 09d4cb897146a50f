"""Only those pages of django-allauth that staff need: nobody signs up, and no mail holds a link into an account."""

from allauth.account import views as account
from django.urls import include, path
from django.views.generic import RedirectView

from education.accounts import views

urlpatterns = [
    path("setup/<str:token>/", views.setup, name="setup"),
    path("accounts/", RedirectView.as_view(pattern_name="mfa_index")),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/clock/", views.idle_lock, {"verb": "alive"}, name="staff_clock"),
    path("accounts/clock/<str:verb>/", views.idle_lock, name="staff_clock_verb"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/password/set/", account.password_set, name="account_set_password"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
]
