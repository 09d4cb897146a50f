"""All URLs are the app's."""

from django.urls import include, path

urlpatterns = [path("", include("education.urls"))]

handler400 = "education.pages.views.bad_request"
handler403 = "education.pages.views.forbidden"
handler404 = "education.pages.views.not_found"
handler500 = "education.pages.views.server_error"
