"""The four parts of the request form, in the order of the page."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from education.clinic import dates
from education.consultations.form.call_times import DAYS, PARTS, TICKS
from education.consultations.form.fields import yours_or_theirs
from education.consultations.form.layout import DateParts, Group, Note, Part, Ticks

BIRTH = ("date_of_birth_day", "date_of_birth_month", "date_of_birth_year")
PROXY = ("proxy_name", "proxy_relation", "proxy_contact", "proxy_knows")
SAMPLE = date(1980, 3, 27)
# How staff read titles and labels of the form. What the clinic asks of somebody's health they read as it was asked.
FOR_STAFF = {
    "How to reach you": "How to reach them",
    "About you": "About them",
    "Your health": "Their health",
    "Your own name": "Name of who asks",
    "Your relationship to the patient": "Their relationship to the patient",
    "Do they know that you are asking?": "Does the patient know?",
    "Your main reason for asking": "Their main reason for asking",
    "Conditions you live with": "Conditions they live with",
    "Medicines you take": "Medicines they take",
    "Questions you would like to ask us": "Questions they would like to ask us",
    "Your agreement": "Their agreement",
}
ANSWERS_FOR_STAFF = {("asking_for", "Me"): "The patient", ("proxy_contact", "Me"): "Whoever asks"}
MAY_LEAVE_OUT = "You can leave out anything here and say it when we talk."


def form_parts(
    screening_fields: Sequence[str] = (), *, urgent: Sequence[str] = (), ticks: Collection[str] = tuple(TICKS)
) -> tuple[Part, ...]:
    """`urgent` are the screening questions whose answer can't wait: they come first in their part. `ticks` are the
    times to call that are shown.
    """
    return (_reach(ticks), _about(), _health(screening_fields, urgent), _consent())


def _reach(ticks: Collection[str]) -> Part:
    return Part(
        "reach",
        "How to reach you",
        "asking_for",
        Group(
            "proxy",
            "If you are asking for someone else",
            *PROXY,
            hint="For a person under 18, a parent or guardian asks.",
        ),
        "full_name",
        "preferred_name",
        Note("Give a telephone number or an e-mail address. One of the two is enough."),
        "phone",
        "email",
        "contact_by",
        "voicemail_ok",
        "interpreter_language",
        Ticks(
            "call_times",
            "Good times to call",
            *([tick for tick in row if tick in ticks] for row in (DAYS, PARTS)),
            fields=list(TICKS),
            hint="Check the days and the parts of the day. Leave them all empty if any time is good.",
        ),
        "best_times",
    )


def _about() -> Part:
    birth = DateParts(
        "date_of_birth",
        "Date of birth",
        *(f"date_of_birth_{part}" for part in dates.order()),
        hint=birth_hint(yours_or_theirs("Yours.", "The patient’s.")),
    )
    title = yours_or_theirs("About you", "About the patient")
    return Part("about", title, birth, "access_needs", intro=MAY_LEAVE_OUT)


def birth_hint(whose: str) -> SafeString:
    return format_html("{} For example {}.", whose, date_format(SAMPLE))


def _health(screening_fields: Sequence[str], urgent: Sequence[str]) -> Part:
    return Part(
        "health",
        yours_or_theirs("Your health", "The patient’s health"),
        *urgent,
        "main_reason",
        "conditions",
        "current_medicines",
        *screening_fields,
        "questions",
        intro=format_html(
            "{}{} Do not stop any medicine because of this form. A clinician will talk with you about your answers.",
            yours_or_theirs("", "Answer about the patient. "),
            MAY_LEAVE_OUT,
        ),
    )


def _consent() -> Part:
    return Part("consent", "Your agreement", "share_pages", "consent", "mail_link", Div("website", css_class="trap"))


def form_helper(layout: Sequence[Part]) -> FormHelper:
    made = FormHelper()
    made.form_tag = False  # the page's template holds the form tag, the token and the button
    made.disable_csrf = True  # Django's token would set a cookie; ours is signed and sent with the form
    made.layout = Layout(*layout)
    return made


def field_names(items: Iterable[Any]) -> list[str]:
    """The names of the fields inside these layout objects, in order."""
    found: list[str] = []
    for item in items:
        found += [item] if isinstance(item, str) else field_names(item.fields)
    return found
