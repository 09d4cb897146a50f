"""What a patient does: send, send again, add something, withdraw. Each is one transaction and needs no private key.

What staff do is in `triage.py`, what the worker does in `ingest.py` and `retention.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from education.clinic.hours import Hours
from education.clinic.models import ClinicProfile
from education.consultations import mails, search_terms
from education.consultations.form.submission import Submission
from education.consultations.models import ConsultationRequest, Flag, SealedAmendment
from education.consultations.public import limits, tokens
from education.consultations.workflow import REQUESTS, Status
from education.core import sealing
from education.core.prepared import prepared

ATTEMPTS = 5
MANY = "Many requests came from the same internet address within an hour."
TRIES_TO_WITHDRAW = 1  # ten times this many an hour, counted for each receipt


class NotStored(Exception):
    """No free reference was found. Practically impossible; the sender may simply send again."""


class NotTheSender(Exception):
    """The e-mail address or telephone number is not one that the request was sent with."""


@dataclass(frozen=True)
class Sent:
    """Where it was sent from: the form's nonce, and the address that limits count; empty counts nothing."""

    nonce: str
    address: str = ""
    clinic: ClinicProfile | None = None  # where the caller has it at hand

    @property
    def token(self) -> str:
        return tokens.receipt_token(self.nonce)


def submit(
    submission: Submission,
    *,
    nonce: str,
    address: str = "",
    clinic: ClinicProfile | None = None,
    now: datetime | None = None,
) -> str:
    """Store what a patient sent, sealed; the receipt's token.

    The same form again is the same request: with the same text nothing happens, with another text it is an amendment.
    """
    now = now or timezone.now()
    sent = Sent(nonce, address, clinic)
    for _ in range(ATTEMPTS):
        made = _sealed(submission, sent, now)  # before the transaction: it keeps all others from writing
        try:
            with transaction.atomic():
                if row := _known(sent.token):
                    _amend(row, submission, sent, now)
                else:
                    if limits.count(sent.address, now):
                        made = _sealed(submission.also_marked(MANY), sent, now)
                    made.save(force_insert=True)
            return sent.token
        except IntegrityError:
            continue  # a second click came first, or the reference is taken: look again
    raise NotStored


def _known(token: str) -> ConsultationRequest | None:
    return next(iter(_locked(tokens.receipt_hash(token))), None)


@prepared
def _locked(receipt_hash: str) -> QuerySet[ConsultationRequest]:
    rows = ConsultationRequest.objects.select_for_update().filter(receipt_hash=receipt_hash)
    return rows.exclude(status=Status.WITHDRAWN)


def _sealed(submission: Submission, sent: Sent, now: datetime) -> ConsultationRequest:
    """What will be stored, not stored yet."""
    reference, token, clinic = tokens.new_reference(), sent.token, sent.clinic or ClinicProfile.load()
    link = settings.SITE_URL + reverse("receipt", args=[token]) if submission.answers.get("mail_link") else ""
    envelope = sealing.seal(submission.document(now, receipt=link), bound_to=reference)
    return ConsultationRequest(
        reference=reference,
        receipt_hash=tokens.receipt_hash(token),
        content_mac=tokens.content_mac(token, submission.answers),
        **_contact_macs(token, submission.answers),
        sealed=envelope,
        key_id=sealing.key_id_of(envelope),
        status=Status.SUSPECT if submission.marked else Status.NEW,
        flag=submission.flag,
        received_at=now,
        due_at=Hours.of(clinic).deadline(now, clinic.reply_working_days),
        delete_after=timezone.localdate(now) + timedelta(days=clinic.retention_days),
    )


def _contact_macs(token: str, answers: Mapping[str, str]) -> dict[str, str]:
    given = {
        "email_mac": search_terms.email_term(answers.get("email", "")),
        "phone_mac": search_terms.line(answers.get("phone", "")),
    }
    return {column: tokens.contact_mac(token, value) for column, value in given.items() if value}


def _amend(row: ConsultationRequest, submission: Submission, sent: Sent, now: datetime) -> None:
    mac = tokens.content_mac(sent.token, submission.answers)
    last = row.amendments.exclude(content_mac="").order_by("-number").first()
    if mac == (last.content_mac if last else row.content_mac):
        return
    limits.count(sent.address, now)
    _append(row, submission.document(now), now, mac=mac)
    for column, value in _contact_macs(sent.token, submission.answers).items():
        setattr(row, column, value)
    row.flag = max(row.flag, submission.flag)
    row.save(update_fields=["flag", "email_mac", "phone_mac", "changed_at"])


def _append(row: ConsultationRequest, document: Mapping[str, object], now: datetime, *, mac: str = "") -> None:
    last = row.amendments.order_by("-number").first()
    amendment = SealedAmendment(request=row, number=last.number + 1 if last else 1, content_mac=mac, created_at=now)
    amendment.sealed = sealing.seal(dict(document), bound_to=amendment.bound_to)
    amendment.key_id = sealing.key_id_of(amendment.sealed)
    amendment.save(force_insert=True)


@transaction.atomic
def add_words(token: str, *, text: str, address: str = "", now: datetime | None = None) -> bool:
    """At the receipt: a few words more, sealed. False when there is no such request any more."""
    now = now or timezone.now()
    row = _known(token)
    if row is None:
        return False
    limits.count(address, now)
    _append(row, {"added": text}, now)
    return True


def withdraw(token: str, *, contact: str, now: datetime | None = None) -> bool:
    """At the receipt, by whoever knows how the patient wanted to be reached: destroy the answers, leave a tombstone.

    Wrong guesses are counted in a transaction of their own: they stay counted although nothing else happens.
    """
    now = now or timezone.now()
    with transaction.atomic():
        limits.count(tokens.receipt_hash(token), now, what="withdraw", limit=TRIES_TO_WITHDRAW)
    with transaction.atomic():
        row = _known(token)
        if row is None:
            return False
        given = {
            tokens.contact_mac(token, term)
            for term in (search_terms.email_term(contact), search_terms.line(contact))
            if term
        }
        if not given & ({row.email_mac, row.phone_mac} - {""}):
            raise NotTheSender
        _entomb(row, now)
    return True


def _entomb(row: ConsultationRequest, now: datetime) -> None:
    """The worker, who alone may write to the audit trail, sees that it has to ingest this once more."""
    row.status = REQUESTS.next_state(row.status, "withdraw")
    row.sealed, row.key_id, row.closed_at, row.ingested_at = b"", "", now, None
    row.content_mac = row.email_mac = row.phone_mac = ""
    row.flag = Flag.NONE  # it came from the answers, and tells of them
    row.save()
    for belongings in (row.amendments, row.notes, row.index_entries):
        belongings.all().delete()
    mails.forget([row.reference])
