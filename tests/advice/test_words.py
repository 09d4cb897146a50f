"""The list of plain words: edited by staff, used at once, loaded and written with the library."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from education.advice.models import PlainWord
from education.audit.models import AuditEvent
from tests.cast import article, clara_the_clinician, ines_at_intake, logged_in, text
from tests.screens import body, edit, plain_words

pytestmark = pytest.mark.django_db
ADD = "/admin/education/plainword/add/"
LIST = "/admin/education/plainword/"
FORM = "plainword_form"


def advice(client: Client, words: str) -> str:
    draft = article("page", blocks=[text(f"<p>{words}</p>")])
    return plain_words(body(client.get(f"/admin/education/article/{draft.pk}/advice/")))


def test_a_swap_that_staff_add_is_offered_at_once(erin: Client) -> None:
    response = edit(erin, ADD, form_id=FORM, phrase="ameliorate", swap="make better", why="Nobody says that.")
    assert response.status_code == 302
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.actor, event.about) == ("plain_word_saved", "erin", "plain-word:ameliorate")
    assert "“ameliorate”: perhaps “make better”?" in advice(erin, "It may ameliorate pain in your hands.")


def test_a_phrase_without_a_swap_is_left_out_of_the_grades(erin: Client) -> None:
    edit(erin, ADD, form_id=FORM, phrase="Sjögren's disease")
    said = advice(erin, "Sjögren’s disease can make your eyes dry.")
    assert "Left out: Sjögren’s disease." in said
    assert "perhaps" not in said


def test_changing_and_deleting_a_word_each_write_an_audit_event() -> None:
    clara = logged_in(clara_the_clinician())
    edit(clara, ADD, form_id=FORM, phrase="cease", swap="stop")
    word = PlainWord.objects.get()
    edit(clara, f"{LIST}{word.pk}/change/", form_id=FORM, swap="end")
    assert PlainWord.objects.get().swap == "end"
    clara.post(f"{LIST}{word.pk}/delete/", {"post": "yes"})
    assert not PlainWord.objects.exists()
    assert AuditEvent.objects.latest("id").verb == "plain_word_deleted"


@pytest.mark.parametrize(
    ("phrase", "swap", "said"),
    [
        ("Crohn’s  DISEASE", "", "“Crohn's disease” is in the list already."),
        ("stop", "Stop", "These are the same words."),
        ("", "stop", "Fill this in."),
    ],
)
def test_duplicate_and_pointless_entries_are_refused(erin: Client, phrase: str, swap: str, said: str) -> None:
    PlainWord.objects.create(phrase="Crohn's disease")
    assert said in plain_words(body(edit(erin, ADD, form_id=FORM, phrase=phrase, swap=swap)))
    assert PlainWord.objects.count() == 1


def test_the_list_shows_what_advice_does_with_each_phrase(erin: Client) -> None:
    PlainWord.objects.create(phrase="lupus")
    PlainWord.objects.create(phrase="cease", swap="stop")
    both = plain_words(body(erin.get(LIST)))
    assert "cease stop" in both
    assert "lupus none: left out of the grades" in both
    offered, left_out = (plain_words(body(erin.get(f"{LIST}?swap={asked}"))) for asked in ("yes", "no"))
    assert ("cease" in offered, "lupus" in offered) == (True, False)
    assert ("cease" in left_out, "lupus" in left_out) == (False, True)


def test_intake_staff_may_not_change_the_list() -> None:
    assert logged_in(ines_at_intake()).get(ADD).status_code == 403


@pytest.mark.thorough
@pytest.mark.usefixtures("starter_pages")
def test_loading_the_library_adds_the_list_and_keeps_what_staff_edited() -> None:
    count = PlainWord.objects.count()
    assert count > 80
    PlainWord.objects.filter(phrase="cease").update(swap="end", why="Ours.")
    PlainWord.objects.filter(phrase="Crohn's disease").update(phrase="Crohn’s Disease")
    call_command("load_articles", "--drafts")
    assert PlainWord.objects.count() == count
    assert PlainWord.objects.get(phrase="cease").swap == "end"


def test_one_broken_entry_and_nothing_of_its_file_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "topics.yaml").write_text("- slug: one\n  title: One\n")
    (tmp_path / "plain_words.yaml").write_text("- phrase: cease\n  swap: stop\n- phrase: stop\n  swap: Stop\n")
    with pytest.raises(CommandError, match=r"plain_words\.yaml, line 3: Entry 2: swap: These are the same words\."):
        call_command("load_articles", tmp_path)
    assert not PlainWord.objects.exists()
