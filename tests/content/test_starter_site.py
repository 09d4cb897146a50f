"""The starter library as a site: every link works, and every page says what it is."""

import gzip
import json
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from django.conf import settings
from django.test import Client

from education.articles.models import Edition
from education.images.drawings import shipped
from education.search.queries import find
from tests.content.words import NAMES, blocks, of_kind, path_of, rows
from tests.content.words import page as written
from tests.database import SharedRows
from tests.kept import Once
from tests.screens import body, harm, links, plain_words, tags
from tests.starter import Rows, fill

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
STAFF = ("/admin/", "/accounts/")
POISON_CENTER = "tel:+18002221222"  # which the words themselves name, as the fact sheet has it


RETIRED = {"where-pain-is-processed"}  # drawings that signed editions may show, and no shipped page any more
ARTICLES = {path_of(written(name)): name for name in NAMES}


@pytest.fixture(scope="module")
def site(starter_rows: Rows, shared_rows: SharedRows, once: Once) -> dict[str, str]:
    """Every page that can be reached from the home page by following links: by one process of the run, for all."""
    with shared_rows():
        fill(starter_rows)
        assert {edition.path for edition in Edition.objects.all()} == ARTICLES.keys()
        pages = once("starter-site.json", lambda file: file.write_text(json.dumps(_reached(Client()))))
    found: dict[str, str] = json.loads(pages.read_text())
    return found


def _reached(client: Client) -> dict[str, str]:
    pages: dict[str, str] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in pages or path.startswith(STAFF):
            continue
        response = client.get(path)
        assert response.status_code == 200, path
        pages[path] = body(response) if "html" in response["Content-Type"] else ""
        waiting += [urldefrag(href).url for href in links(pages[path]) if href.startswith("/")]
    return pages


def test_nothing_is_promised_and_nobody_shown_before_it_is_on_record(site: dict[str, str]) -> None:
    """Here nobody has filled in the clinic's profile or added a picture, and no clinician has reviewed a page."""
    for path, page in site.items():
        asks = {href for href in links(page) if href.startswith(("tel:", "sms:", "mailto:"))}
        assert asks <= {POISON_CENTER}, path
        pictures = [str(given["src"]) for tag, given in tags(page) if tag == "img"]
        assert [source for source in pictures if source.startswith("/media/")] == [], path
        frame = plain_words(re.sub(r'<div class="prose".*?<footer', "", page, flags=re.DOTALL))
        promises = re.findall(
            r"Reviewed by (?!a clinician)|working days?|Opening hours|Open now|Closed now|\$\d", frame
        )
        assert promises == [], path


def test_every_page_can_be_reached_and_every_link_works(site: dict[str, str]) -> None:
    assert ARTICLES.keys() <= site.keys()
    ids = {path: {given.get("id") for _, given in tags(page)} for path, page in site.items()}
    for path, page in site.items():
        for href in links(page):
            target, part = urldefrag(href)
            if part and not href.startswith("http"):
                assert part in ids[target or path], f"{path} links to {href}"


def test_every_unreviewed_page_says_so(site: dict[str, str]) -> None:
    for path in ARTICLES:
        assert "Not yet reviewed by a clinician." in site[path]


def test_nothing_runs_inline_or_comes_from_another_origin(site: dict[str, str]) -> None:
    leads_on = {"/request-a-consultation/": ["<noscript>", "<meta>"]}  # without scripts, to an address of its own
    assert {path: harm(page) for path, page in site.items() if harm(page)} == leads_on


def test_every_page_is_at_most_two_clicks_from_home(site: dict[str, str]) -> None:
    first = {urldefrag(href).url for href in links(site["/"])}
    second = {urldefrag(href).url for path in first if path in site for href in links(site[path])}
    assert ARTICLES.keys() <= first | second


def test_every_topic_lists_its_pages_in_the_order_of_the_file(site: dict[str, str]) -> None:
    for row in rows("topics"):
        titles = [written(slug)["title"] for slug in row["pages"]]
        shelf = plain_words(site[f"/{row['slug']}/"].partition('id="pages"')[2]).replace("’", "'")
        assert [shelf.index(title) for title in titles] == sorted(shelf.index(title) for title in titles)


def test_every_glossary_term_is_used_and_every_reference_has_a_page(site: dict[str, str]) -> None:
    used = {given["href"] for page in site.values() for tag, given in tags(page) if given.get("class") == "term"}
    assert {f"/glossary/#{row['slug']}" for row in rows("glossary")} - used == set()
    studies = {f"/references/{row['key']}/" for row in rows("references")}
    assert {path for path in site if path.startswith("/references/")} == studies


def test_every_drawing_has_a_dark_version_with_the_same_text() -> None:
    folder = Path(settings.BASE_DIR) / "static" / "drawings"
    light = [path for path in folder.glob("*.svg") if "." not in path.stem]
    used = {block["drawing"] for name in NAMES for block in blocks(name, "figure")}
    assert {path.stem for path in light} == used | RETIRED
    for path in light:
        twin, own = (at.read_text(encoding="utf-8") for at in (path.with_suffix(".dark.svg"), path))
        assert re.sub(r"#[0-9a-f]{6}", "#", twin) == re.sub(r"#[0-9a-f]{6}", "#", own), path
        assert twin != own
        assert not re.search(r'font-size="(?:1\d|2[0-4])"', own), "too small on a phone"
        assert '<rect width="640"' not in own, "it stands on the page's own paper, and on white when it is printed"
        assert max(len(gzip.compress(source.encode())) for source in (own, twin)) <= 6 * 1024, path


def test_every_drawing_has_a_title_and_says_what_is_to_be_seen() -> None:
    titles = [drawing.title for drawing in shipped().values()]
    assert len(set(titles)) == len(titles)
    for drawing in shipped().values():
        assert drawing.width == "640", "letters would be larger or smaller than in the others"
        assert len(drawing.description.split()) >= 8


def test_every_condition_page_has_a_drawing_with_words_for_those_who_cannot_see_it() -> None:
    for name in of_kind("condition"):
        assert [block["drawing"] for block in blocks(name, "figure")], name
        assert all(len(block["alt"].split()) >= 8 for block in blocks(name, "figure")), name


def test_every_picture_has_a_text_alternative_and_a_file(site: dict[str, str], client: Client) -> None:
    images = {str(given["src"]): given for page in site.values() for tag, given in tags(page) if tag == "img"}
    # The address is printed beside its QR code, which so needs no words of its own.
    pictures = {address: given for address, given in images.items() if not address.endswith("/qr.svg")}
    assert len(pictures) == len(shipped()) - len(RETIRED)
    for address, given in pictures.items():
        assert len(str(given["alt"])) > 40
        response = client.get(address)
        assert response.status_code == 200
        assert b"".join(response.streaming_content)  # read to the end, it closes itself


def test_on_every_page_headings_skip_no_level_and_ids_are_unique(site: dict[str, str]) -> None:
    for path, page in site.items():
        if path == "/feed/":
            continue  # which is no page
        levels = [int(tag[1]) for tag, _ in tags(page) if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path
        ids = [given["id"] for _, given in tags(page) if given.get("id")]
        assert len(ids) == len(set(ids)), path


def test_the_emergency_line_is_not_invented(site: dict[str, str]) -> None:
    for page in site.values():
        assert "emergency-line" not in page.partition("</style>")[2]
        assert set(re.findall(r"\btel:[+\d]*", page)) <= {POISON_CENTER}


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("LDN", "Low-dose naltrexone for autoimmune diseases and fibromyalgia"),
        ("fibro", "Fibromyalgia"),
        ("lupis", "Lupus"),
        ("sjogrens", "Sjögren's disease"),
        ("receptor", "How LDN might work"),
        ("chrons", "Crohn's disease"),
        ("colitis ulcerosa", "Ulcerative colitis"),
        ("esclerosis múltiple", "Multiple sclerosis"),
        ("long haulers", "Long COVID and ME/CFS"),
        ("RSD", "Complex regional pain syndrome"),
        ("overactive thyroid", "Graves' disease"),
        ("coeliac", "Celiac disease"),
        ("sausage fingers", "Psoriatic arthritis"),
        ("missed dose", "If you already take LDN"),
        ("embarazo", "Planning a pregnancy, pregnancy and breastfeeding"),
        ("turmeric", "Living well: sleep, movement, food and home remedies"),
        ("insomnia", "Living well: sleep, movement, food and home remedies"),
        ("can't sleep", "Living well: sleep, movement, food and home remedies"),
        ("trouble sleeping", "Living well: sleep, movement, food and home remedies"),
        ("confidence interval", "How to read a study"),
    ],
)
def test_the_search_answers_what_people_ask(query: str, first: str) -> None:
    assert find(query).results[0].title == first
