"""The forms for a picture: its file when it is added, its texts at any time."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpRequest

from education.images.models import Picture
from education.images.pictures import TOO_MANY_BYTES, UNREADABLE, UPLOAD_RULE, UnusablePicture, Versions, versions

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"
# For the script beside it: minutes go by until a large file has come here to be refused.
REFUSALS = {
    "data-max-bytes": settings.MAX_UPLOAD_MB * 1_000_000,
    "data-too-large": TOO_MANY_BYTES,
    "data-no-picture": UNREADABLE,
}
NO_PLACE = "The place where pictures are kept does not answer. Wait a minute, then choose the picture again."
T = TypeVar("T")


def is_too_large(request: HttpRequest) -> bool:
    """Whether the body is larger than Django holds. It then drops the file without an error."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def tell_of_changes(request: HttpRequest, notes: Sequence[str]) -> None:
    """What the picture lost when it was stored, to the person who chose it."""
    if notes:
        messages.warning(request, f"The picture was changed. {' '.join(notes)}")


class UploadMixin:
    """For forms with an uploaded picture. The admin sets `body_too_large` on the form's class for one request."""

    body_too_large = False
    cleaned_data: dict[str, Any]

    def clean_upload(self, name: str, use: Callable[[Any], T]) -> T | None:
        """What `use` makes of the file in this field; None if there is none."""
        upload = self.cleaned_data[name]
        if self.body_too_large:
            raise forms.ValidationError(TOO_MANY_BYTES)
        if upload and hasattr(default_storage, "trouble") and default_storage.trouble():
            raise forms.ValidationError(NO_PLACE)
        try:
            return use(upload) if upload else None
        except UnusablePicture as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class PictureForm(forms.ModelForm[Picture]):
    class Meta:
        model = Picture
        fields = ("alt", "caption", "credit", "focal_x", "focal_y")
        widgets = {"alt": forms.Textarea(attrs={"rows": 2}), "caption": forms.Textarea(attrs={"rows": 2})}


class NewPictureForm(UploadMixin, PictureForm):
    field_order = ("file",)
    file = forms.FileField(
        label="Picture",
        required=False,  # a file that is too large is missing too: `clean_file` says which of the two it is
        widget=forms.FileInput(attrs={"accept": ACCEPT, **REFUSALS}),
        help_text=f"{UPLOAD_RULE} Where and when it was taken is removed.",
    )

    def clean_file(self) -> Versions:
        made = self.clean_upload("file", versions)
        if made is None:
            raise forms.ValidationError("Choose a picture.")
        return made
