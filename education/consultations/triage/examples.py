"""Requests for trying out the desk. Every name says EXAMPLE; numbers and addresses are those reserved for fiction."""

from typing import Any

from education.consultations.form.forms import DEFAULTS, ConsultationForm
from education.consultations.form.submission import Submission

TYPED: list[dict[str, str]] = [
    {
        "full_name": "EXAMPLE Ana Ruiz",
        "date_of_birth_day": "14",
        "date_of_birth_month": "May",
        "date_of_birth_year": "1979",
        "phone": "555-0101",
        "email": "ana.ruiz@example.org",
        "contact_by": "phone",
        "voicemail_ok": "on",
        **dict.fromkeys(("call_day_1", "call_day_2", "call_day_4", "call_morning"), "on"),
        "main_reason": "My joints hurt every morning and I sleep badly. I read about low-dose naltrexone here.",
        "conditions": "Rheumatoid arthritis since 2015",
        "current_medicines": "Methotrexate once a week, folic acid",
        "screening_opioids": "no",
        "screening_opioid_treatment": "no",
        "screening_pregnancy": "no",
        "screening_liver_kidney": "unsure",
        "screening_operation": "no",
        "screening_stopping_medicine": "no",
        "questions": "Would I have to travel to you?",
    },
    {
        "full_name": "EXAMPLE Tom Becker",
        "date_of_birth_day": "2",
        "date_of_birth_month": "11",
        "date_of_birth_year": "1968",
        "phone": "555-0102",
        "contact_by": "phone",
        "call_afternoon": "on",
        "best_times": "After 4, please",
        "main_reason": "Back pain for twelve years.",
        "current_medicines": "Tramadol twice a day",
        "screening_opioids": "yes",
        "screening_operation": "talk",
    },
    {
        "asking_for": "someone",
        "proxy_name": "EXAMPLE Mira Patel",
        "proxy_relation": "Mother",
        "proxy_contact": "mine",
        "proxy_knows": "yes",
        "full_name": "EXAMPLE Dev Patel",
        "date_of_birth_day": "30",
        "date_of_birth_month": "August",
        "date_of_birth_year": "2012",
        "phone": "555-0103",
        "email": "mira.patel@example.org",
        "main_reason": "He has had bowel trouble for a year. We would like to talk it through.",
    },
    {
        "full_name": "EXAMPLE Grace Okafor",
        "preferred_name": "Grace",
        "email": "grace.okafor@example.org",
        "contact_by": "email",
        "access_needs": "I am deaf. Please write.",
        "main_reason": "I’d rather say when we talk.",
    },
]


NONCES = [f"example-{number}" for number in range(len(TYPED))]  # of their forms, by which they are found again


def submissions() -> list[Submission]:
    return [_submission(typed) for typed in TYPED]


def _submission(typed: dict[str, Any]) -> Submission:
    form = ConsultationForm({**DEFAULTS, "consent": "on", **typed})
    form.full_clean()
    return form.submission(example=True)
