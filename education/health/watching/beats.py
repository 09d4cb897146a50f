"""Signs of life. Each web server notes in the database that it answers; the worker's sign is in the cache."""

import socket
import time
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from education.audit import facts
from education.consultations.public import hosts

WEB = "web/"  # before the name of a host
LATE = timedelta(minutes=3)
HUNG_SECONDS = 15 * 60  # for one round of the main lane of the worker, which takes seconds


class Progress:
    """When the main lane of the worker in this process last came round."""

    def __init__(self) -> None:
        self.at = time.monotonic()

    def note(self) -> None:
        self.at = time.monotonic()

    def hangs(self) -> bool:
        return time.monotonic() > self.at + HUNG_SECONDS


main_lane = Progress()


def tell_systemd(words: str) -> None:
    """Tell systemd this, as sd_notify(3) does, if it started the process."""
    if not settings.NOTIFY_SOCKET:
        return
    address = settings.NOTIFY_SOCKET
    if address.startswith("@"):  # in Linux's abstract namespace
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection, suppress(OSError):
        connection.connect(address)
        connection.sendall(words.encode())


def note_web() -> None:
    """Note that the web server of this host answers."""
    facts.note(WEB + hosts.own_name(), "answers")


def silent_hosts() -> dict[str, datetime]:
    """Hosts whose web server has answered within the last month, but not lately; and when each did."""
    now = timezone.now()
    seen = {fact.name.removeprefix(WEB): fact.noted_at for fact in facts.known_by_prefix(WEB)}
    return {host: at for host, at in seen.items() if LATE < now - at < hosts.GONE_AFTER}


def forget_host(host: str) -> bool:
    """Whether anything was known of it, as one that seals or as one that answers."""
    return any([hosts.forget(host), facts.forget(WEB + host)])
