"""The mails about requests: fixed words, a reference, a link. Never a name, an answer, a condition or a medicine."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from education.clinic.models import ClinicProfile
from education.consultations.models import ReplyTemplate
from education.outbox.actions import SECRET, post
from education.outbox.models import OutboxMessage


def tell_staff(reference: str, *, pk: int | None = None, amendment: int = 0, key: str = "") -> None:
    """Say on every staff address that something waits. Joins the caller's transaction."""
    queue = reverse("admin:education_consultationrequest_changelist")
    link = settings.SITE_URL + (reverse("admin:education_consultationrequest_change", args=[pk]) if pk else queue)
    what = "Something was added to request" if amendment else "A new consultation request came in:"
    body = f"{what} {reference}\n\nOpen it in the staff area:\n{link}\n\nThis mail holds no answers, on purpose."
    for number, address in enumerate(settings.STAFF_MAIL):
        post(
            key=f"request/{reference}/{key or amendment}/staff/{number}",
            to=address,
            subject=f"Consultation request {reference}",
            body=body,
        )


def tell_withdrawn(reference: str) -> None:
    """Nobody should ring somebody who has taken their request back. Joins the caller's transaction."""
    body = f"Request {reference} was withdrawn. Its answers are destroyed: please do not call about it."
    for number, address in enumerate(settings.STAFF_MAIL):
        key = f"request/{reference}/withdrawn/staff/{number}"
        post(key=key, to=address, subject=f"Consultation request {reference} was withdrawn", body=body)


def acknowledge(reference: str, address: str, *, link: str = "") -> None:
    """Tell the sender that it arrived; with `link`, where they can look again. Joins the caller's transaction."""
    clinic = ClinicProfile.load()
    lines = [
        f"We received a request. Its reference is {reference}.",
        f"What happens next: a member of our staff reads it and gets in touch. {clinic.reply_promise}".strip(),
        f"See where it stands, add something, or withdraw it: {SECRET}" if link else "",
        f"If you have a question, call {clinic.telephone} and give the reference." if clinic.telephone else "",
        "This is an automatic mail. Please do not send health details by e-mail.",
        clinic.name,
    ]
    body = "\n\n".join(line for line in lines if line)
    subject = f"We received your request {reference}"
    post(key=f"{_to_patient(reference)}received", to=address, subject=subject, body=body, secret=link)


def reply(reference: str, address: str, template: ReplyTemplate, *, number: int) -> None:
    """One of the clinic's fixed replies. Joins the caller's transaction."""
    clinic = ClinicProfile.load()
    signature = [clinic.name, f"Telephone: {clinic.telephone}" if clinic.telephone else ""]
    body = "\n\n".join([template.words, f"Your reference is {reference}.", "\n".join(filter(None, signature))])
    post(key=f"{_to_patient(reference)}reply/{number}", to=address, subject=template.subject, body=body.strip())


def forget(references: Iterable[str]) -> None:
    """The mails that hold a patient's address go with the request. Joins the caller's transaction."""
    for reference in references:
        OutboxMessage.objects.filter(key__startswith=_to_patient(reference)).delete()


def _to_patient(reference: str) -> str:
    return f"request/{reference}/patient/"
