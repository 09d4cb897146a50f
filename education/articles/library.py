"""A library of articles as files: loading it, and writing the drafts back out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction

from education.articles import actions
from education.articles.content import draft_content, replace_blocks, sha256, texts
from education.articles.markdown import BrokenSource, Source, dump, parse
from education.articles.models import Article, Topic
from education.audit.actions import record
from education.clinic.models import Person
from education.references import actions as references
from education.references.models import Reference
from education.staff.models import User

STARTER = Path(__file__).resolve().parent.parent / "starter_content"
REFERENCE_FIELDS = ("authors", "title", "journal", "year", "volume", "pages", "doi", "pmid", "url", "kind", "status")


@dataclass
class Report:
    """What loading did, by slug."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # staff edited these: left alone

    def __str__(self) -> str:
        counts = ((name, len(getattr(self, name))) for name in ("created", "updated", "unchanged", "kept"))
        return ", ".join(f"{count} {name}" for name, count in counts if count) or "nothing to load"


def load(folder: Path, *, by: User | None, publish: bool) -> Report:
    """Load every article of `folder`, all or nothing. What staff edited is left alone. Raises BrokenSource."""
    sources = {path.stem: parse(path.read_text(encoding="utf-8"), name=path.name) for path in _files(folder)}
    report = Report()
    with transaction.atomic():
        _load_topics(_rows(folder / "topics.yaml"))
        for row in _rows(folder / "people.yaml"):
            Person.objects.get_or_create(slug=row["slug"], defaults=row)
        references.load(_rows(folder / "references.yaml"))
        for stem, source in sources.items():
            _load_article(f"{stem}.md", source, report, by=by, publish=publish)
        if report.created or report.updated:
            record("library_loaded", by=by, detail={"created": len(report.created), "updated": len(report.updated)})
    return report


def export(folder: Path) -> int:
    """Write every draft, with its topic, author and references, into `folder`; the number of articles."""
    folder.mkdir(parents=True, exist_ok=True)
    articles = list(Article.objects.select_related("topic", "author").order_by("slug"))
    cited: set[str] = set()
    for article in articles:
        text, keys = to_text(article)
        cited.update(keys)
        (folder / f"{article.slug}.md").write_text(text, encoding="utf-8")
    topics = Topic.objects.order_by("order", "slug").values("slug", "title", "summary", "order")
    people = Person.objects.order_by("slug").values("slug", "name", "credentials", "role")
    _write(folder / "topics.yaml", [dict(row) for row in topics])
    _write(folder / "people.yaml", [{key: value for key, value in row.items() if value} for row in people])
    _write(folder / "references.yaml", [_row(r) for r in Reference.objects.filter(key__in=cited).order_by("key")])
    return len(articles)


def to_text(article: Article) -> tuple[str, list[str]]:
    """The draft of an article as a Markdown file, generated from its blocks, and the keys it cites."""
    content = draft_content(article)
    keys = references.cited_keys(" ".join(texts(content)))
    return dump(Source({**content, "references": keys}, content["blocks"])), keys


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BrokenSource(str(folder), 0, "There is no such folder.")
    return sorted(folder.glob("*.md"))


def _rows(path: Path) -> list[dict[str, Any]]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or [] if path.is_file() else []


def _write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    text = yaml.safe_dump(list(rows), sort_keys=False, allow_unicode=True, width=float("inf"))
    path.write_text(text, encoding="utf-8")


def _row(reference: Reference) -> dict[str, Any]:
    row = {"key": reference.key, **{name: getattr(reference, name) for name in REFERENCE_FIELDS}}
    return {name: value for name, value in row.items() if value not in ("", None)}


def _load_topics(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if not Topic.objects.filter(slug=row["slug"]).exists():
            topic = Topic(**row)
            topic.full_clean()
            topic.save()


def _load_article(name: str, source: Source, report: Report, *, by: User | None, publish: bool) -> None:
    slug = source.front["slug"]
    _check_references(name, source)
    article = Article.objects.filter(slug=slug).first()
    if article and article.draft_sha256 != article.loaded_sha256:
        report.kept.append(slug)
        return
    fresh = article is None
    article = _written(name, article or Article(slug=slug), source)
    digest = sha256(draft_content(article))
    if digest == article.loaded_sha256:
        report.unchanged.append(slug)
        return
    actions.draft_saved(article, by=by)
    article.loaded_sha256 = digest
    article.save(update_fields=["loaded_sha256"])
    (report.created if fresh else report.updated).append(slug)
    if publish:
        actions.publish(article, by=by, reason="Loaded from the starter library")


def _check_references(name: str, source: Source) -> None:
    cited = references.cited_keys(" ".join(texts({"blocks": source.blocks})))
    listed = list(source.front["references"] or [])
    if cited != listed:
        different = sorted(set(cited) ^ set(listed)) or ["their order"]
        problem = (
            f"“references” must list the keys the text cites, in order of first use. Look at: {', '.join(different)}."
        )
        raise BrokenSource(name, 1, problem)
    try:
        references.resolve(cited)
    except references.UnknownReference as error:
        raise BrokenSource(name, 1, str(error)) from error


def _written(name: str, article: Article, source: Source) -> Article:
    """The article with this source as its draft. Raises BrokenSource where a field does not hold."""
    front = source.front
    topic = Topic.objects.filter(slug=front["topic"]).first()
    if topic is None:
        raise BrokenSource(name, 1, f"There is no topic “{front['topic']}”. Add it to topics.yaml.")
    article.topic = topic
    for key in ("title", "kind", "language", "summary"):
        setattr(article, key, str(front[key] or ""))
    article.aliases = "\n".join(map(str, front["aliases"] or []))
    article.author = Person.objects.filter(slug=front["author"]).first()
    if article.author is None and front["author"]:
        raise BrokenSource(name, 1, f"There is nobody called “{front['author']}”. Add the person to people.yaml.")
    try:
        article.full_clean()
    except ValidationError as error:
        problems = "; ".join(f"{key}: {' '.join(words)}" for key, words in error.message_dict.items())
        raise BrokenSource(name, 1, problems) from error
    article.save()
    replace_blocks(article, source.blocks)
    return article
