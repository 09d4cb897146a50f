"""A trial request through the whole of it: sealed, stored, taken in by the worker, opened, compared, and removed again.

It is marked as an example, so nobody gets a mail of it.
"""

import secrets
import time

from django.db import transaction

from education.audit.actions import record
from education.consultations import erasures
from education.consultations.disclosure.actions import erase
from education.consultations.form.submission import Answer, AnsweredPart, Submission
from education.consultations.models import ConsultationRequest
from education.consultations.public import tokens
from education.consultations.public.actions import Sender, submit
from education.consultations.triage.record import open_row
from education.core import sealing

PATIENCE_SECONDS = 60.0
TICK_SECONDS = 0.25
NAME = "EXAMPLE Canary"


def send() -> str:
    """What went wrong; empty when the request arrived as it was sent."""
    word = secrets.token_hex(8)
    answers = {"full_name": NAME, "main_reason": word}
    asked = [AnsweredPart("canary", "Canary", [Answer("main_reason", "A word", word)])]
    try:
        token = submit(Submission(answers, asked, example=True), Sender(f"canary-{word}"))
    except sealing.SealError as error:
        return f"A request could not be sealed: {error}"
    row = ConsultationRequest.objects.get(receipt_hash=tokens.receipt_hash(token))
    try:
        return _arrival_problem(row, word)
    finally:
        _remove(row)


def _arrival_problem(row: ConsultationRequest, word: str) -> str:
    until = time.monotonic() + PATIENCE_SECONDS
    while not row.ingested_at:
        if time.monotonic() > until:
            return f"The worker did not take the request in within {PATIENCE_SECONDS:.0f} seconds. See that it runs."
        time.sleep(TICK_SECONDS)
        row.refresh_from_db()
    opened = open_row(row)
    if opened.problem:
        return f"The request could not be opened: {opened.problem}"
    return "" if opened.answers.get("main_reason") == word else "The request came out other than it went in."


def _remove(row: ConsultationRequest) -> None:
    with transaction.atomic():
        erase([row.reference])
        record("canary_removed", by=None, about=row.about)
        erasures.update_file_on_commit()
