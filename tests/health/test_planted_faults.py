"""Each fault of `planted.py` is named by doctor, probe and desk, with its remedy; none ends in a traceback."""

import re
from html import unescape
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client

from education.accounts.actions import create_staff
from education.accounts.models import User
from education.audit.models import AuditEvent
from education.core import sealing
from education.health import actions, checks, inspection
from education.health.watching import alarms, troubles
from tests.cast import PASSWORD
from tests.health.planted import FAULTS, Fault, Site, ago, heartbeat, silent_host

COMMANDS = re.compile(r"manage\.py|systemctl|chmod|[A-Z]+_[A-Z]+\b")
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def doctor() -> str:
    out = StringIO()
    try:
        call_command("doctor", stdout=out)
    except SystemExit:
        return out.getvalue()
    return ""


def desk() -> str:
    page = Client()
    page.force_login(User.objects.get(username="mona"))
    return unescape(page.get("/admin/").content.decode())


def test_nothing_is_wrong_before(site: Site) -> None:
    assert {name: words for name, words in inspection.findings().items() if words} == {}
    assert Client().get("/health/ready").status_code == 200
    assert "notice-strong" not in desk()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_is_named_with_its_remedy(site: Site, fault: Fault) -> None:
    fault.plant(site)
    sealing.forget_keys()
    (line,) = [line for line in doctor().splitlines() if line.startswith(f"WRONG {fault.check}:")]
    assert fault.says in line
    ready = Client().get("/health/ready")
    assert ready.status_code == (200 if fault.can_ask else 503)
    named = fault.check in (*inspection.ASKING, *inspection.ARRIVING)
    assert (f"{fault.check}: not ready" in ready.content.decode()) is named
    if fault.on_desk:
        for_the_clinic, _, to_read_out = desk().partition("What to read out to them")
        assert fault.says in to_read_out
        closed = fault.check in ("keys", "staff keys", "audit key")
        words = "The staff side can’t start" if closed else troubles.WORDS[fault.check][1]
        assert words in for_the_clinic
        assert not COMMANDS.search(for_the_clinic.partition("<h1>")[2]), "not everybody may run commands"


@pytest.mark.parametrize(
    ("what", "said", "untrue"),
    [
        ("keys not mounted", "the form takes nothing until the key is back", "what patients send is kept"),
        ("no audit key", "what patients send is kept, and comes in once the key is back", "the form takes nothing"),
    ],
)
def test_while_keys_are_away_the_log_in_says_so_and_whoever_is_in_may_log_out(
    site: Site, what: str, said: str, untrue: str
) -> None:
    inside = Client()
    inside.force_login(User.objects.get(username="mona"))
    invited = urlsplit(create_staff(username="nia", roles=["intake"], by=None)).path
    (away,) = [fault for fault in FAULTS if fault.what == what]
    away.plant(site)
    sealing.forget_keys()
    typed = {"login": "mona", "password": PASSWORD}
    somebody = Client(raise_request_exception=False)
    asked = [somebody.get("/accounts/login/"), somebody.post("/accounts/login/", typed), somebody.post(invited, typed)]
    for answer in asked:
        assert answer.status_code == 503
        page = answer.content.decode()
        assert "The staff side can’t start" in page
        assert said in page
        assert untrue not in page
    assert inside.post("/accounts/logout/").status_code == 302
    assert "sessionid" not in {name for name, cookie in inside.cookies.items() if cookie.value}


def test_each_check_that_the_desk_shows_or_a_mail_tells_of_has_words_for_the_clinic() -> None:
    told = [name for name in inspection.CHECKS if name not in (*inspection.NOT_ON_DESK, *alarms.NO_ALARM)]
    assert set(told) <= set(troubles.WORDS) <= set(inspection.CHECKS)


def test_the_desk_says_whom_to_call_and_dials_them(site: Site) -> None:
    heartbeat(ago(hours=1))
    assert "Call whoever looks after the server today." in desk()
    site.settings.SERVER_CONTACT = "Ina Berg, +1 555 0142"
    assert 'Call <a href="tel:+15550142">Ina Berg, +1 555 0142</a> today.' in desk()
    silent_host(site)  # graver: people may not reach the site
    assert "Ina Berg, +1 555 0142</a> now, whatever the hour." in desk()


def test_without_their_keys_nobody_is_told_to_make_new_ones(site: Site) -> None:
    next(fault for fault in FAULTS if fault.what == "keys not mounted").plant(site)
    sealing.forget_keys()
    assert "seal_keys new" not in doctor()


def test_a_dropped_trigger_is_put_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    next(fault for fault in FAULTS if fault.check == "triggers").plant(site)
    said: list[str] = []
    actions._restore_triggers(said.append)
    assert said == ["Putting back the trigger education_auditevent_no_update"]
    assert checks.triggers() == ""
    with pytest.raises(DatabaseError, match="can't be changed"), transaction.atomic():
        AuditEvent.objects.update(actor="nobody")


def test_a_secret_key_that_was_changed_on_purpose(site: Site) -> None:
    site.settings.SECRET_KEY = "z" * 50
    said: list[str] = []
    actions._note_secret_key(said.append, replace=False)
    assert "prepare --new-secret-key" in said[0]
    actions._note_secret_key(said.append, replace=True)
    assert checks.secret_key() == ""
