"""What an editor chooses instead of typing it from memory: studies, places to link to, pictures, drawings, people."""

import html
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from django.db.models import Q

from education.articles.content.links import articles_at, path_within_site, problems
from education.articles.editing.adding import FORMS, Adding
from education.articles.models import Article, Topic
from education.core.html import plain
from education.core.text import folded
from education.glossary.models import Term
from education.images.drawings import Drawing, shipped
from education.images.models import Picture
from education.pages.models import PageVersion
from education.people.models import Person
from education.references.models import Reference
from education.wording.links import OF_THE_SITE

MAX_ROWS = 8  # rows that a list of words shows
MAX_PICTURES = 40
MAX_PAGES = 40
HEADING = re.compile(r'<h[23] id="([^"]+)"[^>]*>(.*?)</h[23]>', re.DOTALL)


@dataclass(frozen=True)
class Row:
    """`value` is what the form stores, `short` what the text shows, `problem` what is wrong with it."""

    value: str
    words: str
    note: str = ""
    short: str = ""
    picture: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Picker:
    find: Callable[[list[str]], Iterable[Row]]
    named: Callable[[Collection[str]], Iterable[Row]]  # those of these values that exist
    row: Callable[[Any], Row]  # of one thing, such as what was added
    adding: Adding | None = None
    limit: int = MAX_ROWS


def rows(found: Iterable[Row]) -> list[dict[str, str]]:
    return [asdict(row) for row in found]


# Studies


def study_row(study: Reference) -> Row:
    """A study as the picker shows it. One that was retracted or questioned may be cited, since pages warn of it: its
    note says so, and so does its chip in the text.
    """
    note = "" if study.status == Reference.Status.CURRENT else study.get_status_display()
    short = f"{study.short_name} ({note.lower()})" if study.status in Reference.WARNED_OF else study.short_name
    return Row(study.key, study.author_year_title, note, short=short)


def _studies(words: list[str]) -> Iterator[Row]:
    return map(study_row, Reference.objects.matching(" ".join(words))[:MAX_ROWS])


def _studies_named(keys: Collection[str]) -> Iterator[Row]:
    return map(study_row, Reference.objects.filter(key__in=keys))


# Places to link to


def _links(words: list[str]) -> Iterator[Row]:
    """What may be linked, best first: pages and their headings, then topics, people, and words that are explained."""
    yield from _pages_and_headings(words)
    for topic in _holding(Topic.objects.all(), words, "title"):
        yield Row(topic.get_absolute_url(), topic.title, "Topic")
    for person in _holding(Person.objects.all(), words, "name"):
        yield Row(person.get_absolute_url(), str(person), "Person")
    for term in _holding(Term.objects.all(), words, "term", "aliases"):
        yield term_row(term)


def term_row(term: Term) -> Row:
    """A term as the picker shows it, without an address: pages link the word by themselves where it first occurs."""
    return Row("", term.term, f"Explained word: {term.definition}")


def _pages_and_headings(words: list[str]) -> Iterator[Row]:
    """A page whose title holds all words; a heading that holds the words which its page's title does not."""
    pages = Article.objects.select_related("topic", "current_edition").order_by("title")
    found = []
    for page in pages.filter(_any_of(words, "title", "aliases", "slug")) if words else pages[:MAX_ROWS]:
        named = folded(f"{page.title} {page.aliases} {page.slug}")
        left = [word for word in words if folded(word) not in named]
        if not left:
            found.append(page)
        else:
            yield from (row for row in _headings(page) if all(folded(word) in folded(row.words) for word in left))
    yield from map(_page_row, found)
    if len(found) == 1:
        yield from _headings(found[0])


def _page_row(page: Article) -> Row:
    note = "Withdrawn" if page.withdrawn_at else "" if page.current_edition_id else "Not published yet"
    return Row(page.get_absolute_url(), page.title, note)


def _headings(page: Article) -> Iterator[Row]:
    if page.current_edition:
        for place, words in HEADING.findall(page.current_edition.html):
            yield Row(f"{page.get_absolute_url()}#{html.unescape(place)}", plain(words), f"On “{page.title}”")


def _links_named(addresses: Collection[str]) -> Iterator[Row]:
    """A row for each address within the site; it says what is wrong with the address, if something is."""
    paths = {address: path_within_site(address) for address in addresses}
    found = problems({path for path in paths.values() if path})
    titles = {page.get_absolute_url(): page.title for page in articles_at(paths.values())}
    for address, path in paths.items():
        yield Row(address, titles.get(path, address), problem=found.get(path, ""))


# Pages that are there to read, for the menu and other lists of pages


def live_row(page: tuple[str, str]) -> Row:
    path, title = page
    return Row(path, title, path)


def _live(words: list[str]) -> Iterator[Row]:
    """One after another: whoever asks may stop before the last of very many."""
    pages = PageVersion.objects.exclude(path__in=OF_THE_SITE).order_by("title").values_list("path", "title")
    found = map(live_row, chain(OF_THE_SITE.items(), pages.iterator()))
    return (row for row in found if all(folded(word) in folded(row.words) for word in words))


def _live_named(addresses: Collection[str]) -> Iterator[Row]:
    own = {path: title for path, title in OF_THE_SITE.items() if path in addresses}
    pages = PageVersion.objects.filter(path__in=addresses).values_list("path", "title")
    return map(live_row, (dict(pages) | own).items())


# Pictures, drawings, people


def picture_row(picture: Picture) -> Row:
    return Row(picture.name, picture.alt, picture.credit, picture=picture.square_url)


def _pictures(words: list[str]) -> Iterator[Row]:
    found = _holding(Picture.objects.all(), words, "alt", "caption", "credit", "name", limit=MAX_PICTURES)
    return map(picture_row, found)


def _pictures_named(names: Collection[str]) -> Iterator[Row]:
    return map(picture_row, Picture.objects.filter(name__in=names))


def drawing_row(one: Drawing) -> Row:
    return Row(one.name, one.title, one.description, picture=one.address)


def _drawing_rows() -> Iterator[Row]:
    return map(drawing_row, shipped().values())


def _drawings(words: list[str]) -> Iterator[Row]:
    return (row for row in _drawing_rows() if all(folded(word) in folded(f"{row.words} {row.note}") for word in words))


def _drawings_named(names: Collection[str]) -> Iterator[Row]:
    return (row for row in _drawing_rows() if row.value in names)


def person_row(person: Person) -> Row:
    return Row(str(person.pk), str(person), person.role)


def _people(words: list[str]) -> Iterator[Row]:
    return map(person_row, _holding(Person.objects.all(), words, "name", "credentials", "role"))


def _people_named(keys: Collection[str]) -> Iterator[Row]:
    return map(person_row, Person.objects.filter(pk__in=[key for key in keys if key.isdigit()]))


def _any_of(words: Iterable[str], *fields: str) -> Q:
    found = Q()
    for word in words:
        for field in fields:
            found |= Q(**{f"{field}__icontains": word})
    return found


def _holding(found: Any, words: Iterable[str], *fields: str, limit: int = MAX_ROWS) -> Any:
    for word in words:
        found = found.filter(_any_of([word], *fields))
    return found[:limit]


PICKERS = {
    "studies": Picker(_studies, _studies_named, study_row, FORMS["studies"]),
    "links": Picker(_links, _links_named, term_row, FORMS["terms"]),
    "pages": Picker(_live, _live_named, live_row, limit=MAX_PAGES),
    "pictures": Picker(_pictures, _pictures_named, picture_row, FORMS["pictures"], limit=MAX_PICTURES),
    "drawings": Picker(_drawings, _drawings_named, drawing_row, limit=MAX_PICTURES),
    "people": Picker(_people, _people_named, person_row, FORMS["people"]),
}
