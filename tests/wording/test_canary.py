"""Whatever a member of staff writes anywhere reaches patients only where the table of open words says so."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib import admin
from django.core.management import call_command, get_commands

from education.accounts.roles import ROLES
from education.articles.models import Article
from education.clinic.actions import save_bulletin
from education.clinic.models import Bulletin
from education.consultations.models import IntakePause, ReplyTemplate
from education.desk.open_words import OPEN_WORDS, may_show
from education.desk.words import KINDS
from education.outbox.models import OutboxMessage
from education.pages.models import PageVersion
from education.references.models import Reference
from education.wording.models import SignedWords
from tests import cast
from tests.cast import complete, figure, issued, key_points, picture, reference, text
from tests.wording.walking import Writer, public_pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
LUPUS = "/autoimmune-conditions/lupus/"
CITING = text("<p>Words about flares.[@younger-2013]</p>")
OTHERS = ("/", "/glossary/", "/a-z/", "/feed/", "/sitemap.xml", "/robots.txt", "/theme.css", "/request-a-consultation/")


@pytest.fixture
def clinic(db: None) -> Article:
    """A clinic with one row of everything that patients may read."""
    cast.clinic(who_we_see="Adults.", crisis_words="Call 988.")
    reference(notice="Nothing new.", status="retracted")
    shown = picture(caption="Grass.")
    picture_block = figure(drawing="", picture=shown.name, alt="A meadow.", caption="Grass.")
    page = complete(blocks=[CITING, key_points(), cast.care(), picture_block])
    issued(page)
    issued(complete("gout"))
    cast.explained("Flare", "flares")
    save_bulletin(news := Bulletin(path=LUPUS, words="News."), by=None)
    cast.shown(news)
    ReplyTemplate.objects.get_or_create(title="Call us", subject="Please call", words="Please call us.")
    return page


def addresses() -> list[str]:
    """Of every admin screen: its list, an empty form and each row."""
    found = ["/admin/", "/admin/review-board/", "/admin/words-waiting/"]
    for model in admin.site._registry:
        start = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        found += [f"{start}add/", start]
        found += [f"{start}{row.pk}/change/" for row in model._default_manager.all()[:2]]
    article = Article.objects.get(slug="lupus")
    screens = ("review", "sign", "editions", "compare", "preview")
    return [*found, *(f"/admin/education/article/{article.pk}/{name}/" for name in screens)]


def what_patients_read() -> dict[str, str]:
    studies = [study.get_absolute_url() for study in Reference.objects.all()]
    paths = [*PageVersion.objects.values_list("path", flat=True), *studies]
    pages = public_pages(*OTHERS, *paths, "/search/?q=lupus", "/search/?q=flare")
    mails = {f"mail {mail.pk}": f"{mail.subject} {mail.body}" for mail in OutboxMessage.objects.all()}
    return pages | mails


@pytest.mark.thorough
@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_writes_reaches_patients_only_by_the_table(role: str, clinic: Article) -> None:
    writer = Writer(cast.just_logged_in(user := cast.staff("anna", role)))
    writer.walk(*addresses())
    assert writer.saved > {"intake": 1}.get(role, 3)
    IntakePause.objects.all().delete()  # the form behind it is what matters
    found = {
        (path, writer.canaries[word])
        for path, page in what_patients_read().items()
        for word in writer.canaries
        if word in page
    }
    allowed = {
        (model, field)
        for _, (model, field) in found
        if (row := may_show(model, field)) and user.has_perm(f"education.{row.permission}")
    }
    assert {(path, where) for path, where in found if where not in allowed and not path.startswith("mail")} == set()
    if role == "editor":
        assert {("article", "title"), ("picture", "caption"), ("person", "name")} <= set(writer.canaries.values())
        _assert_found_once_signed(writer)


def _assert_found_once_signed(writer: Writer) -> None:
    """Or the walk had written nothing, or looked in the wrong places."""
    cast.sign_words(cast.logged_in(cast.clara()))
    pages = " ".join(what_patients_read().values())
    shown = {writer.canaries[word] for word in writer.canaries if word in pages}
    assert {("bulletin", "words"), ("term", "definition"), ("topic", "title"), ("reference", "notice")} <= shown


def test_the_table_names_fields_that_are_there_and_none_that_is_signed() -> None:
    models = {model._meta.model_name: model for model in admin.site._registry}
    for row in OPEN_WORDS:
        signed = getattr(models[row.model], "signed_fields", ())
        own = {field.name for field in models[row.model]._meta.get_fields()} | {"reason", "plain"}
        assert set(row.fields) <= own, row
        assert not set(row.fields) & set(signed), row
        assert row.roles


def test_the_table_stands_in_the_security_policy() -> None:
    policy = Path(django_settings.BASE_DIR, "SECURITY.md").read_text()
    assert [row.what for row in OPEN_WORDS if row.row not in policy] == []


def test_the_sentences_about_health_in_templates_are_listed() -> None:
    """What nobody signs because nobody can change it: a clinician should know where to read it."""
    folder, about = Path(django_settings.BASE_DIR, "templates"), re.compile(ABOUT_HEALTH, re.I)
    policy = Path(django_settings.BASE_DIR, "SECURITY.md").read_text()
    found = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if path.relative_to(folder).parts[0] not in FOR_STAFF and about.search(TAGS.sub("", path.read_text()))
    }
    assert {name for name in found if f"`{name}`" not in policy} == set()
    assert "search/_opioid.html" in found


def test_every_kind_of_words_has_a_place_on_the_screen() -> None:
    assert {kind.model for kind in KINDS} == set(SignedWords.__subclasses__())


FOR_STAFF = ("admin", "mfa", "account", "usersessions")
TAGS = re.compile(r"{[{%#].*?[}%#]}|<[^>]*>", re.S)
ABOUT_HEALTH = r"\bopioids?\b|\bmedicines?\b|\bdoses?\b|\bwithdrawal\b|\bsymptoms?\b|\bunwell\b|\b(?:get|feel) worse\b"

# Commands

WRITING = {"load_articles"}  # of what patients read; the others move, check, print or delete
OTHER_COMMANDS = {
    *("alarm", "audit_verify", "backup", "changepassword", "check_references", "copy_pictures", "create_staff"),
    *("disable_staff", "doctor", "editions_verify", "end_sessions", "export_articles", "grant_roles"),
    *("move_database", "prepare", "purge_requests", "reset_mfa", "restore", "seal_keys", "serve", "worker"),
}


def test_no_command_is_new_to_this_test() -> None:
    assert {name for name, app in get_commands().items() if app == "education"} == WRITING | OTHER_COMMANDS


def library(folder: Path) -> None:
    files = {
        "topics.yaml": "- {slug: pain, title: Kanaria, summary: Kanarib}\n",
        "people.yaml": "- {slug: ann, name: Ann Author}\n",
        "references.yaml": "- {key: a-1, title: Kanaric, kind: rct, status: current, notice: Kanarid}\n",
        "glossary.yaml": "- {slug: ache, term: Ache, definition: Kanarie}\n",
        "aches.md": "---\ntitle: Aches\nslug: aches\ntopic: pain\nkind: guide\nlanguage: en\naliases: []\n"
        "summary: Kanarif\nauthor: ann\nreferences: [a-1]\n---\n\nWords.[@a-1]\n",
    }
    for name, words in files.items():
        (folder / name).write_text(words)


def test_loading_shows_patients_nothing_in_production(tmp_path: Path, settings: Any) -> None:
    library(tmp_path)
    settings.TRIAL = False
    call_command("load_articles", str(tmp_path), stdout=StringIO())
    assert "Kanari" not in " ".join(what_patients_read().values())


def test_in_a_trial_what_was_loaded_says_that_nobody_has_reviewed_it(tmp_path: Path) -> None:
    library(tmp_path)
    call_command("load_articles", str(tmp_path), stdout=StringIO())
    pages = what_patients_read()
    assert "Kanarif" in pages["/pain/aches/"]
    for path in ("/pain/aches/", "/glossary/"):
        assert "Not yet reviewed by a clinician." in pages[path], path
