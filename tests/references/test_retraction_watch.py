"""What an export says is read in all its spellings; what can't be read marks its study as not checked."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.references.models import Reference
from education.references.upkeep import check_retractions
from tests.cast import logged_in, reference
from tests.each import of_each
from tests.references.exports import HEAD, Export, row
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db
LIST = "/admin/education/reference/"


def status(key: str = "younger-2013") -> str:
    return Reference.objects.get(key=key).status


@of_each(
    [
        ("https://www.doi.org/10.1002/art.37734", "10.1002/art.37734"),
        ("http://dx.doi.org/10.1002/ART.37734", "10.1002/art.37734"),
        ("https://doi.org/10.1002%2Fart.37734", "10.1002/art.37734"),
        ("10.1002%2Fart.37734", "10.1002/art.37734"),
        ("10.1002/art.37734.", "10.1002/art.37734"),
        ("10.1002/art.37734\u200b", "10.1002/art.37734"),
        ("\u202a doi: 10.1002/art.37734 ", "10.1002/art.37734"),
        ("10.1/another; 10.1002/art.37734", "10.1002/art.37734"),
        ("(10.1002/art.37734)", "10.1002/art.37734"),
        ("“doi:10.1002/art.37734”.", "10.1002/art.37734"),
        ("https://doi.org/10.1002/art.37734?download=true#abstract", "10.1002/art.37734"),
        ("10.1016/0140-6736(91)90001-X)", "10.1016/0140-6736(91)90001-x"),
        ("10.1002/art.37734", "https://www.doi.org/10.1002%2Fart.37734"),
        ("10.1002/1097(199808)17:15<1661::AID>3.0.CO;2-2", "10.1002/1097(199808)17:15<1661::aid>3.0.co;2-2"),
    ]
)
def test_a_doi_is_recognized_however_it_is_written(case: tuple[str, str], export: Export) -> None:
    theirs, ours = case
    reference()
    Reference.objects.update(doi=ours)  # as it was stored before the form corrected it
    check_retractions(export(row(f'"{theirs}"')))
    assert status() == "retracted"


@pytest.mark.parametrize("written", ["23359310.0", "PMID: 23359310", " 23359310\u200b", "PMID23359310"])
def test_a_pubmed_number_is_recognized_however_it_is_written(export: Export, written: str) -> None:
    reference(pmid="23359310")
    check_retractions(export(row(pmid=written)))
    assert status() == "retracted"


def test_a_pubmed_number_of_nought_is_none(export: Export) -> None:
    reference(doi="10.1/x", pmid="0")
    check_retractions(export(row("10.1/somebody-else", pmid="0")))
    assert status() == "current"


@of_each(
    [
        ("3/12/2024 0:00", "March 12, 2024"),
        ("05/12/2023", "May 12, 2023"),  # as the database writes it: the month comes first
        ("13/05/2023 00:00", "May 13, 2023"),
        ("13.05.2023", "May 13, 2023"),
        ("2023-05-13 00:00:00", "May 13, 2023"),
        ("2023-05-06", "May 6, 2023"),
        ("5/13/23 0:00", "May 13, 2023"),
        ("13 May 2023", "May 13, 2023"),
    ]
)
def test_a_day_that_can_be_read_in_one_way_is_read(case: tuple[str, str], export: Export) -> None:
    written, read = case
    reference(doi="10.1/x")
    check_retractions(export(row("10.1/x", on=written)))
    assert Reference.objects.get().notice == f"Retraction of {read}"


@pytest.mark.parametrize("written", ["", "some day", "5/6/23", "05.12.2023", "May 2023", "45059", "2023", "0:00"])
def test_a_day_that_can_not_marks_the_study_as_not_checked(
    export: Export, written: str, capsys: pytest.CaptureFixture[str]
) -> None:
    unread(export(row("10.1/x", on=written)), f"line 2: the date “{written}” is not understood", capsys)


def test_where_another_row_begins_with_the_day_the_order_is_in_doubt(
    export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    file = export(row("10.1/x", on="05/12/2023"), row("10.1/other", on="13/05/2023"))
    unread(file, "line 2: the date “05/12/2023” is not understood", capsys)


def test_an_unknown_kind_of_notice_marks_the_study_as_not_checked(
    export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "line 2: the kind of notice “Partial Retraction” is not known"
    unread(export(row("10.1/x", nature="Partial Retraction")), said, capsys)
    unread(export(row("10.1/x", nature="Partial Retraction"), row("10.1/x", nature="Reinstatement")), said, capsys)


def test_a_doi_that_only_holds_ours_marks_the_study_as_not_checked(
    export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "line 2: its DOI or PubMed number is not understood"
    for written in ("https://journal.test/doi/full/10.1/x?a=b", "10.1/x<br>", "10.1/x&page=2"):
        unread(export(row(written)), said, capsys)


@pytest.mark.parametrize("written", ["10.1/xyz", "10.1/x.s001", "10.1/x-2", "10.1/x/full"])
def test_a_doi_that_only_begins_like_ours_is_of_another_paper(export: Export, written: str) -> None:
    reference(doi="10.1/x")
    check_retractions(export(row(written)))
    assert (status(), Reference.objects.get().checked_on) == ("current", timezone.localdate())


def unread(file: Path, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The file's only row on the study of DOI 10.1/x is named; the study is not said to be checked any longer."""
    Reference.objects.all().delete()
    reference(doi="10.1/x", checked_on="2020-01-01")
    reference("other-1", doi="10.1/fine")
    call_command("check_references", retractions=file)
    words = capsys.readouterr().out
    assert f"Not understood: younger-2013, {said}. It counts as not checked." in words
    assert "0 changed, 1 as before, 1 without an answer" in words
    days = dict(Reference.objects.values_list("key", "checked_on"))
    assert days == {"younger-2013": None, "other-1": timezone.localdate()}
    assert AuditEvent.objects.filter(verb="reference_not_checked", about="reference:younger-2013").exists()
    page = body(logged_in(User.objects.get_or_create(username="boss", is_superuser=True, is_staff=True)[0]).get(LIST))
    assert "not checked" in plain_words(page)


def test_a_file_that_was_cut_off_between_two_rows_is_told_by_the_number_of_the_one_before(
    export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its bad news counts; that it says nothing of a study proves nothing."""
    reference(doi="10.1/a")
    reference("other-1", doi="10.1/b")
    check_retractions(export(*(row(f"10.1/{name}") for name in "xyz")))
    assert Reference.objects.filter(checked_on=timezone.localdate()).count() == 2
    cut = export(row("10.1/a"), row("10.1/x"))
    call_command("check_references", retractions=cut)
    words = capsys.readouterr().out
    assert "The file has 2 rows, and the one before had 3: it may be cut off." in words
    assert "1 changed, 0 as before, 1 without an answer" in words
    assert (status(), Reference.objects.get(key="other-1").checked_on) == ("retracted", None)
    check_retractions(cut)
    assert Reference.objects.get(key="other-1").checked_on is None, "read again, it is no longer than before"
    check_retractions(cut, fewer_rows=True)
    assert Reference.objects.get(key="other-1").checked_on == timezone.localdate()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (HEAD + "\n", "it has a head and no rows"),
        (f"{HEAD}\n{row('10.1/a')}\n{row('10.1/b')[:40]}", "line 3 has 10 cells instead of 20"),
        (f"{HEAD}\n{row('10.1/a')}\n{row('10.1/b')}", "its last line has no end"),
        (f"{HEAD}\n{row('10.1/a')[:12]}", "unexpected end of data"),
    ],
    ids=["head only", "short row", "no end of line", "inside a cell"],
)
def test_a_file_that_was_cut_off_changes_nothing(tmp_path: Path, words: str, why: str) -> None:
    file = tmp_path / "export.csv"
    file.write_text(words)
    reference(doi="10.1/a")
    with pytest.raises(CommandError, match=why):
        call_command("check_references", retractions=file)
    assert (status(), Reference.objects.get().checked_on) == ("current", None)
