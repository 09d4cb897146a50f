"""Whoever asks in Spanish is told of an interpreter; nobody who asks in English is."""

import re

import pytest
from django.conf import settings
from django.test import Client

from education.search.intentions import answers
from education.search.queries import find
from tests.cast import clinic, published, text
from tests.screens import body, plain_words

LIBRARY = sorted((settings.BASE_DIR / "education/starter_content").glob("*.md"))
IS_OF_THEM = re.compile(r"interpret|translat|spanish", re.IGNORECASE)
# Short, or spelt as in Spanish: none of these alone says that somebody asks in Spanish.
ENGLISH = "MI, SI joint, para, con, me, no, son, come, once, sin, el, la, mama, papa, consult, citation, madras"


@pytest.mark.parametrize(
    "query",
    [
        "mi esposa tiene lupus",
        "esposa lupus",
        "lupus tratamiento",
        "cita",
        "cuánto cuesta",
        "cuanto cuesta",
        "ayuda",
        "quiero una consulta",
        "síndrome de Sjögren",
        "¿Qué es la fibromialgia?",
        "mi mamá tiene dolor",
        "necesito un médico",
        "esclerosis múltiple",
        "síntomas",
        "medicina para el dolor",
    ],
)
def test_spanish_is_known_by_its_commonest_words(query: str) -> None:
    assert "interpreter" in answers(query)


def test_no_sentence_of_the_library_is_taken_for_spanish() -> None:
    """Nor one of its words: they are the English in which patients ask."""
    taken = []
    for file in LIBRARY:
        said = re.sub(r"\[@[^\]]*\]|\(/[^)]*\)", " ", file.read_text().partition("\n---\n")[2])
        lines = [line for line in re.split(r"[.?!\n]", said) if not IS_OF_THEM.search(line)]
        taken += [line for line in lines if "interpreter" in answers(line)]
    assert len(LIBRARY) > 40
    assert taken == []


def test_no_english_look_alike_is_taken_for_spanish() -> None:
    assert [query for query in ENGLISH.split(", ") if "interpreter" in answers(query)] == []


@pytest.mark.django_db
def test_a_question_in_spanish_finds_what_it_is_about_and_no_half_english_proposal(client: Client) -> None:
    clinic()
    published("lupus", title="Lupus", blocks=[text("<p>Treatment. A medicine.</p>")])
    published("pain", title="Pain", blocks=[text("<p>Medicine for pain.</p>")])
    assert [page.title for page in find("mi esposa tiene lupus").results] == ["Lupus"]
    assert [page.title for page in find("medicina para el dolor").results] == ["Pain"]
    published("visit", title="Your first visit", blocks=[text("<p>A consultation. What it costs.</p>")])
    published("tablets", title="Tablets", blocks=[text("<p>Una, a name. Quiet.</p>")])
    assert [page.title for page in find("quiero una consulta").results] == ["Your first visit"]
    assert [page.title for page in find("¿Cuánto cuesta?").results] == ["Your first visit"]
    assert find("mi mediccine para el dolor").suggestion == ""
    page = plain_words(body(client.get("/search/", {"q": "lupus tratamiento"})))
    assert "Puede pedir un intérprete" in page
    assert "Did you mean" not in page
