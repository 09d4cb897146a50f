"""What staff type on a record."""

from django import forms

from education.consultations.fields import TEXT_LIMIT, Words

REASONS = {
    "booked": "Appointment booked",
    "answered": "Answered, no appointment wanted",
    "not_reached": "Could not be reached",
    "not_for_us": "Not something we offer",
    "duplicate": "Sent twice",
    "spam": "Spam",
}


class NoteForm(forms.Form):
    text = Words(
        label="Note",
        limit=TEXT_LIMIT,
        help_text="Sealed like the answers. It can’t be changed later.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Write the note first."},
    )


class CloseForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why is it closed?",
        choices=[("", "Choose a reason"), *REASONS.items()],
        error_messages={"required": "Choose a reason first."},
    )
