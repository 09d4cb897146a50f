"""What is typed for a comment, and for a task."""

from typing import Any

from django import forms

from education.articles import workflow
from education.colleagues.forms import WhoseForm
from education.core.fields import CleanText

EMPTY = "Write the comment first."
WHOLE_PAGE = ("", "The whole page")


class CommentForm(forms.Form):
    words = CleanText(max_length=2000, error_messages={"required": EMPTY})


class TaskForm(WhoseForm):
    words = CleanText(
        label="What is to be done",
        max_length=2000,
        help_text="Stands on the desk of that person, who also gets a mail without these words.",
        error_messages={"required": "Write what is to be done."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    block = forms.ChoiceField(label="What it is about", required=False)
    field_order = ("words", "person", "due_on", "block")

    def __init__(self, *args: Any, blocks: list[tuple[str, str]], **options: Any) -> None:
        """`blocks`: the name and the first words of each block of the draft."""
        super().__init__(*args, permission=workflow.MAY_VIEW, **options)
        self.fields["block"].choices = [WHOLE_PAGE, *blocks]  # type: ignore[attr-defined]
