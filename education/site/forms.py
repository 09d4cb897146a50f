"""The form of one page of the screen “Site”."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django import forms

from education.core.fields import CleanLine
from education.wording.models import SitePlace
from education.wording.places import Place, SitePage
from education.wording.site import Written, token

Rows = Mapping[str, SitePlace]  # by key
THEIRS = (
    "Somebody else saved other words here meanwhile: “{}” Yours are still in the box. Save again to put them there."
)


@dataclass(frozen=True)
class Box:
    """One place as the screen shows it. `read_meanwhile`: what patients read while its words wait for a signature."""

    place: Place
    field: forms.BoundField
    seen_name: str
    seen: str
    read_meanwhile: str
    has_history: bool  # somebody wrote here

    @property
    def is_built_in(self) -> bool:
        return bool(self.field.value() == self.place.words)


class PageForm(forms.Form):
    """Beside each box stands, hidden, what was in it when it was opened: so nobody's words are overwritten unseen."""

    def __init__(self, page: SitePage, rows: Rows, data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        self.page, self.rows = page, rows
        self.renewed: dict[str, str] = {}
        for place in page.places:
            area = forms.Textarea(
                attrs={"rows": 1 if place.limit < 100 else 3, "aria-describedby": f"about-{place.name}"}
            )
            words = CleanLine(label=place.label, required=False, widget=area, initial=self.written(place))
            self.fields[box_name(place)] = words

    def written(self, place: Place) -> str:
        row = self.rows.get(place.key)
        return str(row.written_words()["words"]) if row else place.words

    def parts(self) -> Iterator[tuple[str, str, list[Box]]]:
        for part in self.page.parts:
            yield part.title, part.hint, [self._box(place) for place in part.places]

    def clean(self) -> None:
        for place in self.page.places:
            if problem := place.problem(self.cleaned_data.get(box_name(place), "")):
                self.add_error(box_name(place), problem)

    def changes(self) -> list[Written]:
        """What was typed since the form was opened. Boxes that nobody touched may be out of date and are left alone."""
        found = [
            Written(place.key, self.cleaned_data[box_name(place)], self._seen(place)) for place in self.page.places
        ]
        return [one for one in found if token(one.words) != one.seen]

    def refuse(self, theirs: Mapping[str, str]) -> None:
        """Show what somebody else saved, by key. A second save means to overwrite it."""
        for place in self.page.places:
            if place.key in theirs:
                self.renewed[place.key] = token(theirs[place.key])
                self.add_error(box_name(place), THEIRS.format(theirs[place.key]))

    def _seen(self, place: Place) -> str:
        opened = str(self.data.get(seen_name(place), "")) if self.is_bound else ""
        return self.renewed.get(place.key) or opened or token(self.written(place))

    def _box(self, place: Place) -> Box:
        row = self.rows.get(place.key)
        meanwhile = row.read_by_all if row and row.words_wait else ""
        return Box(place, self[box_name(place)], seen_name(place), self._seen(place), meanwhile, row is not None)


def box_name(place: Place) -> str:
    return f"{place.name}-{'plain' if place.plain else 'words'}"


def seen_name(place: Place) -> str:
    return f"{place.name}-seen"


def typed_words(page: SitePage, data: Mapping[str, str]) -> dict[str, str]:
    """By name of the place, whether they could be saved or not."""
    return {place.name: str(data.get(box_name(place), place.words)) for place in page.places}
