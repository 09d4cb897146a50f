"""The forms of the review screen: notes, reasons, times and signatures."""

from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.functional import lazy

from education.articles.content.blocks.claim import ClaimBlock
from education.articles.models import SignOff
from education.articles.publishing import gate
from education.articles.publishing.signing import SignOffRequest
from education.core.fields import CleanLine, CleanText
from education.core.text import full_stop
from education.people.models import Person
from education.wording import actions as wording

DEFAULT_TIME = time(6, 0)  # of a day that is given without a time


class ReasonField(CleanLine):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=300, widget=forms.TextInput(attrs={"class": "vTextField"}), **options)


class NoteField(CleanText):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}), **options
        )


class SubmitForm(forms.Form):
    note = NoteField(
        label="A note for the clinician", required=False, help_text="What changed, and where to look twice."
    )


class SendBackForm(forms.Form):
    note = NoteField(
        label="What has to change?",
        error_messages={"required": "Write a note first: whoever wrote the page reads it."},
    )


class PublishForm(forms.Form):
    reason = ReasonField(
        label="What changed?",
        required=False,
        help_text="One plain sentence. Patients read it in the history of the page.",
    )


class PublishUnsignedForm(forms.Form):
    reason = ReasonField(
        label="Why can’t it wait?",
        help_text="One plain sentence. Patients read it in the history of the page.",
        error_messages={"required": "Say why it can’t wait."},
    )
    sure = forms.BooleanField(
        label="No clinician can sign it in time, and leaving the page as it is could harm somebody",
        error_messages={"required": "Check this box, or send the page for review."},
    )


class WithdrawForm(forms.Form):
    reason = ReasonField(
        label="Why is it taken down?",
        help_text="One plain sentence. Patients read it at the page’s address.",
        error_messages={"required": "Say why: patients who look for the page read it."},
    )


class MomentForm(forms.Form):
    """A day and a time of day in the clinic's time zone."""

    day = forms.DateField(
        label="On", widget=forms.DateInput(attrs={"type": "date"}), error_messages={"required": "Choose a day."}
    )
    time = forms.TimeField(
        label="At",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        # As its country writes it.
        help_text=lazy(lambda: full_stop(f"If empty: {time_format(DEFAULT_TIME, 'P')}"), str)(),
    )

    @property
    def moment(self) -> datetime | None:
        day, at = self.cleaned_data["day"], self.cleaned_data["time"] or DEFAULT_TIME
        return timezone.make_aware(datetime.combine(day, at)) if day else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("day") and "time" in data and self.moment and self.moment <= timezone.now():
            self.add_error("day", "That time has passed. Choose a later one.")
        return data


class ScheduleForm(PublishForm, MomentForm):
    field_order = ("day", "time", "reason")


class ExpiryForm(MomentForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].required = False
        self.fields["day"].help_text = "If empty, the page stays."


class SignForm(forms.Form):
    """`seen` is the SHA-256 of the content that was on the screen. Asks only for what a signature has to take over."""

    CLINIC = "clinic"

    seen = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=SignOff.Kind.choices, widget=forms.HiddenInput)
    next_review = forms.DateField(
        label="Next review by", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    attested = forms.BooleanField(
        label="I wrote some of these words. I have read them again as a reviewer, and they are right",
        required=False,
    )
    author = forms.ChoiceField(label="Written by, as patients read it", required=False)
    grades_are_mine = forms.BooleanField(
        label="I stand by these grades, and patients read that I graded", required=False
    )
    studies_checked = forms.BooleanField(label="I have checked these studies against the original", required=False)
    studies_seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, facts: gate.Facts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = facts
        self.grades = [(claim, *ClaimBlock.in_words(claim)[:2]) for _, claim in gate.foreign_grades(facts)]
        self.unchecked = gate.named(gate.unchecked_studies(facts))
        self.unsigned = gate.unsigned_studies(facts)
        self.people = {str(person.pk): person for person in Person.objects.exclude(slug=Person.STARTER_LIBRARY)}
        self.people = {key: person for key, person in self.people.items() if not person.missing_details}
        choices: Any = self.fields["author"]
        clinic = [(self.CLINIC, facts.clinic.name)] if facts.clinic.name else []
        choices.choices = [("", "Choose who wrote it"), *clinic, *((key, str(p)) for key, p in self.people.items())]
        author = facts.article.author_id
        self.initial.setdefault("author", self.CLINIC if facts.article.written_by_clinic else str(author or ""))
        self.initial.setdefault("studies_seen", wording.sha256_of(self.unsigned))

    def is_by(self, person: Person | None) -> bool:
        """Whether this person was chosen as the author: who signs as that, too, has to attest to have read it again."""
        return bool(person) and self.is_bound and self.data.get("author") == str(person.pk)  # type: ignore[union-attr]

    @property
    def sign_off_request(self) -> SignOffRequest:
        data = dict(self.cleaned_data)
        author = data.pop("author")
        del data["seen"]
        return SignOffRequest(**data, author=self.people.get(author), by_clinic=author == self.CLINIC)


class SignerForm(forms.ModelForm[Person]):
    """Who a clinician is, as patients read it on the pages that they sign."""

    REQUIRED: ClassVar = {  # field: what is said when it is left empty
        "name": "Write your name.",
        "credentials": "Write the letters after your name, such as MD.",
        "disclosure": "Write who pays or paid you, or: None to declare.",
    }

    class Meta:
        model = Person
        fields = ("name", "credentials", "role", "disclosure")
        widgets = {"disclosure": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"name": "As patients know you, such as Dr Clara Kline.", "role": "Such as: rheumatologist here."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, message in self.REQUIRED.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = message
