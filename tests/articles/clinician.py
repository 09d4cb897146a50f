"""A clinician on the sign screen of a page, and a second one."""

from typing import Any

from django.test import Client

from education.accounts.models import User
from education.articles.models import Article
from tests.cast import seen, signing_as, staff

LUPUS = "/autoimmune-conditions/lupus/"


def screen(draft: Article, name: str = "sign") -> str:
    return f"/admin/education/article/{draft.pk}/{name}/"


def sign(client: Client, draft: Article, kind: str = "full", **typed: Any) -> Any:
    return client.post(screen(draft), {"seen": seen(draft), "kind": kind, **typed}, follow=True)


def other_clinician() -> User:
    dora = staff("dora", "clinician")
    signing_as(dora, "Dr Dora Dean", "MD")
    return dora
