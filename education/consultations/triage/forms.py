"""Forms on a record, and those for questions, replies and pauses in the admin."""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from education.clinic.hours import Hours
from education.colleagues.forms import WhoseForm
from education.consultations import workflow
from education.consultations.form.fields import MAX_TEXT, LimitedText
from education.consultations.form.screening import PROMISE_HOLDS
from education.consultations.models import ONLY_CLINICIANS, IntakePause, ReplyTemplate, ScreeningQuestion
from education.consultations.workflow import CLOSE_REASONS
from education.core.text import folded, full_stop, one_line

# No mail may hint at what somebody has, takes or fears.
HEALTH_WORDS = (  # noqa: SIM905  a list that people read
    "ldn naltrexone naloxone opioid opiate medicine medication tablet dose pain fibromyalgia lupus arthritis thyroid "
    "hashimoto psoriasis crohn colitis sclerosis sjogren autoimmune depression pregnan cancer hiv diagnos symptom "
    "treatment therapy disease illness prescription"
).split()


# Words typed into the record go along with each of its buttons: all of them belong to this one form.
RECORD_FORM = {"form": "record-form"}


class NoteForm(forms.Form):
    text = LimitedText(
        label="Note",
        limit=MAX_TEXT,
        help_text="Sealed. It can’t be changed later.",
        widget=forms.Textarea({"rows": 1, **RECORD_FORM}),
        error_messages={"required": "Write the note first."},
    )


class TaskForm(WhoseForm):
    """Makes a task of the note above it."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args, permission=workflow.MAY_WORK)
        for field in self.fields.values():
            field.widget.attrs |= RECORD_FORM


class CloseForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why is it closed?",
        widget=forms.Select(RECORD_FORM),
        choices=lambda: [("", "Choose a reason"), *CLOSE_REASONS.items()],
        error_messages={"required": "Choose a reason first."},
    )


class CallBackForm(forms.Form):
    """A time at which the clinic is closed is taken once somebody has said that it is meant."""

    at = forms.DateTimeField(
        label="Call back at",
        widget=forms.DateTimeInput({"type": "datetime-local", **RECORD_FORM}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "Choose a day and a time.", "invalid": "Write it like 2026-05-31 14:30."},
    )
    though_closed = forms.BooleanField(
        label="Call then, though the clinic is closed", required=False, widget=forms.CheckboxInput(RECORD_FORM)
    )

    def __init__(self, *args: Any, hours: Hours, kept_until: date | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.hours, self.kept_until = hours, kept_until
        self.is_closed_then = False  # known once the form is cleaned

    def without_a_number(self) -> None:
        """Its words for somebody who is written to, as nobody can call."""
        self["at"].label = "Look again at"
        self["though_closed"].label = "Look again then, though the clinic is closed"

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at <= timezone.now():
            raise forms.ValidationError("This time has passed. Choose a later one.")
        if self.kept_until and timezone.localdate(at) > self.kept_until:
            last = date_format(self.kept_until, "DATE_FORMAT")
            raise forms.ValidationError(f"The request is deleted after {last}. Choose a time until then.")
        return at

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        at: datetime | None = data.get("at")
        self.is_closed_then = at is not None and not self.hours.is_open(at)
        if at and self.is_closed_then and not data.get("though_closed"):
            opens = date_format(timezone.localtime(self.hours.next_opening(at)), "WEEKDAY_TIME_FORMAT")
            closed = full_stop(f"The clinic is closed then, until {opens}")
            self.add_error("at", f"{closed} Choose another time, or tick that you mean this one.")
        return data


class ReplyTemplateForm(forms.ModelForm[ReplyTemplate]):
    class Meta:
        model = ReplyTemplate
        fields = ("title", "subject", "words", "active")
        widgets = {"words": forms.Textarea({"rows": 6})}
        error_messages = {
            "title": {"required": "Say in a few words what the button is for."},
            "subject": {"required": "Write the subject line of the e-mail."},
            "words": {"required": "Write the words of the e-mail."},
        }

    def clean_subject(self) -> str:
        return self._without_health("subject")

    def clean_words(self) -> str:
        return self._without_health("words")

    def _without_health(self, field: str) -> str:
        value: str = self.cleaned_data[field]
        found = [word for word in HEALTH_WORDS if re.search(rf"\b{word}", folded(value))]
        if found:
            raise forms.ValidationError(
                f"An e-mail may be read by others. Leave out what tells about health: {', '.join(found)}."
            )
        return value


PROMISED = (
    f"Patients would read “{ONLY_CLINICIANS}” while other staff see it too. Take that sentence out, or let a clinician "
    "check “Answer for clinicians only”."
)

WHO_SEES_IT = (
    "Other staff see that it was answered, and the flag. Where patients have read that only clinicians see the answer, "
    f"this holds for {PROMISE_HOLDS.days} days more after you uncheck the box and other words are signed: somebody may "
    "have the form open."
)


class QuestionForm(forms.ModelForm[ScreeningQuestion]):
    class Meta:
        model = ScreeningQuestion
        fields = (
            "words", "help", "key", "kind", "flag_noticed", "flag_unsure", "flag_talk", "clinicians_only",
            "active", "order",
        )  # fmt: skip
        help_texts = {"clinicians_only": WHO_SEES_IT}
        widgets = {"words": forms.Textarea(attrs={"rows": 1}), "help": forms.Textarea(attrs={"rows": 2})}
        error_messages = {
            "key": {"required": "Give the question a short name, such as “sleep”."},
            "words": {"required": "Write the question as the patient will read it."},
            "order": {"required": "Write a number: small numbers come first."},
        }

    def clean_words(self) -> str:
        return one_line(self.cleaned_data["words"])

    def clean_help(self) -> str:
        return one_line(self.cleaned_data["help"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if ONLY_CLINICIANS in data.get("help", "") and not data.get("clinicians_only", self.instance.clinicians_only):
            self.add_error("help", PROMISED)
        return data


class RowBox(forms.CheckboxInput):
    """In a label, which a thumb hits."""

    def render(self, *args: Any, **options: Any) -> SafeString:
        return format_html('<label class="row-box">{}</label>', super().render(*args, **options))


class QuestionRowForm(forms.ModelForm[ScreeningQuestion]):
    """A row of the list, where screen readers need a label that says which question it is. Only what was changed on the
    page is stored, so that an older page puts nothing back.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["active"].widget = RowBox()
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"
            field.show_hidden_initial = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {
            **data,
            **{name: value for name, value in self.initial.items() if name in data and name not in self.changed_data},
        }


class QuestionOrderForm(QuestionRowForm):
    """The same for somebody who puts the questions in order, and does not decide which are asked."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["active"]


class IntakePauseForm(forms.ModelForm[IntakePause]):
    end_now = forms.BooleanField(
        label="End this pause now", required=False, help_text="The form takes requests again as soon as you save."
    )

    class Meta:
        model = IntakePause
        fields = ("message", "begins", "until", "end_now")
        error_messages = {
            "message": {"required": "Write what patients read while the form takes no requests."},
            "begins": {"required": "Choose the first day of the pause."},
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "message" in self.fields:  # it is not for whoever may only read
            day = date_format(date(timezone.localdate().year + 1, 1, 2), "MONTH_DAY_FORMAT")
            self.fields["message"].help_text = (
                f"What patients read, for example: We are closed until {day}. If the clinic is closed too, add its "
                "days off in the profile: until then the contact page says that it is open."
            )
            later = "Answers and calls that are due in these days fall due after them."
            self.fields["until"].help_text = f"Its last day. Empty: until you set one. {later}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, until = data.get("begins"), data.get("until")
        if begins and until and until < begins:
            self.add_error("until", "It would end before it begins.")
        if data.get("end_now") and not self.instance.ended_at:
            self.instance.ended_at = timezone.now()
        return data
