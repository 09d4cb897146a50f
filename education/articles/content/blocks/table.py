"""A table with headings."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models

from education.articles.content.blocks.base import Block, BlockContent, Renderer, Role
from education.articles.content.blocks.markdown import FencedBlock
from education.articles.content.tables import cells_of, framed_line
from education.articles.models import LineField
from education.core.text import lines

ROW_HEADINGS = "first-column: headings"


def rows_of(fenced: FencedBlock, numbered: Iterable[tuple[int, str]]) -> list[list[str]]:
    """Each of these lines of the block as its cells. Raises BrokenSource."""
    rows = []
    for number, line in numbered:
        if not line.startswith("|"):
            raise fenced.broken(f"Inside ::: {fenced.name} every line is a row: | a cell | and another |.", number)
        rows.append(cells_of(line))
    return rows


class RowsField(forms.CharField):
    """Rows of cells, typed one row a line, or with scripts in a grid, for which `grid_help` replaces the
    help. In a grid of `questions` a row may be shorter than others, and none holds headings.
    """

    def __init__(self, *, grid: str = "table", grid_help: str, **options: Any) -> None:
        attributes = {"rows": 6, "wrap": "off", "data-grid": grid, "data-grid-help": grid_help}
        super().__init__(widget=AdminTextareaWidget(attrs=attributes), **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(framed_line(row) for row in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [cells_of(line) for line in lines(super().to_python(value) or "")]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class TableForm(forms.ModelForm[Any]):
    rows = RowsField(
        help_text="One row a line, with | between the cells. The first row holds the headings. "
        "Write \\| for a bar inside a cell. Cells may cite studies as [@key].",
        grid_help="The first row holds the headings. A table copied from a spreadsheet can be pasted into any cell. "
        "Type [@ in a cell to cite a study.",
    )


class TableBlock(Block):
    block_type = "table"
    menu_order = 66
    purpose = "Rows and columns, with a caption."
    content_fields = ("caption", "row_headings", "rows")
    cited_fields = ("caption", "rows")
    word_fields = ("rows",)
    form_class = TableForm
    roles = Role.TABLE
    caption = LineField(max_length=200, help_text="What the table shows. Stands above it.")
    rows = models.JSONField(default=list, help_text="Rows of cells. The first row holds the headings.")
    row_headings = models.BooleanField("The first column holds headings too", default=False)

    class Meta(Block.Meta):
        verbose_name = "table"

    @classmethod
    def publication_problems(cls, content: BlockContent) -> Iterator[str]:
        if not content["caption"]:
            yield "A table has no caption. Say what it shows."
        rows = content["rows"]
        if not (rows and all(rows[0][bool(content["row_headings"]) :])):
            yield "A table has columns without a heading. Fill the first row."
        if len(rows) < 2:
            yield "A table has a row of headings and at least one row below it. Write one."
        for number, row in enumerate(rows, start=1):
            if len(row) != len(rows[0]):
                different = f"a different number of cells ({len(row)}) from the first ({len(rows[0])})"
                yield f"Row {number} of a table has {different}. Give each row as many."

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        caption = renderer.line(content["caption"])  # before the cells: a repeated citation is counted as it is read
        rows = [renderer.lines(row) for row in content["rows"]]
        table_id = renderer.new_id(content["caption"])
        return {"caption": caption, "head": rows[0] if rows else [], "rows": rows[1:], "id": table_id}

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        caption = fenced.needed_argument("a caption")
        numbered = list(fenced.numbered_lines())
        row_headings = bool(numbered) and numbered[0][1].strip() == ROW_HEADINGS
        rows = rows_of(fenced, numbered[row_headings:])
        return {"type": cls.block_type, "caption": caption, "row_headings": row_headings, "rows": rows}

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        inside = [ROW_HEADINGS] if content["row_headings"] else []
        return FencedBlock("table", content["caption"], inside + [framed_line(row) for row in content["rows"]])

    @classmethod
    def column_headings(cls, content: BlockContent) -> list[str]:
        return list(content["rows"][0])
