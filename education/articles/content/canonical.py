"""Canonical content: what a draft says, as JSON whose SHA-256 means something."""

import hashlib
import json
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django.db import connection, transaction

from education.articles.content.blocks import BLOCK_TYPES, BLOCKS, Block, BlockContent
from education.articles.models import Article
from education.core.text import lines

CLINIC = "@clinic"  # in place of the author's slug, which never begins like this
Content = dict[str, Any]  # of a whole article, its blocks among it


def draft_blocks(article: Article) -> list[Block]:
    """The blocks of the draft in their order: one query a type that it has, however many blocks there are.

    Put in order here: for a query that does it, Django compares each column with what is asked for.
    """
    regions = [region.key for region in article.regions]
    found = [block for model in kinds_in(article) for block in model.objects.filter(parent=article.pk).order_by()]
    for block in found:
        block.parent = article
    return sorted((block for block in found if block.region in regions), key=attrgetter("ordering"))


def kinds_in(article: Article) -> list[type[Block]]:
    """The types of block that the draft has. One query finds them, so that only their tables have to be read: most
    drafts have few.
    """
    tables = [model._meta.db_table for model in BLOCKS]
    asked = ", ".join(f"EXISTS (SELECT 1 FROM {table} WHERE parent_id = %(article)s)" for table in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", {"article": article.pk})
        return [model for model, found in zip(BLOCKS, cursor.fetchone(), strict=True) if found]


def draft_content(article: Article) -> Content:
    """What the draft says now."""
    return content_of(article, draft_blocks(article))


def content_of(article: Article, blocks: Iterable[Block]) -> Content:
    """What an article with these blocks says. Those without words are left out.

    The topic is where a page is found, not what it says: a shelf may get another address while a signature holds.
    """
    contents = [block.content() for block in blocks]
    return {
        "title": article.title,
        "slug": article.slug,
        "kind": article.kind,
        "language": article.language,
        "aliases": lines(article.aliases),
        "summary": article.summary,
        "author": CLINIC if article.written_by_clinic else article.author.slug if article.author else "",
        "blocks": [content for content in contents if has_words(content)],
    }


def has_words(block: BlockContent) -> bool:
    return BLOCK_TYPES[block["type"]].has_words(block)


def replace_blocks(article: Article, blocks: list[BlockContent]) -> None:
    """Make these the blocks of the draft."""
    with transaction.atomic():
        for model in kinds_in(article):
            model.objects.filter(parent=article).delete()
        for position, block in enumerate(blocks, start=1):
            model = BLOCK_TYPES[block["type"]]
            model.from_content(block, parent=article, region="main", ordering=position * 10).save()


def parsed(stored: str) -> Content:
    """The reverse of `canonical_json`."""
    content: Content = json.loads(stored)
    return content


def canonical_json(content: Content) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def sha256(content: Content) -> str:
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def texts(content: Content) -> list[str]:
    """Every text in which a study may be cited, in reading order."""
    return [text for block in content["blocks"] for text in BLOCK_TYPES[block["type"]].texts(block)]


def pictures(content: Content) -> list[str]:
    """The names of the pictures it shows."""
    return [block["picture"] for block in content["blocks"] if block.get("picture")]
