"""`manage.py check` says what a declared block lacks, and what to write."""

import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import models
from django.test.utils import isolate_apps

from education.articles.content import checks
from education.articles.content.blocks import BLOCKS, Block, BlockContent
from education.articles.content.blocks.lists import StepsBlock

pytestmark = pytest.mark.django_db  # since Django 6, whether a database can store JSON is asked of it


class Named(Block.Meta):
    verbose_name = "stand-in"
    app_label = "education"


class Nameless(Block.Meta):
    app_label = "education"


def html_context(cls: Any, content: BlockContent, renderer: Any) -> dict[str, Any]:
    return {}


def markdown(cls: Any, content: Any) -> Any:
    raise AssertionError("no check reads or writes anything")


@isolate_apps("education")
def declared(**changes: Any) -> type[Block]:
    """A block that lacks nothing, but for these changes; None leaves something out."""
    whole = {
        "block_type": "stand-in",
        "purpose": "It stands in.",
        "content_fields": ("words",),
        "cited_fields": ("words",),
        "words": models.TextField(),
        "html_context": classmethod(html_context),
        "template_name": classmethod(lambda cls: StepsBlock.template_name()),
        "from_markdown": classmethod(markdown),
        "to_markdown": classmethod(markdown),
        "Meta": Named,
        "__module__": __name__,
    }
    body = {name: value for name, value in (whole | changes).items() if value is not None}
    return type("StandIn", (Block,), body)


def complaint(monkeypatch: pytest.MonkeyPatch, block: type[Block]) -> str:
    monkeypatch.setattr(checks, "BLOCKS", (*BLOCKS, block))
    with pytest.raises(SystemCheckError) as error:
        call_command("check", tags=["models"])
    return str(error.value)


@pytest.mark.thorough
def test_every_start_of_the_site_brings_the_checks_along() -> None:
    """In a process of its own: here they are registered by the import above."""
    program = (
        "import django; django.setup(); from django.core.checks import registry as r; print(r.registry.get_checks())"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert "check_blocks" in done.stdout, done.stderr


def test_the_declared_blocks_lack_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("check", tags=["models"])
    monkeypatch.setattr(checks, "BLOCKS", (*BLOCKS, declared()))
    call_command("check", tags=["models"])


@pytest.mark.parametrize(
    ("changes", "number", "problem", "hint"),
    [
        ({"block_type": None}, "E001", "StandIn has no block_type.", "Give the class a short `block_type`"),
        (
            {"block_type": "steps"},
            "E002",
            "StepsBlock and StandIn have the same block_type “steps”.",
            "Give the newer one another",
        ),
        ({"Meta": Nameless}, "E003", "StandIn has no verbose_name.", "Write `verbose_name` in its `class Meta"),
        (
            {"content_fields": ("words", "color")},
            "E004",
            "StandIn: content_fields names “color”, which is no field.",
            "Correct the name in `content_fields`",
        ),
        (
            {"list_fields": ("ordering",)},
            "E005",
            "StandIn: list_fields names “ordering”, which is not in content_fields.",
            "Add it to `content_fields`, or take it out of `list_fields`.",
        ),
        (
            {"cited_fields": None},
            "E006",
            "StandIn has no field with words, so every edition would leave it out.",
            "Name in `cited_fields` or `word_fields`",
        ),
        ({"html_context": None}, "E007", "StandIn has no HTML context.", "Write the classmethod `html_context("),
        ({"template_name": None}, "E008", "StandIn has no template.", "Add templates/articles/blocks/stand-in.html."),
        ({"from_markdown": None}, "E009", "StandIn has no Markdown reader.", "Write the classmethod `from_markdown("),
        ({"to_markdown": None}, "E010", "StandIn has no Markdown writer.", "Write the classmethod `to_markdown("),
        (
            {"markdown_names": ("urgent",)},
            "E011",
            "CareCardBlock and StandIn are both written as “::: urgent”.",
            "Give the newer one other `markdown_names`.",
        ),
    ],
)
def test_what_a_block_lacks_is_named(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], number: str, problem: str, hint: str
) -> None:
    said = complaint(monkeypatch, declared(**changes))
    assert f"(education.{number}) {problem}\n\tHINT: {hint}" in said
    assert said.count("(education.E") == 1


def test_a_block_that_writes_its_own_html_needs_no_template(monkeypatch: pytest.MonkeyPatch) -> None:
    own = declared(html=classmethod(html_context), html_context=None, template_name=None)
    monkeypatch.setattr(checks, "BLOCKS", (*BLOCKS, own))
    assert checks.check_blocks() == []
