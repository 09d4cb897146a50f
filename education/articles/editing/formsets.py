"""The forms of a draft's blocks. What was posted holds, even where the blocks themselves were replaced meanwhile."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet

from education.articles.content.blocks import Block

Data = Mapping[str, Any]
Row = dict[str, Any]


class BlockFormSet(BaseInlineFormSet[Any, Any, Any]):
    """A save makes the blocks of this kind exactly what the form holds.

    A posted block that is not there any more becomes a new one, and one that the form does not know goes: somebody
    else may have deleted, added or restored blocks while this form was open. Whether it may still be saved is for
    keeping.py to say.
    """

    def __init__(self, data: Data | None = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, **options)
        there: dict[int, Block] = {block.pk: block for block in super().get_queryset()} if self.is_bound else {}
        self.unknown_blocks: list[Block] = []
        if data is not None:
            self.data, known = repacked(data, str(self.prefix), there)
            self.known_blocks = [there.pop(pk) for pk in known]
            self.unknown_blocks = list(there.values())

    def get_queryset(self) -> Any:
        """In the order of the forms: the admin reads the two side by side."""
        return self.known_blocks if hasattr(self, "known_blocks") else super().get_queryset()

    def add_fields(self, form: Any, index: int | None) -> None:
        """Which block it is has been looked up already: Django would ask again for each."""
        super().add_fields(form, index)
        known = form.fields["id"].initial
        form.fields["id"] = forms.IntegerField(initial=known, required=False, widget=forms.HiddenInput)

    def save_existing_objects(self, commit: bool = True) -> list[Any]:
        saved = super().save_existing_objects(commit)
        for block in self.unknown_blocks:
            self.deleted_objects.append(block)
            self.delete_existing(block, commit=commit)
        return saved


def repacked(data: Data, prefix: str, there: Iterable[int]) -> tuple[Data, list[int]]:
    """The posted rows against the blocks that are there, and the keys of those blocks in the order of the rows.

    Rows of blocks that are there come first, as Django wants them; the others become new ones.
    """
    if not str(data.get(f"{prefix}-TOTAL_FORMS", "")).isdecimal():
        return data, []  # a damaged form: Django refuses it in words, and no block may go
    left, known, old, new = set(there), [], [], []
    for row in rows(data, prefix):
        pk = row.get("id") or ""
        if pk.isdecimal() and int(pk) in left:
            left.remove(int(pk))
            known.append(int(pk))
            old.append(row)
        elif not (pk and "DELETE" in row):
            new.append(row | {"id": ""})
    packed = {name: value for name, value in data.items() if not name.startswith(f"{prefix}-")}
    counts = {"TOTAL_FORMS": len(old) + len(new), "INITIAL_FORMS": len(old), "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    packed |= {f"{prefix}-{name}": str(count) for name, count in counts.items()}
    for number, row in enumerate([*old, *new]):
        packed |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return packed, known


def rows(data: Data, prefix: str) -> list[Row]:
    """The posted fields of each block, without the pattern for new ones and without those that the form counts out."""
    total = str(data.get(f"{prefix}-TOTAL_FORMS", ""))
    shape, found = re.compile(rf"{re.escape(prefix)}-(\d{{1,6}})-(\w+)"), dict[int, Row]()
    for name, value in data.items():
        if match := shape.fullmatch(name):
            found.setdefault(int(match[1]), {})[match[2]] = value
    return [found[number] for number in sorted(found) if total.isdecimal() and number < int(total)]
