"""Articles as files: loaded and exported without a change, and never over what staff edited."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from education.articles.content.canonical import draft_blocks, draft_content
from education.articles.library import loading
from education.articles.library.markdown import dump
from education.articles.models import Article, Edition, EditionPlaces, Topic
from education.articles.publishing.actions import NotPublishable, withdraw
from education.audit.models import AuditEvent
from education.references.models import Reference
from education.wording.models import PublicWords
from tests.articles.conftest import Write
from tests.cast import (
    article,
    care,
    clara,
    erin_the_editor,
    every_block,
    figure,
    logged_in,
    questions,
    reference,
    sign_words,
    text,
)
from tests.dialects import drop_triggers
from tests.screens import body, edit

pytestmark = pytest.mark.django_db
PARTS = ("glossary.yaml", "topics.yaml", "people.yaml", "references.yaml", "plain_words.yaml")


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def emptied() -> None:
    """As in a new installation. Editions can be deleted only because the triggers are dropped first."""
    for table in ("education_edition", "education_editionplaces"):
        drop_triggers(table)
    Article.objects.update(current_edition=None)
    for model in (EditionPlaces, Edition, Article, Topic, Reference):
        model.objects.all().delete()


@pytest.mark.thorough
@pytest.mark.usefixtures("starter_pages")
def test_exporting_the_starter_library_gives_the_same_files(tmp_path: Path) -> None:
    """But for shared words: each exported page holds its own copy of them."""
    call_command("export_articles", tmp_path)
    pages = {name: dump(source).encode() for name, source in loading.read(loading.STARTER).items()}
    originals, copies = files(loading.STARTER), files(tmp_path)
    assert copies.keys() == {*pages, *PARTS}
    for name, copy in copies.items():
        assert copy == pages.get(name, originals[name]), name
    for name in (name for name in pages if b"\n::: safety " not in originals[name]):
        assert originals[name] == pages[name], name


SHARED_WORDS = """What this file is for.

# short

## Never mix

Opioids and LDN clash.

# cards

::: emergency Call 911 now
If you cannot breathe.
:::
"""


def test_shared_words_are_copied_into_each_draft(folder: Path, write: Write) -> None:
    (folder / "safety.md").write_text(SHARED_WORDS)
    write("First.\n\n::: safety short\n:::\n\nThen.\n\n::: safety cards\n:::")
    loading.load(folder, by=None, publish=True)
    draft = Article.objects.get()
    assert [block["type"] for block in draft_content(draft)["blocks"]] == ["text", "text", "text", "care"]
    edition = Edition.objects.get()
    assert edition.sha256 == draft.draft_sha256
    (folder / "safety.md").write_text(SHARED_WORDS.replace("clash", "are dangerous together"))
    assert "Opioids and LDN clash." in edition.html  # an edition keeps the words that it was published with
    assert str(loading.load(folder, by=None, publish=False)) == "1 updated"
    edition.refresh_from_db()
    assert "Opioids and LDN clash." in edition.html
    assert "dangerous together" in str(draft_content(Article.objects.get()))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("::: safety long\n:::", "lupus.md, line 17: safety.md has no part “long”. Its parts are: cards, short."),
        ("::: safety short\nWords.\n:::", "lupus.md, line 17: Inside ::: safety there is nothing"),
    ],
)
def test_a_part_that_is_not_there_is_named(folder: Path, write: Write, body: str, said: str) -> None:
    (folder / "safety.md").write_text(SHARED_WORDS)
    write(body)
    with pytest.raises(loading.BrokenSource, match="safety") as error:
        loading.load(folder, by=None, publish=False)
    assert re.sub(r"line \d+", "line 17", str(error.value)).startswith(said)


def test_notes_for_the_clinician_are_no_page(folder: Path, write: Write) -> None:
    write()
    (folder / "for-the-clinician.md").write_text("# Please confirm")
    assert str(loading.load(folder, by=None, publish=False)) == "1 created"


def test_a_newer_release_never_goes_live_by_itself(folder: Path, write: Write, client: Client) -> None:
    """Outside a trial a page that nobody edited gets the new words as its draft; patients read the edition they had."""
    write("First words.")
    loading.load(folder, by=None, publish=True)
    write("Second words.")
    assert str(loading.load(folder, by=None, publish=False)) == "1 updated"
    assert "Second words." in str(draft_content(Article.objects.get()))
    assert Edition.objects.count() == 1
    page = client.get("/autoimmune-conditions/lupus/").content.decode()
    assert "First words." in page
    assert "Second words." not in page


@pytest.mark.thorough
@pytest.mark.usefixtures("starter_pages")
def test_loading_again_changes_nothing() -> None:
    def state() -> object:
        drafts = [(draft.updated_at, [block.pk for block in draft_blocks(draft)]) for draft in Article.objects.all()]
        return drafts, Edition.objects.count(), AuditEvent.objects.count(), Reference.objects.count()

    before = state()
    result = loading.load(loading.STARTER, by=None, publish=True)
    assert str(result) == f"{Article.objects.count()} unchanged"
    assert state() == before


def test_what_is_loaded_in_a_trial_is_published(folder: Path, write: Write, client: Client) -> None:
    write()
    assert str(loading.load(folder, by=None, publish=True)) == "1 created"
    assert client.get("/autoimmune-conditions/lupus/").status_code == 200
    assert Edition.objects.get().published_by == "starter library"


def test_what_is_loaded_in_production_is_a_draft(folder: Path, write: Write, client: Client) -> None:
    write()
    loading.load(folder, by=None, publish=False)
    assert Article.objects.get().current_edition is None
    assert client.get("/autoimmune-conditions/lupus/").status_code == 404


def test_a_changed_file_updates_a_draft_that_nobody_edited(folder: Path, write: Write) -> None:
    write("First words.")
    loading.load(folder, by=None, publish=True)
    write("Second words.", title="Lupus today")
    assert str(loading.load(folder, by=None, publish=True)) == "1 updated"
    edition = Edition.objects.latest("number")
    assert (edition.number, edition.title) == (2, "Lupus today")
    assert "Second words." in edition.html


@pytest.mark.parametrize("changed", [False, True])
def test_pages_that_staff_edited_are_not_overwritten(folder: Path, write: Write, changed: bool) -> None:
    write()
    loading.load(folder, by=None, publish=True)
    draft = Article.objects.get()
    change = f"/admin/education/article/{draft.pk}/change/"
    edit(logged_in(erin_the_editor()), change, form_id="article_form", title="Erin’s own title")
    if changed:
        write("Words of a newer release.")
    assert str(loading.load(folder, by=None, publish=True)) == "1 kept"
    draft.refresh_from_db()
    assert draft.title == "Erin’s own title"
    assert Edition.objects.count() == 1


# The words of a topic


def load_newer(folder: Path) -> str:
    """The same library, in which the topic has other words. Returns what the command says."""
    topic = "- slug: autoimmune-conditions\n  title: When immunity turns\n  summary: Newer words.\n"
    (folder / "topics.yaml").write_text(topic)
    call_command("load_articles", folder, stdout=(said := StringIO()))
    return said.getvalue()


OLD, NEWER = "Autoimmune conditions", "When immunity turns"


def names(client: Client) -> list[set[str]]:
    """What patients read as the topic's name: on home, on its own page, and where a search finds one of its pages."""
    pages = [body(client.get(path)) for path in ("/", "/autoimmune-conditions/", "/search/?q=lupus")]
    return [{name for name in (OLD, NEWER) if re.search(rf">\s*{name}\s*<", page)} for page in pages]


def test_newer_words_of_a_topic_show_at_once_in_a_trial_where_nobody_signed_the_old_ones(
    folder: Path, write: Write, client: Client
) -> None:
    write()
    call_command("load_articles", folder)
    assert names(client) == [{OLD}] * 3
    assert "Topics: 1 new or changed." in load_newer(folder)
    assert names(client) == [{NEWER}] * 3
    assert "Newer words." in body(client.get("/autoimmune-conditions/"))


def test_newer_words_of_a_topic_wait_for_a_signature_on_a_site_that_has_the_old_ones(
    folder: Path, write: Write, client: Client
) -> None:
    write()
    call_command("load_articles", folder)
    doctor = logged_in(clara())
    sign_words(doctor)
    assert "Topics: 1 new or changed." in load_newer(folder)
    assert names(client) == [{OLD}] * 3
    assert NEWER in body(doctor.get("/admin/words-waiting/"))
    sign_words(doctor)
    assert names(client) == [{NEWER}] * 3
    assert "Topics: 0 new or changed." in load_newer(folder)


def test_words_of_a_topic_that_staff_saved_stay(folder: Path, write: Write) -> None:
    write()
    call_command("load_articles", folder)
    form = f"/admin/education/topic/{Topic.objects.get().pk}/change/"
    edit(logged_in(erin_the_editor()), form, form_id="topic_form", summary="Erin’s words.")
    assert "Topics: 0 new or changed." in load_newer(folder)
    assert (Topic.objects.get().title, Topic.objects.get().summary) == ("Autoimmune conditions", "Erin’s words.")


def test_a_published_page_keeps_its_address(folder: Path, write: Write) -> None:
    write()
    (folder / "topics.yaml").write_text(f"{(folder / 'topics.yaml').read_text()}- slug: other-topic\n  title: Other\n")
    loading.load(folder, by=None, publish=True)
    write(topic="other-topic")
    with pytest.raises(loading.BrokenSource) as error:
        loading.load(folder, by=None, publish=True)
    said = "It is published at /autoimmune-conditions/lupus/. A published page keeps its topic and kind."
    assert str(error.value) == f"lupus.md, line 1: {said}"


def test_one_unreadable_file_and_nothing_is_loaded(folder: Path, write: Write) -> None:
    write(file="a.md", slug="first")
    write("::: no-such-block\n:::", file="b.md", slug="second")
    with pytest.raises(loading.BrokenSource):
        loading.load(folder, by=None, publish=True)
    assert not Article.objects.exists()
    assert not Topic.objects.exists()


AWKWARD = [
    text("<p>::: urgent</p><p>---</p><p>1. no list</p><p>* no point</p><p>x &amp;amp; y [@younger-2013] [z](w)</p>"),
    text("<p>| a | b |</p><p>x ~~y~~ &gt; `z` ![a](b) [^1] [@a; @b] &lt;div&gt;</p><p>----</p><p>3. c</p><p>===</p>"),
    text("<h2>Ends in #</h2><ul><li>a<ul><li>b<br>c</li></ul></li></ul><p>in<strong>si</strong>de</p>"),
    text('<p>Third text in a row, with <a href="/x/?a=1&amp;b=2">a link</a>.</p>'),
    care("emergency", "Call: 112 # now", "<p>a</p><ol><li>b</li></ol>"),
    questions("Why? Because: “so”", "- What?", "::: or what?", "Is 5 < 6?"),
    figure(caption="", credit="By: us"),
]


@pytest.mark.parametrize("blocks", [every_block(), AWKWARD])
def test_an_export_loaded_into_an_empty_database_has_the_same_content(
    tmp_path: Path, blocks: list[dict[str, object]]
) -> None:
    reference()
    draft = article(
        blocks=blocks, title="Lupus: “what” & 'why' #1", summary="- no: list", aliases="RA: yes\nno\n~\n2013\n'x"
    )
    said = draft_content(draft)
    loading.export(tmp_path)
    emptied()
    loading.load(tmp_path, by=None, publish=True)
    loaded = Article.objects.get()
    assert draft_content(loaded) == said
    assert loaded.draft_sha256 == draft.draft_sha256
    assert Edition.objects.get().sha256 == draft.draft_sha256


# What people paste: other line ends, typewriter apostrophes, letters in two parts, odd spaces and hidden signs.
PASTED = {
    "title": "Sjo\u0308gren\u2028\x0bs  disease",
    "summary": " Two\r\nlines\x01 ",
    "aliases": "Sjo\u0308gren\r\n\r\n  dry mouth \x1f",
    "education_textblock_set-0-body": "<p>Sjo\u0308gren\x0b a\u2028b<br>c\ufeff</p><div>loose</div><p>&nbsp;</p>",
    "education_keypointsblock_set-0-items": "One\r\n\r\n  Two\x02 \n- Three",
    "education_carecardblock_set-0-title": "Ring\r\n:::\r\nnow",
    "education_carecardblock_set-0-body": "<h2>Not here</h2><p>Ring <b>112</b></p>",
    "education_questionsblock_set-0-title": "Why?\n\n::: urgent x",
    "education_figureblock_set-0-alt": "A\nkey\n---\nin a lock",
}


def test_a_block_edited_in_the_admin_exports_and_loads_with_the_same_hash(tmp_path: Path) -> None:
    draft = article(blocks=every_block())
    change = f"/admin/education/article/{draft.pk}/change/"
    assert edit(logged_in(erin_the_editor()), change, form_id="article_form", **PASTED).status_code == 302
    draft.refresh_from_db()
    said = draft_content(draft)
    assert (said["title"], said["summary"], said["aliases"]) == (
        "Sj\u00f6gren s disease",
        "Two lines",
        ["Sj\u00f6gren", "dry mouth"],
    )
    loading.export(tmp_path)
    emptied()
    loading.load(tmp_path, by=None, publish=False)
    loaded = Article.objects.get()
    assert draft_content(loaded) == said
    assert loaded.draft_sha256 == draft.draft_sha256


def test_the_commands_report_what_they_did(
    folder: Path, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write()
    call_command("load_articles", folder)
    call_command("export_articles", tmp_path / "out")
    said = capsys.readouterr().out.splitlines()
    loaded = "Articles: 1 created. Topics: 1 new or changed. Words explained: 0 new or changed."
    assert said == [loaded, f"1 articles written to {tmp_path / 'out'}."]
    assert (tmp_path / "out" / "lupus.md").is_file()
    with pytest.raises(CommandError, match="nowhere, line 0: There is no such folder"):
        call_command("load_articles", Path("nowhere"))


@pytest.mark.parametrize(("trial", "options", "live"), [(True, [], 1), (True, ["--drafts"], 0), (False, [], 0)])
def test_only_a_trial_publishes_what_it_loads(
    folder: Path, write: Write, settings: object, trial: bool, options: list[str], live: int
) -> None:
    settings.TRIAL = trial  # type: ignore[attr-defined]
    write()
    call_command("load_articles", folder, *options)
    assert Edition.objects.count() == live


def test_an_empty_folder_has_nothing_to_load(tmp_path: Path) -> None:
    assert str(loading.load(tmp_path, by=None, publish=True)) == "nothing to load"
    assert not AuditEvent.objects.exists()


def test_outside_a_trial_nothing_is_shown_unsigned_whoever_asks(folder: Path, write: Write, settings: object) -> None:
    """The command asks for it in a trial only. The words beside the articles come first: they must not slip through."""
    settings.TRIAL = False  # type: ignore[attr-defined]
    write()
    before = PublicWords.objects.count()
    with pytest.raises(NotPublishable, match="Only a trial"):
        loading.load(folder, by=None, publish=True)
    assert PublicWords.objects.count() == before
    assert not Topic.objects.exists()


def test_a_page_that_staff_withdrew_stays_down_whatever_a_newer_file_says(
    folder: Path, write: Write, client: Client
) -> None:
    write()
    loading.load(folder, by=None, publish=True)
    withdraw(Article.objects.get(), reason="The dose was wrong.", by=clara())
    write("Newer words.")
    assert str(loading.load(folder, by=None, publish=True)) == "1 kept"
    gone = client.get("/autoimmune-conditions/lupus/")
    assert (gone.status_code, "The dose was wrong." in body(gone)) == (410, True)
