"""The names under which the list from A to Z shows pages, in their order, and at which addresses it shows them.

While there are few, one page shows them all. From then on each letter has a page of its own, and one with many names
leads on to shorter lists, by the beginnings of the names.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import takewhile

from django.db import connection
from django.db.models import QuerySet

from education.core.text import folded
from education.search.medical_words import MEDICINES, OPIOIDS
from education.search.models import ListedName
from education.search.words import words_of

ADDRESS = "/a-z/"
EVERY_LETTER = f"{ADDRESS}*"  # each names the others
MAX_NAMES = 300  # names in one list
MAX_PLACE = 100  # characters of a name by which it is put in order
LAST = "\U0010ffff"  # comes after every other character
CONDITION = "condition"
HAVE_NAMES = (CONDITION, "treatment")  # what else people type into search is no name of a guide
NAMES_OF_MEDICINES = frozenset((*MEDICINES, *OPIOIDS))
BEGINNINGS = """
WITH RECURSIVE part(words) AS (
  SELECT substr((SELECT min(place) FROM education_listedname WHERE place > %(after)s AND place < %(end)s),
    1, %(length)s)
  UNION ALL
  SELECT substr((SELECT min(place) FROM education_listedname WHERE place > words || %(last)s AND place < %(end)s),
    1, %(length)s)
  FROM part WHERE words IS NOT NULL
)
SELECT words,
  (SELECT name FROM education_listedname WHERE place >= words ORDER BY place, id LIMIT 1),
  (SELECT name FROM education_listedname WHERE place < words || %(last)s ORDER BY place DESC, id DESC LIMIT 1)
FROM part WHERE words IS NOT NULL
"""  # each beginning is looked for after the one before it, so that the names between them are never read


@dataclass(frozen=True)
class Beginning:
    """How some names begin (`words`), and the first and the last of them."""

    words: str
    first: str
    last: str


@dataclass(frozen=True)
class List:
    """The list at one address: `names`, and `beginnings` for the longer lists of the others. `is_whole`: no name had to
    be left out.
    """

    names: list[ListedName]
    beginnings: list[Beginning]
    is_whole: bool = True


def listed(begins: str = "") -> List:
    """The names that begin so: all of them if they are few, else by what they begin with."""
    found = beginning_with(begins)
    names = list(found[: MAX_NAMES + 1])
    if len(names) <= MAX_NAMES:
        return List(names, [])
    last = found.order_by("-place", "-id").values_list("place", flat=True)[0]
    shared = _shared(names[0].place, last)
    same = list(ListedName.objects.filter(place=shared)[: MAX_NAMES + 1])
    return List(same[:MAX_NAMES], _beginnings(shared), is_whole=len(same) <= MAX_NAMES)


def _shared(one: str, other: str) -> str:
    """What both words begin with."""
    return "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def letters() -> list[str]:
    """The letters with which any name begins."""
    return [beginning.words for beginning in _beginnings("")]


def beginning_with(words: str) -> "QuerySet[ListedName]":
    return ListedName.objects.filter(place__gte=words, place__lt=words + LAST)


def _beginnings(shared: str) -> list[Beginning]:
    """How the names that begin with `shared` go on, by their next character."""
    values: dict[str, str | int] = {"after": shared, "end": shared + LAST, "length": len(shared) + 1, "last": LAST}
    with connection.cursor() as cursor:
        cursor.execute(BEGINNINGS, values)
        found = [Beginning(*row) for row in cursor.fetchall()]
    return [_as_long_as_shared(each) for each in found] if shared else found


def _as_long_as_shared(found: Beginning) -> Beginning:
    """The same, as long as all of these names share it: “Pain” says more than “Pai”."""
    return (
        replace(found, words=_shared(place_of(found.first), place_of(found.last)))
        if found.first != found.last
        else found
    )


def are_many(begins: str = "") -> bool:
    """Whether the names that begin so need more than one list."""
    return beginning_with(begins)[MAX_NAMES : MAX_NAMES + 1].exists()


def place_of(name: str) -> str:
    """What a name is put in order by. Brackets and quotes in front of it do not count; all marks are the same."""
    return beginning_of(name).rstrip("-")


def beginning_of(words: str) -> str:
    """How the places of names that begin with these words begin."""
    return re.sub(r"[\W_]+", "-", folded(words)).lstrip("-")[:MAX_PLACE]


def address_of(begins: str) -> str:
    """The address of the list of names that begin so. `education.pages` knows a letter's longer beginnings as pages
    below it.
    """
    return f"{ADDRESS}{begins[:1]}/{begins}/" if begins[1:] else f"{ADDRESS}{begins}/" if begins else ADDRESS


def lists_of(places: Iterable[str]) -> list[str]:
    """The addresses, or patterns of them, of the lists on which names at these places may be."""
    first = sorted({place[:1] for place in places})
    below = [address for letter in first if letter for address in (address_of(letter), f"{address_of(letter)}*")]
    return [ADDRESS, *below] if first else []


def names_of(*, title: str, aliases: str, summary: str, body: str, kind: str) -> list[str]:
    """The names of a page in the list: its title, and each other name that the page uses. Of a guide those are names of
    medicines. Misspellings and words of other languages are only there to be typed into search, and so is the beginning
    of the title: in the list it would stand beside it.
    """
    page = _for_comparing(f"{title}\n{summary}\n{body}")
    others = aliases.splitlines()
    if kind not in HAVE_NAMES:
        others = [name for name in others if tuple(words_of(name)) in NAMES_OF_MEDICINES]
    used = [name for name in others if _is_whole_in(page, _for_comparing(name)) and not _begins(name, title)]
    return list(dict.fromkeys([title, *used]))


def _begins(name: str, title: str) -> bool:
    return f"{place_of(title)}-".startswith(f"{place_of(name)}-")


def _is_whole_in(page: str, name: str) -> bool:
    return name in page and bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", page))


def _for_comparing(words: str) -> str:
    """Accents count: “Sjogren” is not how a page about Sjögren’s disease spells it."""
    return words.casefold().replace("’", "'")
