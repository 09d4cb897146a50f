"""`manage.py serve`: the web server and the worker, until Ctrl-C."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections

from clinic_site import supervisor
from education.health import actions, faults, inspection, restoring
from education.worker import jobs, run_forever


class Command(BaseCommand):
    help = "Run the web server and the worker together. In production, systemd may run each by itself."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
            with supervisor.single_instance(settings.DATA_DIR / supervisor.PID_FILE, settings.SITE_URL) as left_behind:
                self._serve(left_behind)
        except (OSError, DatabaseError) as error:
            raise SystemExit(faults.explain(error)) from error

    def _serve(self, left_behind: bool) -> None:
        print("The last run was killed. Taking over.\n" if left_behind else "", end="", flush=True)
        supervisor.require_free_port(settings.HOST, settings.PORT, wait=15 if left_behind else 0)
        restoring.finish_interrupted()
        if problem := inspection.start_problem():
            raise SystemExit(problem)
        worker = supervisor.Child("worker", lambda: run_forever(jobs(), start_problem=inspection.staff_keys))
        supervisor.Supervisor(
            children=[supervisor.Child("web server", supervisor.run_web_server), worker],
            ready=lambda: supervisor.is_alive(settings.HOST, settings.PORT, settings.ALLOWED_HOSTS),
            announce=lambda: print(actions.welcome(), flush=True),
            before_fork=connections.close_all,
        ).run()
        print("Stopped.", flush=True)
