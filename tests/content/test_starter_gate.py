"""Every page of the starter library passes every publication rule that needs no clinician."""

import pytest

from education.articles.models import Article
from education.articles.publishing.gate import check
from tests.content.words import NAMES, page, rows

PEOPLE = {row["slug"]: row for row in rows("people")}


@pytest.mark.thorough
@pytest.mark.usefixtures("starter_pages")
def test_starter_pages_pass_every_rule_but_the_sign_off() -> None:
    articles = Article.objects.select_related("topic", "author", "signature")
    missing = {article.slug: check(article).failure_messages(include_clinician=False) for article in articles}
    assert [slug for slug, messages in missing.items() if messages] == []
    assert len(missing) == len(NAMES)


def test_the_starter_librarys_author_does_not_look_like_a_clinician() -> None:
    assert [page(name)["author"] for name in NAMES] == ["starter-library"] * len(NAMES)
    assert PEOPLE["starter-library"]["credentials"] == "not a clinician"
    assert "No clinician wrote or reviewed these words." in PEOPLE["starter-library"]["disclosure"]
    claims = [block for name in NAMES for block in page(name)["blocks"] if block["type"] == "claim"]
    assert {claim["graded_by"] for claim in claims} == {"the starter library, not by a clinician"}
