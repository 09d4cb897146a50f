"""Checks of what a running site rests on: its files and who may read them, its clock, its keys, the services it uses.

Each returns what is wrong and what to do about it; empty when all is well. `inspection.py` says which are asked when.
"""

import json
import os
import socket
import stat
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache, caches
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format

from education.audit import facts
from education.audit.models import AuditEvent, InstallationFact
from education.consultations.models import ConsultationRequest, SealedAmendment
from education.consultations.upkeep import retention
from education.consultations.upkeep.lost_keys import lost, set_aside
from education.core import sealing
from education.core.text import counted, day_and_time
from education.health import faults, keys
from education.pages import purging
from education.search import engine

HEARTBEAT = "education.worker.heartbeat"
CDN_LATE, ENGINE_LATE = timedelta(minutes=2), timedelta(minutes=10)
HEARTBEAT_LATE = timedelta(minutes=3)
TAKEN_IN_WITHIN = timedelta(minutes=10)
LAST_ROWS = 20  # compared with the clock
REFERENCES_SHOWN = 5
CLOCK_SLACK = timedelta(minutes=5)
SHOWN_TO_ANYBODY = ("seal_public_", "recovery_public_")
SECRET_KEY, TRIGGERS = "secret key", "triggers"  # names of facts
BUCKET_AWAY = "no picture is shown, and none can be added. Check its address, key and rights, and restart."
START_CACHE = "Start the server that CACHE_URL names, or correct CACHE_URL and restart."
SET_CLOCK = "set it: timedatectl set-ntp true"
ALL_TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def database_writes() -> str:
    """Whether the database takes writes. This one changes no row."""
    try:
        with transaction.atomic():
            InstallationFact.objects.filter(pk=0).update(value="")
    except DatabaseError as error:
        return faults.explain(error)
    return ""


def address() -> str:
    """Whether the site can tell that it was reached by https."""
    if not settings.HTTPS or settings.TRUSTED_PROXIES:
        return ""
    return (
        "Every page redirects to itself: TRUSTED_PROXIES is empty, so the site can't know that the proxy speaks https. "
        "Set it to the proxy's address (TRUSTED_PROXIES=127.0.0.1 for one on this machine) and restart."
    )


def readers() -> str:
    """Whether other users of this machine can read what is in the data folder."""
    folders = [Path(settings.DATA_DIR), Path(settings.SEAL_KEY_DIR), Path(settings.BACKUP_DIR)]
    private = [*folders, *folders[1].glob("*"), *folders[2].glob("*.backup")]
    if connection.vendor == "sqlite":
        private += folders[0].glob("*.sqlite3*")
    found = [str(path) for path in private if not path.name.startswith(SHOWN_TO_ANYBODY) and _mode(path) & 0o077]
    return f"Other users of this machine can read it. Run: chmod -R go= {' '.join(found)}" if found else ""


def environment_file() -> str:
    """Whether others can read the file with the site's secrets."""
    path = Path(settings.ENV_FILE)
    if not _mode(path) & 0o007:
        return ""
    return f"Other users of this machine can read {path}, which holds the secrets of the site. Run: chmod o= {path}"


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode) if path.exists() else 0


def audit_key() -> str:
    """Whether events can be added to the audit trail. Without that nothing is taken in and staff can do nothing."""
    if not settings.SEAL_CAN_OPEN or not AuditEvent.objects.exists():
        return ""
    problem = sealing.chain_problem()
    return f"{problem} Until it is back no request reaches the desk. {keys.bring_back()}" if problem else ""


def requests_set_aside() -> str:
    if not settings.SEAL_CAN_OPEN or keys.starting_problem():
        return ""
    missing = lost()
    if not missing:
        return ""
    aside = set_aside(missing)
    count, first = aside.count(), list(aside.values_list("reference", flat=True)[:REFERENCES_SHOWN])
    names = ", ".join([*first, "…"] if count > len(first) else first)
    return (
        f"{counted(count, 'request')} can't be opened and wait ({names}): the key {', '.join(missing)} is not here."
        f" {keys.bring_back(*missing)}"
    )


def requests_waiting() -> str:
    """Whether requests, or what was added to them, wait for longer than they should to be taken in."""
    before = timezone.now() - TAKEN_IN_WITHIN
    aside = set_aside(lost() if settings.SEAL_CAN_OPEN else []).values("pk")
    requests = ConsultationRequest.objects.to_ingest().filter(received_at__lt=before).exclude(pk__in=aside)
    later = SealedAmendment.objects.filter(ingested_at__isnull=True, created_at__lt=before).exclude(request__in=aside)
    times = [requests.values_list("received_at", flat=True).first(), later.values_list("created_at", flat=True).first()]
    since = min((at for at in times if at), default=None)
    if since is None:
        return ""
    return (
        f"{requests.count() + later.count()} wait since {day_and_time(since)} to be taken in: nobody was told of them. "
        "See that the worker runs; its log names the job that fails."
    )


def clock() -> str:
    """Whether the clock agrees with what is stored."""
    now = timezone.now()
    events = AuditEvent.objects.order_by("-id").values_list("at", flat=True)
    requests = ConsultationRequest.objects.order_by("-id").values_list("received_at", flat=True)
    last = max([*events[:LAST_ROWS], *requests[:LAST_ROWS]], default=now)
    if last > now + CLOCK_SLACK:
        says, later = day_and_time(now), day_and_time(last)
        return f"The clock says {says}, but something was stored at {later}. If the clock is wrong, {SET_CLOCK}"
    reached, seen = facts.known(retention.PURGED_UNTIL), caches["database"].get(HEARTBEAT)
    works = isinstance(seen, datetime) and now - seen < HEARTBEAT_LATE
    deleted_until = datetime.fromisoformat(reached.value) if reached else now
    if works and deleted_until + retention.PURGE_STEP < now:
        return (
            f"The clock says {day_and_time(now)}, but what is past its time was deleted up to "
            f"{date_format(timezone.localtime(deleted_until), 'DATE_FORMAT')} only. Two days more are deleted every "
            f"hour. If the clock is wrong, stop the worker and {SET_CLOCK}; if the site was off for so long, nothing "
            "needs doing."
        )
    return ""


def triggers() -> str:
    """Whether the triggers are there with which the database itself keeps records from being changed."""
    missing = sorted(set(noted_triggers()) - set(present_triggers()))
    if not missing:
        return ""
    return f"The database lacks {', '.join(missing)}, which protect what is stored. Run: manage.py prepare"


def present_triggers() -> dict[str, str]:
    """How each trigger of the database is made, by its name."""
    with connection.cursor() as cursor:
        cursor.execute(ALL_TRIGGERS[connection.vendor])
        return dict(cursor.fetchall())


def noted_triggers() -> dict[str, str]:
    """The triggers that the migrations made, as they noted them."""
    fact = facts.known(TRIGGERS)
    return dict(json.loads(fact.value)) if fact else {}


def secret_key() -> str:
    fact = facts.known(SECRET_KEY)
    known = [secret_key_fingerprint(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    if not fact or fact.value in known:
        return ""
    return (
        "SECRET_KEY has changed: forms under way, and second factors of staff unless they have a key of their own, no "
        "longer work. Put the former one back, or into SECRET_KEY_FALLBACKS, and restart. If it must not be used any "
        "more, run: manage.py prepare --new-secret-key"
    )


def secret_key_fingerprint(secret: str = "") -> str:
    """Tells two keys apart, and nothing about either."""
    return salted_hmac("education.health", "fingerprint", secret or None, algorithm="sha256").hexdigest()[:16]


def static_files() -> str:
    """Whether what pages load is collected, and still there."""
    root = Path(settings.STATIC_ROOT)
    try:
        collected = json.loads((root / "staticfiles.json").read_text()).get("paths", {})
    except (OSError, ValueError):
        return "Styles and scripts are not collected. Run: manage.py collectstatic"
    # Hundreds, on each desk: pathlib takes four times as long.
    missing = [path for path in collected.values() if not os.path.isfile(f"{root}/{path}")]  # noqa: PTH113
    if not missing:
        return ""
    return (
        f"{counted(len(missing), 'collected file')} missing, such as {missing[0]}. Run: manage.py collectstatic --clear"
    )


def media() -> str:
    """Whether pictures can be stored."""
    bucket: Any = default_storage
    if not isinstance(default_storage, FileSystemStorage):
        trouble = bucket.trouble()
        return f"The bucket of MEDIA_STORAGE_URL refuses ({trouble}): {BUCKET_AWAY}" if trouble else ""
    if not Path(settings.MEDIA_ROOT).exists():
        return ""
    try:
        with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT):
            return ""
    except OSError as error:
        error.filename = settings.MEDIA_ROOT
        return faults.explain(error)


def cache_server() -> str:
    """Whether the cache answers. The database takes the place of Redis, which is slower."""
    try:
        cache.get("education.doctor")
    except DatabaseError as error:
        return faults.explain(error)
    except Exception as error:  # each server has errors of its own
        return f"The cache does not answer ({type(error).__name__}), so staff can't log in. {START_CACHE}"
    trouble = cache.trouble() if hasattr(cache, "trouble") else ""
    if not trouble:
        return ""
    return f"Redis does not answer ({trouble}). The database counts log-ins meanwhile, and all goes on. {START_CACHE}"


def cdn() -> str:
    """Whether the CDN, if there is one, hears of changes."""
    trouble = facts.known(purging.TROUBLE)
    if not settings.CDN_PURGE_URL or not trouble or timezone.now() - trouble.noted_at < CDN_LATE:
        return ""
    return (
        f"The CDN hears of no change since {day_and_time(trouble.noted_at)} ({trouble.value}), so readers may get "
        "pages as they were before. Check CDN_PURGE_URL and CDN_PURGE_HEADER, and restart; then all pages are purged."
    )


def search_engine() -> str:
    """Whether the engine answers and knows all pages, if there is one beside the database."""
    backend: dict[str, Any] = settings.MODELSEARCH_BACKENDS.get(engine.NAME, {})
    for url in backend.get("URLS", []):
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        try:
            socket.create_connection((host, port), timeout=3).close()
        except OSError:
            return (
                f"The search engine at {host}:{port} does not answer: start it, or correct SEARCH_URL and restart. "
                "Until then the database finds pages."
            )
        behind = facts.known(engine.BEHIND)
        if behind and timezone.now() - behind.noted_at > ENGINE_LATE:
            return (
                f"The search engine does not know all pages since {day_and_time(behind.noted_at)}. See that the worker "
                "runs; its journal says what the engine refuses."
            )
    return ""
