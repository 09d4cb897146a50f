"""Bringing the second place for backups up to date, and what is wrong with it.

Only the worker touches the place, in a lane of its own: a mount whose server is away may hang for hours. All others
ask what the worker noted.
"""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from education.audit import facts
from education.consultations import erasures
from education.consultations.upkeep import retention
from education.health import backups
from education.health.copies.places import Folder, Place, PlaceRefused

log = logging.getLogger(__name__)
COPIED, TROUBLE = "second place", "second place: trouble"  # names of facts
BUCKET = "s3://"
BEHIND_AFTER = timedelta(hours=6)  # a large backup may take hours to a place far away


def bring_up_to_date() -> None:
    """Copy what is not there yet, and delete there what is kept here no longer either."""
    if not settings.BACKUP_SECOND_PLACE:
        return
    place = _place(settings.BACKUP_SECOND_PLACE)
    try:
        _bring_up_to_date(place, timezone.now())
    except (PlaceRefused, OSError) as error:
        words = place.explain(error) if isinstance(error, OSError) else str(error)
        log.error("the second place for backups: %s", words)
        facts.note(TROUBLE, words)
    else:
        facts.forget(TROUBLE)


def _place(address: str) -> Place:
    """The second place at this address. A bucket's library takes much memory, so only a site that has a bucket loads
    it.
    """
    if not address.startswith(BUCKET):
        return Folder(Path(address))
    place: Place = import_string("education.health.copies.bucket.Bucket")(address)
    return place


def _bring_up_to_date(place: Place, now: datetime) -> None:
    place.require_there()
    own, held = backups.whole(), place.held()
    made = {path.name: path.stat().st_mtime for path in own}
    past = backups.past_their_time({name: there.made for name, there in held.items()} | made, retention.horizon(now))
    for path in own:  # the newest first
        if path.name not in past and (path.name not in held or held[path.name].size != path.stat().st_size):
            place.put(path)
        if path == own[0]:
            facts.note(COPIED, path.name)
    listed = settings.BACKUP_DIR / erasures.FILE
    if listed.is_file() and place.differs(listed):
        place.put(listed)
    for name in past & held.keys():
        place.delete(name)


def problem(*, now: datetime | None = None) -> str:
    """What is wrong with the second place, for the desk and `doctor`; empty when nothing is, or there is none."""
    if not settings.BACKUP_SECOND_PLACE:
        return ""
    copied, trouble, own = facts.known(COPIED), facts.known(TROUBLE), backups.whole()
    last = f"The last backup there is {copied.value}." if copied else "There is no backup there yet."
    if trouble:
        return f"{last} {trouble.value}"
    if not own or (copied and copied.value == own[0].name):
        return ""
    if (now or timezone.now()) - backups.made_at(own[0]) < BEHIND_AFTER:
        return ""
    return (
        f"{own[0].name} is not in {settings.BACKUP_SECOND_PLACE} yet. {last} See that the worker runs, and that the "
        "place answers: on a mount that hangs, everything waits."
    )
