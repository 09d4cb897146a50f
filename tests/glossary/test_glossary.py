"""The glossary: one page for patients, one form for staff, and links on every page at once."""

from io import StringIO
from pathlib import Path
from shutil import copytree

import pytest
from django.core.management import call_command
from django.test import Client

from education.accounts.models import User
from education.articles.library import loading
from education.audit.models import AuditEvent
from education.glossary.models import Term
from education.pages.models import PageVersion
from tests.cast import clara, erin_the_editor, explained, ines_at_intake, logged_in, published, sign_words, text
from tests.screens import body, edit, harm, links, plain_words, tags

pytestmark = pytest.mark.django_db
ADD = "/admin/education/term/add/"
LUPUS = "/autoimmune-conditions/lupus/"
FLARE = {"term": "Flare", "slug": "flare", "aliases": "flares\nflare-up", "definition": "A time when it gets worse."}


def test_a_term_that_staff_add_is_linked_once_it_is_signed(client: Client) -> None:
    published("lupus", blocks=[text("<h2>Flares</h2><p>Two flares, one flare.</p>")])
    before = PageVersion.objects.get(path=LUPUS)
    assert edit(logged_in(erin_the_editor()), ADD, form_id="term_form", **FLARE).status_code == 302
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.actor, event.about) == ("term_saved", "erin", "/glossary/#flare")
    assert 'class="term"' not in body(client.get(LUPUS))
    sign_words(logged_in(clara()))
    page = body(client.get(LUPUS))
    (found,) = [given for tag, given in tags(page) if tag == "a" and given.get("class") == "term"]
    assert found["href"] == "/glossary/#flare"
    assert (found["data-term"], found["data-definition"]) == ("Flare", FLARE["definition"]), "the text says “flares”"
    assert 'Two <a class="term"' in page
    assert not harm(page)
    after = PageVersion.objects.get(path=LUPUS)
    assert after.version > before.version
    assert after.changed_at == before.changed_at  # not news for readers of the feed


def test_its_page_lists_terms_by_letter(client: Client) -> None:
    for name in ("Flare", "fibrosis", "ANA", "Épine"):
        explained(name, slug=name.lower().replace("é", "e"), definition=f"About {name}.")
    page = body(client.get("/glossary/"))
    ids = [given["id"] for tag, given in tags(page) if given.get("id") and tag in ("h2", "div")]
    assert ids == ["letter-a", "ana", "letter-e", "epine", "letter-f", "fibrosis", "flare"]
    assert "Flare About Flare." in plain_words(page)
    assert "/glossary/" in links(body(client.get("/")))


def test_an_empty_glossary_has_a_page_too(client: Client) -> None:
    assert "No words have been explained yet." in body(client.get("/glossary/"))


def test_a_signed_term_is_changed_and_deleted_everywhere_at_once(client: Client) -> None:
    published("lupus", blocks=[text("<p>One flare.</p>")])
    boss = logged_in(User.objects.create_superuser("boss"))
    edit(boss, ADD, form_id="term_form", **FLARE)
    made = Term.objects.get()
    edit(boss, f"/admin/education/term/{made.pk}/change/", form_id="term_form", definition="Mended.")
    sign_words(logged_in(clara()))
    assert 'data-definition="Mended."' in body(client.get(LUPUS))
    boss.post(f"/admin/education/term/{made.pk}/delete/", {"post": "yes"})
    assert 'class="term"' not in body(client.get(LUPUS))
    assert AuditEvent.objects.latest("id").verb == "term_deleted"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"term": "Spell", "slug": "spell", "aliases": "Flares"}, "“Flare” already has flares."),
        ({"term": "Spell", "slug": "Spell!"}, "Use small letters, digits and single hyphens."),
        ({"slug": "other"}, "already exists"),
    ],
)
def test_a_term_that_would_clash_is_refused(changes: dict[str, str], said: str) -> None:
    erin = logged_in(erin_the_editor())
    edit(erin, ADD, form_id="term_form", **FLARE)
    assert said in body(edit(erin, ADD, form_id="term_form", **(FLARE | changes)))
    assert Term.objects.count() == 1


def test_intake_staff_may_not_change_terms() -> None:
    assert logged_in(ines_at_intake()).get(ADD).status_code == 403


@pytest.mark.usefixtures("starter_pages")
def test_loading_keeps_what_staff_edited() -> None:
    count = Term.objects.count()
    assert count > 50
    form = f"/admin/education/term/{Term.objects.get(slug='flare').pk}/change/"
    edit(logged_in(erin_the_editor()), form, form_id="term_form", definition="Staff’s words.")
    loading.load(loading.STARTER, by=None, publish=False)
    assert Term.objects.count() == count
    assert Term.objects.get(slug="flare").definition == "Staff’s words."


def changed_library(folder: Path) -> tuple[Path, str]:
    """With another explanation of “flare”; and what it was."""
    before = Term.objects.get(slug="flare").definition
    copytree(loading.STARTER, folder / "library")
    glossary = folder / "library" / "glossary.yaml"
    glossary.write_text(glossary.read_text().replace(before, "Days when it is much worse."))
    return folder / "library", before


@pytest.mark.thorough
@pytest.mark.usefixtures("starter_pages")
def test_new_words_of_the_library_show_at_once_in_a_trial_where_nobody_signed_the_old_ones(
    client: Client, tmp_path: Path
) -> None:
    library, _ = changed_library(tmp_path)
    call_command("load_articles", library)
    assert "Days when it is much worse." in body(client.get("/glossary/"))
    assert "Not yet reviewed by a clinician." in plain_words(body(client.get("/glossary/")))


@pytest.mark.thorough
@pytest.mark.usefixtures("starter_pages")
def test_new_words_of_the_library_wait_for_a_signature_on_a_site_that_has_the_old_ones(
    client: Client, tmp_path: Path
) -> None:
    library, before = changed_library(tmp_path)
    doctor = logged_in(clara())
    sign_words(doctor)
    call_command("load_articles", library, stdout=(said := StringIO()))
    assert "Words explained: 1 new" in said.getvalue()
    assert before in body(client.get("/glossary/"))
    assert "Days when it is much worse." in plain_words(body(doctor.get("/admin/words-waiting/")))
    sign_words(doctor)
    assert "Days when it is much worse." in body(client.get("/glossary/"))
    call_command("load_articles", library, stdout=(said := StringIO()))
    assert "Words explained: 0 new" in said.getvalue()


@pytest.mark.usefixtures("starter_pages")
def test_the_shipped_terms_are_valid_and_plain() -> None:
    terms = Term.objects.all()
    assert len(terms) > 50
    for term in terms:
        term.full_clean()
        assert all(len(sentence.split()) <= 25 for sentence in term.definition.split(". ")), term
