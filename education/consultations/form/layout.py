"""Layout objects that crispy-forms lacks: a part, a group of fields, a note, ticks, a date in three inputs."""

from typing import Any

from crispy_forms.layout import LayoutObject
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

PACK = "form_pack"  # the folder of our templates for crispy-forms


class Part(LayoutObject):  # type: ignore[misc]
    """A titled part of the form."""

    template = "%s/layout/part.html"

    def __init__(self, key: str, title: str, *fields: Any, intro: str = "") -> None:
        self.key, self.title, self.intro, self.fields = key, title, intro, list(fields)

    def render(self, form: Any, context: Any, template_pack: str = PACK, **kwargs: Any) -> SafeString:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.get_template_name(template_pack), {"part": self, "fields": fields})


class Group(LayoutObject):  # type: ignore[misc]
    """Fields that belong together, in a fieldset with a legend and a hint."""

    template = "%s/layout/group.html"

    def __init__(self, key: str, legend: str, *fields: str, hint: str = "") -> None:
        self.key, self.legend, self.hint, self.fields = key, legend, hint, list(fields)

    def render(self, form: Any, context: Any, template_pack: str = PACK, **kwargs: Any) -> SafeString:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.get_template_name(template_pack), {"group": self, "fields": fields})


class Note(LayoutObject):  # type: ignore[misc]
    """What is worth knowing before the next field."""

    template = "%s/layout/note.html"

    def __init__(self, words: str) -> None:
        self.words = words
        self.fields: list[Any] = []

    def render(self, form: Any, context: Any, template_pack: str = PACK, **kwargs: Any) -> SafeString:
        return render_to_string(self.get_template_name(template_pack), {"note": self})


class Ticks(LayoutObject):  # type: ignore[misc]
    """Rows of boxes to tick, side by side under one legend and one hint. Of `fields`, these are shown."""

    template = "%s/layout/ticks.html"

    def __init__(self, key: str, legend: str, *rows: list[str], fields: list[str], hint: str) -> None:
        self.key, self.legend, self.hint, self.rows, self.fields = key, legend, hint, rows, fields

    def render(self, form: Any, context: Any, template_pack: str = PACK, **kwargs: Any) -> SafeString:
        form.rendered_fields.update(self.fields)
        rows = [[form[name] for name in row] for row in self.rows]
        return render_to_string(self.get_template_name(template_pack), {"group": self, "rows": rows})


class DateParts(LayoutObject):  # type: ignore[misc]
    """Day, month and year, as the country orders them, side by side under one legend, one hint and one error."""

    template = "%s/layout/date_parts.html"

    def __init__(self, key: str, legend: str, *fields: str, hint: str = "") -> None:
        self.key, self.legend, self.hint, self.fields = key, legend, hint, list(fields)

    def render(self, form: Any, context: Any, template_pack: str = PACK, **kwargs: Any) -> SafeString:
        bound = [form[name] for name in self.fields]
        form.rendered_fields.update(self.fields)
        faulty = [field for field in bound if field.errors]
        described = " ".join([f"{self.key}_hint", *(f"{field.auto_id}_error" for field in faulty)])
        context = {"group": self, "fields": bound, "faulty": faulty, "described": described}
        return render_to_string(self.get_template_name(template_pack), context)
