"""The models of articles and topics."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver

from education.articles.content.blocks.figure import FigureBlock
from education.articles.content.blocks.lists import KeyPointsBlock as KeyPoints
from education.articles.content.blocks.prose import CareCardBlock, TextBlock
from education.articles.content.blocks.risk import RiskBlock
from education.articles.models import Article, LineField, Topic
from tests.cast import article, published, rewritten, text, topic

pytestmark = pytest.mark.django_db


def test_a_line_field_is_a_plain_column_to_migrations_and_cleans_what_it_is_given() -> None:
    field = LineField(max_length=20)
    assert field.deconstruct()[1] == "django.db.models.CharField"
    assert field.to_python(" a\n\x00 b ") == "a b"
    assert field.to_python(None) is None


def test_a_line_field_is_cleaned_however_it_is_saved() -> None:
    Article.objects.filter(pk=article(title="One").pk).update(title="Two\nlines\x0b")
    assert Article.objects.get().title == "Two lines"


def test_rows_are_named_in_words() -> None:
    assert str(topic()) == "Autoimmune conditions"
    assert str(article("lupus")) == "Lupus"
    assert str(TextBlock(body="<p>First words.</p>")) == "First words."
    assert str(KeyPoints(items="One\nTwo")) == "One Two"
    assert str(CareCardBlock(title="Get help", body="<p>x</p>")) == "Get help"


def test_a_block_is_named_without_the_keys_of_the_studies_it_cites() -> None:
    cited = "<p>Take it at bedtime.[@smith-2007][@young-2013] It may help.</p>"
    assert str(TextBlock(body=cited)) == "Take it at bedtime. It may help."
    assert str(RiskBlock(title="Women who slept better [@smith-2007]")) == "Women who slept better"
    long = TextBlock(body=f"<p>{'Words. ' * 8}[@smith-2007] More words.</p>")  # a name has 60 characters
    assert str(long) == "Words. " * 8 + "Mor…"


@pytest.mark.parametrize("block", [TextBlock(), FigureBlock(drawing="a-key")])
def test_a_block_without_text_still_has_a_name(block: object) -> None:
    assert str(block)


def first_parts(patterns: list[Any], before: str = "") -> set[str]:
    """The first part of every fixed path of the site."""
    parts = set()
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if "/" not in route and hasattr(pattern, "url_patterns"):
            parts |= first_parts(pattern.url_patterns, route)
        else:
            parts.add(route.partition("/")[0])
    return {part for part in parts if "<" not in part and part}


def test_reserved_addresses_can_not_be_slugs() -> None:
    taken = first_parts(get_resolver().url_patterns)
    assert {"admin", "search", "a-z", "accounts", "request-a-consultation"} <= taken
    for part in taken | {"static", "media", "es"}:
        with pytest.raises(ValidationError):
            Topic(slug=part, title="Any").full_clean()


def test_querysets_tell_drafts_from_live_pages() -> None:
    never = article("never")
    live = published("live").article
    changed = rewritten(published("changed").article, text("<p>Other.</p>"))
    assert set(Article.objects.published()) == {live, changed}
    assert set(Article.objects.with_unpublished_changes()) == {never, changed}
    assert set(Article.objects.unsigned()) == {live, changed}


def test_articles_and_topics_have_their_addresses() -> None:
    assert topic().get_absolute_url() == "/autoimmune-conditions/"
    assert article("lupus").get_absolute_url() == "/autoimmune-conditions/lupus/"
    assert article("privacy", kind="policy").get_absolute_url() == "/privacy/"


def test_pages_of_a_topic_stand_in_the_order_of_its_shelf_and_then_as_they_came() -> None:
    shelf = Topic(shelf="lupus\n gout \nlupus")
    assert shelf.in_order(["asthma", "zoster", "gout", "lupus"], slug=str) == ["lupus", "gout", "asthma", "zoster"]
