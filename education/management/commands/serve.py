"""`manage.py serve`: the web server and the worker, until Ctrl-C."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections

from clinic_site import supervisor
from education.health import faults, inspection
from education.staff.actions import setup_link
from education.worker import jobs, run_forever


class Command(BaseCommand):
    help = "Runs the web server and the worker together. In production, systemd or a container each runs the two."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
            with supervisor.only_one(settings.DATA_DIR / "serve.pid", settings.SITE_URL) as left_behind:
                self._serve(left_behind)
        except supervisor.CannotStart as error:
            sys.exit(str(error))
        except (OSError, DatabaseError) as error:
            sys.exit(faults.explain(error))

    def _serve(self, left_behind: bool) -> None:
        if left_behind:
            self._say("The last run was killed. Taking over.")
        supervisor.check_port(settings.HOST, settings.PORT, wait=15 if left_behind else 0)
        if problem := inspection.folder() or inspection.database():
            raise supervisor.CannotStart(problem)
        supervisor.Supervisor(
            children=[
                supervisor.Child("web server", supervisor.web_server),
                supervisor.Child("worker", lambda: run_forever(jobs())),
            ],
            ready=lambda: supervisor.answers(settings.HOST, settings.PORT, settings.ALLOWED_HOSTS),
            announce=self._announce,
            before_fork=connections.close_all,
        ).run()
        self._say("Stopped.")

    def _announce(self) -> None:
        site = settings.SITE_URL
        self._say(f"The site is up ({settings.MODE} mode).\n  Site    {site}/\n  Admin   {site}/admin/")
        if link := setup_link():
            self._say(f"  Set up  {link}\n          makes the first staff account; works once")
        self._say("Stop it with Ctrl-C.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
