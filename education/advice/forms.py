"""Judging the items of PEMAT-P, all on one form."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from education.advice.pemat import Judged, Part


@dataclass(frozen=True)
class Question:
    """An item with its field, and what the field said when the page was shown."""

    judged: Judged
    field: forms.BoundField

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Value, words, and whether it is ticked. Eighty widgets would take longer than all else on the screen."""
        ticked = self.field.value()
        return [(value, words, value == ticked) for value, words in self.judged.choices]

    @property
    def was(self) -> str:
        return str(self.field.form.data.get(self.field.html_initial_name, self.field.initial))


class JudgementForm(forms.Form):
    """A choice for each item. What counts is what was changed since the page was shown, so that two people who judge
    at once keep what the other said.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, items: Iterable[Judged], sha256: str, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"seen": sha256})
        for judged in items:
            self.fields[_name(judged)] = forms.ChoiceField(
                label=judged.item.asks,
                choices=judged.choices,
                widget=forms.RadioSelect,
                required=False,
                show_hidden_initial=True,
                initial=judged.current.verdict if judged.current else "",
            )

    @property
    def verdicts(self) -> dict[int, str]:
        """By item, those that were changed."""
        names = (name for name in self.changed_data if name.startswith("item_"))
        return {int(name.removeprefix("item_")): self.cleaned_data[name] for name in names}

    def questions(self, part: Part) -> list[Question]:
        return [Question(judged, self[_name(judged)]) for judged in part.items]


def still_typed(items: Iterable[Judged], sha256: str, typed: QueryDict) -> JudgementForm:
    """What somebody ticked, on a form for the draft as it is now."""
    data: Any = typed.copy()
    data["seen"] = sha256
    for judged in items:
        data[f"initial-{_name(judged)}"] = judged.current.verdict if judged.current else ""
    return JudgementForm(items, sha256, data)


def _name(judged: Judged) -> str:
    return f"item_{judged.item.number}"
