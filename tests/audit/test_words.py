"""What was done, in words."""

import re

import pytest

from education.audit.actions import record
from education.audit.words import in_words
from education.images.models import Picture
from education.people.models import Person
from tests import cast
from tests.each import of_each
from tests.screens import body, plain_words


@of_each(
    [
        ("request_claim", "Request claimed"),
        ("request_needs_clinician", "Request passed to a clinician"),
        ("article_publish_unsigned", "Article published unsigned"),
        ("comment_add", "Comment added"),
        ("second_factor_reset", "Second factor reset"),
        ("intakepause_saved", "Pause of the request form saved"),
        ("refused", "Refused"),
        ("signed_in", "Logged in"),
        ("sign_in_failed", "Log-in failed"),
    ]
)
def test_a_verb_is_read_as_what_was_done(case: tuple[str, str]) -> None:
    verb, said = case
    assert in_words(verb) == said


@pytest.mark.django_db
def test_the_record_names_accounts_and_writes_times_as_the_country_does() -> None:
    adam, ines = cast.staff("adam", "administrator"), cast.staff("ines", "intake")
    event = record("second_factor_reset", by=adam, about=f"staff:{ines.pk}")
    rosa = Person.objects.create(name="Rosa Delgado", slug="rosa")
    picture = Picture.objects.create(alt="A hand that holds a small glass", width=320, height=240)
    for about in (f"person:{rosa.pk}", f"picture:{picture.name}", "person:999", "request:ABCD2345", "/contact/"):
        record("noted", by=adam, about=about)
    client = cast.logged_in(adam)
    rows = plain_words(body(client.get("/admin/education/auditevent/")).partition("<tbody>")[2])
    assert "Second factor reset account ines" in rows
    seen = "picture A hand that holds a small glass"
    for about in ("person Rosa Delgado", seen, "person 999", "request ABCD 2345", "/contact/"):
        assert f"Noted {about} " in rows
    assert not re.search(r"(staff|person|picture|request):", rows)
    page = body(client.get(f"/admin/education/auditevent/{event.pk}/change/"))
    assert re.search(r"<h1>Second factor reset, [A-Z][a-z]+ \d+, \d{4}, ", page)
    assert "account ines" in plain_words(page)
    assert "What was done here" not in page, "nobody changes an event"
