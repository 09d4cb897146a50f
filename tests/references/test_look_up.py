"""A DOI or PubMed number is looked up by the worker alone, only where the clinic allows it. The sources are played."""

import json
from collections.abc import Iterator
from http.server import HTTPServer
from typing import Any

import pytest

from education.references.incoming.look_up import CROSSREF, PUBMED, Source, answer_waiting
from education.references.models import StudyLookUp
from tests import cast
from tests.played import HERE, Quiet, running
from tests.screens import body

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/education/article/pick/studies/look-up/"
STUDY = {"title": ["A trial"], "author": [{"family": "Younger", "given": "J"}], "DOI": "10.1002/art.37734"}


class Playing(Quiet):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        known = {
            CROSSREF.path_of("10.1002/art.37734"): json.dumps(STUDY),
            PUBMED.path_of("23359310"): json.dumps([STUDY]),
        }
        self.send_response(200 if self.path in known or "broken" in self.path else 404)
        self.end_headers()
        self.wfile.write(known.get(self.path, "<html>").encode())


@pytest.fixture
def sources() -> Iterator[tuple[Source, Source]]:
    Playing.asked = []
    with running(HTTPServer(HERE, Playing)) as server:
        here = f"http://127.0.0.1:{server.server_port}"
        yield Source(here, CROSSREF.prefix, CROSSREF.suffix), Source(here, PUBMED.prefix)


def test_it_is_off_until_the_clinic_allows_it(sources: tuple[Source, Source]) -> None:
    client = cast.logged_in(cast.erin_the_editor())
    assert "data-look-up" not in body(client.get("/admin/education/article/pick/studies/add/"))
    assert "switched off" in client.post(ADDRESS, {"number": "10.1002/art.37734"}).json()["problem"]
    StudyLookUp.objects.create(number="10.1002/art.37734")
    answer_waiting(sources=sources)
    assert Playing.asked == []


def test_the_worker_asks_and_the_form_is_filled_in(settings: Any, sources: tuple[Source, Source]) -> None:
    settings.LOOK_UP_STUDIES = True
    client = cast.logged_in(cast.erin_the_editor())
    assert "data-look-up" in body(client.get("/admin/education/article/pick/studies/add/"))
    for typed in ("https://doi.org/10.1002/art.37734", "PMID: 23359310"):
        waiting = client.post(ADDRESS, {"number": typed}).json()["waiting"]
        assert client.get(ADDRESS, {"asked": waiting}).json() == {"waiting": waiting}
        answer_waiting(sources=sources)
        found = client.get(ADDRESS, {"asked": waiting}).json()["found"]
        assert (found["title"], found["authors"], found["doi"]) == ("A trial", "Younger J", "10.1002/art.37734")
    assert len(Playing.asked) == 2
    assert client.post(ADDRESS, {"number": "10.1002/art.37734"}).json()["found"], "asked twice, answered from before"
    assert "Type a DOI" in client.post(ADDRESS, {"number": "nonsense"}).json()["problem"]
    for unknown, said in (("10.1/nothing", "No study has this number"), ("10.1/broken", "No answer came")):
        waiting = client.post(ADDRESS, {"number": unknown}).json()["waiting"]
        answer_waiting(sources=sources)
        assert said in client.get(ADDRESS, {"asked": waiting}).json()["problem"]
    assert cast.logged_in(cast.staff("mona", "manager")).post(ADDRESS, {"number": "1"}).status_code == 403
