"""Views through which the public role sees tables that also hold what patients don't read: drafts, words that wait for
a signature, user names. Each shows what the site shows to anybody, under the table's own name.

Views and not row-level security: under that, PostgreSQL refuses a backup to every user who is not the owner.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import connection
from django.db.models import Field, JSONField, Model

from education.articles.models import Article, Edition, EditionPlaces, SignOff, Topic
from education.clinic.models import Bulletin, ClinicProfile
from education.consultations.models import ScreeningQuestion
from education.glossary.models import Term
from education.images.models import Picture
from education.people.models import Person
from education.references.models import Reference
from education.wording.models import PublicWords, SignedWords, SitePlace
from education.wording.places import places

SIGNED = "w.words IS NOT NULL"
CITED = "EXISTS (SELECT 1 FROM public.education_citation c WHERE c.reference_id = t.id)"
WITH_ARTICLE = "JOIN public.education_article a ON a.id = {}.article_id"
TO_BE_READ = "a.current_edition_id IS NOT NULL"
WITHDRAWN = "a.withdrawn_at IS NOT NULL"
OF_TOPIC = f"a.topic_id = t.id AND ({TO_BE_READ} OR {WITHDRAWN})"
HAS_PAGES = f"EXISTS (SELECT 1 FROM public.education_article a WHERE {OF_TOPIC})"  # noqa: S608  # nosec B608
# Of a topic's list of addresses, those of pages that are or were published, in the same order.
SHELF = f"""COALESCE((SELECT string_agg(s.slug, E'\\n' ORDER BY s.place)
    FROM unnest(string_to_array(t.shelf, E'\\n')) WITH ORDINALITY s (slug, place)
    WHERE EXISTS (SELECT 1 FROM public.education_article a WHERE a.slug = s.slug AND {OF_TOPIC})), '')"""  # noqa: S608  # nosec B608
# Of an article, the columns that are not about its draft. A new column is hidden until it is named here.
OF_A_LIVE_PAGE = (
    *("id", "topic_id", "slug", "kind", "language", "current_edition_id", "sign_off_id", "review_id"),
    *("withdrawn_at", "withdrawn_because"),
)
ROWS_OF_SIGNED_WORDS: Mapping[type[SignedWords], str] = {
    Bulletin: SIGNED,
    ClinicProfile: "true",  # one row, most of whose fields need no signature
    Reference: f"{SIGNED} OR {CITED}",
    ScreeningQuestion: SIGNED,
    Term: SIGNED,
    Topic: f"{SIGNED} OR {HAS_PAGES}",
}


def views() -> Iterator[tuple[str, str]]:
    """(table, what is selected for the view in front of it)."""
    for model, rows in ROWS_OF_SIGNED_WORDS.items():
        shown = _in_public_words(model) | ({"shelf": SHELF} if model is Topic else {})
        yield _view(model, shown, _newest_words(model), rows)
    yield _article()
    yield _edition()
    of_live = f"JOIN public.education_edition e ON e.id = t.edition_id {WITH_ARTICLE.format('e')}"
    yield _view(EditionPlaces, {}, of_live, TO_BE_READ)
    yield _sign_off()
    yield _site_place()
    yield _view(Person, _blank(Person, ["account_id"]))
    yield _picture()
    yield _view(PublicWords, _blank(PublicWords, ["signed_by"]))


def _site_place() -> tuple[str, str]:
    """Plain words are read as they were saved, the others as they were signed."""
    plain = ", ".join(f"'{key}'" for key, place in places().items() if place.plain)
    shown = {
        "words": f"CASE WHEN t.key IN ({plain}) THEN t.words ELSE {_in_public_words(SitePlace)['words']} END",
        "left_empty": f"t.key IN ({plain}) AND t.left_empty",
    }
    return _view(SitePlace, shown, _newest_words(SitePlace))


def _article() -> tuple[str, str]:
    """Title and summary are those that patients read."""
    shown = _blank(Article, {column for column, _ in _columns(Article)} - {*OF_A_LIVE_PAGE})
    shown |= {name: f"COALESCE(e.{name}, '')" for name in ("title", "summary")}
    live = "LEFT JOIN public.education_edition e ON e.id = t.current_edition_id"
    return _view(Article, shown, live, "t.current_edition_id IS NOT NULL OR t.withdrawn_at IS NOT NULL")


def _edition() -> tuple[str, str]:
    """The editions of pages to be read. Of a page that was withdrawn, patients still read the title."""
    shown = _blank(Edition, ["published_by"])
    shown |= {name: f"CASE WHEN {TO_BE_READ} THEN t.{name} ELSE '' END" for name in ("summary", "content", "html")}
    return _view(Edition, shown, WITH_ARTICLE.format("t"), f"{TO_BE_READ} OR {WITHDRAWN}")


def _sign_off() -> tuple[str, str]:
    """The signatures on what was published."""
    same = "e.article_id = t.article_id AND e.sha256 = t.sha256"
    published = f"EXISTS (SELECT 1 FROM public.education_edition e WHERE {same})"  # noqa: S608  # nosec B608
    rows = f"{TO_BE_READ} AND ({published} OR t.id IN (a.sign_off_id, a.review_id))"
    return _view(SignOff, _blank(SignOff, ["content", "signed_by"]), WITH_ARTICLE.format("t"), rows)


def _picture() -> tuple[str, str]:
    """The pictures that a public page shows."""
    pages = "SELECT 1 FROM public.education_pictureuse u WHERE u.picture_id = t.name"
    people = "SELECT 1 FROM public.education_person p WHERE p.photo_id = t.id"
    clinic = "SELECT 1 FROM public.education_clinicprofile c WHERE c.map_picture_id = t.id"
    return _view(Picture, {}, rows=" OR ".join(f"EXISTS ({found})" for found in (pages, people, clinic)))


def _newest_words(model: type[SignedWords]) -> str:
    newest = f"p.kind = '{model.words_kind()}' AND p.row = t.id ORDER BY p.id DESC LIMIT 1"
    words = f"SELECT p.words::jsonb AS words FROM public.education_publicwords p WHERE {newest}"  # noqa: S608  # nosec B608
    return f"LEFT JOIN LATERAL ({words}) w ON true"


def _in_public_words(model: type[SignedWords]) -> dict[str, str]:
    shown = {}
    for column, field in _columns(model):
        if field.name in model.signed_fields:
            stored = f"w.words {'->' if isinstance(field, JSONField) else '->>'} '{field.name}'"
            shown[column] = f"COALESCE(({stored})::{_type(field)}, {_empty(field)})"
    return shown


def _view(model: type[Model], shown: Mapping[str, str], joined: str = "", rows: str = "true") -> tuple[str, str]:
    """The view of `model`: its columns, with `shown` in place of some. Returns the table's name and the SELECT."""
    table = model._meta.db_table
    columns = ", ".join(f"{shown.get(column, f't.{column}')} AS {column}" for column, _ in _columns(model))
    return table, f"SELECT {columns} FROM public.{table} t {joined} WHERE {rows}"  # noqa: S608  # nosec B608


def _blank(model: type[Model], columns: Collection[str]) -> dict[str, str]:
    return {column: _empty(field) for column, field in _columns(model) if column in columns}


def _columns(model: type[Model]) -> list[tuple[str, "Field[Any, Any]"]]:
    return [(str(field.column), field) for field in model._meta.concrete_fields]


def _empty(field: "Field[Any, Any]") -> str:
    """What the field holds before anybody writes into it, as SQL."""
    value = None if field.null else field.get_default()
    if value is None:
        return f"NULL::{_type(field)}"
    quoted = (value if isinstance(value, str) else json.dumps(value)).replace("'", "''")
    return f"'{quoted}'::{_type(field)}"


def _type(field: "Field[Any, Any]") -> str:
    return str(field.cast_db_type(connection))
