"""The words of the site in an export, and read from a file again."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from education.wording.models import SitePlace, SitePlaceVersion
from education.wording.places import NAMES, PAGES, SECTIONS, Place, places
from education.wording.site import Written, write
from tests import cast
from tests.screens import body

pytestmark = pytest.mark.django_db
OTHER = "Here for you: day after day"


def test_an_export_is_read_back_to_the_same_words_and_signs_nothing(client: Client, tmp_path: Path) -> None:
    """In a trial either, where new articles are shown unsigned."""
    cast.clinic()
    write([Written("home.heading", OTHER), Written("home.reach", "Find us")], by=None)
    call_command("export_articles", tmp_path, stdout=StringIO())
    first = (tmp_path / "site.yaml").read_text()
    SitePlace.objects.all().delete()
    call_command("load_articles", tmp_path, stdout=StringIO())
    page = body(client.get("/"))
    assert "Find us" in page
    assert OTHER not in page
    assert [row.words for row in SitePlace.objects.waiting()] == [OTHER]
    call_command("export_articles", tmp_path, stdout=StringIO())
    assert (tmp_path / "site.yaml").read_text() == first
    write([Written("home.reach", "Come and see us")], by=cast.erin_the_editor())
    call_command("load_articles", tmp_path, stdout=StringIO())
    assert SitePlace.objects.get(key="home.reach").words == "Come and see us", "what staff wrote stays"
    assert SitePlaceVersion.objects.first().saved_by == "erin"  # type: ignore[union-attr]


def test_an_export_holds_every_place_lists_and_what_was_left_empty_too(tmp_path: Path) -> None:
    other = {key: _other_words(place) for key, place in places().items()}
    write([Written(key, words) for key, words in other.items()], by=None)
    call_command("export_articles", tmp_path, stdout=StringIO())
    SitePlace.objects.all().delete()
    call_command("load_articles", tmp_path, stdout=StringIO())
    assert {row.key: row.written_words()["words"] for row in SitePlace.objects.all()} == other


def _other_words(place: Place) -> str:
    lists = {PAGES: "hide /people/\n/contact/\n/privacy/\n/accessibility/", NAMES: "/people/ Us"}
    if place.kind == SECTIONS:
        return "visit\nhide ldn"
    words = "" if place.optional else f"Other: {' '.join(f'{{{name}}}' for name in place.fills)}".strip()
    return lists.get(place.kind, words)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{place: home.haeding, words: A}", "place: There is no place “home.haeding”."),
        ("{place: home.heading, words: [A]}", "words: Words belong here."),
        ("{place: home.heading, wrods: A}", "lacks a key, or has one that is not known."),
        ("{place: home.heading, words: A {b}}", "This is not valid YAML."),
        ("{place: home.reach, words: Come}", "“home.reach” has an entry on line 1 already. Keep one of the two."),
        ("{place: frame.menu, words: /people/}", "words: A list belongs here"),
        ("{place: frame.menu, words: [people]}", "words: “people” is not an address of this site."),
        ("{place: frame.site_pages, words: [/people/]}", "words: “/contact/” has to stay: patients need it."),
        ("{place: frame.menu_names, words: [/people/]}", "words: Write after /people/ what the link to it shall say."),
        ("{place: home.sections, words: [visit, vist]}", "words: This page has no part “vist”"),
        ("{place: home.sections, words: [hide visit]}", "words: “How a visit works” has to stay: patients need it."),
        ("{place: home.heading, words: 'A {b}'}", "words: “{b}” is nothing that can be filled in here."),
    ],
)
def test_a_mistake_in_a_file_made_by_hand_is_named_with_its_line(tmp_path: Path, entry: str, said: str) -> None:
    (tmp_path / "site.yaml").write_text(f"- {{place: home.reach, words: Find us}}\n- {entry}\n")
    with pytest.raises(CommandError) as refusal:
        call_command("load_articles", tmp_path, stdout=StringIO())
    assert str(refusal.value).startswith("site.yaml, line 2: ")
    assert said in str(refusal.value)
    assert not SitePlace.objects.exists()
