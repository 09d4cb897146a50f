"""The list of all pages, under every name they have."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from education.search.models import ListedName
from tests.cast import article, published, text
from tests.screens import body

pytestmark = pytest.mark.django_db


def listed(client: Client) -> list[tuple[str, str]]:
    """(letter, name) as they stand on the page."""
    page = body(client.get("/a-z/"))
    main = page[page.index("<main") :]
    groups = re.findall(r'<h2 id="letter-[^"]*">(.*?)</h2>(.*?)</section>', main, re.DOTALL)
    names = r'<a href="/[^"]+">(?:<span>)?([^<]+)<'
    return [(letter, name) for letter, inside in groups for name in re.findall(names, inside)]


def test_titles_and_aliases_are_listed_under_their_letter_in_order(client: Client) -> None:
    published("sjogren", title="Sjögren’s disease", aliases="dry eyes\nécrin", summary="Dry eyes, écrin.")
    published("lupus", aliases="SLE\nlupus\nLupus", summary="Called SLE.")
    published("als", title="Ankylosing spondylitis", aliases="")
    assert listed(client) == [
        ("A", "Ankylosing spondylitis"),
        ("D", "dry eyes"),
        ("E", "écrin"),
        ("L", "Lupus"),
        ("S", "Sjögren’s disease"),
        ("S", "SLE"),
    ]


def test_what_people_type_into_search_is_no_name_of_a_guide(client: Client) -> None:
    published("after", title="What happens after you ask", kind="guide", aliases="after I send the form")
    assert listed(client) == [("W", "What happens after you ask")]


def test_a_guide_is_listed_under_the_medicines_that_are_names_of_it(client: Client) -> None:
    others = "methotrexate\nmethotrexate once a week\nprednisone"
    words = text("<p>Take methotrexate once a week.</p>")
    published("care", title="Medicines that need care", kind="guide", aliases=others, blocks=[words])
    assert listed(client) == [("M", "Medicines that need care"), ("M", "methotrexate")]


def test_what_the_page_itself_does_not_call_it_is_for_search_only(client: Client) -> None:
    words = text("<p>Doctors also call it Crohn’s ileitis, or CD.</p>")
    others = "Crohn's ileitis\ncd\nchrons\nileit\nenfermedad de Crohn"  # names, a misspelling, part of a word, Spanish
    published("crohns-disease", title="Crohn’s disease", aliases=others, blocks=[words])
    assert listed(client) == [("C", "cd"), ("C", "Crohn’s disease"), ("C", "Crohn’s ileitis")]
    for typed in ("chrons", "enfermedad de Crohn"):
        assert "/crohns-disease/" in body(client.get("/search/", {"q": typed}))


def test_the_beginning_of_a_title_is_not_listed_beside_it(client: Client) -> None:
    published("graves", title="Graves’ disease", aliases="Graves\nGrave", summary="Graves, or Grave.")
    published("covid", title="Long COVID and ME/CFS", aliases="long COVID\nME/CFS", summary="Long COVID, ME/CFS.")
    assert [name for _, name in listed(client)] == ["Grave", "Graves’ disease", "Long COVID and ME/CFS", "ME/CFS"]
    assert "/graves/" in body(client.get("/search/", {"q": "graves"}))


def test_an_alias_says_which_page_it_leads_to(client: Client) -> None:
    published("lupus", aliases="SLE", summary="Called SLE.")
    page = body(client.get("/a-z/"))
    assert '<a href="/autoimmune-conditions/lupus/"><span>SLE</span> <span class="meta">see “Lupus”</span></a>' in page
    assert page.count("see “") == 1


def test_each_letter_links_to_its_section(client: Client) -> None:
    names = ["5-HT", "“quoted”", "(bracket)", "Åland", "中文", "***"]
    published("lupus", aliases="\n".join(names), summary=" ".join(names))
    page = body(client.get("/a-z/"))
    wanted = re.findall(r'href="#(letter-[^"]*)"', page)
    assert wanted == re.findall(r'<h2 id="(letter-[^"]*)"', page)
    assert len(wanted) == len(set(wanted))
    assert wanted == [f"letter-{letter}" for letter in ("other", "5", "a", "b", "l", "q", "中")]


def test_each_letter_leads_back_to_the_letters(client: Client) -> None:
    published("lupus", aliases="SLE", summary="Called SLE.")
    page = body(client.get("/a-z/"))
    assert page.count('<a href="#letters">Back to the letters</a>') == page.count('<h2 id="letter-') > 1
    assert page.count('id="letters"') == 1


def test_it_says_so_before_anything_is_published(client: Client) -> None:
    article("lupus")
    assert "No pages have been published yet." in body(client.get("/a-z/"))


def test_pages_that_an_older_release_published_are_listed_as_if_they_were_published_now() -> None:
    def rows() -> list[tuple[object, ...]]:
        return list(ListedName.objects.values_list("path", "shelf", "kind", "title", "name", "is_title", "place"))

    published("lupus", aliases="SLE\nlupis", summary="Called SLE.")
    published("privacy", title="“Privacy” and you", kind="policy")
    now = rows()
    ListedName.objects.all().delete()
    import_module("education.migrations.0036_listed_names").list_names(apps, None)
    assert rows() == now
    assert ("/privacy/", "/", "policy", "“Privacy” and you", "“Privacy” and you", True, "privacy-and-you") in now
