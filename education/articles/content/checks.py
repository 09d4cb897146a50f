"""System checks that name what a declared block lacks. `manage.py check`, and every command that checks, runs them."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import FieldDoesNotExist
from django.template.loader import TemplateDoesNotExist, get_template

from education.articles.content.blocks import BLOCKS
from education.articles.content.blocks.base import Block

FIELD_LISTS = ("list_fields", "cited_fields", "word_fields", "fact_fields")


@register(Tags.models)
def check_blocks(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    return [*(problem for block in BLOCKS for check in CHECKS for problem in check(block)), *_clashes()]


def _type_and_name(block: type[Block]) -> Iterator[Error]:
    if not block.block_type:
        yield _lacks(block, "E001", "no block_type", "Give the class a short `block_type`, such as “key-points”.")
    if "verbose_name" not in block._meta.original_attrs:
        hint = "Write `verbose_name` in its `class Meta(Block.Meta)`: it is what editors call it."
        yield _lacks(block, "E003", "no verbose_name", hint)
    if not block.purpose:
        yield _lacks(block, "E012", "no purpose", "Say in one sentence what it is for: the editor offers it with that.")


def _content_fields(block: type[Block]) -> Iterator[Error]:
    for name in block.content_fields:
        if not _is_field(block, name):
            hint = "Correct the name in `content_fields`, or add the field to the model."
            yield _error(block, "E004", f"{block.__name__}: content_fields names “{name}”, which is no field.", hint)
    for names in FIELD_LISTS:
        for name in getattr(block, names):
            if name not in block.content_fields:
                problem = f"{block.__name__}: {names} names “{name}”, which is not in content_fields."
                yield _error(block, "E005", problem, f"Add it to `content_fields`, or take it out of `{names}`.")
    if not (block.cited_fields or block.word_fields):
        hint = "Name in `cited_fields` or `word_fields` the fields without which the block says nothing."
        yield _lacks(block, "E006", "no field with words, so every edition would leave it out", hint)


def _html(block: type[Block]) -> Iterator[Error]:
    if not _inherits(block, "html"):
        return  # it writes its HTML without a template
    if _inherits(block, "html_context"):
        hint = "Write the classmethod `html_context(cls, content, renderer)`: what its template needs."
        yield _lacks(block, "E007", "no HTML context", hint)
    try:
        get_template(block.template_name())
    except TemplateDoesNotExist:
        yield _lacks(block, "E008", "no template", f"Add templates/{block.template_name()}.")


def _markdown(block: type[Block]) -> Iterator[Error]:
    if _inherits(block, "from_markdown"):
        hint = "Write the classmethod `from_markdown(cls, fenced)`: its content from a Markdown file."
        yield _lacks(block, "E009", "no Markdown reader", hint)
    if _inherits(block, "to_markdown"):
        hint = "Write the classmethod `to_markdown(cls, content)`: the reverse of `from_markdown`."
        yield _lacks(block, "E010", "no Markdown writer", hint)


def _clashes() -> Iterator[Error]:
    for one, other in combinations([block for block in BLOCKS if block.block_type], 2):
        both = f"{one.__name__} and {other.__name__}"
        if one.block_type == other.block_type:
            hint = "Give the newer one another: pages may have been signed with the older."
            yield _error(other, "E002", f"{both} have the same block_type “{one.block_type}”.", hint)
        elif names := set(one.fence_names()) & set(other.fence_names()):
            problem = f"{both} are both written as “::: {min(names)}”."
            yield _error(other, "E011", problem, "Give the newer one other `markdown_names`.")


CHECKS = (_type_and_name, _content_fields, _html, _markdown)


def _inherits(block: type[Block], method: str) -> bool:
    """Whether the block leaves this class method as it is in Block."""
    return getattr(block, method).__func__ is getattr(Block, method).__func__


def _is_field(block: type[Block], name: str) -> bool:
    try:
        return bool(block._meta.get_field(name))
    except FieldDoesNotExist:
        return False


def _lacks(block: type[Block], number: str, what: str, hint: str) -> Error:
    return _error(block, number, f"{block.__name__} has {what}.", hint)


def _error(block: type[Block], number: str, problem: str, hint: str) -> Error:
    return Error(problem, hint=hint, obj=block, id=f"education.{number}")
