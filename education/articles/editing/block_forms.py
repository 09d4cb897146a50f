"""Forms of the blocks that need more than a model's own, and the choices that all forms of one request share."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget

from education.articles.content.blocks import (
    Block,
    ClaimBlock,
    DoDontBlock,
    FigureBlock,
    KnownBlock,
    TableBlock,
    reference_keys,
)
from education.articles.content.tables import cells_of, framed_line
from education.core.text import lines


def areas(**rows: int) -> dict[str, forms.Widget]:
    return {name: AdminTextareaWidget(attrs={"rows": count}) for name, count in rows.items()}


class RowsField(forms.CharField):
    """Rows of cells, typed one row a line."""

    widget = AdminTextareaWidget(attrs={"rows": 6, "wrap": "off"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(framed_line(row) for row in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [cells_of(line) for line in lines(super().to_python(value) or "")]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class TableForm(forms.ModelForm[TableBlock]):
    rows = RowsField(
        help_text="One row a line, with | between the cells. The first row holds the headings. "
        "Write \\| for a bar inside a cell. Cells may cite studies as [@key]."
    )


class ClaimForm(forms.ModelForm[ClaimBlock]):
    class Meta:
        model = ClaimBlock
        exclude: tuple[str, ...] = ()
        widgets = areas(text=2, references_for=3, references_against=3)

    def clean_references_for(self) -> str:
        return "\n".join(reference_keys(self.cleaned_data["references_for"]))

    def clean_references_against(self) -> str:
        return "\n".join(reference_keys(self.cleaned_data["references_against"]))


class DoDontForm(forms.ModelForm[DoDontBlock]):
    class Meta:
        model = DoDontBlock
        exclude: tuple[str, ...] = ()
        widgets = areas(dos=5, donts=5)


class KnownForm(forms.ModelForm[KnownBlock]):
    class Meta:
        model = KnownBlock
        exclude: tuple[str, ...] = ()
        widgets = areas(known=5, not_known=5)


class FigureForm(forms.ModelForm[FigureBlock]):
    """Words left empty are taken from the picture, so that an edition keeps what stands on the page."""

    class Meta:
        model = FigureBlock
        exclude: tuple[str, ...] = ()
        widgets = areas(alt=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "alt" in self.fields:
            self.fields["alt"].required = False
            self.fields["alt"].help_text += " Left empty, a picture’s own words are taken."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        picture = data.get("picture")
        for name in ("alt", "caption", "credit") if picture else ():
            data[name] = data.get(name) or getattr(picture, name)
        if not data.get("alt") and "alt" not in self.errors:
            self.add_error("alt", "Say what is to be seen.")
        return data


BLOCK_FORMS: dict[type[Block], type[forms.ModelForm[Any]]] = {
    TableBlock: TableForm,
    ClaimBlock: ClaimForm,
    DoDontBlock: DoDontForm,
    KnownBlock: KnownForm,
    FigureBlock: FigureForm,
}
