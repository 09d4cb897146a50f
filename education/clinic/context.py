"""What every template may use. Lazy: a page that uses none of it makes no queries for it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from education.clinic.models import ClinicProfile
from education.pages.nav import nav_topics


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "clinic": SimpleLazyObject(ClinicProfile.load),
        "nav_topics": SimpleLazyObject(nav_topics),
        "trial": settings.TRIAL,
        "mode": settings.MODE,
        "site_url": settings.SITE_URL,
    }
