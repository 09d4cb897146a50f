"""A mail when something is wrong: once when it begins, once when it is well again. And a ping while all is well.

Web server, worker and a timer of systemd each look, so that none of them has to live for it. What was told is noted in
a file, not in the database, which may be what is away.
"""

import json
import logging
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from education.core import disk
from education.health import inspection
from education.health.watching import troubles
from education.outbox.actions import send_now

log = logging.getLogger(__name__)
TOLD = "told.json"
# For these nobody gets up at night; the desk shows them, or a start tells of them.
NO_ALARM = ("clinic profile", "staff account", "debug")
PING_SECONDS = 10
told_here: set[str] = set()  # while the file can't be written


def look(*, lasting: bool = True) -> None:
    """Mail what has begun since the last time, and what has ended. A mail that can't be sent is tried the next time.

    `lasting`: this process looks again, so it can remember what it told while the file can't be written.
    """
    if settings.TRIAL or not settings.STAFF_MAIL:
        return
    asked = inspection.findings() if settings.SEAL_CAN_OPEN else inspection.readiness()  # the public side knows less
    found = {name: words for name, words in asked.items() if words and name not in NO_ALARM}
    try:
        with _noted(lasting=lasting) as path:
            _tell(found, _read(path))
            disk.replace_file(path, json.dumps(sorted(found)).encode())
    except OSError as error:
        log.error("the alarm could not be mailed, or not be noted (%s)", type(error).__name__)


@contextmanager
def _noted(*, lasting: bool) -> Iterator[Path]:
    """The file, for this process alone: another one that looks meanwhile then finds what this one told."""
    folder = Path(settings.DATA_DIR) / "alarms"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        if not lasting:
            raise
        yield folder / TOLD
        return
    with disk.locked(folder):
        yield folder / TOLD


def _read(path: Path) -> set[str]:
    try:
        return set(json.loads(path.read_text()))
    except (OSError, ValueError):
        return set()


def _tell(found: dict[str, str], told: set[str]) -> None:
    begun, ended = sorted(set(found) - told - told_here), sorted((told | told_here) - set(found))
    if begun or ended:
        subject = f"WRONG: {', '.join(begun)}" if begun else f"Well again: {', '.join(ended)}"
        parts = [f"The site {settings.SITE_URL}:", *_for_the_clinic(found, begun), *_parts(found, begun, ended)]
        words = "\n\n".join(parts)
        send_now(to=settings.STAFF_MAIL, subject=f"{subject} ({settings.ALLOWED_HOSTS[0]})", body=f"{words}\n")
    told_here.clear()
    told_here.update(found)


def _for_the_clinic(found: dict[str, str], begun: list[str]) -> list[str]:
    """What has begun, for whoever reads the mail and runs no commands."""
    explained = troubles.explained({name: found[name] for name in begun})
    if not explained:
        return []
    call = troubles.whom_to_call().join(troubles.call(explained))
    means = [f"{trouble.means} {trouble.meanwhile}".strip() for trouble in explained]
    return [call, *means, "For whoever looks after the server:"]


def _parts(found: dict[str, str], begun: list[str], ended: list[str]) -> list[str]:
    parts = [f"{name}: {found[name]}" for name in begun] + [f"{name}: well again" for name in ended]
    if others := sorted(set(found) - set(begun)):
        parts.append(f"Told before, and still wrong: {', '.join(others)}")
    return [*parts, "All of it: manage.py doctor"]


def ping() -> None:
    """Call HEARTBEAT_URL while requests come in and reach staff. Who keeps that address notices when nobody calls."""
    if not settings.HEARTBEAT_URL or any(inspection.readiness().values()) or inspection.web_server():
        return
    urllib.request.urlopen(settings.HEARTBEAT_URL, timeout=PING_SECONDS).close()  # noqa: S310  # nosec B310  http only
