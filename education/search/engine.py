"""The search engine beside the database, if SEARCH_URL names one. While it is away, the index in the database answers.

What it missed meanwhile it is given again by the worker, as is all of it when it is new.
"""

import logging
import time
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils.module_loading import import_string
from modelsearch.backends import get_search_backend

from education.audit import facts
from education.audit.models import InstallationFact
from education.search.models import SearchEntry

log = logging.getLogger(__name__)
NAME = "engine"  # in MODELSEARCH_BACKENDS
BEHIND = "search engine: behind"  # the name of a fact
ASK_AGAIN_SECONDS = 10  # without an answer, nobody waits for it for so long
MAX_MATCHES = 100  # of its own best matches: one question


class _Rest:
    until = 0.0  # as time.monotonic() counts, for all threads of the process


def is_set() -> bool:
    return NAME in settings.MODELSEARCH_BACKENDS


def matches(kind: str, words: str, operator: str) -> list[SearchEntry] | None:
    """Pages that the engine finds, its best first; None if there is no engine, or no answer. `kind`: search or
    autocomplete.
    """
    if not is_set() or time.monotonic() < _Rest.until:
        return None
    try:
        return list(getattr(_backend(), kind)(words, SearchEntry, operator=operator)[:MAX_MATCHES])
    except _error("OpenSearchException") as error:
        _rest(error)
        return None


def put(entry: SearchEntry) -> None:
    """Give the entry to the engine once it is in the database."""
    if is_set():
        transaction.on_commit(partial(_give, entry))


def _give(entry: SearchEntry) -> None:
    behind = bool(facts.known(BEHIND)) or time.monotonic() < _Rest.until
    try:
        if not behind:
            _backend().add(entry)
    except _error("OpenSearchException") as error:
        _rest(error)
        behind = True
    if behind:  # noted anew also while the worker fills it: it may have read the page as it was before
        facts.note(BEHIND, "pages were published that it does not know")


def bring_up_to_date() -> None:
    """Give it all pages again if it missed some, or holds another number of them, as one that is new does."""
    if not is_set() or not (facts.known(BEHIND) or _count() != SearchEntry.objects.count()):
        return
    if not facts.known(BEHIND):
        facts.note(BEHIND, "it is filled for the first time, or again")
    noted = facts.known(BEHIND)
    call_command("rebuild_modelsearch_index", backend_name=NAME, verbosity=0)
    if noted:  # and if nothing was missed since
        InstallationFact.objects.filter(name=BEHIND, noted_at=noted.noted_at).delete()


def _count() -> int:
    """How many pages it holds; -1 if it is new."""
    backend = _backend()
    try:
        return int(backend.es.count(index=backend.get_index_for_model(SearchEntry).name)["count"])
    except _error("NotFoundError"):
        return -1


def _rest(error: Exception) -> None:
    log.warning("the search engine does not answer (%s): the database finds pages", type(error).__name__)
    _Rest.until = time.monotonic() + ASK_AGAIN_SECONDS


def _error(name: str) -> type[Exception]:
    """An error class of its library. Only a site with an engine has the library, and it takes much memory: others don't
    load it.
    """
    found: type[Exception] = import_string(f"opensearchpy.exceptions.{name}")
    return found


@cache
def _backend() -> Any:
    return get_search_backend(NAME)
