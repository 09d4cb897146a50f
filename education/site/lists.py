"""Lists on the screen: a row for each page or part, which buttons move, with a box for the name of its link."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet

from education.articles.public.home import MAX_CONDITIONS
from education.articles.public.topics import conditions
from education.clinic.forms import MOST_CHOICES
from education.core.http import path_in
from education.core.text import one_line, whole_number
from education.pages.models import PageVersion
from education.search.models import TITLE, ListedName
from education.wording.links import OF_THE_SITE, moved
from education.wording.lists import Item, arranged, names, names_as_words, shortest
from education.wording.places import NAMES, PAGES, SECTIONS, Place

LEFT_OUT = " (left out)"
NOT_LIVE = "Not there to read just now, so nobody sees a link to it."


@dataclass(frozen=True)
class Row:
    number: int
    item: Item
    title: str
    note: str
    keeps: bool  # it has to stay
    named: str  # what the link says instead of the title, where staff may say so


@dataclass(frozen=True)
class Listed:
    """A list as the screen shows it, and what may be added to it. Of very many pages none is named: `by_address`, staff
    say which they mean. `refused`: what they said, if no such page can be here.
    """

    rows: list[Row]
    choices: list[tuple[str, str]] = field(default_factory=list)
    by_address: bool = False
    refused: str = ""


class Titles:
    """What there is to put into lists, asked for once in a request: of a large site, only what is shown."""

    def __init__(self) -> None:
        self._found = dict(OF_THE_SITE)
        self._asked = set(OF_THE_SITE)

    def look_up(self, paths: Iterable[str]) -> dict[str, str]:
        """By address: at least those of these pages that are there to read."""
        if unknown := set(paths) - self._asked:
            self._asked |= unknown
            self._found |= dict(PageVersion.objects.filter(path__in=unknown).values_list("path", "title"))
        return self._found

    @cached_property
    def are_many(self) -> bool:
        return PageVersion.objects.order_by()[MOST_CHOICES : MOST_CHOICES + 1].exists()

    @cached_property
    def pages(self) -> dict[str, str]:
        """Each page that is there to read, by address. Only to be asked for where they are few."""
        return dict(PageVersion.objects.order_by("title").values_list("path", "title")) | OF_THE_SITE

    @cached_property
    def topics(self) -> list[str]:
        found = PageVersion.objects.filter(nav_order__isnull=False).order_by("nav_order", "title")
        return list(found.values_list("path", flat=True))

    @cached_property
    def conditions(self) -> list[str]:
        paths = conditions(MAX_CONDITIONS)
        there = self.look_up(paths)
        return [path for path in paths if path in there]

    def following(self, place: Place) -> list[str]:
        """What is in this list by itself."""
        if place.kind == SECTIONS:
            return list(place.options)
        return list(getattr(self, place.follows)) if place.follows else []

    def offered(self, place: Place) -> Iterable[str]:
        """What may be in it, where pages are few."""
        return _articles().values_list("path", flat=True) if _takes_articles(place) else self.pages

    def may_be_in(self, place: Place, path: str) -> bool:
        if _takes_articles(place):
            return _articles().filter(path=path).exists()
        return path in self.look_up([path])

    def title(self, place: Place, value: str) -> str:
        return place.options.get(value) or self.look_up([value]).get(value, value)


def _takes_articles(place: Place) -> bool:
    """The conditions on the home page are articles only."""
    return place.follows == "conditions"


def _articles() -> QuerySet[ListedName]:
    """All pages but policies, which belong to no topic."""
    return ListedName.objects.filter(TITLE).exclude(shelf="/")


def listed(place: Place, words: str, called: str, titles: Titles) -> Listed:
    """The list that these words make; `called`: the words of the place with the names of its links."""
    found = arranged(words, titles.following(place))
    found = moved(found) if place.kind == PAGES else found
    own = names(called)
    there = titles.look_up(item.value for item in found) if place.kind == PAGES else {}
    rows = [
        Row(
            number,
            item,
            titles.title(place, item.value),
            NOT_LIVE if place.kind == PAGES and item.value not in there else "",
            item.value in place.keeps,
            own.get(item.value, ""),
        )
        for number, item in enumerate(found)
    ]
    if place.kind != PAGES or titles.are_many:
        return Listed(rows, by_address=place.kind == PAGES)
    inside, named = {item.value for item in found}, titles.pages
    choices = [(value, named.get(value, value)) for value in titles.offered(place) if value not in inside]
    return Listed(rows, sorted(choices, key=lambda choice: choice[1].casefold()))


def typed(place: Place, data: Mapping[str, str], saved: tuple[str, str], titles: Titles) -> tuple[str, str]:
    """The words of this list and of its names, as its rows in the form say them after the button that was pressed.

    `saved`: what the two say now, which they go on saying word for word if nobody changed a row.
    """
    rows = list(_typed_rows(place, data))
    items, following = [item for item, _ in rows], titles.following(place)
    _step(place, items, data, titles)
    words = saved[0] if arranged(saved[0], following) == items else shortest(items, following)
    return words, _names(place, {item.value: name for item, name in rows}, saved[1], titles)


def told(place: Place, words: str, titles: Titles) -> str:
    """These words for people: with the titles of pages and parts in place of the addresses and names that mean them."""
    if place.kind == NAMES:
        return "\n".join(f"{titles.title(place, value)}: {name}" for value, name in names(words).items())
    if place.is_list:
        found = arranged(words, titles.following(place))
        return "\n".join(titles.title(place, item.value) + ("" if item.shown else LEFT_OUT) for item in found)
    return words


def is_typed(place: Place, data: Mapping[str, str]) -> bool:
    return place.is_list and f"{place.name}-rows" in data


def _typed_rows(place: Place, data: Mapping[str, str]) -> Iterable[tuple[Item, str]]:
    number = 0
    while f"{place.name}-{number}-value" in data:
        row = f"{place.name}-{number}"
        yield Item(data[f"{row}-value"], f"{row}-shown" in data), one_line(data.get(f"{row}-name", ""))
        number += 1


def _names(place: Place, named: dict[str, str], saved: str, titles: Titles) -> str:
    """A page that is not in the list keeps its name for when it comes back. The title of a page is no other name."""
    before = names(saved)
    said = {**before, **named}
    said = {
        value: name
        for value, name in sorted(said.items())
        if name and (name != titles.title(place, value) or before.get(value) == name)
    }
    return saved if said == before else names_as_words(said)


def _step(place: Place, items: list[Item], data: Mapping[str, str], titles: Titles) -> None:
    """“menu 2 up” moves the third row of this list up; “menu add” puts the chosen page at its end."""
    match data.get("step", "").split(" "):
        case [place.name, "add"]:
            chosen = _address(data.get(f"{place.name}-add", ""))
            if chosen not in {item.value for item in items} and titles.may_be_in(place, chosen):
                items.append(Item(chosen))
        case [place.name, row, "up" | "down" as way]:
            at = whole_number(row)
            to = -1 if at is None else at + (1 if way == "down" else -1)
            if at is not None and at < len(items) and 0 <= to < len(items):
                items.insert(to, items.pop(at))


def refused(place: Place, data: Mapping[str, str], titles: Titles) -> str:
    """What somebody wanted to add to this list, if no page that may be there is meant by it."""
    said = one_line(data.get(f"{place.name}-add", "")) if data.get("step") == f"{place.name} add" else ""
    return said if said and not titles.may_be_in(place, _address(said)) else ""


def _address(said: str) -> str:
    """As it would be looked up. A whole address may be pasted: the name of the site is taken off."""
    path = path_in(said).strip("/")
    return f"/{path}/" if path else ""
