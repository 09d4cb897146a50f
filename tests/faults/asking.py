"""Patients who send requests to a real server and remember which were acknowledged."""

import http.client
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from tests.faults.meanwhile import Meanwhile
from tests.faults.wire import TLS, HttpsPort
from tests.server import TIMEOUT, until

FORM = "/request-a-consultation/"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
ANSWERS = {"asking_for": "me", "contact_by": "either", "email": "ana@example.org", "consent": "on", "action": "send"}
NO_LIMIT = {"INTAKE_LIMIT_PER_HOUR": "0", "STAFF_MAIL": "desk@clinic.test"}
REQUESTS = "education_consultationrequest"
REST = 0.2  # seconds: with eight patients, some thirty requests a second


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: str


def call(port: int, method: str, path: str, body: str = "", timeout: float = TIMEOUT) -> Answer:
    behind_nginx = isinstance(port, HttpsPort)
    connection = (
        http.client.HTTPSConnection("127.0.0.1", int(port), timeout=timeout, context=TLS)
        if behind_nginx
        else http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    )
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheader("Location", ""), answer.read().decode())
    finally:
        connection.close()


def form_token(port: int) -> str:
    found = TOKEN.search(call(port, "GET", FORM).body)
    assert found
    return found[1]


def post(port: int, token: str, name: str, timeout: float = TIMEOUT) -> Answer:
    return call(port, "POST", FORM, urlencode({**ANSWERS, "full_name": name, "token": token}), timeout)


class Crowd(Meanwhile):
    """So many patients at once, each sending one request after another while the block lasts.

    Each rests for a moment between two: else they would keep the machine busy on which the site runs.
    """

    def __init__(self, port: int, clients: int) -> None:
        super().__init__(*[partial(self._patient, number) for number in range(clients)])
        self.port = port
        self.acknowledged: list[str] = []
        self.failed: list[str] = []

    def wait_for_more(self, number: int) -> None:
        """Until so many more are acknowledged."""
        wanted = len(self.acknowledged) + number
        assert until(lambda: len(self.acknowledged) >= wanted), f"{len(self.acknowledged)} of {wanted} acknowledged"

    def _patient(self, number: int) -> None:
        sent = 0
        while not self.enough.wait(REST):
            try:
                answer = post(self.port, form_token(self.port), f"Patient {number} {sent}")
            except (OSError, http.client.HTTPException, AssertionError) as error:
                self.failed.append(type(error).__name__)
                continue  # the worker that held this connection was killed: nothing was acknowledged
            sent += 1
            if answer.status == 303:
                self.acknowledged.append(answer.location)
            else:
                self.failed.append(str(answer.status))


def rows(data_dir: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{data_dir}/clinic.sqlite3?mode=ro", uri=True, timeout=60)) as database:
        return database.execute(query).fetchall()


def assert_all_are_there(data_dir: Path, crowd: Crowd) -> None:
    """Every acknowledged receipt has its row, and each row its audit event and its mail to staff."""
    known = {str(row[0]) for row in rows(data_dir, f"SELECT receipt_hash FROM {REQUESTS}")}
    lost = [where for where in crowd.acknowledged if sha256(where.split("/")[2].encode()).hexdigest() not in known]
    assert crowd.acknowledged
    assert lost == []
    assert until(lambda: not rows(data_dir, f"SELECT 1 FROM {REQUESTS} WHERE ingested_at IS NULL"))
    (counts,) = rows(
        data_dir,
        f"SELECT (SELECT count(*) FROM {REQUESTS}),"
        " (SELECT count(DISTINCT about) FROM education_auditevent WHERE verb = 'request_received'),"
        " (SELECT count(*) FROM education_outboxmessage WHERE key LIKE '%/staff/0')",
    )
    assert counts[0] == counts[1] == counts[2]
