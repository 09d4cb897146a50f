"""What a patient does: send, send again, add something, withdraw. Each is one transaction and needs no private key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from education.clinic.hours import Hours
from education.clinic.models import ClinicProfile
from education.consultations import erasures, mails, search_terms
from education.consultations.form.submission import Submission
from education.consultations.models import ConsultationRequest, IntakePause, SealedAmendment
from education.consultations.public import hosts, kept, limits, tokens
from education.consultations.workflow import REQUESTS, Flag, Status
from education.core import sealing

MAX_ATTEMPTS = 5
MAX_PHONE_TERMS = 10  # of one request: as many as `phone_mac` has room for
CONTACT_MACS = "contact_macs"  # in a sealed amendment: what would withdraw the request if its contact counted
TOO_MANY_FROM_ADDRESS = "Many requests came from the same internet address within an hour."
# Of a request, all that changes when its patient adds something or withdraws it.
CHANGED_BY_THE_PATIENT = (
    *("status", "flag", "sealed", "key_id", "content_mac", "email_mac", "phone_mac", "age_mac"),
    *("changed_at", "closed_at", "ingested_at"),
)
WITHDRAW_LIMIT = 1  # soft limit an hour and receipt; the hard one is limits.HARD_LIMIT_FACTOR times that


class NotStored(Exception):
    """No free reference was found. Practically impossible; the patient may simply send again."""


class Withdrawn(Exception):
    """What was sent with this form is withdrawn. Its receipt stays, so it takes another form to ask again."""


class NotTheSender(Exception):
    """The e-mail address or telephone number is not one that the request was sent with."""


@dataclass(frozen=True)
class Sender:
    """Who sends: the form's nonce, and the internet address that limits count; an empty one is not counted."""

    nonce: str
    address: str = ""
    clinic: ClinicProfile = field(default_factory=ClinicProfile.load)
    hours: Hours | None = None  # of the desk, if the caller knows them already

    @cached_property
    def token(self) -> str:
        """The receipt's token. A form that was sent before SECRET_KEY was changed keeps the receipt that it has."""
        for token in tokens.earlier_receipt_tokens(self.nonce):
            if ConsultationRequest.objects.of_receipt(tokens.receipt_hash(token)).exists():
                return token
        return tokens.receipt_token(self.nonce)


def submit(submission: Submission, sender: Sender, *, now: datetime | None = None) -> str:
    """Store what a patient sent, sealed. Returns the receipt's token.

    The same form again (told by its nonce) is the same request: with the same answers nothing happens, with others it
    becomes an amendment. Raises TooMany past the hard limit, Withdrawn, NotStored, SealError.
    """
    now = now or timezone.now()
    for _ in range(MAX_ATTEMPTS):
        made = _new_request(submission, sender, now)  # before the transaction, which blocks all other writers
        try:
            with transaction.atomic():
                if row := _find_locked(sender.token):
                    _amend(row, submission, sender, now)
                else:
                    if limits.count(sender.address, now):
                        made = _new_request(submission.with_spam_reason(TOO_MANY_FROM_ADDRESS), sender, now)
                    made.save(force_insert=True)
                kept.replace(sender.nonce, {"receipt": sender.token})
            hosts.note_key()
            return sender.token
        except IntegrityError:  # a second click was faster, or the reference is taken: look again
            if _is_withdrawn(sender.token):
                raise Withdrawn from None
    raise NotStored


def _find_locked(token: str) -> ConsultationRequest | None:
    """The request with this receipt, locked until the transaction ends; None when it was withdrawn or never sent."""
    receipt = tokens.receipt_hash(token)
    if not _was_sent(receipt):
        return None
    tokens.say_receipt(token)
    rows = ConsultationRequest.objects.of_receipt(receipt).exclude(status=Status.WITHDRAWN)
    return rows.select_for_update().first()


def _is_withdrawn(token: str) -> bool:
    rows = ConsultationRequest.objects.of_receipt(tokens.receipt_hash(token))
    return rows.filter(status=Status.WITHDRAWN).exists()


def _was_sent(receipt: str) -> bool:
    """Whether this form was sent and not withdrawn. Plain SQL, as each request asks this first: Django takes ten times
    as long to write the query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM education_consultationrequest WHERE receipt_hash = %s AND status <> %s",
            [receipt, Status.WITHDRAWN.value],
        )
        return cursor.fetchone() is not None


def _new_request(submission: Submission, sender: Sender, now: datetime) -> ConsultationRequest:
    """The request as it will be stored."""
    reference, token, clinic = tokens.new_reference(), sender.token, sender.clinic
    hours = sender.hours or IntakePause.objects.desk_hours(clinic)
    link = settings.SITE_URL + reverse("receipt", args=[token]) if submission.answers.get("mail_link") else ""
    envelope = sealing.seal(submission.document(now, receipt=link), bound_to=reference)
    return ConsultationRequest(
        reference=reference,
        receipt_hash=tokens.receipt_hash(token),
        content_mac=tokens.content_mac(token, submission.answers),
        **_contact_macs(token, submission.answers, clinic.country),
        age_mac=tokens.age_mac(token, child=submission.for_child),
        sealed=envelope,
        key_id=sealing.key_id_of(envelope),
        status=Status.SUSPECT if submission.spam_reason else Status.NEW,
        flag=submission.flag,
        received_at=now,
        due_at=hours.deadline(now, clinic.reply_working_days),
        delete_after=timezone.localdate(now) + timedelta(days=clinic.retention_days),
    )


def _contact_macs(token: str, answers: Mapping[str, str], country: str) -> dict[str, str]:
    given = {
        "email_mac": [search_terms.email_term(answers.get("email", ""))],
        "phone_mac": search_terms.phone_terms(answers.get("phone", ""), country)[:MAX_PHONE_TERMS],
    }
    return {
        column: " ".join(tokens.contact_mac(token, term) for term in terms if term) for column, terms in given.items()
    }


def _amend(row: ConsultationRequest, submission: Submission, sender: Sender, now: datetime) -> None:
    mac = tokens.content_mac(sender.token, submission.answers)
    last = row.amendments.defer("sealed").exclude(content_mac="").order_by("-number").first()
    if mac == (last.content_mac if last else row.content_mac):
        return
    limits.count(sender.address, now)
    # What withdraws the request stays as it was first sent, until staff confirm this contact: nobody who sends the form
    # again can take it over.
    macs = _contact_macs(sender.token, submission.answers, sender.clinic.country)
    document = {**submission.document(now), CONTACT_MACS: macs}
    _add_amendment(row, document, now, mac=mac)
    row.flag = max(row.flag, submission.flag)
    row.age_mac = tokens.age_mac(sender.token, child=submission.for_child)
    row.save(update_fields=["flag", "age_mac", "changed_at"])


def _add_amendment(row: ConsultationRequest, document: Mapping[str, object], now: datetime, *, mac: str = "") -> None:
    last = row.amendments.defer("sealed").order_by("-number").first()
    amendment = SealedAmendment(request=row, number=last.number + 1 if last else 1, content_mac=mac, created_at=now)
    amendment.sealed = sealing.seal(dict(document), bound_to=amendment.bound_to)
    amendment.key_id = sealing.key_id_of(amendment.sealed)
    amendment.save(force_insert=True)


@transaction.atomic
def add_text(token: str, *, text: str, address: str = "") -> bool:
    """At the receipt: add some text, sealed. False when there is no such request any more. Raises TooMany."""
    now = timezone.now()
    row = _find_locked(token)
    if row is None:
        return False
    limits.count(address, now)
    _add_amendment(row, {"added": text}, now)
    row.save(update_fields=["changed_at"])  # staff who have it open see it as it was before
    return True


def withdraw(token: str, *, contact: str, now: datetime | None = None) -> bool:
    """At the receipt: destroy the answers. A row without content stays, so that staff see it was withdrawn.

    `contact` is the e-mail address or telephone number of the request; raises NotTheSender for another. False when
    there is no such request any more. Wrong guesses are counted in a transaction of their own, which is not rolled
    back with the rest; TooMany when there were too many.
    """
    now = now or timezone.now()
    with transaction.atomic():
        limits.count(tokens.receipt_hash(token), now, what="withdraw", limit=WITHDRAW_LIMIT)
    with transaction.atomic():
        row = _find_locked(token)
        if row is None:
            return False
        given = {tokens.contact_mac(token, term) for term in _withdrawing(contact)}
        if not given & {*row.email_mac.split(), *row.phone_mac.split()}:
            raise NotTheSender
        _wipe(row, now)
    return True


def _withdrawing(contact: str) -> set[str]:
    """What the contact that was typed may be stored as."""
    if "@" in contact:
        return {search_terms.email_term(contact), *search_terms.terms_before(contact)}
    return {*search_terms.phone_terms(contact, ClinicProfile.load().country), *search_terms.terms_before(contact)}


def _wipe(row: ConsultationRequest, now: datetime) -> None:
    """Destroy the answers, and let the worker ingest the row again: only the worker may write to the audit trail."""
    row.status = REQUESTS.next_state(row.status, "withdraw")
    row.sealed, row.key_id, row.closed_at, row.ingested_at = b"", "", now, None
    row.content_mac = row.email_mac = row.phone_mac = row.age_mac = ""
    row.flag = Flag.NONE  # it came from the answers
    row.save(update_fields=CHANGED_BY_THE_PATIENT)
    for belongings in (row.amendments, row.notes, row.index_entries):
        belongings.all().delete()
    mails.delete_mails_to_patient([row.reference])
    erasures.note([row.reference], now=now)
