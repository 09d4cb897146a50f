"""The clinic's own colour and logo, as files that browsers may keep."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import condition, require_safe

from education.clinic import colours
from education.clinic.models import ClinicProfile

TYPES = {"png": "image/png", "webp": "image/webp"}
FOREVER = "public, max-age=31536000, immutable"


def _etag(request: HttpRequest) -> str:
    return f'"{ClinicProfile.load().accent}"'


@require_safe
@condition(etag_func=_etag)
def theme(request: HttpRequest) -> HttpResponse:
    accent = ClinicProfile.load().accent
    css = f"html:root {{ --accent: {accent}; --accent-dark-theme: {colours.for_dark(accent)}; }}\n"
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": "public, no-cache"})


@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serves the current logo and nothing else of the media folder. A new logo gets a new name."""
    clinic = ClinicProfile.load()
    if not clinic.logo or clinic.logo.name != f"logo/{name}":
        raise Http404
    try:
        file = clinic.logo.open("rb")
    except OSError as error:
        raise Http404 from error
    return FileResponse(file, content_type=TYPES[name.rpartition(".")[2]], headers={"Cache-Control": FOREVER})
