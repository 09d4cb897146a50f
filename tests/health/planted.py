"""Faults of an installation, one a line: what is planted, which check names it, what it says, and what it comes to."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.db import connection
from django.utils import timezone

from clinic_site import settings as base
from education.accounts.models import User
from education.audit import facts
from education.audit.actions import record
from education.clinic.models import ClinicProfile
from education.consultations.models import ConsultationRequest
from education.consultations.upkeep import retention
from education.core import sealing, vault
from education.health import checks, inspection
from education.health.copies import actions as copies
from education.health.watching import beats
from education.outbox.models import OutboxMessage
from education.pages import purging
from tests.consultations import asking


@dataclass
class Site:
    """An installation of which everything may be broken."""

    settings: Any
    patch: pytest.MonkeyPatch

    @property
    def data(self) -> Path:
        return Path(self.settings.DATA_DIR)

    @property
    def keys(self) -> Path:
        return Path(self.settings.SEAL_KEY_DIR)


@dataclass(frozen=True)
class Fault:
    what: str
    plant: Callable[[Site], object]
    check: str
    says: str
    can_ask: bool = True
    on_desk: bool = True


class DeadCache(BaseCache):
    """As a server other than Redis that is away: it raises errors of its own."""

    class Away(Exception):
        pass

    def __init__(self, *_: Any) -> None:
        super().__init__({})

    def get(self, *_: Any, **__: Any) -> Any:
        raise self.Away

    add = set = delete = incr = touch = get  # type: ignore[assignment]


def ago(**time: float) -> datetime:
    return timezone.now() - timedelta(**time)


def a_request_that_nobody_took_in(site: Site) -> None:
    asking.request()
    ConsultationRequest.objects.update(received_at=ago(hours=1))


def keys_away(site: Site) -> None:
    asking.request()
    site.keys.rename(site.keys.with_name("unmounted"))


def newest_key_away(site: Site) -> None:
    asking.request()
    (site.keys / f"seal_private_{sealing.current_key_id()}.pem").unlink()


def older_key_away(site: Site) -> None:
    newest_key_away(site)
    site.patch.setattr(sealing.time, "time", lambda: 4_000_000_000)  # or both could carry the same second
    sealing.make_keys(site.keys)


def sealed_with_a_retired_key(site: Site) -> None:
    older_key_away(site)
    (site.keys / f"retired_{ConsultationRequest.objects.get().key_id}_20990101.sealed").touch(0o600)


def mail(state: str, **fields: Any) -> None:
    row = {"recipient": b"x", "subject": "s", "body": "b", "not_before": timezone.now()}
    made = OutboxMessage.objects.create(key="k", state=state, **row)
    OutboxMessage.objects.filter(pk=made.pk).update(**fields)


def read_only(site: Site) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only=ON")


def a_trigger_dropped(site: Site) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER education_auditevent_no_update")


def set_to(site: Site, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(site.settings, name, value)


def style_gone(site: Site) -> None:
    (site.data / "static" / "staticfiles.json").write_text(
        '{"version": "1.1", "paths": {"css/site.css": "css/site.0a1b.css"}}'
    )


def pictures_in_the_way(site: Site) -> None:
    set_to(site, MEDIA_ROOT=site.data / "media")
    (site.data / "media").write_text("")


def env_file(site: Site) -> None:
    path = site.data / "clinic-site.env"
    path.touch()
    path.chmod(0o644)
    set_to(site, ENV_FILE=str(path))


def backup(site: Site, content: bytes, hours: float) -> None:
    (path,) = Path(site.settings.BACKUP_DIR).glob("*.backup")
    path.write_bytes(content)
    os.utime(path, (ago(hours=hours).timestamp(),) * 2)


def second_place_away(site: Site) -> None:
    set_to(site, BACKUP_SECOND_PLACE=str(site.data / "none"))
    copies.bring_up_to_date()


def cdn_deaf(site: Site) -> None:
    set_to(site, CDN_PURGE_URL="https://127.0.0.1:1/purge")
    facts.note(purging.TROUBLE, "it answers with status 403", now=ago(minutes=9))


def purged(site: Site, days: float) -> None:
    facts.note(retention.PURGED_UNTIL, ago(days=days).isoformat())


def little_space(site: Site) -> None:
    site.patch.setattr(inspection.shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000))


def silent_host(site: Site) -> None:
    facts.note(f"{beats.WEB}web-2:/keys", "answers", now=ago(minutes=9))


def heartbeat(at: datetime | None) -> None:
    caches["database"].set(checks.HEARTBEAT, at, timeout=None)


REDIS_OF_NOBODY = {"BACKEND": "clinic_site.scale.cache.RedisOrDatabaseCache", "LOCATION": "redis://127.0.0.1:1"}
REDIS = {**base.CACHES, "default": REDIS_OF_NOBODY}
DEAD = {**base.CACHES, "default": {"BACKEND": "tests.health.planted.DeadCache"}}
IN_DATABASE = {"BACKEND": "modelsearch.backends.database"}
SEARCH = {"default": IN_DATABASE, "engine": IN_DATABASE | {"URLS": ["https://a:secret@127.0.0.1:1"]}}
BRING_BACK = "Bring the volume back"
FAULTS = [
    Fault("no audit key", lambda s: (s.keys / "audit_key").unlink(), "audit key", BRING_BACK),
    Fault("keys not mounted", keys_away, "keys", "The keys of 1 request are not here", can_ask=False),
    Fault("keys not mounted: the remedy", keys_away, "keys", BRING_BACK, can_ask=False),
    Fault("the newest key lost", newest_key_away, "staff keys", BRING_BACK, can_ask=False),
    Fault("an older key lost", older_key_away, "requests set aside", "1 request can't be opened and wait"),
    Fault("a retired key is needed", sealed_with_a_retired_key, "requests set aside", "manage.py seal_keys recall "),
    Fault("requests not taken in", a_request_that_nobody_took_in, "new requests", "See that the worker runs"),
    Fault("worker never ran", lambda s: heartbeat(None), "worker", "Start it: systemctl restart clinic-worker"),
    Fault("worker stopped", lambda s: heartbeat(ago(hours=1)), "worker", "Start it: systemctl restart clinic-worker"),
    Fault("web server silent", silent_host, "web server", "systemctl restart clinic-web"),
    Fault("mail stuck", lambda s: mail("waiting", created_at=ago(hours=3)), "mail", "the oldest for 3 hours"),
    Fault("mail given up", lambda s: mail("failed"), "mail", "1 mail could not be delivered. Check EMAIL_URL"),
    Fault("nobody is told", lambda s: set_to(s, STAFF_MAIL=[]), "mail", "Set STAFF_MAIL"),
    Fault("an empty backup", lambda s: backup(s, b"", 1), "backup", "free space"),
    Fault("no backup", lambda s: backup(s, vault.FORMAT, 40), "backup", "No backup was made since"),
    Fault("second place away", second_place_away, "second place for backups", "mount it"),
    Fault("recovery key untested", lambda s: (s.keys / vault.CONFIRMED).unlink(), "backup", "manage.py seal_keys test"),
    Fault("clock behind", lambda s: record("x", by=None, at=ago(hours=-2)), "clock", "timedatectl set-ntp true"),
    Fault("clock ahead", lambda s: purged(s, days=9), "clock", "Two days more are deleted every hour"),
    Fault("a key for all", lambda s: (s.keys / "index_key").chmod(0o644), "who may read it", "chmod -R go="),
    Fault("a folder for all", lambda s: s.data.chmod(0o777), "who may read it", "chmod -R go="),
    Fault("backups for all", lambda s: s.settings.BACKUP_DIR.chmod(0o755), "who may read it", "chmod -R go="),
    Fault("secrets for all", env_file, "environment file", "chmod o="),
    Fault("little space", little_space, "free space", "Free some space"),
    Fault("a read-only database", read_only, "writing to it", "can't be written to", can_ask=False, on_desk=False),
    Fault("a trigger dropped", a_trigger_dropped, "triggers", "Run: manage.py prepare"),
    Fault("another SECRET_KEY", lambda s: set_to(s, SECRET_KEY="y" * 50), "secret key", "Put the former one"),
    Fault("no proxy named", lambda s: set_to(s, TRUSTED_PROXIES=[]), "address", "Set it to", can_ask=False),
    Fault("a style is gone", style_gone, "static files", "Run: manage.py collectstatic --clear"),
    Fault("nothing collected", lambda s: set_to(s, STATIC_ROOT=s.data), "static files", "manage.py collectstatic"),
    Fault("pictures can't be stored", pictures_in_the_way, "pictures", "Give this user the right"),
    Fault("Redis away", lambda s: set_to(s, CACHES=REDIS), "cache", "Start the server that CACHE_URL names"),
    Fault("Redis away: all goes on", lambda s: set_to(s, CACHES=REDIS), "cache", "The database counts log-ins"),
    Fault("cache away", lambda s: set_to(s, CACHES=DEAD), "cache", "so staff can't log in"),
    Fault("search away", lambda s: set_to(s, MODELSEARCH_BACKENDS=SEARCH), "search engine", "127.0.0.1:1 does not"),
    Fault("CDN deaf", cdn_deaf, "CDN", "(it answers with status 403)"),
    Fault("errors shown", lambda s: set_to(s, DEBUG=True), "debug", "Switch it off"),
    Fault("no name", lambda s: ClinicProfile.objects.update(name=""), "clinic profile", "Fill it in", on_desk=False),
    Fault("no staff", lambda s: User.objects.update(is_active=False), "staff account", "create_staff", on_desk=False),
    Fault("no folder", lambda s: set_to(s, DATA_DIR=Path("/proc")), "data folder", "CLINIC_DATA_", on_desk=False),
]  # fmt: skip
