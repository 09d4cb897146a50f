"""Stored files as a browser gets them: a file never changes under its name, but it may be deleted."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase

from education.core.http import let_cdn_keep_file
from education.images.versions import address_of

FOREVER = "public, max-age=31536000, immutable"


def stored_file(path: str, content_type: str) -> HttpResponseBase:
    """The caller has made sure that anybody may see it."""
    try:
        file = default_storage.open(path)
    except FileNotFoundError as error:
        raise Http404 from error
    except OSError:  # the bucket is away: nobody may remember that
        return HttpResponse(status=503, headers={"Retry-After": "30", "Cache-Control": "no-store"})
    headers = {"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
    response = FileResponse(file, content_type=content_type, headers=headers)
    let_cdn_keep_file(response, address_of(path))
    return response
