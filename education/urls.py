"""All addresses of the app. The public side of a split installation (CLINIC_ROLE=public) has no staff addresses."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

STAFF: list[URLPattern | URLResolver] = [
    path("", include("education.accounts.urls")),
    path("admin/", include("education.desk.urls")),
    path("admin/", include("education.advice.urls")),
    path("admin/", admin.site.urls),
]
PUBLIC: list[URLPattern | URLResolver] = [
    path("", include("education.health.urls")),
    path("", include("education.pages.urls")),
    path("", include("education.search.urls")),
    path("", include("education.references.urls")),
    path("", include("education.glossary.urls")),
    path("", include("education.clinic.urls")),
    path("", include("education.people.urls")),
    path("", include("education.images.urls")),
    path("", include("education.consultations.urls")),
    path("", include("education.articles.urls")),
]

urlpatterns = PUBLIC if settings.ROLE == "public" else [*STAFF, *PUBLIC]
