"""What each process of the web server does beside its visitors: it asks the site whether it answers, and says so.

The worker reads that in the database, and systemd on its socket. It also looks whether the worker is silent.
"""

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connections

from clinic_site.edge.app import Observe
from clinic_site.supervisor import is_alive
from education.consultations.public import hosts
from education.health.watching import alarms, beats, metrics

log = logging.getLogger(__name__)
EVERY_SECONDS, SOON_SECONDS = 30, 3
LOOK_EVERY_SECONDS = 300


def observer() -> Observe | None:
    """What counts answers; nothing, unless figures may be asked for."""
    return metrics.note_answer if settings.METRICS_PORT and metrics.folder() else None


def start() -> None:
    threading.Thread(target=_run, name="watch", daemon=True).start()


def _run() -> None:
    looked_at = time.monotonic()
    while True:
        answers = note_that_it_answers()
        if time.monotonic() > looked_at + LOOK_EVERY_SECONDS:
            looked_at = time.monotonic()
            _carefully(alarms.look)
        _carefully(metrics.server.serve_if_free)
        connections.close_all()
        time.sleep(EVERY_SECONDS if answers else SOON_SECONDS)


def note_that_it_answers() -> bool:
    if not is_alive(settings.HOST, settings.PORT, settings.ALLOWED_HOSTS):
        return False
    beats.tell_systemd("WATCHDOG=1")
    _carefully(beats.note_web)
    hosts.note_key()
    return True


def _carefully(action: Callable[[], object]) -> None:
    """Go on if `action` fails. What it did not write is missed, and reported, elsewhere."""
    try:
        action()
    except Exception as error:
        log.info("the watch could not do its work (%s)", type(error).__name__)
