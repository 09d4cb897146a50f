"""Form fields that clean what is typed."""

import pytest
from django import forms

from education.core.fields import CleanLine, CleanText


@pytest.mark.parametrize(
    ("field", "cleaned"),
    [(CleanText(), "Ana\nRuiz  there"), (CleanLine(), "Ana Ruiz there")],
    ids=["text", "line"],
)
def test_control_characters_go_and_lines_stay_only_in_a_text(field: forms.CharField, cleaned: str) -> None:
    assert field.clean(" Ana\x00\r\nRuiz  there \x07") == cleaned


@pytest.mark.parametrize("field", [CleanText(required=False), CleanLine(required=False)])
def test_nothing_typed_is_an_empty_text(field: forms.CharField) -> None:
    assert field.clean(None) == field.clean(" \x00") == ""
