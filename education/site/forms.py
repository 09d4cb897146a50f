"""The forms of the screen “Words of the site”: the words of one page, and a moved address."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from django import forms

from education.clinic.forms import BY_ADDRESS
from education.core.fields import CleanLine, CleanText
from education.core.http import path_in
from education.pages.models import Redirect
from education.site.lists import Listed, Titles, is_typed, listed, refused, told, typed
from education.wording.models import SitePlace
from education.wording.places import NAMES, WORDS, Place, SitePage, places
from education.wording.site import Written, token

Rows = Mapping[str, SitePlace]  # by key
ONE_ROW = 100  # characters
NOTHING = "nothing"
OLD_ADDRESS = re.compile(r"""[^\s?#<>"'\\]+""")
NO_ADDRESS = "This is not the address of a page. Write what comes after the name of the site, such as /treatments/ldn/."
NOT_THERE = "No page to read is at this address."
IS_THERE = "There is a page at this address, so nobody would be led on from it. Withdraw or move the page first."
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
    list: Listed | None = None
    names: "Box | None" = None  # of the links in the list

    @property
    def is_built_in(self) -> bool:
        return bool(self.field.value() == self.place.words) and (self.names is None or self.names.is_built_in)


class PageForm(forms.Form):
    """The boxes of one page. Beside each, a hidden field has what was in it when it was opened, so that nobody's words
    are overwritten unseen.
    """

    def __init__(self, page: SitePage, rows: Rows, data: Mapping[str, str] | None = None) -> None:
        self.page, self.rows, self.titles = page, rows, Titles()
        self.refused_pages: dict[str, str] = {}  # by place: what somebody wanted to add to its list
        super().__init__(None if data is None else self.gathered(data))
        self.renewed: dict[str, str] = {}
        for place in page.places:
            area = forms.Textarea(
                attrs={"rows": 1 if place.limit < ONE_ROW else 3, "aria-describedby": f"about-{place.name}"}
            )
            kind = CleanLine if place.kind == WORDS else CleanText
            words = kind(label=place.label, required=False, widget=area, initial=self.written(place))
            self.fields[box_name(place)] = words

    def gathered(self, data: Mapping[str, str]) -> dict[str, str]:
        """The data with each list as the words of its place: a browser sends the boxes of its rows one by one."""
        found = dict(data)
        for place in self.page.places:
            if is_typed(place, data):
                called = places().get(place.names_key)
                saved = self.written(place), self.written(called) if called else ""
                found[box_name(place)], names = typed(place, data, saved, self.titles)
                self.refused_pages[place.name] = refused(place, data, self.titles)
                if called:
                    found[box_name(called)] = names
            elif place.kind != WORDS:
                found.setdefault(box_name(place), self.written(place))
        return found

    def written(self, place: Place) -> str:
        row = self.rows.get(place.key)
        return str(row.written_words()["words"]) if row else place.words

    def parts(self) -> Iterator[tuple[str, str, list[Box]]]:
        for part in self.page.parts:
            yield part.title, part.hint, [self._box(place) for place in part.places if place.kind != NAMES]

    def mistakes(self) -> Iterator[tuple[str, str, str]]:
        """For each mistake, the id of its box, where it is in words, and what is wrong."""
        for title, _, boxes in self.parts():
            for box in boxes:
                for one in filter(None, (box, box.names)):
                    for error in one.field.errors:
                        yield box.field.id_for_label, f"{title}, {one.place.label.lower()}", str(error)

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
                self.add_error(box_name(place), THEIRS.format(told(place, theirs[place.key], self.titles)))

    def _seen(self, place: Place) -> str:
        opened = str(self.data.get(seen_name(place), "")) if self.is_bound else ""
        return self.renewed.get(place.key) or opened or token(self.written(place))

    def _box(self, place: Place) -> Box:
        row = self.rows.get(place.key)
        meanwhile = (row.read_by_all or NOTHING) if row and row.words_wait else ""
        box = Box(place, self[box_name(place)], seen_name(place), self._seen(place), meanwhile, row is not None)
        if not place.is_list:
            return box
        called = places().get(place.names_key)
        names = self._box(called) if called else None
        words = str(names.field.value()) if names else ""
        shown = listed(place, str(box.field.value()), words, self.titles)
        return replace(box, names=names, list=replace(shown, refused=self.refused_pages.get(place.name, "")))


def box_name(place: Place) -> str:
    return f"{place.name}-{'plain' if place.plain else 'words'}"


def seen_name(place: Place) -> str:
    return f"{place.name}-seen"


def typed_words(form: PageForm) -> dict[str, str]:
    """The words typed for each place, by its name, whether they could be saved or not. A list with a mistake is given
    as it was saved.
    """
    found = {}
    for place in form.page.places:
        words = str(form.data.get(box_name(place), place.words))
        found[place.name] = words if place.kind == WORDS or not place.problem(words) else form.written(place)
    return found


def with_built_in(form: PageForm, place: Place) -> dict[str, str]:
    """What the form says, but at this place, and in the names of its list, what is built in."""
    said = {box_name(other): str(form[box_name(other)].value()) for other in form.page.places}
    back = [place, *filter(None, [places().get(place.names_key)])]
    rows = [name for name in form.data if name.startswith(f"{place.name}-") and place.is_list]
    kept = {name: value for name, value in form.data.items() if name not in rows or name == seen_name(place)}
    return {**kept, **said, **{box_name(one): one.words for one in back}}


class RedirectForm(forms.ModelForm[Redirect]):
    old = CleanLine(
        label="Old address", max_length=300, help_text="Without the name of the site, such as /treatments/ldn.html."
    )
    new = forms.ChoiceField(label="Leads to", help_text="A page that is there to read.")

    class Meta:
        model = Redirect
        fields = ("old", "new")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = Titles()
        if self.titles.are_many:
            self.fields["new"] = CleanLine(label="Leads to", max_length=300, help_text=BY_ADDRESS)
        else:
            chosen = {self.instance.new: self.instance.new} if self.instance.pk else {}
            choices = sorted((chosen | self.titles.pages).items(), key=lambda choice: choice[1].casefold())
            self.fields["new"].choices = [("", "Choose a page"), *choices]  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["old"].disabled = True

    def clean_old(self) -> str:
        """The address as it will be looked up. A whole address may be pasted: the name of the site is taken off."""
        path = unquote(path_in(self.cleaned_data["old"])).strip("/")
        ends = "" if "." in path.rpartition("/")[2] else "/"  # a file has no slash at its end
        old = f"/{path}{ends}"
        if not path or not OLD_ADDRESS.fullmatch(path):
            raise forms.ValidationError(NO_ADDRESS)
        if old in self.titles.look_up([old]) and not self.instance.pk:
            raise forms.ValidationError(IS_THERE)
        return old

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        if new not in self.titles.look_up([new]) and new != self.instance.new:
            raise forms.ValidationError(NOT_THERE)
        return new

    def _post_clean(self) -> None:
        """The verb stores it: that another row has this address is no mistake, but a change of it."""
        for name, value in self.cleaned_data.items():
            setattr(self.instance, name, value)
