"""What is drawn in Python is what Django's templates would draw, but for empty lines between tags."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting, get_default_renderer
from django.forms.utils import ErrorList
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

from education.core.forms import renderer
from education.core.forms.renderer import FormRenderer
from tests.each import of_each

HOSTILE = """<b>"&' </textarea>"""
WORDS = ["", "Ann", HOSTILE, "\n line\n", lazystr(HOSTILE), mark_safe("<i>&amp;</i>")]
VALUES = [None, *WORDS, 0, 1234567, 1.5, True, False, date(2026, 1, 2), ["1", HOSTILE]]
ATTRIBUTES: list[dict[str, Any]] = [
    {},
    {"id": "id_one", "class": "wide", "disabled": True, "hidden": False, "data-x": HOSTILE, "rows": 3, "none": None},
    {"id": mark_safe("a&b"), 'on"x': lazystr("y")},
]
CHOICES = [("", "None"), ("1", HOSTILE), (2, 2000), ("Group <", [("3", mark_safe("<i>3</i>")), ("4", lazystr("four"))])]
WIDGETS = [
    *(forms.TextInput, forms.HiddenInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.DateInput),
    *(forms.TimeInput, forms.PasswordInput, forms.CheckboxInput, forms.Textarea, forms.FileInput, forms.DateTimeInput),
]
CHOOSING = [forms.Select, forms.SelectMultiple, forms.RadioSelect, forms.CheckboxSelectMultiple]


class OwnOption(forms.Select):
    option_template_name = "django/forms/widgets/radio_option.html"


def both(widget: forms.Widget, value: Any, attributes: dict[str, Any]) -> list[str]:
    drawn = [
        widget.render('na"me', value, dict(attributes), renderer=drawing)
        for drawing in (FormRenderer(), TemplatesSetting())
    ]
    return [" ".join(html.split()).replace(" <", "<") for html in drawn]


@of_each(WIDGETS)
def test_a_field_is_drawn_as_by_its_template(kind: type[forms.Widget]) -> None:
    for value in VALUES:
        for attributes in ATTRIBUTES:
            drawn, by_template = both(kind(), value, attributes)
            assert drawn == by_template


@of_each([*CHOOSING, OwnOption])
def test_so_are_choices(kind: Any) -> None:
    for value in VALUES:
        for attributes in ATTRIBUTES:
            drawn, by_template = both(kind(choices=CHOICES), value, attributes)
            assert drawn == by_template


@of_each([word for word in WORDS if word])
def test_so_are_labels(words: str) -> None:
    def label(drawing: TemplatesSetting, attributes: dict[str, Any], tag: str | None, **options: Any) -> str:
        form = type("Form", (forms.Form,), {"one": forms.CharField(label=words)})(renderer=drawing, **options)
        return " ".join(form["one"].label_tag(attrs=dict(attributes), tag=tag).split())

    for attributes in ATTRIBUTES:
        for tag, options in ((None, {}), ("legend", {"label_suffix": ""}), (None, {"auto_id": False})):
            drawn, by_template = (
                label(each(), attributes, tag, **options) for each in (FormRenderer, TemplatesSetting)
            )
            assert drawn == by_template


@pytest.mark.parametrize("errors", [[], [HOSTILE, mark_safe("<i>no</i>")]])
def test_so_are_errors(errors: list[str]) -> None:
    assert str(ErrorList(errors, renderer=FormRenderer())) == str(ErrorList(errors, renderer=TemplatesSetting()))


def test_the_forms_of_the_site_are_drawn_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"{renderer.__name__}.FormRenderer" == settings.FORM_RENDERER
    monkeypatch.setattr(TemplatesSetting, "get_template", lambda *_: pytest.fail("It took a template."))
    fields = {"name": forms.CharField(), "kind": forms.ChoiceField(choices=CHOICES), "ok": forms.BooleanField()}
    form = type("Form", (forms.Form,), fields)()
    assert isinstance(get_default_renderer(), FormRenderer)
    assert all(str(form[name]) and str(form[name].errors) == "" for name in form.fields)
