"""Forms of the reading side."""

from django import forms


class PublishForm(forms.Form):
    reason = forms.CharField(
        label="What changed?",
        max_length=300,
        required=False,
        help_text="One plain sentence. Patients read it in the history of the page.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
