"""The clinic's accent color (for the staff area) and logo, as files; how to reach it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from education.clinic.context import profile_for
from education.clinic.hours import open_now
from education.clinic.models import ClinicProfile
from education.core.http import public_page
from education.images.serving import stored_file

TYPES = {"png": "image/png", "webp": "image/webp"}


def _etag(request: HttpRequest) -> str:
    return f'"{ClinicProfile.load().accent}"'


@require_safe
@condition(etag_func=_etag)
def theme(request: HttpRequest) -> HttpResponse:
    css = f"{ClinicProfile.load().accent_css}\n"
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": "public, no-cache"})


@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serves the current logo and no other file of the media folder. A new logo gets a new name."""
    clinic = ClinicProfile.load()
    if not clinic.logo or clinic.logo.name != f"logo/{name}":
        raise Http404
    return stored_file(clinic.logo.name, TYPES[name.rpartition(".")[2]])


@public_page(names_others=True, by_clock=True)
def contact(request: HttpRequest) -> HttpResponse:
    """How to reach the clinic, and what its profile says about a visit."""
    return render(request, "clinic/contact.html", {"open_now": open_now(profile_for(request))})
