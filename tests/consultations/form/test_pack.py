"""Our crispy template pack serves any form, not only the one it was made for."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template


class Plain(forms.Form):
    color = forms.ChoiceField(choices=[("r", "Red")], help_text="Any.")
    agree = forms.BooleanField()
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("These do not go together.")


def test_a_form_without_a_layout_is_rendered_whole() -> None:
    html = render_crispy_form(Plain(), context={"csrf_token": "abc"})
    for piece in (
        '<select name="color"',
        'id="id_color_helptext"',
        "<legend>Kind",
        'type="hidden"',
        "csrfmiddleware",
    ):
        assert piece in html


def test_layout_objects_of_crispy_forms_are_rendered_too() -> None:
    form = Plain({})
    form.helper = FormHelper()  # type: ignore[attr-defined]
    form.helper.disable_csrf = True  # type: ignore[attr-defined]
    layout = Layout(Fieldset("Both", "color", "agree"), "kind", ButtonHolder(Submit("go", "Go")))
    form.helper.layout = layout  # type: ignore[attr-defined]
    html = render_crispy_form(form)
    for piece in ("<legend>Both</legend>", 'id="id_color_error"', 'value="Go"', "These do not go together."):
        assert piece in html
    assert "csrfmiddleware" not in html


def test_the_filter_renders_fields_only() -> None:
    html = Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": Plain()}))
    assert "<form" not in html
    assert 'name="agree"' in html
