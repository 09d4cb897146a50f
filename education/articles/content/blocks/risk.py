"""A chance as so many dots in 100 or 1,000: for one group, or two beside each other."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from education.articles.content.blocks.base import Block, BlockContent, Renderer, Role
from education.articles.content.blocks.markdown import FencedBlock, pair_lines
from education.articles.models import LineField

DOT = 10  # the side of the square around a dot, in units of the drawing
DOTS_IN_ROW = {100: 10, 1000: 40}  # by denominator
GROUPS = ("first", "second")
COUNT_AND_GROUP = re.compile(r"^([0-9]{1,4}) (\S.*)$")


class RiskBlock(Block):
    class Denominator(models.IntegerChoices):
        HUNDRED = 100, "100"
        THOUSAND = 1000, "1,000"

    block_type = "risk"
    menu_order = 90
    purpose = "How many in a hundred people, as a picture."
    content_fields = ("title", "denominator", "first_count", "first_group", "second_count", "second_group")
    cited_fields = ("title",)
    roles = Role.PICTURE
    caption_field = "title"
    word_fields = ("title", "first_count", "first_group", "second_count", "second_group")
    title = LineField(
        "label", max_length=200, help_text="What is counted. To cite the study, type [@ and its key at the end."
    )
    denominator = models.PositiveSmallIntegerField("out of", choices=Denominator.choices, default=Denominator.HUNDRED)
    first_count = models.PositiveSmallIntegerField("how many", null=True)
    first_group = LineField("of whom", max_length=120, help_text="Completes “84 in 100 …”, such as: women on LDN.")
    second_count = models.PositiveSmallIntegerField("to compare: how many", null=True, blank=True)
    second_group = LineField("to compare: of whom", max_length=120, blank=True, help_text="Such as: women on placebo.")

    class Meta(Block.Meta):
        verbose_name = "risk picture"

    def clean(self) -> None:
        self.denominator = self.denominator or self.Denominator.HUNDRED  # a draft may have gaps, but dots need a whole
        for name in ("first_count", "second_count"):
            if (getattr(self, name) or 0) > self.denominator:
                raise ValidationError({name: f"This is more than {self.denominator:,}."})

    @classmethod
    def publication_problems(cls, content: BlockContent) -> Iterator[str]:
        yield from super().publication_problems(content)
        if (content["second_count"] == "") != (not content["second_group"]):
            yield "A risk picture compares with one half only. To compare, fill in both: how many, and of whom."

    @classmethod
    def html_context(cls, content: BlockContent, renderer: Renderer) -> dict[str, Any]:
        denominator = content["denominator"]
        groups = [
            {"count": count, "words": words, **({} if count == "" else dots(count, denominator))}
            for count, words in ((content[f"{group}_count"], content[f"{group}_group"]) for group in GROUPS)
            if count != "" or words
        ]
        in_row = DOTS_IN_ROW[denominator]
        size = {"width": in_row * DOT, "height": denominator // in_row * DOT}
        return {"title": renderer.line(content["title"]), "groups": groups, "size": size}

    @classmethod
    def from_markdown(cls, fenced: FencedBlock) -> BlockContent:
        if fenced.argument not in ("100", "1000"):
            raise fenced.broken("::: risk needs 100 or 1000 on the same line: out of how many people.")
        pairs = fenced.pairs("label", *GROUPS)
        content: BlockContent = {"type": cls.block_type, "denominator": int(fenced.argument), "title": pairs["label"]}
        for group in GROUPS:
            found = COUNT_AND_GROUP.match(pairs[group])
            if not found and (pairs[group] or group == "first"):
                raise fenced.broken(f"Inside ::: risk “{group}” is a number and of whom, such as: 84 women on LDN.")
            content[f"{group}_count"] = int(found[1]) if found else ""
            content[f"{group}_group"] = found[2] if found else ""
        return content

    @classmethod
    def to_markdown(cls, content: BlockContent) -> FencedBlock:
        groups = ((group, f"{content[f'{group}_count']} {content[f'{group}_group']}".strip()) for group in GROUPS)
        inside = pair_lines([("label", content["title"]), *groups])
        return FencedBlock("risk", str(content["denominator"]), inside)


def dots(count: int, denominator: int) -> dict[str, str]:
    """SVG paths for the dots of those it happens to (`hit`) and of the others (`rest`).

    A path has one line for each row; the stroke's dashes with round ends draw it as dots.
    """
    in_row = DOTS_IN_ROW[denominator]
    full_rows, over = divmod(count, in_row)
    hit, rest = [], []
    for row in range(denominator // in_row):
        hits = in_row if row < full_rows else over if row == full_rows else 0
        y = row * DOT + DOT // 2
        if hits:
            hit.append(f"M{DOT // 2} {y}h{(hits - 1) * DOT + 0.1}")
        if hits < in_row:
            rest.append(f"M{hits * DOT + DOT // 2} {y}h{(in_row - hits - 1) * DOT + 0.1}")
    return {"hit": "".join(hit), "rest": "".join(rest)}
