"""The mail backend that is used while no mail server is configured."""

import threading
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class TrialMailBackend(BaseEmailBackend):
    """Writes each mail to a file in the data folder, without its recipient: it is there to be read, not to be sent."""

    one_at_a_time = threading.Lock()  # so that each moment names one file

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.TRIAL_MAIL_DIR.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            text = f"Subject: {message.subject}\n\n{message.body}\n"
            with self.one_at_a_time:
                stamp = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
                (settings.TRIAL_MAIL_DIR / f"{stamp}.txt").write_text(text, encoding="utf-8")
        return len(email_messages)
