"""Who else has a page open: said when the form is opened, and to whoever types in it."""

from datetime import timedelta

import pytest
from django.test import Client

from education.colleagues import presence
from tests import cast
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db


def test_two_who_write_on_one_page_are_told_of_each_other(erin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = cast.complete("lupus", blocks=[cast.text("<p>Old words.</p>")])
    other = cast.complete("psoriasis", blocks=[cast.text("<p>Old words.</p>")])
    form, keep = (f"/admin/education/article/{draft.pk}/{name}/" for name in ("change", "unsaved/keep"))
    anna = cast.logged_in(cast.staff("anna", "editor"))
    assert "had this page open" not in plain_words(body(erin.get(form)))
    said = plain_words(body(anna.get(form)))
    assert "You may not be alone: erin had this page open at" in said
    assert "had this page open" not in plain_words(body(anna.get(f"/admin/education/article/{other.pk}/change/")))

    typed = {"title": "Lupus", "form_key": "k", "draft_base": draft.draft_sha256}
    assert "anna had this page open at" in erin.post(keep, typed).json()["others"]
    assert "anna had this page open at" in erin.get(keep).json()["others"]  # on coming back to the window
    monkeypatch.setattr(presence, "HERE", timedelta(0))
    assert erin.get(keep).json()["others"] == ""
