"""The request form: its fields, and the checks that take more than one of them."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from education.consultations.form import dates, formats, screening
from education.consultations.form.call_times import TICKS, CallTimes
from education.consultations.form.fields import (
    PageList,
    Problem,
    line,
    name,
    one_of,
    patients_question,
    problems_of,
    text,
    without_tags,
    yours_or_theirs,
)
from education.consultations.form.layout import Part
from education.consultations.form.parts import BIRTH, PROXY, field_names, form_helper, form_parts
from education.consultations.form.submission import Answer, AnsweredPart, Submission
from education.core.contact import email as addresses
from education.core.contact import telephone
from education.core.text import without_invisible

DEFAULTS = {"asking_for": "me", "contact_by": "either"}
YOUR_NAME_NEEDED = "Enter your full name."
PATIENTS_NAME_NEEDED = "Enter the full name of the patient."
NAME_NEEDED = yours_or_theirs(YOUR_NAME_NEEDED, PATIENTS_NAME_NEEDED)
CONTACT_NEEDED = "Enter a telephone number or an e-mail address, so that we can reach you."
CONSENT_NEEDED = "Check the box if you agree. Without it we may not keep your request."
PROXY_NAME_NEEDED = "Enter your own name, so that we know who is asking."
PROXY_CONTACT_NEEDED = "Say whom we may call."
PROXY_KNOWS_NEEDED = "Say whether they know that you are asking."
PROXY_DETAILS_NEEDED = (
    "They do not know yet, so we would not call them. Choose “Me” and give your own details, or tell them first."
)
PHONE_CHOSEN = "You chose “By telephone”. Enter a telephone number, or choose another way."
EMAIL_CHOSEN = "You chose “By e-mail”. Enter an e-mail address, or choose another way."
NEEDED_UNLESS_EMAIL = {"data-needed": CONTACT_NEEDED, "data-or": "id_email"}
INTERPRETER = format_html('Interpreter / <span lang="es">{}</span>: which language?', "Intérprete")
TOO_FAST = "It was sent within seconds of opening the form."
TRAP_FILLED = "The hidden field for automatic senders was filled in."
NO_CAPITALS = {"autocapitalize": "none", "spellcheck": "false"}


def clash(answers: str, words: str) -> dict[str, str]:
    """What a browser says at once when all of these `answers` are given, such as `contact_by=phone phone=`."""
    return {"data-clash": answers, "data-clash-words": words}


class ConsultationForm(forms.Form):
    """Nothing in it stops a person from typing; every error says what to do.

    `born` is the date of birth once the form is valid; `asked` are the screening questions on it, `ticks` the times to
    call that it offers.
    """

    asking_for = one_of("Who is the consultation for?", [("me", "Me"), ("someone", "Someone else")], required=True)
    full_name = name(
        "Full name",
        help_text=yours_or_theirs("", "The patient’s name."),
        required=True,
        attrs={"autocomplete": "name", "data-needed": YOUR_NAME_NEEDED, "data-needed-theirs": PATIENTS_NAME_NEEDED},
        error_messages={"required": NAME_NEEDED},
    )
    preferred_name = name(
        "Preferred name", help_text="What we should say when we talk.", attrs={"autocomplete": "nickname"}
    )
    date_of_birth_day = line(
        "Day", mark_optional=False, attrs={"class": "input-short", "inputmode": "numeric", "autocomplete": "bday-day"}
    )
    date_of_birth_month = line(
        "Month", mark_optional=False, attrs={"class": "input-short", "autocomplete": "bday-month"}
    )
    date_of_birth_year = line(
        "Year", mark_optional=False, attrs={"class": "input-short", "inputmode": "numeric", "autocomplete": "bday-year"}
    )
    proxy_name = name("Your own name", mark_optional=False, attrs={"data-needed": PROXY_NAME_NEEDED})
    proxy_relation = line(
        "Your relationship to the patient", help_text="For example parent, daughter, caregiver or friend."
    )
    proxy_contact = one_of(
        "Whom may we call?",
        [("mine", "Me"), ("theirs", "The patient")],
        help_text="Give that person’s telephone number or e-mail address below.",
        attrs={"data-needed": PROXY_CONTACT_NEEDED}
        | clash("proxy_contact=theirs proxy_knows=no", PROXY_DETAILS_NEEDED),
    )
    proxy_knows = one_of(
        "Do they know that you are asking?",
        [("yes", "Yes"), ("no", "Not yet")],
        attrs={"data-needed": PROXY_KNOWS_NEEDED},
    )

    phone = line(
        "Telephone number",
        help_text="Written in any way you like. From another country, start with + and its code.",
        attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel", **NEEDED_UNLESS_EMAIL}
        | clash("contact_by=phone phone=", PHONE_CHOSEN),
        mark_optional=False,
    )
    email = line(
        "E-mail address",
        help_text="We use it to confirm that your request came and to agree on a time.",
        attrs={"type": "email", "autocomplete": "email", "inputmode": "email", **NO_CAPITALS}
        | clash("contact_by=email email=", EMAIL_CHOSEN),
        mark_optional=False,
    )
    contact_by = one_of(
        "How should we reach you?",
        [("either", "Either way"), ("phone", "By telephone"), ("email", "By e-mail")],
        required=True,
    )
    voicemail_ok = forms.BooleanField(
        label="You may leave a voice message",
        help_text="It would give our name and number, and nothing about health.",
        required=False,
    )
    best_times = line(
        "Anything else about when to call", help_text="For our staff to read. For example: not while I am at work."
    )
    interpreter_language = line(INTERPRETER)
    access_needs = line(
        "Anything that makes talking to us easier", help_text="For example a relay service, large print or short calls."
    )

    main_reason = text(
        "Your main reason for asking",
        help_text="A few words are enough. You can also write “I’d rather say on the phone”.",
    )
    conditions = text(
        yours_or_theirs("Conditions you live with", "Conditions the patient lives with"),
        help_text="For example fibromyalgia, lupus or Hashimoto’s.",
        rows=2,
    )
    current_medicines = text(
        yours_or_theirs("Medicines you take", "Medicines the patient takes"),
        help_text="Tablets, patches, injections, supplements, and what is bought without a prescription.",
    )
    questions = text("Questions you would like to ask us")

    share_pages = PageList(label="Pages of ours that you read", required=False, widget=forms.HiddenInput)
    mail_link = forms.BooleanField(
        label="E-mail me a link to my receipt",
        help_text="Needs an e-mail address. Neither the e-mail nor the receipt shows your answers. Anyone who can read "
        "your e-mail can open the link.",
        required=False,
    )
    consent = forms.BooleanField(
        label="I agree that the clinic keeps these answers and uses them to deal with this request.",
        error_messages={"required": CONSENT_NEEDED},
    )
    website = forms.CharField(
        label="Leave this field empty. It catches automatic senders.",
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(
        self,
        *args: Any,
        asked: list[screening.Question] | None = None,
        ticks: Iterable[str] = tuple(TICKS),
        **options: Any,
    ) -> None:
        self.today = timezone.localdate()
        self.born: date | None = None
        super().__init__(*args, **options)
        typed = {**self.initial, **self.data}
        self.ticks = {*ticks, *(tick for tick in TICKS if typed.get(tick))}  # what was ticked stays on the page
        self.asked = screening.questions(typed) if asked is None else asked
        self.fields |= _screening_fields(tuple(self.asked))
        for field in typed.keys() - self.fields.keys():
            if field.startswith(screening.PREFIX):  # not `asked`, but what was answered stays on the page
                self.fields[field] = forms.CharField(required=False, widget=forms.HiddenInput)

    def own_field(self, name: str) -> Any:
        """A field that may be changed on this form."""
        self.fields[name] = deepcopy(self.fields[name])
        self._bound_fields_cache.pop(name, None)  # type: ignore[attr-defined]  # drawn from now on with this one
        return self.fields[name]

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the form, made only when needed: most forms that arrive are valid and never rendered."""
        urgent = {question.field for question in self.asked if question.is_urgent}
        fields = [field for field in self.fields if field.startswith(screening.PREFIX)]
        rest, first = [f for f in fields if f not in urgent], [f for f in fields if f in urgent]
        return form_parts(rest, urgent=first, ticks=self.ticks)

    @cached_property
    def helper(self) -> FormHelper:
        return form_helper(self.parts)

    @classmethod
    def filled_with(
        cls, typed: Mapping[str, str], *, asked: list[screening.Question] | None = None, **options: Any
    ) -> "ConsultationForm":
        """An unbound form that shows what was typed, without errors. The database is asked what the form asks, unless
        that is given.
        """
        return cls(initial=dict(typed), asked=asked, **options)

    @property
    def problems(self) -> list[Problem]:
        return problems_of(self, field_names(self.parts))

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What the next page carries in hidden fields."""
        return [(field, self.data[field]) for field in self.fields if self.data.get(field)]

    @property
    def age(self) -> int | None:
        return dates.age_on(self.born, self.today) if self.born else None

    @property
    def is_for_child(self) -> bool:
        return self.age is not None and self.age < screening.ADULT_AGE

    @property
    def for_someone_else(self) -> bool:
        return self.cleaned_data.get("asking_for") == "someone"

    def clean_email(self) -> str:
        value: str = self.cleaned_data["email"]
        try:
            return addresses.clean(value) if value else ""
        except addresses.EmailProblem as problem:
            raise forms.ValidationError(str(problem)) from None

    def clean_phone(self) -> str:
        """The number as it was typed. Only what is a number in no country is refused."""
        value = without_invisible(self.cleaned_data["phone"])
        if value and (problem := telephone.refusal(value)):
            raise forms.ValidationError(problem)
        return value

    def clean(self) -> dict[str, Any]:
        self._clean_birth()
        self._clean_ways_to_reach()
        self._clean_proxy()
        if self.cleaned_data.get("mail_link") and not (self.cleaned_data.get("email") or self.has_error("email")):
            self.add_error("mail_link", "Enter an e-mail address as well, or leave this box empty.")
        return self.cleaned_data

    def _clean_birth(self) -> None:
        day, month, year = (self.cleaned_data.get(field, "") for field in BIRTH)
        if any(self.has_error(field) for field in BIRTH):
            return
        try:
            self.born = dates.read_date(day, month, year, today=self.today)
        except dates.DateProblem as problem:
            self.add_error(f"date_of_birth_{problem.part}", problem.words)

    def _clean_ways_to_reach(self) -> None:
        phone, email = (self.has_error(f) or bool(self.cleaned_data.get(f)) for f in ("phone", "email"))
        contact_by = self.cleaned_data.get("contact_by")
        if not phone and not email:
            self.add_error("phone", CONTACT_NEEDED)
        elif contact_by == "phone" and not phone:
            self.add_error("phone", PHONE_CHOSEN)
        elif contact_by == "email" and not email:
            self.add_error("email", EMAIL_CHOSEN)

    def _clean_proxy(self) -> None:
        given = {field: self.cleaned_data.get(field, "") for field in PROXY}
        if not self.for_someone_else:
            if any(given.values()) and not self.has_error("asking_for"):
                words = "You filled in the part for asking for someone else. Choose “Someone else”, or empty that part."
                self.add_error("asking_for", words)
            return
        if not given["proxy_name"] and not self.has_error("proxy_name"):
            self.add_error("proxy_name", PROXY_NAME_NEEDED)
        if not given["proxy_contact"] and not self.has_error("proxy_contact"):
            self.add_error("proxy_contact", PROXY_CONTACT_NEEDED)
        if not given["proxy_knows"] and not self.has_error("proxy_knows"):
            self.add_error("proxy_knows", PROXY_KNOWS_NEEDED)
        if (given["proxy_knows"], given["proxy_contact"]) == ("no", "theirs"):
            self.add_error("proxy_contact", PROXY_DETAILS_NEEDED)

    @property
    def email_hint(self) -> str:
        """What the patient may have meant, when the e-mail address looks like a typing error; else empty."""
        return addresses.suggestion(self.cleaned_data.get("email", ""))

    def doubtful_numbers(self, country: str) -> list[telephone.Telephone]:
        """The typed numbers that the clinic could not dial as they are, or only from nearby.

        None before the form was checked: the stop page comes straight from an urgent answer.
        """
        checked = getattr(self, "cleaned_data", {})
        return telephone.doubtful(checked.get("phone", ""), country)

    @property
    def reasons(self) -> list[screening.Reason]:
        return screening.reasons(self.asked, self.cleaned_data, age=self.age)

    def submission(self, *, too_fast: bool = False, example: bool = False, taken_by: str = "") -> Submission:
        """What the valid form says, ready to be sealed."""
        answers = {field: _as_text(value) for field, value in self.cleaned_data.items()}
        if self.born:
            answers["date_of_birth"] = self.born.isoformat()
        suspicions = [words for words, found in ((TRAP_FILLED, answers["website"]), (TOO_FAST, too_fast)) if found]
        return Submission(
            answers=answers,
            parts=self.answered_parts(),
            reasons=self.reasons,
            spam_reason=" ".join(suspicions),
            example=example,
            taken_by=taken_by,
            for_child=self.is_for_child,
        )

    @property
    def parts_to_check(self) -> list[AnsweredPart]:
        """The answered questions, part by part, as whoever asks has read them."""
        return self.answered_parts(theirs=self.for_someone_else)

    def answered_parts(self, *, theirs: bool = False) -> list[AnsweredPart]:
        """The same as the record keeps them: in the words to somebody who asks for herself, unless `theirs`."""
        parts = [
            AnsweredPart(
                part.key,
                without_tags(part.title, theirs=theirs),
                [row for field in field_names([part]) if (row := self._answer(field, theirs))],
            )
            for part in self.parts
        ]
        return [part for part in parts if part.answers]

    def _answer(self, field: str, theirs: bool) -> Answer | None:
        if field == BIRTH[0] and self.born:
            return Answer("date_of_birth", "Date of birth", date_format(self.born))
        if field == next(iter(TICKS)) and (times := str(CallTimes.of(self.cleaned_data))):
            return Answer("call_times", "Good times to call", times)
        value = self.cleaned_data.get(field)
        if not value or field in BIRTH or field in TICKS or field == "website":
            return None
        label = without_tags(self.fields[field].label, theirs=theirs)
        if value is True:
            return Answer(field, label, "Yes")
        choices = getattr(self.fields[field], "choices", None)
        private = any(question.field == field and question.clinicians_only for question in self.asked)
        return Answer(field, label, dict(choices)[value] if choices else value, clinicians_only=private)


class SharedFields(dict[str, forms.Field]):
    """Fields that all forms have in common. Django would copy each of them for each form, which takes as long as it
    takes to check them all. So nothing may change one: see `own_field`.
    """

    def __deepcopy__(self, memo: object) -> dict[str, forms.Field]:
        return dict(self)


def _fields_of_every_form() -> SharedFields:
    ticks = {field: forms.BooleanField(label=label, required=False) for field, label in TICKS.items()}
    fields = SharedFields(ConsultationForm.base_fields | ticks)
    formats.mark(fields)
    return fields


@lru_cache(maxsize=8)
def _screening_fields(asked: tuple[screening.Question, ...]) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for question in asked:
        fields[question.field] = one_of(patients_question(question.words), question.choices, help_text=question.help)
        fields[question.field].marked_optional = False  # type: ignore[attr-defined]  # the part says so once
        if question.is_urgent:
            fields[question.field].widget.attrs["data-stop-at"] = " ".join(question.urgent_answers)
    return fields


def _as_text(value: Any) -> str:
    return ("yes" if value else "") if isinstance(value, bool) else str(value)


ConsultationForm.base_fields = _fields_of_every_form()
FIELD_NAMES = tuple(field_names(form_parts()))
