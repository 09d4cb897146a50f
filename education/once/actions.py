"""Answering a form once, however often it is sent."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone

from education.once.models import AnsweredForm

KEPT_FOR = timedelta(hours=1)
MAX_ANSWER = 400  # characters of an address


def answer_once(
    key: str,
    answer: Callable[[], HttpResponseBase],
    *,
    again: Callable[[AnsweredForm], object] = id,
    secret_address: str = "",
) -> HttpResponseBase:
    """What `answer` returns; the same address without calling it when it has led somewhere under this key before.

    A second call waits until the first is done. A page that shows an error counts as no answer: the form may be sent
    again. `again` hears of a form that came again. `secret_address` is where it leads, if no row may say so.
    """
    with transaction.atomic():
        try:
            with transaction.atomic():
                row = AnsweredForm.objects.create(key=key)
        except IntegrityError:
            row = AnsweredForm.objects.get(key=key)
            again(row)
            return HttpResponseRedirect(row.answer or secret_address)
        response = answer()
        _note(row, response, is_secret=bool(secret_address))
    return response


def _note(row: AnsweredForm, response: HttpResponseBase, *, is_secret: bool) -> None:
    address = response.headers.get("Location", "")
    if response.status_code >= 500:
        transaction.set_rollback(True)
    elif address and len(address) <= MAX_ANSWER:
        row.answer = "" if is_secret else address
        row.save(update_fields=["answer"])
    else:
        row.delete()


def key_of(*parts: str) -> str:
    """The key of a form that consists of these."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def delete_old(now: datetime | None = None) -> int:
    return AnsweredForm.objects.filter(answered_at__lt=(now or timezone.now()) - KEPT_FOR).delete()[0]
