"""What the desk does itself; most of its buttons call the actions of other packages."""

from django.db import transaction

from education.accounts.models import User
from education.audit.actions import record
from education.consultations import mails
from education.outbox.models import OutboxMessage


@transaction.atomic
def dismiss_undelivered_mail(*, by: User) -> int:
    """Take off the desk the mail that it says could not be delivered. Returns how many messages these were.

    The record of a patient goes on saying that mail did not reach them, until whoever calls them knows.
    """
    count = mails.failed_to_patients().give_up()
    count += OutboxMessage.objects.failed().dismiss() + mails.refused_by_staff_addresses().dismiss()
    record("mail_dismissed", by=by, detail={"count": count})
    return count
