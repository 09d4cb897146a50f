"""A page says in which language it is: a screen reader picks its voice by that."""

import re

import pytest
from django.test import Client

from education.articles.public.preview import link_path
from tests.cast import article, live, published, questions, rewritten, text
from tests.screens import body, tags

pytestmark = pytest.mark.django_db
LUPUS = "/autoimmune-conditions/lupus/"
SPANISH = {"language": "es", "title": "El lupus", "summary": "Sobre el lupus."}


def _named(tag: str, given: dict[str, str | None]) -> str:
    return f"{tag}.{given['class']}" if given.get("class") else tag


def languages(page: str) -> dict[str, str | None]:
    """The lang attribute of each element that has one, by tag and class; the classes of the whole page are left out."""
    named = (
        (f"{tag}.{given['class']}" if given.get("class") and tag not in ("html", "body") else tag, given)
        for tag, given in tags(page)
    )
    return {name: given["lang"] for name, given in named if "lang" in given}


def test_a_page_in_english_says_so_once(client: Client) -> None:
    published("lupus", blocks=[text("<h2>One</h2><p>x</p>")])
    assert languages(body(client.get(LUPUS))) == {"html": "en"}


def test_a_page_in_spanish_is_spanish_and_what_the_site_says_beside_it_is_not(client: Client) -> None:
    published("lupus", blocks=[text("<h2>Uno</h2><p>Palabras.</p>"), questions("Dos")], **SPANISH)
    page = body(client.get(LUPUS))
    words = {"h1": "es", "p.lede": "es", "ol": "es", "div.prose": "es"}
    assert languages(page) == {"html": "es", "body": "en", **words}
    assert re.search(r'<ol lang="es" dir="ltr">\s*<li><a href="#uno">Uno</a>', page)


def test_a_page_in_arabic_runs_from_right_to_left_whatever_its_first_letter(client: Client) -> None:
    arabic = {"language": "ar", "title": "LDN والألم", "summary": "LDN بكلمات بسيطة."}
    published("lupus", blocks=[text("<h2>LDN</h2><p>LDN كلمات.</p>")], **arabic)
    page = body(client.get(LUPUS))
    turned = [(tag, given.get("class")) for tag, given in tags(page) if given.get("dir") == "rtl"]
    assert turned == [("h1", None), ("p", "lede"), ("ol", None), ("div", "prose")]
    assert "css/rtl" in page


def test_a_page_from_left_to_right_asks_for_no_styles_of_the_other_kind(client: Client) -> None:
    published("lupus", **SPANISH)
    assert "css/rtl" not in body(client.get(LUPUS))


def test_a_draft_in_another_language_changes_no_page_until_it_is_published(client: Client) -> None:
    draft = rewritten(published("lupus").article, text("<p>Palabras.</p>"), **SPANISH)
    assert languages(body(client.get(LUPUS))) == {"html": "en"}
    assert languages(body(client.get(link_path(draft))))["html"] == "es"
    live(draft)
    assert languages(body(client.get(LUPUS)))["html"] == "es"


def test_other_pages_stay_english(client: Client) -> None:
    published("lupus", **SPANISH)
    article("gout")
    for path in ("/", "/autoimmune-conditions/", f"{LUPUS}history/"):
        assert languages(body(client.get(path))) == {"html": "en"}, path
