"""`manage.py editions_verify`: check that nobody changed an edition or a sign-off."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from education.articles.models import Edition, SignOff
from education.articles.publishing.verification import tampered_rows
from education.audit.actions import verify


class Command(BaseCommand):
    help = "Compute every hash again, and name each row that was tampered with. Exit code 1 if any was."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [str(row) for row in tampered_rows()]
        if broken := verify().broken:
            found.append(f"The audit trail is broken at event {broken.pk} ({broken.verb}).")
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"{Edition.objects.count()} editions and {SignOff.objects.count()} sign-offs hold.")
