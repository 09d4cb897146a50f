"""Telling a CDN in front of the site which pages have changed, so that it asks for them again.

`PageChange` already says what was changed, so nothing waits for this, and a failed try loses nothing. Only the worker
tells the CDN, in a lane of its own.
"""

import http.client
import json
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError

from education.audit import facts
from education.core.http import ANY_PAGE, EVERY_PAGE, cdn_key
from education.pages.models import ChangeCount, PageChange

TIME_LIMIT = 4.0  # seconds for one answer
MAX_ANSWER = 100_000  # bytes
MAX_KEYS = 30  # that every CDN takes at once
SETTLED_SECONDS = 3.0  # by then all web servers know of the change, and what the CDN was just fetching has arrived
TROUBLE = "CDN: trouble"  # the name of a fact


class Purger:
    """What the CDN has been told by this process. It begins with all pages: a new version of the site may draw them in
    another way, and nobody knows what happened while no worker ran.

    Each change is told twice: at once, and when the site has settled. A page that the CDN asked for at the moment of
    the change would otherwise stay.
    """

    def __init__(self) -> None:
        self.settled: int | None = None  # the number of the last change that it was told twice
        self.told: int | None = None
        self.told_at = 0.0

    def tell(self) -> None:
        """Tell the CDN what has changed. Raises what the network does: the next try begins where this one did."""
        if not settings.CDN_PURGE_URL:
            return
        number = self._number()
        if number == self.settled or (number == self.told and time.monotonic() < self.told_at + SETTLED_SECONDS):
            return
        try:
            _purge(self._keys(number))
        except (OSError, http.client.HTTPException) as error:
            _note_trouble(str(error) if isinstance(error, Refused) else type(error).__name__)
            raise
        facts.forget(TROUBLE)
        if number == self.told:
            self.settled = number
        self.told, self.told_at = number, time.monotonic()

    def _number(self) -> int:
        """The number of the last change. With the database away, web servers and the CDN show what they have."""
        try:
            return ChangeCount.objects.values_list("number", flat=True).first() or 0
        except DatabaseError:
            self.settled = self.told = None
            raise

    def _keys(self, number: int) -> list[str]:
        if self.settled is None or number < self.settled:  # the database was replaced
            return [EVERY_PAGE]
        paths = PageChange.objects.filter(number__gt=self.settled).order_by("path").values_list("path", flat=True)
        keys = list(dict.fromkeys([ANY_PAGE, *map(cdn_key, paths)]))
        return [EVERY_PAGE] if EVERY_PAGE in keys or len(keys) > MAX_KEYS else keys


class Refused(OSError):
    """The CDN did not take it. The message holds no secret."""


def _purge(keys: list[str]) -> None:
    address = urlsplit(settings.CDN_PURGE_URL)
    connect = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = connect(address.netloc, timeout=TIME_LIMIT)
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "clinic-site"}
    name, _, value = settings.CDN_PURGE_HEADER.partition(": ")
    if name:
        headers[name] = value
    target = f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"
    try:
        connection.request("POST", target, json.dumps({settings.CDN_PURGE_FIELD: keys}), headers)
        answer = connection.getresponse()
        answer.read(MAX_ANSWER)
        if not 200 <= answer.status < 300:  # a redirect is not followed: it could carry the secret elsewhere
            raise Refused(f"it answers with status {answer.status}")
    finally:
        connection.close()


def _note_trouble(words: str) -> None:
    """The first time: a later one does not change since when."""
    if not facts.known(TROUBLE):
        facts.note(TROUBLE, words)


purger = Purger()
