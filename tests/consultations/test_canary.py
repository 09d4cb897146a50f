"""A canary in every field: after a request's whole life it is found only on the pages meant to show it."""

import logging
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from education.clinic.models import ClinicProfile
from education.consultations.form.call_times import TICKS
from education.consultations.form.forms import FIELD_NAMES
from education.consultations.triage.record import open_row
from education.consultations.upkeep import ingest
from education.outbox.actions import deliver_due
from tests import cast
from tests.consultations.asking import WHOLE, Page, check, press, sent_row

CANARY = "kanarienvogel"
CHOSEN = {name for name in FIELD_NAMES if name.startswith(("screening_", "date_of_birth_"))} | {
    *("contact_by", "asking_for", "proxy_contact", "proxy_knows", "voicemail_ok", "consent", "website", "phone"),
    "mail_link",
}
DIGITS = "5558675309"
TYPED = {name: f"{CANARY} {name}" for name in FIELD_NAMES if name not in {*CHOSEN, *TICKS}}
SENT = WHOLE | TYPED | {"email": f"{CANARY}@example.org", "phone": DIGITS}


def everything_stored() -> str:
    """All columns of all rows of all tables; bytes are read as Latin-1."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                found += [c.decode("latin-1") if isinstance(c, bytes | memoryview) else str(c) for c in row]
    return "\n".join(found)


def has_canary(text: str) -> bool:
    return CANARY in text.casefold() or DIGITS in text


def test_the_scan_would_find_it(clinic: ClinicProfile) -> None:
    clinic.address = f"{CANARY} street"
    clinic.save()
    assert has_canary(everything_stored())


def test_a_canary_in_every_field_is_found_nowhere(
    client: Any, clinic: ClinicProfile, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    press(client, SENT)
    press(client, SENT, headers={"Origin": "https://elsewhere.example"})
    check(client, SENT | {"consent": ""})
    page = Page(check(client, SENT)).values()
    sent = press(client, page)
    press(client, page | {"main_reason": f"{CANARY} again"})
    receipt = client.get(sent.headers["Location"])
    row = sent_row(sent)
    ingest.ingest_new()
    deliver_due()
    desk = cast.logged_in(cast.ines_at_intake())
    shown = desk.get(f"/admin/education/consultationrequest/{row.pk}/change/")
    desk.post(f"/admin/education/consultationrequest/{row.pk}/note/", {"text": f"{CANARY} note"})
    desk.get("/admin/education/consultationrequest/")
    desk.post("/admin/education/consultationrequest/search/", {"q": CANARY})

    opened = open_row(row)
    assert all(has_canary(opened.answer(name)) for name in (*TYPED, "phone"))
    assert has_canary(shown.content.decode())
    assert not has_canary(everything_stored())
    assert not has_canary(caplog.text)
    assert not has_canary(receipt.content.decode() + sent.headers["Location"])
    assert len(mail.outbox) == 3
    assert not has_canary("".join(m.subject + m.body + str(m.extra_headers) for m in mail.outbox))
