"""Whoever opens a page for the first time, on a slow line, has all of it after one trip: text and styles."""

from typing import Any

import pytest
from django.test import Client

from clinic_site.edge.bridge import answer
from clinic_site.edge.page_cache.memory import page_of, refusal
from education.articles.library.loading import STARTER, load
from education.articles.models import Edition
from tests.content.weight import EXEMPT, MAX_BYTES

pytestmark = pytest.mark.django_db
PLACES = ("/", "/a-z/", "/glossary/")
DATE = len("date: Tue, 24 Nov 2026 00:00:00 GMT\r\n\r\n")


def sent(client: Client, path: str) -> int:
    """Bytes of the answer to a browser that takes brotli."""
    response: Any = client.get(path)
    drawn = answer(f"{response.status_code} OK", list(response.headers.items()), response.content)
    assert refusal(drawn) == "", path
    page = page_of(path, drawn, seen=0, era=0)
    page.compress()
    ready = page.choose({b"accept-encoding": b"gzip, br"})
    assert ready
    return len(ready.head) + DATE + len(ready.body)


def test_every_page_fits_into_the_first_packets_or_is_named(client: Client) -> None:
    load(STARTER, by=None, publish=True)
    paths = (*PLACES, *Edition.objects.values_list("path", flat=True))
    heavy = {path: size for path in paths if (size := sent(client, path)) > MAX_BYTES}
    assert heavy.keys() == EXEMPT.keys(), heavy
