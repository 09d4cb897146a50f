"""`manage.py purge_requests`: delete requests whose retention period is over, as the worker does every hour."""

from typing import Any

from django.core.management.base import BaseCommand

from education.consultations.upkeep import retention


class Command(BaseCommand):
    help = "Delete consultation requests whose retention period is over, with their search index and notes."

    def handle(self, *args: Any, **options: Any) -> None:
        count = retention.purge_in_steps()
        self.stdout.write(f"Requests deleted: {count}")
