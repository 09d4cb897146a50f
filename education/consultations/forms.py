"""The request form: its fields, its order, and what makes an answer complete."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.validators import EmailValidator
from django.utils import timezone

from education.consultations import dates, screening
from education.consultations.fields import PageList, line, name, one_of, text
from education.consultations.layout import DateParts, Group, Part
from education.consultations.submission import Answer, AnsweredPart, Submission

FEWEST_DIGITS = 5
BIRTH = ("date_of_birth_day", "date_of_birth_month", "date_of_birth_year")
PROXY = ("proxy_name", "proxy_relation", "proxy_contact", "proxy_knows")
SCREENING = tuple(question.field for question in screening.QUESTIONS)
DEFAULTS = {"asking_for": "me", "contact_by": "either"}
NO_CAPITALS = {"autocapitalize": "none", "spellcheck": "false"}


class Problem(NamedTuple):
    target: str
    words: str


class ConsultationForm(forms.Form):
    """Nothing in it stops a person from typing; every refusal says what to do."""

    asking_for = one_of("Who is the consultation for?", [("me", "Me"), ("someone", "Someone else")], required=True)
    full_name = name(
        "Full name",
        help_text="Of the person who would see the clinician.",
        required=True,
        attrs={"autocomplete": "name"},
        error_messages={"required": "Enter the full name of the person who would see the clinician."},
    )
    preferred_name = name(
        "Preferred name", help_text="What we should say when we talk.", attrs={"autocomplete": "nickname"}
    )
    date_of_birth_day = line(
        "Day", optional_said=False, attrs={"class": "input-short", "inputmode": "numeric", "autocomplete": "bday-day"}
    )
    date_of_birth_month = line(
        "Month", optional_said=False, attrs={"class": "input-short", "autocomplete": "bday-month"}
    )
    date_of_birth_year = line(
        "Year", optional_said=False, attrs={"class": "input-short", "inputmode": "numeric", "autocomplete": "bday-year"}
    )
    proxy_name = name("Your own name", optional_said=False)
    proxy_relation = line("What you are to them", help_text="For example parent, daughter, carer or friend.")
    proxy_contact = one_of(
        "Whose telephone number and e-mail address do you give below, and whom may we call?",
        [("mine", "Mine: call me"), ("theirs", "Theirs: call them")],
    )
    proxy_knows = one_of("Do they know that you are asking?", [("yes", "Yes"), ("no", "Not yet")])

    phone = line(
        "Telephone number",
        help_text="Written in any way you like. From another country, start with + and its code.",
        attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"},
        optional_said=False,
    )
    email = line(
        "E-mail address",
        help_text="We use it to confirm that your request came and to agree on a time.",
        attrs={"type": "email", "autocomplete": "email", "inputmode": "email", **NO_CAPITALS},
        optional_said=False,
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
    best_times = line("Good times to call", help_text="For example: weekday mornings, or not before 10.")
    interpreter_language = line("Language, if you would like an interpreter")
    access_needs = line(
        "Anything that makes talking to us easier", help_text="For example a relay service, large print or short calls."
    )

    main_reason = text(
        "Your main reason for asking",
        help_text="A few words are enough. You can also write “I’d rather say on the phone”.",
    )
    conditions = text("Conditions you live with", help_text="For example fibromyalgia, lupus or Hashimoto’s.", rows=2)
    current_medicines = text(
        "Medicines you take",
        help_text="Tablets, patches, injections, supplements, and what you buy without a prescription.",
    )
    questions = text("Questions you would like to ask us")

    share_pages = PageList(label="Pages of ours that you read", required=False, widget=forms.HiddenInput)
    consent = forms.BooleanField(
        label="I agree that the clinic keeps these answers and uses them to deal with this request.",
        error_messages={"required": "Tick the box if you agree. Without it we may not keep your request."},
    )
    website = forms.CharField(
        label="Leave this field empty. It catches automatic senders.",
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, today: date | None = None, **options: Any) -> None:
        self.today = today or timezone.localdate()
        self.born: date | None = None
        super().__init__(*args, **options)
        for question in screening.QUESTIONS:
            choices = [(choice.value, choice.words) for choice in question.choices]
            self.fields[question.field] = one_of(question.words, choices, help_text=question.help)
            self.fields[question.field].says_optional = False  # type: ignore[attr-defined]  # the part says so once
        self.helper = _helper()

    @classmethod
    def filled_with(cls, typed: Mapping[str, str]) -> "ConsultationForm":
        """A form that shows what was typed and finds no fault with it yet."""
        return cls(initial=dict(typed))

    @property
    def problems(self) -> list[Problem]:
        """Every error in the order of the page, with the id of the input it is about."""
        return [
            Problem(self[field].auto_id + ("_0" if self[field].use_fieldset else ""), str(words))
            for field in FIELD_NAMES
            for words in self.errors.get(field, [])
        ]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What the next page has to carry."""
        return [(field, self.data[field]) for field in self.fields if self.data.get(field)]

    @property
    def age(self) -> int | None:
        return dates.age_on(self.born, self.today) if self.born else None

    @property
    def is_for_child(self) -> bool:
        return self.age is not None and self.age < screening.CHILD

    @property
    def for_someone_else(self) -> bool:
        return self.cleaned_data.get("asking_for") == "someone"

    def clean_email(self) -> str:
        value: str = self.cleaned_data["email"]
        if value:
            EmailValidator("Enter an e-mail address such as name@example.org.")(value)
        return value

    def clean_phone(self) -> str:
        value: str = self.cleaned_data["phone"]
        if value and sum(character.isdecimal() for character in value) < FEWEST_DIGITS:
            raise forms.ValidationError("Enter the whole telephone number, with its area code.")
        return value

    def clean(self) -> dict[str, Any]:
        self._clean_birth()
        self._clean_ways_to_reach()
        self._clean_proxy()
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
            self.add_error("phone", "Enter a telephone number or an e-mail address, so that we can reach you.")
        elif contact_by == "phone" and not phone:
            self.add_error("phone", "You chose “By telephone”. Enter a telephone number, or choose another way.")
        elif contact_by == "email" and not email:
            self.add_error("email", "You chose “By e-mail”. Enter an e-mail address, or choose another way.")

    def _clean_proxy(self) -> None:
        given = {field: self.cleaned_data.get(field, "") for field in PROXY}
        if not self.for_someone_else:
            if any(given.values()) and not self.has_error("asking_for"):
                words = "You filled in the part for asking for someone else. Choose “Someone else”, or empty that part."
                self.add_error("asking_for", words)
            return
        if not given["proxy_name"] and not self.has_error("proxy_name"):
            self.add_error("proxy_name", "Enter your own name, so that we know who is asking.")
        if not given["proxy_contact"] and not self.has_error("proxy_contact"):
            self.add_error("proxy_contact", "Say whom we may call.")
        if not given["proxy_knows"] and not self.has_error("proxy_knows"):
            self.add_error("proxy_knows", "Say whether they know that you are asking.")
        if (given["proxy_knows"], given["proxy_contact"]) == ("no", "theirs"):
            words = "They do not know yet, so we would not call them. Give your own details, or tell them first."
            self.add_error("proxy_contact", words)

    def submission(self, *, example: bool = False) -> Submission:
        """The valid form as what will be sealed."""
        answers = {field: _stored(value) for field, value in self.cleaned_data.items()}
        if self.born:
            answers["date_of_birth"] = self.born.isoformat()
        marked = "The hidden field for automatic senders was filled in." if answers["website"] else ""
        return Submission(answers=answers, parts=self.in_words(), age=self.age, marked=marked, example=example)

    def in_words(self) -> list[AnsweredPart]:
        """The answered questions, part by part, as the check page and the record show them."""
        parts = [
            AnsweredPart(part.key, part.title, [row for field in _names(part) if (row := self._row(field))])
            for part in PARTS
        ]
        return [part for part in parts if part.answers]

    def _row(self, field: str) -> Answer | None:
        if field == BIRTH[0] and self.born:
            return Answer("date_of_birth", "Date of birth", dates.in_words(self.born))
        value = self.cleaned_data.get(field)
        if not value or field in BIRTH or field == "website":
            return None
        label = str(self.fields[field].label)
        if value is True:
            return Answer(field, label, "Yes")
        choices = getattr(self.fields[field], "choices", None)
        return Answer(field, label, dict(choices)[value] if choices else value)


def _stored(value: Any) -> str:
    return ("yes" if value else "") if isinstance(value, bool) else str(value)


def _names(item: Any) -> list[str]:
    """The field names within a layout object, in order."""
    return [item] if isinstance(item, str) else [field for part in item.fields for field in _names(part)]


def _helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False  # the page's own template holds the form tag, the token and the button
    helper.disable_csrf = True  # Django's token would set a cookie; ours is signed and rides in the form
    helper.layout = Layout(*PARTS)
    return helper


PARTS = (
    Part(
        "who",
        "Who it is for",
        "asking_for",
        Group(
            "proxy",
            "If you are asking for someone else",
            *PROXY,
            hint="Leave this empty if the consultation is for you. For a person under 18, a parent or guardian asks.",
        ),
        "full_name",
        "preferred_name",
        DateParts(
            "date_of_birth",
            "Date of birth",
            *BIRTH,
            hint="Of the person who would see the clinician. For example 27 March 1980.",
        ),
    ),
    Part(
        "reach",
        "How to reach you",
        "phone",
        "email",
        "contact_by",
        "voicemail_ok",
        "best_times",
        "interpreter_language",
        "access_needs",
        intro="Give a telephone number or an e-mail address. One of the two is enough.",
    ),
    Part(
        "health",
        "Health",
        "main_reason",
        "conditions",
        "current_medicines",
        *SCREENING,
        "questions",
        "share_pages",
        intro="You can leave out anything here and say it when we talk. If you ask for someone else, answer about "
        "them. A clinician will talk to you about this. Do not stop any medicine.",
    ),
    Part("consent", "Your agreement", "consent", Div("website", css_class="trap")),
)
FIELD_NAMES = tuple(field for part in PARTS for field in _names(part))
