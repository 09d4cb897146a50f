"""A picture as staff add it: the file once, its words at any time."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from education.images.models import Picture
from education.images.pictures import AT_MOST, TOO_HEAVY, Refused, Versions, versions


class PictureForm(forms.ModelForm[Picture]):
    class Meta:
        model = Picture
        fields = ("alt", "caption", "credit", "focal_x", "focal_y")
        widgets = {"alt": forms.Textarea(attrs={"rows": 2}), "caption": forms.Textarea(attrs={"rows": 2})}


class NewPictureForm(PictureForm):
    file = forms.FileField(
        label="Picture",
        required=False,  # a file that is too heavy arrives as none: we say which of the two it is
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=f"{AT_MOST} Where and when it was taken is removed.",
    )
    body_too_large = False  # set for one request by the admin: Django drops a file it won't hold, without a word

    def clean_file(self) -> Versions:
        upload: UploadedFile[Any] | None = self.cleaned_data["file"]
        if self.body_too_large:
            raise forms.ValidationError(TOO_HEAVY)
        if upload is None:
            raise forms.ValidationError("Choose a picture.")
        try:
            return versions(upload)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
