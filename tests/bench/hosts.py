"""Two public hosts, a staff host and two workers on one PostgreSQL, while keys are rotated, a host reloads and a worker
is killed. Run by `.venv/bin/python -m tests.bench.hosts`, which takes some minutes and prints what it found; exit code
1 if anything was lost, doubled or went backwards.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

from tests import postgres
from tests.clinic_site.production import COMPLETE
from tests.faults.asking import NO_LIMIT, Crowd, call
from tests.faults.publishing import Readings, publisher, read_on
from tests.faults.test_freshness import launch_command
from tests.server import Launcher, Run, manage, run_command, until

READS, REQUESTS, ROUNDS = 10_000, 500, 30
PATIENTS, READERS = 4, 4  # on each public host
MANAGE = [sys.executable, "manage.py"]
PATH = "/fibromyalgia-and-chronic-pain/fibromyalgia/"
COUNTS = """
import json
from django.db.models import Count
from education.audit.models import AuditEvent
from education.consultations.models import ConsultationRequest
from education.outbox.models import OutboxMessage
received = AuditEvent.objects.filter(verb="request_received")
print(json.dumps({
    "receipts": list(ConsultationRequest.objects.values_list("receipt_hash", flat=True)),
    "waiting": ConsultationRequest.objects.to_ingest().count(),
    "received": received.count(), "received once": received.values("about").distinct().count(),
    "mails": OutboxMessage.objects.filter(key__endswith="/staff/0").count(),
    "not sent": OutboxMessage.objects.exclude(state=OutboxMessage.SENT).count(),
    "all mails": OutboxMessage.objects.count(),
}))
"""


class Site:
    """Every process has the role of its side, and only the keys of its side."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        self.launch = Launcher(folder)
        self.same = {**NO_LIMIT, "SECRET_KEY": COMPLETE["SECRET_KEY"]}
        self.staff = folder / "staff"
        manage(self.staff, "prepare", DATABASE_URL=address, **self.same)
        manage(self.staff, "grant_roles", DATABASE_URL=address, **self.same)
        manage(self.staff, "seal_keys", "recovery", DATABASE_URL=address, **self.same)  # a retired key goes under it
        for name in ("one", "two", "worker-1", "worker-2"):
            shutil.copytree(self.staff / "static", folder / name / "static")
        self.copy_public_keys()

    def settings(self, role: str) -> dict[str, str]:
        name = self.address.rpartition("/")[2]
        own = {"CLINIC_ROLE": role, "DATABASE_URL": self.address.replace("clinic@", f"{name}_{role}@")}
        return {**self.same, **own, **({} if role == "public" else {"SEAL_KEY_DIR": str(self.staff / "keys")})}

    def copy_public_keys(self) -> None:
        for name in ("one", "two"):
            (self.folder / name / "keys").mkdir(exist_ok=True)
            for key in (self.staff / "keys").glob("seal_public_*"):
                shutil.copy(key, self.folder / name / "keys")

    def web(self, name: str, role: str) -> Run:
        run = self.launch(launch_command(), self.folder / name, **self.settings(role))
        assert until(run.answers), run.text()
        return run

    def worker(self, number: int) -> Run:
        return self.launch([*MANAGE, "worker"], self.folder / f"worker-{number}", **self.settings("worker"))

    def ask(self, code: str) -> str:
        return run_command(self.staff, "shell", "--no-imports", "-c", code, **self.settings("staff")).stdout

    def rotate_keys(self, publics: list[Run]) -> None:
        (old,) = [path.stem.removeprefix("seal_public_") for path in (self.staff / "keys").glob("seal_public_*")]
        staff = self.settings("staff")
        manage(self.staff, "seal_keys", "new", **staff)
        self.copy_public_keys()
        time.sleep(2)
        for run in publics:
            call(run.port, "GET", "/health/ready")
        manage(self.staff, "seal_keys", "reseal", **staff)
        print(manage(self.staff, "seal_keys", "retire", old, **staff).strip())


def trouble(site: Site, publics: list[Run], worker: Run) -> None:
    """What happens in the middle of it."""
    site.rotate_keys(publics)
    os.kill(publics[0].pid, signal.SIGHUP)
    worker.process.kill()
    time.sleep(2)
    site.worker(1)


def run_all(site: Site) -> list[str]:
    publics = [site.web("one", "public"), site.web("two", "public")]
    site.web("staff", "staff")
    workers = [site.worker(1), site.worker(2)]
    readings, enough = Readings(), threading.Event()
    readers = [threading.Thread(target=read_on, args=(run, readings, enough, PATH, 0.01)) for run in publics * READERS]
    for reader in readers:
        reader.start()
    publishing = publisher(site.staff, rounds=ROUNDS, pause=1.0, **site.settings("staff"))
    try:
        with ExitStack() as crowds:
            patients = [crowds.enter_context(Crowd(run.port, PATIENTS)) for run in publics]
            trouble(site, publics, workers[0])
            until(lambda: sum(len(crowd.acknowledged) for crowd in patients) >= REQUESTS, 600)
        publishing.communicate(timeout=600)
        until(lambda: readings.count >= READS and readings.newest == ROUNDS, 600)
    finally:  # or a run that fails would never end
        enough.set()
        for reader in readers:
            reader.join()
    return [*judged(site, [where for crowd in patients for where in crowd.acknowledged]), *read(readings)]


def read(readings: Readings) -> list[str]:
    wrong = f"backwards {readings.backwards}, torn {readings.torn}, failed {readings.failed}"
    print(f"{readings.count} reads, {readings.newest} publications; {wrong}")
    return ["pages went wrong"] * bool(readings.backwards or readings.torn or readings.failed)


def judged(site: Site, acknowledged: list[str]) -> list[str]:
    found: dict[str, object] = {}

    def settled() -> bool:
        found.update(json.loads(site.ask(COUNTS)))
        return not found["waiting"] and not found["not sent"]

    until(settled, 300)
    known = set(found.pop("receipts"))  # type: ignore[call-overload]
    lost = [where for where in acknowledged if sha256(where.split("/")[2].encode()).hexdigest() not in known]
    files = sum(1 for name in ("worker-1", "worker-2") for _ in (site.folder / name / "mail").glob("*.txt"))
    print(f"{len(acknowledged)} acknowledged, {len(known)} stored, {len(lost)} lost; {files} mails written; {found}")
    audit = run_command(site.staff, "audit_verify", **site.settings("staff"))
    print(audit.stdout.strip())
    once = found["received"] == found["received once"] == found["mails"] == len(known)
    return [
        *(["requests were lost"] * bool(lost)),
        *(["something was done twice, or not at all"] * (not once)),
        *(["mails were doubled"] * (files != found["all mails"])),
        *(["the audit trail is broken"] * bool(audit.returncode)),
    ]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="clinic-hosts-") as name, postgres.server() as address:
        site = Site(Path(name), address)
        began = time.monotonic()
        try:
            wrong = run_all(site)
        finally:
            site.launch.end_all()
        print(f"{time.monotonic() - began:.0f} s. {'; '.join(wrong) or 'Nothing lost, doubled or backwards.'}")
        return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
