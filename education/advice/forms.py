"""The form on which people judge the items of PEMAT-P."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from education.advice.pemat import DomainScore, JudgedItem


@dataclass(frozen=True)
class ItemField:
    """A PEMAT-P item with its form field."""

    judged: JudgedItem
    field: forms.BoundField

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """(value, label, selected). The template draws them: eighty Django widgets would dominate the screen's time."""
        selected = self.field.value()
        return [(value, label, value == selected) for value, label in self.judged.choices]

    @property
    def initial(self) -> str:
        """The verdict when the page was first shown, also after the form has been posted."""
        return str(self.field.form.data.get(self.field.html_initial_name, self.field.initial))


class JudgementForm(forms.Form):
    """A choice for each item.

    Only what was changed since the page was shown is saved, so that two people who judge at once keep each other's
    verdicts. `seen` is the SHA-256 of the draft that was shown.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, items: Iterable[JudgedItem], sha256: str, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"seen": sha256})
        for judged in items:
            self.fields[_name(judged)] = forms.ChoiceField(
                label=judged.item.statement,
                choices=judged.choices,
                widget=forms.RadioSelect,
                required=False,
                show_hidden_initial=True,
                initial=_current_verdict(judged),
            )

    @property
    def verdicts(self) -> dict[int, str]:
        """The verdicts that were changed, by item number."""
        names = (name for name in self.changed_data if name.startswith("item_"))
        return {int(name.removeprefix("item_")): self.cleaned_data[name] for name in names}

    def item_fields(self, domain: DomainScore) -> list[ItemField]:
        return [ItemField(judged, self[_name(judged)]) for judged in domain.items]


def rebound(items: Iterable[JudgedItem], sha256: str, posted: QueryDict) -> JudgementForm:
    """The verdicts that somebody chose, on a new form for the draft with this SHA-256."""
    data: Any = posted.copy()
    data["seen"] = sha256
    for judged in items:
        data[f"initial-{_name(judged)}"] = _current_verdict(judged)
    return JudgementForm(items, sha256, data)


def _current_verdict(judged: JudgedItem) -> str:
    return judged.current.verdict if judged.current else ""


def _name(judged: JudgedItem) -> str:
    return f"item_{judged.item.number}"
