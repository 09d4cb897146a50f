"""The form sets of a draft's blocks: what was posted wins, also where somebody else changed the blocks meanwhile."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.utils.functional import cached_property

from education.articles.content.blocks import Block
from education.core.text import whole_number

Data = Mapping[str, Any]  # a whole form as the browser sent it
PostedBlock = dict[str, Any]  # the fields of one block in it, by name

MAX_BLOCKS = 300  # of one kind: so many are drawn anew, whatever number a damaged form claims


class BlockFormSet(BaseInlineFormSet[Any, Any, Any]):
    """A save makes the blocks of one type exactly what the form holds.

    While the form was open, somebody else may have deleted, added or restored blocks. A posted block that is gone from
    the database is created again, and a block that the form does not have is deleted. Whether the form may still be
    saved at all is decided in autosave.py.
    """

    def __init__(self, data: Data | None = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, **options)
        self.absolute_max = MAX_BLOCKS
        saved: dict[int, Block] = {block.pk: block for block in self.get_queryset()} if self.is_bound else {}
        self.blocks_not_posted: list[Block] = []
        if data is not None:
            self.data, posted = matched_to_saved(data, str(self.prefix), saved)
            self.blocks_posted = [saved.pop(pk) for pk in posted]
            self.blocks_not_posted = list(saved.values())

    def get_queryset(self) -> Any:
        """The blocks in the order of the forms: the admin reads the two side by side."""
        if hasattr(self, "blocks_posted"):
            return self.blocks_posted
        found: Any = self.queryset
        return [] if found.query.is_empty() else super().get_queryset()  # Django would put together what it never asks

    def add_fields(self, form: Any, index: int | None) -> None:
        """Add a plain field for the id: the blocks are known already, and Django's own field would make a query for
        each.
        """
        super().add_fields(form, index)
        pk = form.fields["id"].initial
        form.fields["id"] = forms.IntegerField(initial=pk, required=False, widget=forms.HiddenInput)
        block: Any = self.model
        for name in {*block.content_fields} & {*form.fields}:
            form.fields[name].required = False  # a draft may have gaps: the gate lists them

    def is_multipart(self) -> bool:
        """Whether it sends files. Django would make an empty form to find out."""
        fields: Any = self.form.base_fields.values()
        return any(field.widget.needs_multipart_form for field in fields)

    @cached_property
    def empty_form(self) -> Any:
        """The empty form, made once: the admin asks for it three times, for its row and for its files."""
        return super().empty_form

    def save_existing_objects(self, commit: bool = True) -> list[Any]:
        saved = super().save_existing_objects(commit)
        for block in self.blocks_not_posted:
            self.deleted_objects.append(block)
            self.delete_existing(block, commit=commit)
        return saved


def matched_to_saved(data: Data, prefix: str, saved: Iterable[int]) -> tuple[Data, list[int]]:
    """The form renumbered to fit the saved blocks, and which of them it holds, by id and in its order.

    `saved` are the ids in the database. Django wants the blocks that exist first; the others become new ones.
    """
    if whole_number(str(data.get(f"{prefix}-TOTAL_FORMS", ""))) is None:
        return data, []  # a damaged form: Django refuses it with a message, and no block may be deleted
    unmatched, posted, old, new = set(saved), [], [], []
    for block in posted_blocks(data, prefix):
        pk = block.get("id") or ""
        number = whole_number(pk)
        if number in unmatched:
            unmatched.remove(number)
            posted.append(number)
            old.append(block)
        elif not (pk and "DELETE" in block):
            new.append(block | {"id": ""})
    renumbered = {name: value for name, value in data.items() if not name.startswith(f"{prefix}-")}
    counts = {"TOTAL_FORMS": len(old) + len(new), "INITIAL_FORMS": len(old), "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    renumbered |= {f"{prefix}-{name}": str(count) for name, count in counts.items()}
    for number, block in enumerate([*old, *new]):
        renumbered |= {f"{prefix}-{number}-{name}": value for name, value in block.items()}
    return renumbered, posted


def posted_blocks(data: Data, prefix: str) -> list[PostedBlock]:
    """The posted fields of each block, without the empty form for new ones and without any beyond the form's count."""
    total = whole_number(str(data.get(f"{prefix}-TOTAL_FORMS", ""))) or 0
    field, found = re.compile(rf"{re.escape(prefix)}-(\d{{1,6}})-(\w+)"), dict[int, PostedBlock]()
    for name, value in data.items():
        if match := field.fullmatch(name):
            found.setdefault(int(match[1]), {})[match[2]] = value
    return [found[number] for number in sorted(found) if number < total]
