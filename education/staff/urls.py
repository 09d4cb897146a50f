from django.urls import include, path, re_path
from django.views.generic import RedirectView

from education.staff import views

urlpatterns = [
    path("setup/<str:token>/", views.setup, name="setup"),
    path("accounts/", RedirectView.as_view(pattern_name="mfa_index")),
    re_path(r"^accounts/(?:signup|email|confirm-email|password/reset|login/code)/", views.closed),
    path("accounts/", include("allauth.urls")),
]
