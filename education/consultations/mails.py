"""The mails about requests: fixed words, a reference, a link. Never a name, an answer, a condition or a medicine."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from education.clinic.models import ClinicProfile
from education.consultations.models import ReplyTemplate
from education.outbox.actions import SECRET_PLACEHOLDER, post
from education.outbox.models import OutboxMessage


def notify_staff(reference: str, *, pk: int, amendment: int = 0) -> None:
    """Tell every staff address that a request came in, or an amendment to it. Joins the caller's transaction."""
    link = settings.SITE_URL + reverse("admin:education_consultationrequest_change", args=[pk])
    what = "Something was added to request" if amendment else "A new consultation request came in:"
    body = f"{what} {reference}\n\nOpen it in the staff area:\n{link}\n\nThis mail holds no answers, on purpose."
    for number, address in enumerate(settings.STAFF_MAIL):
        post(
            key=f"request/{reference}/{amendment}/staff/{number}",
            to=address,
            subject=f"Consultation request {reference}",
            body=body,
        )


def notify_staff_of_withdrawal(reference: str) -> None:
    """So that nobody calls a patient who has withdrawn. Joins the caller's transaction."""
    body = f"Request {reference} was withdrawn. Its answers are destroyed: please do not call about it."
    for number, address in enumerate(settings.STAFF_MAIL):
        key = f"request/{reference}/withdrawn/staff/{number}"
        post(key=key, to=address, subject=f"Consultation request {reference} was withdrawn", body=body)


def acknowledge(reference: str, address: str, *, due: datetime, link: str = "") -> None:
    """Tell the patient that the request arrived, and until when the clinic replies; `link` is the receipt's.

    Joins the caller's transaction.
    """
    clinic = ClinicProfile.load()
    by = date_format(timezone.localtime(due), "WEEKDAY_FORMAT")
    promise = f"{clinic.reply_promise} You hear from us by {by}." if clinic.reply_promise else ""
    lines = [
        f"We received a request. Its reference is {reference}.",
        f"What happens next: a member of our staff reads it and gets in touch. {promise}".strip(),
        f"See where it stands, add something, or withdraw it: {SECRET_PLACEHOLDER}" if link else "",
        f"If you have a question, call {clinic.telephone_shown} and give the reference." if clinic.telephone else "",
        "This is an automatic mail. Please do not send health details by e-mail.",
        clinic.name,
    ]
    body = "\n\n".join(line for line in lines if line)
    subject = f"We received your request {reference}"
    post(key=f"{_patient_key(reference)}received", to=address, subject=subject, body=body, secret=link)


def reply(reference: str, address: str, template: ReplyTemplate, *, number: int) -> None:
    """Mail one of the clinic's fixed replies. `number` makes it another mail. Joins the caller's transaction."""
    clinic = ClinicProfile.load()
    signature = [clinic.name, f"Telephone: {clinic.telephone_shown}" if clinic.telephone else ""]
    body = "\n\n".join([template.words, f"Your reference is {reference}.", "\n".join(filter(None, signature))])
    post(key=f"{_patient_key(reference)}reply/{number}", to=address, subject=template.subject, body=body.strip())


def delete_mails_to_patient(references: Iterable[str]) -> None:
    """Mails to a patient hold their address, so they go with the request. Joins the caller's transaction."""
    for reference in references:
        OutboxMessage.objects.filter(key__startswith=_patient_key(reference)).delete()


def _patient_key(reference: str) -> str:
    return f"request/{reference}/patient/"
