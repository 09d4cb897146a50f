"""A patient at the form: what they type, and what their browser sends. And where staff find the request."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from education.consultations.form.forms import DEFAULTS, ConsultationForm
from education.consultations.form.submission import Submission
from education.consultations.models import ConsultationRequest
from education.consultations.public import actions
from education.consultations.public.tokens import receipt_hash
from education.consultations.upkeep import ingest
from education.core import sealing
from education.outbox.models import OutboxMessage
from tests.screens import Reader

FORM = "/request-a-consultation/"
QUEUE = "/admin/education/consultationrequest/"
SHORTEST = {"full_name": "Ana Ruiz", "email": "ana@example.org", "consent": "on"}
WHOLE = {
    "full_name": "Ana Ruiz",
    "preferred_name": "Anita",
    "date_of_birth_day": "14",
    "date_of_birth_month": "May",
    "date_of_birth_year": "1979",
    "email": "ana@example.org",
    "phone": "+1 (555) 010-1234 ext 7",
    "contact_by": "phone",
    "voicemail_ok": "on",
    "best_times": "Mornings",
    "interpreter_language": "Spanish",
    "access_needs": "Short calls",
    "asking_for": "someone",
    "proxy_name": "Mira Patel",
    "proxy_relation": "Friend",
    "proxy_contact": "mine",
    "proxy_knows": "yes",
    "conditions": "Lupus",
    "main_reason": "Pain in the\nmornings",
    "current_medicines": "Folic acid",
    "screening_urgent_symptoms": "no",
    "screening_self_harm": "no",
    "screening_opioids": "no",
    "screening_opioid_treatment": "talk",
    "screening_pregnancy": "no",
    "screening_liver_kidney": "unsure",
    "screening_operation": "no",
    "screening_stopping_medicine": "no",
    "share_pages": "/lupus/",
    "questions": "Do I have to travel?",
    "consent": "on",
}


class Page(Reader):
    """Just enough of a page to use its forms and check its markup."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.html = response.content.decode()
        self._textarea = ""
        self._texts: dict[str, str] = {}
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        self._textarea = found.get("name", "") if tag == "textarea" else ""
        if self._textarea:
            self._texts[self._textarea] = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._texts[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        self._textarea = ""

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [a for t, a in self.elements if t == tag and all(a.get(k) == v for k, v in wanted.items())]

    def by_id(self, name: str) -> dict[str, str]:
        (found,) = [attrs for _, attrs in self.elements if attrs.get("id") == name]
        return found

    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.elements if "id" in attrs]

    def actions(self) -> set[str]:
        """Where its forms and buttons lead."""
        found = [attrs.get("formaction") or attrs.get("action", "") for _, attrs in self.elements]
        return {path for path in found if path.startswith("/")}

    def values(self) -> dict[str, str]:
        """What the browser would send: hidden and text inputs, what is ticked, and text areas."""
        sent = {}
        for attrs in self.all("input"):
            if attrs.get("type") in ("checkbox", "radio") and "checked" not in attrs:
                continue
            if attrs.get("name") and attrs["name"] != "q":
                sent[attrs["name"]] = attrs.get("value", "on" if attrs.get("type") == "checkbox" else "")
        texts = {name: text.removeprefix("\n") for name, text in self._texts.items()}
        return {name: value for name, value in (sent | texts).items() if value}


def open_form(client: Client) -> Page:
    return Page(client.get(FORM))


def press(client: Client, typed: Any, **options: Any) -> Any:
    """Post the form, and follow to its next page as a browser does; not as far as the receipt."""
    return within_the_form(client, client.post(FORM, typed, **options))


def within_the_form(client: Client, response: Any) -> Any:
    while response.headers.get("Location", "").startswith(FORM):
        response = client.get(response.headers["Location"])
    return response


def check(client: Client, typed: dict[str, str] | None = None, **headers: str) -> Any:
    """Fill in a fresh form and ask for the check page."""
    return press(client, open_form(client).values() | (SHORTEST if typed is None else typed), headers=headers)


def send(client: Client, typed: dict[str, str] | None = None) -> Any:
    """Form, check page, “Send request”."""
    return press(client, Page(check(client, typed)).values())


def sent_row(response: Any) -> ConsultationRequest:
    token = response.headers["Location"].rstrip("/").rpartition("/")[2]
    return ConsultationRequest.objects.get(receipt_hash=receipt_hash(token))


def form(**typed: str) -> ConsultationForm:
    return ConsultationForm({**DEFAULTS, **SHORTEST, **typed})


def submission(**typed: str) -> Submission:
    filled = form(**typed)
    assert filled.is_valid(), filled.errors
    return filled.submission()


def request(nonce: str = "one", **typed: str) -> ConsultationRequest:
    """A stored request, not yet ingested."""
    token = actions.submit(submission(**typed), actions.Sender(nonce))
    return ConsultationRequest.objects.get(receipt_hash=receipt_hash(token))


def receipt_of(nonce: str) -> str:
    """Where its receipt is: the form leads there."""
    return f"/my-request/{actions.Sender(nonce).token}/"


def ingested(nonce: str = "one", **typed: str) -> ConsultationRequest:
    """A stored request that the worker has ingested."""
    row = request(nonce, **typed)
    ingest.ingest_new()
    row.refresh_from_db()
    return row


def address(row: ConsultationRequest, verb: str = "change") -> str:
    """Of the record, or of one of its buttons."""
    return f"{QUEUE}{row.pk}/{verb}/"


def next_monday(hour: int) -> datetime:
    monday = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    return timezone.make_aware(datetime(monday.year, monday.month, monday.day, hour))


def recipients() -> list[str]:
    """Whom the mails in the outbox go to."""
    rows = OutboxMessage.objects.order_by("key")
    return [sealing.open_sealed(bytes(row.recipient), bound_to=row.key)["to"] for row in rows]
