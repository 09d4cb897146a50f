"""Run inside an installation on an old data folder: upgrades it and opens everything in it, as people there would."""

import json
import sys
from datetime import timedelta
from io import StringIO
from typing import Any
from unittest import mock

from django.core.management import CommandError, call_command
from django.test import Client

from education.articles.models import Article, UnsavedWriting
from education.articles.public import preview
from education.consultations.models import ConsultationRequest
from education.consultations.public.tokens import receipt_token
from tests.cast import PASSWORD

Answer = tuple[int, str]  # status, page
EVERYTHING = "sam"  # the member of staff who has every role


def report(facts: dict[str, Any]) -> None:
    """Prints as JSON what there is to see after `manage.py migrate`. `facts` are those of the folder, and `head`, the
    last digest of its audit trail before the upgrade, and `backup`, the path of a sealed backup.
    """
    call_command("migrate", interactive=False, verbosity=0)
    patient, staff = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    found = {
        "editions_verify": said("editions_verify"),
        "audit_verify": said("audit_verify", head=facts["head"]),
        "pages": {path: opened(patient, path) for path in published()},
        "receipts": {name: opened(patient, f"/my-request/{token}/") for name, token in facts["receipts"].items()},
        "resent": {name: receipt_token(nonce) for name, nonce in facts["nonces"].items()},
        "preview": previewed(patient, facts["preview"]),
        "logged in": staff.login(username=EVERYTHING, password=PASSWORD),
        "records": {row.reference: opened(staff, record(row)) for row in ConsultationRequest.objects.all()},
        "search": searched(staff, facts["email"]),
        "unsaved": [opened(staff, f"/admin/education/article/{pk}/change/") for pk in unsaved()],
        "drill": said("restore", facts["backup"], typed=facts["recovery_key"], drill=True),
    }
    sys.stdout.write(json.dumps(found))


def opened(client: Client, path: str) -> Answer:
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


def published() -> list[str]:
    return [article.get_absolute_url() for article in Article.objects.published()]


def previewed(client: Client, link: str) -> Answer:
    """The link was given out long ago; whether it is too old is another test's question."""
    with mock.patch.object(preview, "LINK_HOLDS", timedelta(days=36_500)):
        return opened(client, link)


def record(row: ConsultationRequest) -> str:
    return f"/admin/education/consultationrequest/{row.pk}/change/"


def searched(staff: Client, typed: str) -> Answer:
    answer = staff.post("/admin/education/consultationrequest/search/", {"q": typed})
    return answer.status_code, answer.content.decode()


def unsaved() -> list[int]:
    rows = UnsavedWriting.objects.filter(editor__username=EVERYTHING, article__isnull=False)
    return [pk for pk in rows.values_list("article_id", flat=True) if pk]


def said(*command: str, typed: str = "", **options: Any) -> str:
    """What a command prints, its error included."""
    output = StringIO()
    with mock.patch("sys.stdin", StringIO(typed)):
        try:
            call_command(*command, stdout=output, **options)
        except (CommandError, SystemExit) as error:
            return f"{output.getvalue()}{error}"
    return output.getvalue()
