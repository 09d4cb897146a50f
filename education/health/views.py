"""Health probes: plain text, never cached, without cookies."""

from django.http import HttpRequest, HttpResponse

from education.consultations.public import hosts
from education.core.http import no_store
from education.health import inspection


@no_store
def live(request: HttpRequest) -> HttpResponse:
    """Whether the web server answers. Uses no database, so that a slow one never gets the process killed."""
    return _plain("ok\n")


@no_store
def ready(request: HttpRequest) -> HttpResponse:
    """Whether patients can send requests. A worker that is down is only reported: requests are kept for it."""
    problems = inspection.readiness()
    is_ready = not any(problems.get(name) for name in inspection.ASKING)
    if is_ready:
        hosts.note_key()
    words = "".join(f"{name}: {'not ready' if problem else 'ok'}\n" for name, problem in problems.items())
    if not problems["database"] and (waiting := inspection.waiting_mail()):
        words += f"outbox: {waiting}\n"
    return _plain(words, status=200 if is_ready else 503)


def _plain(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
