"""Where mail goes while no mail server is set."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class TrialMailBackend(BaseEmailBackend):
    """Writes each mail into a file of the data folder. It names no recipient: it is for reading, not for posting."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.TRIAL_MAIL_DIR.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            stamp = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
            text = f"Subject: {message.subject}\n\n{message.body}\n"
            (settings.TRIAL_MAIL_DIR / f"{stamp}.txt").write_text(text, encoding="utf-8")
        return len(email_messages)
