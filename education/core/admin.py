"""The base of all admin screens, and of long lists in them."""

import hashlib
from typing import Any, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.paginator import Paginator
from django.db import OperationalError, models
from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from education.core.disk import NotStored
from education.core.fields import CleanLine, CleanText
from education.core.http import INSUFFICIENT_STORAGE, not_stored

Row = TypeVar("Row", bound=Model)
CLEANED = {models.CharField: CleanLine, models.TextField: CleanText}
MAX_ROWS = 5_000  # that can be reached by turning pages; the search finds the others
SEEN = "seen"  # the field of a form that says what was stored when it was opened
SAVED_MEANWHILE = "Nothing was saved: somebody else, or another tab of yours, saved this after you had opened it."
SAVE_AGAIN = "What you typed is still here. Save again to put it in place of that."
# What Django's own filters put after the name of a field.
LOOKUPS = ("", "__exact", "__id__exact", "__isnull", "__gte", "__lt")


def named(name: str, fact: object) -> SafeString:
    """For a row of a list. Its name is seen on a phone, where no heading stands above it."""
    return format_html('<span class="fact-name">{}: </span>{}', name, fact)


def yes_or_no(name: str, answer: object) -> SafeString:
    return named(name, "Yes" if answer else "No")


class StaffSite(admin.AdminSite):
    enable_nav_sidebar = False  # the rail takes its place, see templates/admin/_staff_nav.html

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """What the desk lists as places to open, made only when a template shows it: Django asks for it on every
        screen, and on a small screen it takes a quarter of the time.
        """
        return SimpleLazyObject(lambda: super(StaffSite, self).get_app_list(request, app_label))


class StaffSiteConfig(AdminConfig):
    default_site = "education.core.admin.StaffSite"


class ListedFilters:
    """Only the filters that a screen offers work in its address. Django lets anybody who sees the list filter by any
    column, in any way: letter by letter that reads what the list does not show, and a regular expression takes hours.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        offered: list[Any] = self.get_list_filter(request)  # type: ignore[attr-defined]
        fields = [item if isinstance(item, str) else item[0] for item in offered if isinstance(item, str | tuple)]
        # A filter with a parameter of its own looks up by itself.
        own = [item.parameter_name for item in offered if not isinstance(item, str | tuple)]
        return lookup in own or any(lookup == f"{name}{ending}" for name in fields for ending in LOOKUPS)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """`?_to_field=` without a name means no field, not one without a name."""
        return super().get_object(request, object_id, from_field or None)  # type: ignore[misc]


class PlainFields:
    """Choices of a form without Django's row of dashes, and without links to change or delete what is chosen."""

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        nothing_chosen = [("", "None" if db_field.blank else "Choose one")]
        include = db_field.blank or not db_field.has_default()
        kwargs.setdefault("choices", db_field.get_choices(include_blank=include, blank_choice=nothing_chosen))
        return super().formfield_for_choice_field(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("empty_label", "None" if db_field.blank else "Choose one")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        widget = field.widget if field else None
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
        return field


class PlainLabels:
    """Labels without the colon that Django puts after each."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})


class PlainWords(PlainFields):
    """Titles and messages of Django's screens as a colleague would say them. The rest is in `templates/admin/`."""

    empty_value_display = format_html('<span class="nothing">{}</span>', "–")  # on a phone it takes no room

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)  # type: ignore[misc]
        return type(form.__name__, (PlainLabels, form), {})

    def title_of(self, obj: Any) -> str:
        """The heading of the form: what the row is called, or that it is new."""
        return str(obj) if obj else f"New {self.opts.verbose_name}"  # type: ignore[attr-defined]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        named = {"title": capfirst(self.opts.verbose_name_plural), "subtitle": None}  # type: ignore[attr-defined]
        return super().changelist_view(request, named | (extra_context or {}))  # type: ignore[misc]

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        named = {"title": self.title_of(kwargs.get("obj")), "subtitle": None}
        return super().render_change_form(request, context | named, *args, **kwargs)  # type: ignore[misc]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        named = {"title": "What was done here", "subtitle": None}
        return super().history_view(request, object_id, named | (extra_context or {}))  # type: ignore[misc]

    def action_checkbox(self, obj: Any) -> SafeString:
        """Django's box, which draws a template for each row: a fifth of the time that a list takes. In a label, which
        a thumb hits, and with a short name: it is read out in each row.
        """
        return format_html(
            '<label class="row-box"><input type="checkbox" name="{}" value="{}" class="action-select" '
            'aria-label="Check {}"></label>',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            obj,
        )

    def get_action_choices(
        self, request: HttpRequest, default_choices: Any = (), action_location: Any = None
    ) -> list[tuple[str, str]]:
        """From Django 6.1 on `action_location` says on which screen."""
        where = {"action_location": action_location} if action_location else {}
        nothing_chosen = [("", "Choose what to do")]
        return list(super().get_action_choices(request, nothing_chosen, **where))  # type: ignore[misc]

    def response_action(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not request.POST.getlist(ACTION_CHECKBOX_NAME):
            messages.warning(request, "Nothing was done. Check the box beside each row that you mean.")
            return None
        if not request.POST.get("action"):
            messages.warning(request, "Nothing was done. Choose what to do with the rows that you checked.")
            return None
        return super().response_action(request, *args, **kwargs)  # type: ignore[misc]


class Refused:
    """A form that comes back with what was typed, because it could not be stored."""

    refusal: NotStored
    file_field = "file"

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[misc]
        form: Any = self
        beside = self.file_field if self.refusal.is_file and self.file_field in form.fields else None
        form.add_error(beside, str(self.refusal))
        return cleaned


class ComesBack:
    """What could not be stored comes back with the reason. Must come before what opens a transaction."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        except (NotStored, OperationalError) as error:
            request.not_stored = error if isinstance(error, NotStored) else NotStored(error)  # type: ignore[attr-defined]
            response = super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        if not_stored(request):
            response.status_code = INSUFFICIENT_STORAGE
        return response

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)  # type: ignore[misc]
        refusal = not_stored(request)
        return type(form.__name__, (Refused, form), {"refusal": refusal}) if refusal else form


class SavedMeanwhile:
    """A form whose row somebody saved after it was opened: it comes back once, and says where it differs from that."""

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[misc]
        form: Any = self
        seen = form.data.get(SEEN, "")
        if form.instance.pk and seen and seen != _as_opened(form):
            differ = [str(form.fields[name].label) for name in form.changed_data if name in form.initial]
            where = f" It differs from yours in: {', '.join(differ)}." if differ else ""
            form.add_error(None, f"{SAVED_MEANWHILE}{where} {SAVE_AGAIN}")
        return cleaned


def _as_opened(form: Any) -> str:
    """What was stored when the form was opened, as a short hash."""
    return hashlib.sha256(repr(sorted(form.initial.items())).encode()).hexdigest()[:16]


class NothingOverwritten:
    """Of two people who edit a row at once, the second is told what the first has saved before it is overwritten."""

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)  # type: ignore[misc]
        return type(form.__name__, (SavedMeanwhile, form), {})

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        seen = _as_opened(form) if form.instance.pk else ""
        return super().render_change_form(request, context | {"seen": seen}, *args, **kwargs)  # type: ignore[misc]


class ClinicAdmin(ComesBack, NothingOverwritten, PlainWords, ListedFilters, admin.ModelAdmin[Row]):
    show_facets = admin.ShowFacets.NEVER  # counting each choice takes a query of its own
    formfield_overrides = {models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Whatever staff type is cleaned as what patients type is."""
        if cleaned := CLEANED.get(type(db_field)):
            kwargs.setdefault("form_class", cleaned)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class CappedPaginator(Paginator[Any]):
    """Pages of a list up to MAX_ROWS. Nobody turns a thousand pages, and counting all rows would get slower with each
    row.
    """

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MAX_ROWS].count())
