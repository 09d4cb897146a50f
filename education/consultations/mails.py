"""The mails about requests: fixed words, a reference, a link. Never a name, an answer, a condition or a medicine."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from education.clinic.models import ClinicProfile
from education.outbox.actions import post
from education.outbox.models import OutboxMessage


def tell_staff(reference: str, *, pk: int | None = None, amendment: int = 0, key: str = "") -> None:
    """Say on every staff address that something waits. Joins the caller's transaction."""
    page = "admin:education_consultationrequest_"
    link = settings.SITE_URL + (reverse(f"{page}change", args=[pk]) if pk else reverse(f"{page}changelist"))
    what = "Something was added to request" if amendment else "A new consultation request came in:"
    body = f"{what} {reference}\n\nOpen it in the staff area:\n{link}\n\nThis mail holds no answers, on purpose."
    for number, address in enumerate(settings.STAFF_MAIL):
        post(
            key=f"request/{reference}/{key or amendment}/staff/{number}",
            to=address,
            subject=f"Consultation request {reference}",
            body=body,
        )


def acknowledge(reference: str, address: str) -> None:
    """Tell the sender that it arrived. Joins the caller's transaction."""
    clinic = ClinicProfile.load()
    lines = [
        f"We received a request. Its reference is {reference}.",
        f"What happens next: a member of our staff reads it and gets in touch. {clinic.reply_promise}".strip(),
        f"If you have a question, call {clinic.telephone} and give the reference." if clinic.telephone else "",
        "This is an automatic mail. Please do not send health details by e-mail.",
        clinic.name,
    ]
    body = "\n\n".join(line for line in lines if line)
    post(key=_received(reference), to=address, subject=f"We received your request {reference}", body=body)


def forget(references: Iterable[str]) -> None:
    """The one mail that holds a patient's address goes with the request. Joins the caller's transaction."""
    OutboxMessage.objects.filter(key__in=[_received(reference) for reference in references]).delete()


def _received(reference: str) -> str:
    return f"request/{reference}/received"
