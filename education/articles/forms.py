"""Forms of the reading side."""

from django import forms


class PublishForm(forms.Form):
    reason = forms.CharField(
        label="What changed?",
        max_length=300,
        required=False,
        help_text="One plain sentence. It is kept with this edition.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
