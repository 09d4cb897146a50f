"""Run inside a new installation: fills it with something of each kind that an upgrade could lose."""

import json
import sys
from typing import Any

from education import worker
from education.accounts.models import User
from education.articles.editing import autosave
from education.articles.models import Article
from education.articles.public.preview import link_path
from education.consultations.form.forms import DEFAULTS, ConsultationForm
from education.consultations.models import ConsultationRequest
from education.consultations.public import actions as public
from education.consultations.public.tokens import receipt_hash
from education.consultations.triage import actions as triage
from education.core import sealing
from tests import cast
from tests.browser.furnish import STAFF, furnish
from tests.consultations.asking import SHORTEST, WHOLE

REQUESTS = {
    "whole": WHOLE,
    "short": SHORTEST | {"full_name": "Ben Okafor", "email": "ben@example.org"},
    "withdrawn": SHORTEST | {"full_name": "Carla Weg", "email": "carla@example.org"},
}
NONCES = {name: f"1700000000000.{name}" for name in REQUESTS}
ADDED, NOTE, UNSAVED = "I moved house.", "Rang, no answer.", "Lupus, unsaved"
TYPED = (  # of WHOLE, as staff read it
    "full_name", "preferred_name", "email", "phone", "best_times", "interpreter_language", "access_needs", "proxy_name",
    "proxy_relation", "conditions", "main_reason", "current_medicines", "share_pages", "questions",
)  # fmt: skip
CHOSEN = ("May 14, 1979", "By telephone", "Someone else", "Whoever asks", "I am not sure")


def fill() -> None:
    """Prints as JSON what the tests have to know."""
    sealing.ensure_keys()
    furnish()
    cast.issued(cast.complete("every-block", title="Every block", blocks=cast.every_block_that_passes()))
    receipts = send_requests()
    leave_unsaved()
    worker.run_once(worker.jobs())
    waiting = Article.objects.get(slug="gout")
    facts: dict[str, Any] = {
        "nonces": NONCES,
        "receipts": receipts,
        "email": WHOLE["email"],
        "whole": [*(" ".join(WHOLE[name].split()) for name in TYPED), *CHOSEN, ADDED, NOTE],
        "others": ["EXAMPLE Tom Becker", REQUESTS["short"]["full_name"]],
        "unsaved": UNSAVED,
        "preview": link_path(waiting),
        "previewed": waiting.summary,
    }
    sys.stdout.write(json.dumps(facts))


def send_requests() -> dict[str, str]:
    """Three patients: one adds something and is rung up, one waits, one changes their mind. Their receipts' tokens."""
    receipts = {name: submitted(NONCES[name], typed) for name, typed in REQUESTS.items()}
    worker.run_once(worker.jobs())
    public.add_words(receipts["whole"], text=ADDED)
    public.withdraw(receipts["withdrawn"], contact=REQUESTS["withdrawn"]["email"])
    row = ConsultationRequest.objects.get(receipt_hash=receipt_hash(receipts["whole"]))
    ines = cast.ines_at_intake()
    triage.claim(row, by=ines)
    row.refresh_from_db()
    triage.add_note(row, text=NOTE, by=ines)
    return receipts


def submitted(nonce: str, typed: dict[str, str]) -> str:
    form = ConsultationForm({**DEFAULTS, **typed})
    assert form.is_valid(), form.errors
    return public.submit(form.submission(), nonce=nonce)


def leave_unsaved() -> None:
    lupus, editor = Article.objects.get(slug="lupus"), User.objects.get(username=STAFF)
    autosave.keep(lupus, {"title": UNSAVED}, key="k" * 16, base=lupus.draft_sha256, by=editor)


def fill_sparsely() -> None:
    """One request and one page, so that a backup is small."""
    sealing.ensure_keys()
    cast.clinic()
    cast.issued(cast.complete("gout", title="Gout"))
    submitted("1700000000000.backup", WHOLE)
    worker.run_once(worker.jobs())
