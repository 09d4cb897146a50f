"""Draws the fields that forms are full of in Python: the same HTML as Django's templates make, in a tenth of the time.

An edit form has hundreds of fields and options. What is not named here is drawn by its template.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData

OPTION = "django/forms/widgets/select_option.html"
Widget = Mapping[str, Any]  # as `Widget.get_context` tells of it, or what else a template of Django's is given


class FormRenderer(TemplatesSetting):
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if draw := DRAWN.get(template_name):
            drawn = draw(context)
            if drawn is not None:
                return drawn
        return super().render(template_name, context, request)


def _input(context: Widget) -> str:
    return _input_tag(context["widget"])


def _input_tag(widget: Widget) -> str:
    value = widget["value"]
    filled = "" if value is None else f' value="{_written(value)}"'
    return f'<input type="{_shown(widget["type"])}" name="{_shown(widget["name"])}"{filled}{_attributes(widget)}>'


def _textarea(context: Widget) -> str:
    widget = context["widget"]
    words = _shown(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_shown(widget["name"])}"{_attributes(widget)}>\n{words}</textarea>'


def _select(context: Widget) -> str | None:
    """The HTML of a list of options; None if an option has a template of its own."""
    widget, drawn = context["widget"], []
    for group, options, _ in widget["optgroups"]:
        if any(option["template_name"] != OPTION for option in options):
            return None
        lines = "".join(f"\n  {_option(option)}" for option in options)
        drawn.append(f'\n  <optgroup label="{_shown(group)}">{lines}\n  </optgroup>' if group else lines)
    return f'<select name="{_shown(widget["name"])}"{_attributes(widget)}>{"".join(drawn)}\n</select>'


def _option(option: Widget) -> str:
    return f'<option value="{_written(option["value"])}"{_attributes(option)}>{_shown(option["label"])}</option>'


def _choice(context: Widget) -> str:
    """The HTML of one radio button, or of one check box among several."""
    widget = context["widget"]
    if not widget.get("wrap_label"):
        return _input_tag(widget)
    target = f' for="{_shown(widget["attrs"]["id"])}"' if widget["attrs"].get("id") else ""
    return f"<label{target}>{_input_tag(widget)} {_shown(widget['label'])}</label>"


def _label(context: Widget) -> str:
    label, tag = _shown(context["label"]), context["tag"]
    return f"<{_shown(tag)}{_attributes(context)}>{label}</{_shown(tag)}>" if context["use_tag"] else label


def _errors(context: Widget) -> str | None:
    return None if context["errors"] else ""


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {_shown(name)}" + ("" if value is True else f'="{_written(value)}"')
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _written(value: Any) -> str:
    """The value as `{{ value|stringformat:"s" }}` would write it."""
    return str(value) if isinstance(value, SafeData) else escape(str(value))


def _shown(value: Any) -> str:
    """The value as `{{ value }}` would write it."""
    return conditional_escape(value if isinstance(value, str) else localize(value))


DRAWN: dict[str, Callable[[Widget], str | None]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in ("text", "hidden", "number", "checkbox", "date")},
    **{f"django/forms/widgets/{kind}.html": _input for kind in ("input", "email", "url", "time", "password", "tel")},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/radio_option.html": _choice,
    "django/forms/widgets/checkbox_option.html": _choice,
    "django/forms/errors/list/default.html": _errors,
    "django/forms/label.html": _label,
}
