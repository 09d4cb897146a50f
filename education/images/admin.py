"""The picture library in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from js_asset import Script

from education.audit.actions import signed_in
from education.core.admin import ClinicAdmin
from education.images import actions
from education.images.forms import NewPictureForm, PictureForm, is_too_large, tell_of_changes
from education.images.models import Picture


class UploadForm(NewPictureForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors and "file" in data:
            self.add_error("file", "Choose the picture once more: it was not kept, because something else is wrong.")
        return data


@admin.register(Picture)
class PictureAdmin(ClinicAdmin[Picture]):
    list_display = ("small", "alt", "credit", "uploaded_at")
    list_display_links = ("alt",)
    search_fields = ("alt", "caption", "credit", "name")
    readonly_fields = ("shown", "used_on")
    fields = ("shown", "alt", "caption", "credit", "focal_x", "focal_y", "used_on")
    actions = None  # pictures go one by one: each may be in use

    class Media:
        js = (Script("js/picture-file.js", type="module"),)

    @admin.display(description="Picture")
    def small(self, picture: Picture) -> str:
        return format_html('<img src="{}" width="64" height="64" alt="" loading="lazy">', picture.square_url)

    @admin.display(description="Picture")
    def shown(self, picture: Picture) -> str:
        html = '<img class="picture-shown" src="{2}" width="{0}" height="{1}" alt="{3}">'
        words = '<span class="help">{0} × {1} pixels. To show another one, add it as a new picture.</span>'
        return format_html(html + words, picture.width, picture.height, picture.url, picture.alt)

    @admin.display(description="Published on")
    def used_on(self, picture: Picture) -> str:
        uses = picture.uses.values_list("path", "title")
        return format_html_join(", ", '<a href="{}">{}</a>', uses) or "No page yet."

    def get_form(self, request: HttpRequest, obj: Picture | None = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = PictureForm if obj else UploadForm
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.body_too_large = is_too_large(request)
        return form

    def get_fields(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        return self.fields if obj else ("file", "alt", "caption", "credit", "focal_x", "focal_y")

    def save_model(self, request: HttpRequest, obj: Picture, form: forms.ModelForm[Picture], change: bool) -> None:
        if change:
            actions.save_picture(obj, by=signed_in(request))
        else:
            actions.add_picture(obj, form.cleaned_data["file"], by=signed_in(request))
            tell_of_changes(request, form.cleaned_data["file"].notes)

    def has_delete_permission(self, request: HttpRequest, obj: Picture | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """If the picture is in use, go back to it and say where."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except actions.PictureInUse as refusal:
            messages.error(request, f"This picture can’t be deleted. {refusal}")
            return HttpResponseRedirect(reverse("admin:education_picture_change", args=[object_id]))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Nothing is deleted along with a picture; what protects it is reported by the action, in plain words."""
        return [str(obj) for obj in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        actions.delete_picture(obj, by=signed_in(request))
