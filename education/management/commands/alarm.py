"""`manage.py alarm`: one look at the site, from outside its processes."""

from typing import Any

from django.core.management.base import BaseCommand

from education.health.watching import alarms


class Command(BaseCommand):
    help = "Mail STAFF_MAIL what has gone wrong, or is well again, since the last look. For a timer of the system."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        alarms.look(lasting=False)
