"""`manage.py grant_roles`: a database role for each kind of process, on PostgreSQL."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from education.health.databases import roles


class Command(BaseCommand):
    help = "Make three database roles (public, staff, worker) and give each what it needs. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no roles. There, keep the public side apart by its user and its files.")
        try:
            roles.grant(self.stdout.write)
        except roles.RolesRefused as error:
            raise CommandError(str(error)) from None
