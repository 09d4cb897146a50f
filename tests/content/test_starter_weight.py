"""The first response of a page, with text and styles, arrives in one round trip."""

import re
from pathlib import Path
from typing import Any
from unittest.mock import patch

import brotli
import pytest
from django.conf import settings
from django.test import Client

from clinic_site.edge.bridge import response_from
from clinic_site.edge.compression import compressed as for_one_browser
from clinic_site.edge.page_cache.memory import page_from, uncacheable_because
from clinic_site.edge.page_cache.page import BROTLI_QUALITY
from clinic_site.edge.responses import Response
from education.articles.models import Edition
from education.clinic.examples import actions as example_clinic
from education.core.styles import bare, sheet
from tests.cast import erin_the_editor
from tests.content.weight import EXEMPT, MAX_BYTES, MAX_EXEMPT_BYTES, MAX_STYLES

pytestmark = pytest.mark.django_db
PLACES = ("/", "/a-z/", "/glossary/")
LINKED = ("pages", "parts", "blocks", "decision")  # by an article, beside the styles inside it
QUICK = 7
DATE = len("date: Tue, 24 Nov 2026 00:00:00 GMT\r\n\r\n")


def sent(client: Client, path: str) -> int:
    """Bytes of the response to a browser that accepts brotli. What fits without the best compression is not compressed
    once more, ten times as long, to fit better.
    """
    answer: Any = client.get(path)
    response = response_from(f"{answer.status_code} OK", list(answer.headers.items()), answer.content)
    assert uncacheable_because(response) == "", path
    quick = compressed(path, response, QUICK)
    return quick if quick <= MAX_BYTES else compressed(path, response, BROTLI_QUALITY)


def compressed(path: str, response: Response, quality: int) -> int:
    page = page_from(path, response, change=0, epoch=0)
    with patch("clinic_site.edge.page_cache.page.BROTLI_QUALITY", quality):
        page.add_brotli()
    variant = page.variant_for({b"accept-encoding": b"gzip, br"})
    assert variant
    return len(variant.head) + DATE + len(variant.body)


@pytest.mark.thorough
@pytest.mark.usefixtures("starter_pages")
@pytest.mark.parametrize("of_invented_clinic", [False, True])
def test_every_page_fits_into_the_first_packets_or_is_exempt(client: Client, of_invented_clinic: bool) -> None:
    """Also with all that a clinic's profile adds to it: numbers, address, hours, lines for an emergency."""
    if of_invented_clinic:
        example_clinic.load(by=erin_the_editor())
    paths = (*PLACES, *Edition.objects.values_list("path", flat=True))
    heavy = {path: size for path in paths if (size := sent(client, path)) > MAX_BYTES}
    assert heavy.keys() == EXEMPT.keys(), heavy
    assert max(heavy.values()) <= MAX_EXEMPT_BYTES, heavy


@pytest.mark.thorough
@pytest.mark.usefixtures("starter_pages")
def test_the_form_which_is_compressed_for_each_reader_fits_too(client: Client) -> None:
    example_clinic.load(by=erin_the_editor())
    answer: Any = client.get("/request-a-consultation/")
    response = response_from(f"{answer.status_code} OK", list(answer.headers.items()), answer.content)
    on_its_way = for_one_browser(response, b"gzip, br")
    head = sum(len(name) + len(value) + len(": \r\n") for name, value in on_its_way.headers)
    assert len(b"HTTP/1.1 200 OK\r\n") + head + DATE + len(on_its_way.body) <= MAX_BYTES


def test_no_page_needs_more_styles_than_eight_kilobytes() -> None:
    root = Path(settings.BASE_DIR)
    templates = "".join(file.read_text() for file in root.glob("templates/**/*.html"))
    pages = {tuple(re.findall(r'"([\w-]+)"', names)) for names in re.findall(r"{% page_styles (.*?)%}", templates)}
    assert ("article",) in pages
    for names in pages:
        linked = LINKED if "article" in names else ()
        sheets = [sheet(*names), *(bare((root / f"static/css/{name}.css").read_text()) for name in linked)]
        assert sum(len(brotli.compress(css.encode())) for css in sheets) <= MAX_STYLES, names
