"""The mails about requests: fixed words, a reference, a link. Never a name, an answer, a condition or a medicine."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from education.accounts.models import User
from education.clinic.context import SharedRows
from education.clinic.models import ClinicProfile
from education.consultations.models import ReplyTemplate, SealedNote
from education.core.text import in_fours
from education.outbox.actions import SECRET_PLACEHOLDER, post
from education.outbox.models import OutboxMessage, OutboxQuerySet
from education.wording.places import filled

PATIENT = "/patient/"  # in the key of each mail to a patient


def notify_staff(reference: str, *, pk: int, rows: SharedRows, amendment: int = 0) -> None:
    """Tell every staff address that a request came in, or an amendment to it. Joins the caller's transaction."""
    link = settings.SITE_URL + reverse("admin:education_consultationrequest_change", args=[pk])
    subject, body = staff_notice(rows.words["staff_mail"], reference, link=link, is_added=bool(amendment))
    for number, address in enumerate(settings.STAFF_MAIL):
        post(key=f"request/{reference}/{amendment}/staff/{number}", to=address, subject=subject, body=body)


def staff_notice(words: dict[str, str], reference: str, *, link: str, is_added: bool) -> tuple[str, str]:
    """Subject and body of that mail."""
    said = {name: filled(sentence, reference=in_fours(reference), link=link) for name, sentence in words.items()}
    lines = [said["added" if is_added else "received"], said["open"], said["no_answers"]]
    return said["subject"], "\n\n".join(line for line in lines if line)


def notify_staff_of_withdrawal(reference: str, *, rows: SharedRows) -> None:
    """Tell staff, so that nobody calls a patient who has withdrawn. Joins the caller's transaction."""
    subject, body = withdrawal_notice(rows.words["staff_mail"], reference)
    for number, address in enumerate(settings.STAFF_MAIL):
        post(key=f"request/{reference}/withdrawn/staff/{number}", to=address, subject=subject, body=body)


def withdrawal_notice(words: dict[str, str], reference: str) -> tuple[str, str]:
    """Subject and body of that mail."""
    shown = in_fours(reference)
    return filled(words["withdrawn_subject"], reference=shown), filled(words["withdrawn"], reference=shown)


def task_assigned(task: SealedNote, *, address: str, by: User) -> None:
    """Tell whose task it is, if they have an address. Joins the caller's transaction."""
    if not (address and task.due_on):
        return
    reference, day = task.request.reference, date_format(task.due_on)
    body = (
        f"{by.get_username()} assigned you a task on request {in_fours(reference)}, to be done by {day}.\n\n"
        f"Read it in the staff area:\n{settings.SITE_URL}{task.address}\n\n"
        "This mail holds none of its words, on purpose."
    )
    post(key=f"request/{reference}/task/{task.number}", to=address, subject="A task for you", body=body)


def acknowledge(reference: str, address: str, *, due: datetime, rows: SharedRows, link: str = "") -> None:
    """Tell the patient that the request arrived, and until when the clinic replies; `link` is the receipt's.

    Joins the caller's transaction.
    """
    shown = SECRET_PLACEHOLDER if link else ""
    subject, body = acknowledgement(rows.words["mail"], rows.clinic, reference, due=due, link=shown)
    post(key=f"{_patient_key(reference)}received", to=address, subject=subject, body=body, secret=link)


def acknowledgement(
    words: dict[str, str], clinic: ClinicProfile, reference: str, *, due: datetime, link: str
) -> tuple[str, str]:
    """Subject and body of that mail."""
    by = date_format(timezone.localtime(due), "WEEKDAY_FORMAT")
    day = f" You will hear from us by {by}." if due > timezone.now() else ""  # it may be late itself
    promise = f"{clinic.reply_promise}{day}" if clinic.reply_promise else ""
    telephone = clinic.telephone_shown if clinic.telephone else ""
    values = {"reference": in_fours(reference), "link": link, "telephone": telephone}
    said = {name: filled(sentence, **values) for name, sentence in words.items()}
    lines = [
        said["received"],
        f"{said['next']} {promise}".strip(),
        said["link"] if link else "",
        said["call"] if clinic.telephone else "",
        said["automatic"],
        clinic.name,
    ]
    return said["subject"], "\n\n".join(line for line in lines if line)


def may_reply(clinic: ClinicProfile) -> bool:
    """Whether a patient could tell whom a reply is from, and answer it."""
    return bool(clinic.name and clinic.telephone)


def reply(reference: str, address: str, template: ReplyTemplate, *, number: int) -> None:
    """Mail one of the clinic's fixed replies. `number` makes it another mail. Joins the caller's transaction."""
    clinic = ClinicProfile.load()
    signature = [clinic.name, f"Telephone: {clinic.telephone_shown}" if clinic.telephone else ""]
    about = f"Your reference is {in_fours(reference)}."
    body = "\n\n".join([template.words, about, "\n".join(filter(None, signature))])
    post(key=f"{_patient_key(reference)}reply/{number}", to=address, subject=template.subject, body=body.strip())


def refused_by_staff_addresses() -> OutboxQuerySet:
    """Mails to staff whose address can't be written to."""
    return OutboxMessage.objects.refused().exclude(key__contains=PATIENT)


def failed_to_patients() -> OutboxQuerySet:
    return OutboxMessage.objects.failed().filter(key__contains=PATIENT)


def unreached(references: Iterable[str]) -> dict[str, str]:
    """The requests among these whose patient a mail did not reach, and what the mail server said of the last one."""
    found = OutboxMessage.objects.undelivered().filter(key__contains=PATIENT).order_by("pk")
    last = {key.split("/")[1]: error for key, error in found.values_list("key", "last_error")}
    return {reference: last[reference] for reference in references if reference in last}


def dismiss_unreached(reference: str) -> int:
    """How many mails those were. Joins the caller's transaction."""
    return OutboxMessage.objects.undelivered().filter(key__startswith=_patient_key(reference)).dismiss()


def delete_mails_to_patient(references: Iterable[str]) -> None:
    """Mails to a patient hold their address, so they go with the request. Joins the caller's transaction."""
    for reference in references:
        OutboxMessage.objects.filter(key__startswith=_patient_key(reference)).delete()


def _patient_key(reference: str) -> str:
    return f"request/{reference}{PATIENT}"
