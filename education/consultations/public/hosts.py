"""Which host seals with which key: nothing may be sealed with a key that staff have retired meanwhile."""

import logging
import socket
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error
from django.utils import timezone

from education.audit import facts
from education.core import sealing

log = logging.getLogger(__name__)
PREFIX = "seals/"
AGAIN_AFTER = 600  # seconds, with the same key
GONE_AFTER = timedelta(days=30)  # a host that nobody has seen for so long seals no more


@dataclass
class Noted:
    """What this process noted last."""

    key_id: str = ""
    at: float = 0  # as time.monotonic() counts


last = Noted()


def own_name() -> str:
    """The name of this host with its key folder: a public and a staff side on one machine have folders of their own."""
    return f"{socket.gethostname()}:{settings.SEAL_KEY_DIR}"[:150]


def note_key() -> None:
    """Note the key that this host seals with. Raises nothing: no patient is refused because of it."""
    try:
        key_id = sealing.current_key_id()
        if key_id == last.key_id and time.monotonic() < last.at + AGAIN_AFTER:
            return
        facts.note(PREFIX + own_name(), key_id)
    except (Error, sealing.SealError) as error:
        log.warning("this host's key could not be noted (%s)", type(error).__name__)
    else:
        last.key_id, last.at = key_id, time.monotonic()


def seen_with(key_id: str, *, now: datetime | None = None) -> dict[str, datetime]:
    """The hosts that seal with this key, and when each was seen last."""
    since = (now or timezone.now()) - GONE_AFTER
    noted = [fact for fact in facts.known_by_prefix(PREFIX) if fact.value == key_id and fact.noted_at > since]
    return {fact.name.removeprefix(PREFIX): fact.noted_at for fact in noted}


def forget(host: str) -> bool:
    """Forget a host that was taken away for good. Returns whether it was known."""
    return facts.forget(PREFIX + host)
