"""Whoever is not looking is told: once, when it begins, and once when it is well again."""

import smtplib
import threading
from io import StringIO

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection

from education.health import actions, inspection
from education.health.watching import alarms
from tests.health.planted import Site, ago, heartbeat

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarms, "told_here", set())


def test_a_silent_worker_is_told_of_once_and_then_that_it_is_back(site: Site) -> None:
    alarms.look()
    assert mail.outbox == []
    heartbeat(ago(minutes=9))
    alarms.look()
    alarms.look()
    alarms.told_here.clear()
    alarms.look()  # in another process
    (sent,) = mail.outbox
    assert sent.subject.startswith("WRONG: worker")
    assert "Start it: systemctl restart clinic-worker" in sent.body
    assert sent.to == ["desk@clinic.test"]
    actions.note_heartbeat()
    alarms.look()
    assert mail.outbox[1].subject.startswith("Well again: worker")
    alarms.look()
    assert len(mail.outbox) == 2


def test_the_mail_says_first_what_it_means_for_the_clinic_and_whom_to_call(site: Site) -> None:
    site.settings.SERVER_CONTACT = "Ina Berg, +1 555 0142"
    heartbeat(ago(minutes=9))
    alarms.look()
    actions.note_heartbeat()
    alarms.look()
    begun, ended = (sent.body.split("\n\n") for sent in mail.outbox)
    assert begun[1] == "Call Ina Berg, +1 555 0142 today. At night it can wait until the morning."
    assert begun[2].startswith("The part of the site that works by itself has stopped")
    assert begun[3] == "For whoever looks after the server:"
    assert begun[4].startswith("worker: The worker has not been seen since")
    assert ended[1:] == ["worker: well again", "All of it: manage.py doctor\n"]


def test_an_alarm_that_the_mail_server_did_not_take_is_tried_again(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(self: EmailMessage) -> int:
        raise smtplib.SMTPServerDisconnected("desk@clinic.test")

    heartbeat(ago(minutes=9))
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", fails)
        alarms.look()
    assert "could not be mailed" in caplog.text
    assert "desk@" not in caplog.text
    alarms.look()
    assert len(mail.outbox) == 1


def test_where_nothing_can_be_noted_a_process_that_stays_tells_once(site: Site) -> None:
    heartbeat(ago(minutes=9))
    (site.data / "alarms").write_text("in the way")
    alarms.look(lasting=False)
    assert mail.outbox == []
    alarms.look()
    alarms.look()
    assert len(mail.outbox) == 1


def test_the_ping_stops_with_the_first_thing_that_keeps_requests_from_staff(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []

    def answer(url: str, timeout: int) -> StringIO:
        called.append(url)
        return StringIO()

    monkeypatch.setattr(alarms.urllib.request, "urlopen", answer)
    alarms.ping()
    assert called == [], "no address is set"
    site.settings.HEARTBEAT_URL = "https://watch.test/1"
    alarms.ping()
    assert called == ["https://watch.test/1"]
    heartbeat(ago(minutes=9))
    alarms.ping()
    assert len(called) == 1


def test_checks_in_one_thread_leave_the_patience_of_others_alone(site: Site) -> None:
    """They once shortened it for all, and two at a time could leave it so."""
    inside, done = threading.Event(), threading.Event()

    def check() -> None:
        with inspection.short_lock_timeout(1):
            inside.set()
            done.wait(30)

    usual = dict(connection.settings_dict["OPTIONS"])
    thread = threading.Thread(target=check)
    thread.start()
    assert inside.wait(30)
    during = dict(connection.settings_dict["OPTIONS"])
    done.set()
    thread.join()
    assert during == usual
