"""Delete requests that have been kept long enough. The worker does so every hour by itself."""

from typing import Any

from django.core.management.base import BaseCommand

from education.consultations.upkeep import retention
from education.health.actions import checkpoint


class Command(BaseCommand):
    help = "Delete consultation requests whose time has come, with their index and notes."

    def handle(self, *args: Any, **options: Any) -> None:
        count = retention.purge_due()
        checkpoint()
        self.stdout.write(f"Requests deleted: {count}")
