"""The files of the picture library, which browsers may cache for ever."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from education.images.versions import FILE_NAME, FOLDER, FORMATS

FOREVER = "public, max-age=31536000, immutable"


@require_safe
def picture_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serves the library's own files and no other file of the media folder."""
    if not FILE_NAME.fullmatch(name):
        raise Http404
    try:
        file = default_storage.open(f"{FOLDER}/{name}")
    except OSError as error:
        raise Http404 from error
    headers = {"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
    return FileResponse(file, content_type=FORMATS[name.rpartition(".")[2]], headers=headers)
