"""Studies from files of other programs: looked at first, never stored twice, and a bad file refused with its line."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from education.references.incoming.files import BrokenFile, read
from education.references.models import Reference
from tests import cast
from tests.each import of_each
from tests.screens import body, plain_words

RIS = """TY  - JOUR
AU  - Younger, Jarred
AU  - Noor, Noorulain
TI  - Low-dose naltrexone for the treatment of fibromyalgia
T2  - Arthritis Rheum
PY  - 2013/02//
VL  - 65
SP  - 529
EP  - 38
DO  - https://doi.org/10.1002/art.37734
ER  -

TY  - JOUR
AU  - Müller, Ö.
TI  - Another study that goes on
  over two lines
PY  - 2019
ER  -
"""
BIBTEX = r"""@comment{kept by hand}
@string{ar = "Arthritis Rheum"}
@article{younger2013,
  author = {Younger, Jarred and Noorulain Noor},
  title = {{Low-dose} naltrexone for the treatment of fibromyalgia},
  journal = ar, year = 2013, volume = {65}, pages = {529--38}, doi = {10.1002/art.37734}
}

@article{mueller,
  author = {M{\"u}ller, {\"O}.}, title = {Another study that goes on over two lines}, year = {2019},
}
"""
NBIB = """PMID- 23359310
OWN - NLM
DP  - 2013 Feb
TI  - Low-dose naltrexone for the treatment
      of fibromyalgia.
PG  - 529-38
LID - 10.1002/art.37734 [doi]
FAU - Younger, Jarred
AU  - Younger J
AU  - Noor N
PT  - Randomized Controlled Trial
TA  - Arthritis Rheum
VI  - 65

PMID- 30000000
DP  - 2019
TI  - Another study that goes on over two lines.
AU  - Müller Ö
"""
CSL = json.dumps(
    [
        {
            "title": "Low-dose naltrexone for the treatment of fibromyalgia", "container-title": ["Arthritis Rheum"],
            "author": [{"family": "Younger", "given": "Jarred"}, {"family": "Noor", "given": "Noorulain"}],
            "issued": {"date-parts": [[2013, 2]]}, "volume": "65", "page": "529-38", "DOI": "10.1002/art.37734",
        },
        {
            "title": "Another study that goes on over two lines", "author": [{"family": "Müller", "given": "Ö."}],
            "issued": {"raw": "2019"},
        },
    ],
    indent=1, ensure_ascii=False,
)  # fmt: skip
BROKEN = {
    "plain words": ("\nDear all,\n", "line 2 reads “Dear all,”"),
    "cut off": (RIS.rstrip().removesuffix("ER  -"), "Line 13: this entry does not end"),
    "between entries": (RIS.replace("\n\nTY", "\nstray\nTY"), "Line 12: “stray”"),
    "open brace": (BIBTEX.replace("year = {2019},\n}", "year = {2019"), "Line 9: this entry does not end"),
    "not NBIB": (NBIB.replace("PG  - 529-38", "<html>"), "Line 6: “<html>”"),
    "no JSON": (CSL.replace('"volume": "65",', '"volume": "65"'), "this is no JSON"),
    "a list of words": ('["a"]', "an entry is “a”"),
    "nothing": ("[]", "There is no study"),
}


@pytest.mark.parametrize("text", [RIS, BIBTEX, NBIB, CSL], ids=["RIS", "BibTeX", "NBIB", "CSL-JSON"])
def test_each_format_gives_the_same_studies(text: str) -> None:
    first, second = (one.study for one in read(text.replace("\n", "\r\n").encode("utf-8-sig")))
    assert first.title == "Low-dose naltrexone for the treatment of fibromyalgia"
    assert (first.authors, first.journal, first.year) == ("Younger J, Noor N", "Arthritis Rheum", 2013)
    assert (first.volume, first.pages, first.doi) == ("65", "529-38", "10.1002/art.37734")
    assert (second.authors, second.year) == ("Müller Ö", 2019)
    assert second.title == "Another study that goes on over two lines"


@of_each(BROKEN.values())
def test_a_bad_file_is_refused_with_its_line(case: tuple[str, str]) -> None:
    text, said = case
    with pytest.raises(BrokenFile) as refusal:
        read(text.encode())
    assert said in str(refusal.value)


@pytest.mark.django_db
def test_what_a_bad_file_holds_can_be_mended_where_the_fault_is_told() -> None:
    client = cast.logged_in(cast.erin_the_editor())
    upload = SimpleUploadedFile("export.ris", BROKEN["between entries"][0].encode())
    answer = client.post("/admin/education/reference/import/", {"file": upload})
    assert answer.status_code == 422
    assert "Line 12: “stray”" in plain_words(body(answer))
    assert "mend it there" in plain_words(body(answer))
    assert "\nstray\n" in body(answer).partition('<textarea name="text"')[2].partition("</textarea>")[0]
    wrong = RIS.replace("https://doi.org/10.1002/art.37734", "see the journal")
    words = plain_words(body(client.post("/admin/education/reference/import/", {"text": wrong})))
    assert "DOI: This is not a DOI." in words
    mended = {"text": RIS, "take": [""], "again": "1"}
    page = body(client.post("/admin/education/reference/import/", mended))
    assert "This is not a DOI." not in plain_words(page)
    assert page.count(" checked>") == 2
    assert not Reference.objects.exists()


@pytest.mark.django_db
def test_a_file_is_looked_at_before_anything_is_stored_and_nothing_is_stored_twice() -> None:
    cast.reference("younger-2013", title="Low dose naltrexone for the treatment of fibromyalgia", year=2013)
    client = cast.logged_in(cast.erin_the_editor())
    address = "/admin/education/reference/import/"
    upload = SimpleUploadedFile("export.ris", (RIS + RIS).encode())
    page = body(client.post(address, {"file": upload}))
    words = plain_words(page)
    assert "Here already: Younger" in words or "Here already:" in words
    assert "It stands in this file twice" in words
    assert Reference.objects.count() == 1
    text = (RIS + RIS).replace("\n", "\r\n")  # as a browser sends it back
    assert client.post(address, {"text": text, "take": ["", "13"], "kind-13": ""}).status_code == 422
    answer = client.post(address, {"text": text, "take": ["", "1", "13", "20"], "kind-13": "review"}, follow=True)
    assert "Added: 1 study." in plain_words(body(answer))
    added = Reference.objects.get(key="muller-2019")
    assert (added.status, added.known_by) == (Reference.Status.UNVERIFIED, Reference.KnownBy.NOT_SEEN)
    assert Reference.objects.count() == 2
    assert "line 1 reads" in body(client.post(address, {"text": "Dear all,"}))
    assert cast.logged_in(cast.staff("mona", "manager")).get(address).status_code == 403


@pytest.mark.django_db
def test_labels_have_no_colon_and_what_is_done_most_comes_first() -> None:
    client = cast.logged_in(cast.staff("erin", "editor"))
    said = plain_words(body(client.get("/admin/education/reference/import/")))
    assert "Or paste it here" in said
    assert "here:" not in said
    tools = plain_words(body(client.get("/admin/education/reference/")))
    assert tools.index("New reference") < tools.index("Add from a file")
