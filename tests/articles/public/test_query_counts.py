"""The number of queries that a page takes does not grow with what is on it.

One of each asks whether the clinic's profile, the words of the site or its menu have changed.
"""

from functools import partial

import pytest
from django.test import Client

from education.accounts import idle
from education.articles.content.canonical import draft_content
from education.articles.models import Article
from education.clinic.actions import save_bulletin
from education.clinic.models import Bulletin
from education.references.actions import save_reference
from education.references.models import Reference
from tests.articles.writing import Opened
from tests.cast import (
    article,
    care,
    clinic,
    complete,
    erin_the_editor,
    every_block,
    explained,
    issued,
    key_points,
    logged_in,
    published,
    reference,
    shown,
    text,
    topic,
)
from tests.queries import asked
from tests.screens import body

pytestmark = pytest.mark.django_db
SMALL = 5  # queries of an article: Django takes longer to make one of several than the database to answer each
CITED = text("<h2>A heading</h2><p>Some words.[@younger-2013]</p>")


def test_an_article_takes_as_many_queries_however_long_it_is(client: Client) -> None:
    clinic(accent="#1d3557")
    reference()
    published("short", blocks=[CITED])
    published("long", blocks=[CITED, key_points(), care()] * 10)
    client.get("/autoimmune-conditions/short/")  # reads what a process keeps
    short = asked(lambda: client.get("/autoimmune-conditions/short/"))
    long = asked(lambda: client.get("/autoimmune-conditions/long/"))
    assert short == long <= SMALL


def test_a_signature_that_is_the_full_review_too_is_read_once(client: Client) -> None:
    clinic()
    unsigned, signed = published("unsigned").path, issued(complete("signed")).path
    client.get(unsigned)  # reads what a process keeps
    assert asked(lambda: client.get(signed)) == asked(lambda: client.get(unsigned)) + 1


def test_bulletins_and_doubtful_studies_take_no_further_query(client: Client) -> None:
    clinic()
    reference()
    path = published("page", blocks=[CITED]).path
    published("sibling")
    client.get(path)  # reads what a process keeps
    plain = asked(lambda: client.get(path))
    explained("Words")
    save_bulletin(news := Bulletin(path=path, words="News."), by=None)
    shown(news)
    save_reference(changed := Reference.objects.get(), before="current", by=None)
    Reference.objects.filter(pk=changed.pk).update(status="retracted")
    client.get(path)  # once after each change, the glossary is read again, and what many pages show
    assert asked(lambda: client.get(path)) == plain <= SMALL
    page = body(client.get(path))
    assert all(words in page for words in ("News.", "is being re-checked", 'class="term"', "sibling", "/people/"))


def test_reading_a_draft_takes_as_many_queries_with_ninety_blocks_as_with_fifteen() -> None:
    few = published("few", blocks=every_block()).article
    many = published("many", blocks=every_block() * 6).article
    counts = {asked(lambda pk=pk: draft_content(Article.objects.get(pk=pk))) for pk in (few.pk, many.pk)}
    assert len(counts) == 1


@pytest.mark.thorough
def test_opening_and_saving_a_form_takes_as_many_queries_with_sixty_blocks_as_with_twelve(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(idle, "SAVE_EVERY", 3600)  # a session is saved anew after a while, however slow the machine
    erin = logged_in(erin_the_editor())
    Opened(erin, article("first"))  # the first visit also records the session, and fills what Django caches
    counts = []
    for times in (1, 5):
        draft = article(f"page-{times}", blocks=every_block() * times)
        erin.get("/admin/")  # shows what the last save said, which then leaves the session
        opened = asked(lambda draft=draft: Opened(erin, draft))
        form = Opened(erin, draft).type(title="Other words")
        kept = asked(form.keep)
        counts.append((opened, asked(form.save), kept))
    assert counts[0] == counts[1]
    assert counts[0] <= (41, 72, 18)  # six of the first and of the last note once a minute who has the form open


MOST = {
    "/": 6,
    "/autoimmune-conditions/": 4,
    "/autoimmune-conditions/page-0/": SMALL,
    "/autoimmune-conditions/page-0/history/": 4,
    "/a-z/": 2,
    "/search/?q=words": 3,
    "/sitemap.xml": 3,
    "/feed/": 2,
    "/references/younger-2013/": 3,
}


def test_lists_take_as_many_queries_for_three_pages_as_for_one(client: Client) -> None:
    def queries() -> dict[str, int]:
        return {path: asked(partial(client.get, path)) for path in MOST}

    clinic()
    reference()
    published("page-0", blocks=[CITED])
    assert [path for path in MOST if client.get(path).status_code != 200] == []
    one = queries()
    published("page-1", blocks=[CITED])
    published("page-2", blocks=[CITED])
    queries()  # reads anew what a process keeps
    assert queries() == one
    assert {path: count for path, count in one.items() if count > MOST[path]} == {}


def test_the_home_page_takes_as_many_queries_for_three_topics_as_for_one(client: Client) -> None:
    published("page-0")
    one = asked(lambda: client.get("/"))
    published("page-1", topic=topic("one-more"))
    published("page-2", topic=topic("yet-another"))
    assert asked(lambda: client.get("/")) == one
