"""Probes for whoever keeps the site running: plain words, never stored, no cookie."""

from django.http import HttpRequest, HttpResponse

from education.core.http import no_store
from education.health import inspection


@no_store
def live(request: HttpRequest) -> HttpResponse:
    """The web server answers. Asks nothing else, so that a slow database never gets the process killed."""
    return _plain("ok\n")


@no_store
def ready(request: HttpRequest) -> HttpResponse:
    """Patients can read and ask here. The worker is reported only: without it requests wait, but are kept."""
    facts = {"database": inspection.answering()}
    if not facts["database"]:
        facts |= {"keys": inspection.keys(), "worker": inspection.worker()}
    serves = not (facts["database"] or facts["keys"])
    words = "".join(f"{name}: {'not ready' if problem else 'ok'}\n" for name, problem in facts.items())
    return _plain(words, status=200 if serves else 503)


def _plain(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
