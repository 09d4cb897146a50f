"""`manage.py serve`: the web server and the worker, until Ctrl-C."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections

from clinic_site import supervisor
from education.health import actions, faults, inspection
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
        if problem := inspection.in_the_way():
            raise supervisor.CannotStart(problem)
        web = supervisor.Child("web server", supervisor.web_server)
        worker = supervisor.Child("worker", lambda: run_forever(jobs()))
        supervisor.Supervisor(
            children=[web, worker],
            ready=lambda: supervisor.answers(settings.HOST, settings.PORT, settings.ALLOWED_HOSTS),
            announce=lambda: self._say(actions.welcome()),
            before_fork=connections.close_all,
        ).run()
        self._say("Stopped.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
