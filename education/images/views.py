"""The files of the picture library, which browsers may cache for ever."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from education.images.serving import stored_file
from education.images.versions import FILE_NAME, FOLDER, FORMATS


@require_safe
def picture_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serves the library's own files and no other file of the media folder."""
    if not FILE_NAME.fullmatch(name):
        raise Http404
    return stored_file(f"{FOLDER}/{name}", FORMATS[name.rpartition(".")[2]])
