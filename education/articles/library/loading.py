"""Loading a library of articles from files, and exporting the drafts to files again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction

from education.accounts.models import User
from education.articles.content.blocks import BLOCK_TYPES
from education.articles.content.blocks.markdown import BrokenSource
from education.articles.content.canonical import (
    CLINIC,
    Content,
    draft_content,
    has_words,
    replace_blocks,
    sha256,
    texts,
)
from education.articles.library.markdown import FRONT_KEYS, LISTS, SHARED, Source, dump, parse, parse_parts
from education.articles.library.yaml_texts import NOT_YAML, entries, line_of, said_of
from education.articles.models import Article, Topic
from education.articles.publishing import actions, moves
from education.audit.actions import record
from education.core.text import lines, one_line
from education.glossary import actions as glossary
from education.glossary.models import Term
from education.people.models import Person
from education.references import actions as references
from education.references.models import Reference
from education.wording import actions as wording
from education.wording.models import SignedWords

STARTER = settings.BASE_DIR / "education" / "starter_content"
SHARED_WORDS = f"{SHARED}.md"
# Words that pages share, notes for whoever signs the pages, and what readings of them changed
NOT_PAGES = (SHARED_WORDS, "for-the-clinician.md", "readings.md")
REFERENCE_FIELDS = (
    *("authors", "title", "journal", "year", "volume", "pages", "doi", "pmid", "url", "kind"),
    *("population", "size", "status", "checked_on", "notice", "known_by"),
)


@dataclass
class LoadResult:
    """The slugs of the articles, by what loading did with them."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # edited, signed or withdrawn here, so left as they are
    topics: int = 0  # new, or with new words
    terms: int = 0  # of the glossary, likewise

    @property
    def new(self) -> dict[str, int]:
        pages = {"created": len(self.created), "updated": len(self.updated)}
        return {**pages, "topics": self.topics, "terms": self.terms}

    def __str__(self) -> str:
        counts = ((name, len(getattr(self, name))) for name in ("created", "updated", "unchanged", "kept"))
        return ", ".join(f"{count} {name}" for name, count in counts if count) or "nothing to load"


@dataclass(frozen=True)
class LibraryFile:
    """A YAML file of rows that another package reads and writes as part of the library."""

    file: str
    key: str  # of what an entry is about: no two have the same
    load: Callable[[dict[str, Any]], object]
    rows: Callable[[], list[dict[str, Any]]]


def load(folder: Path, *, by: User | None, publish: bool, extra_files: Sequence[LibraryFile] = ()) -> LoadResult:
    """Load every article of `folder`. What staff edited is not overwritten.

    Each file is a transaction of its own, so that whoever asks for a consultation meanwhile waits for one of them at
    most. What was loaded before a fault stays, and the next run completes it. Nothing is loaded if a file of an article
    can't be read at all.

    With `publish`, patients read articles, and the words beside them, although nobody has signed them: outside a trial
    this raises NotPublishable, before anything is loaded. Raises BrokenSource for a file that is at fault.
    """
    if publish and not settings.TRIAL:
        raise actions.NotPublishable(["Only a trial shows words that nobody has signed."])
    sources = read(folder)
    result = LoadResult()
    try:
        _load_beside(folder, result, extra_files, publish=publish)
        for name, source in sources.items():
            with transaction.atomic():
                done = _load_article(name, source, by=by, publish=publish)
            getattr(result, done).append(str(source.front["slug"]))
    finally:
        if detail := {name: count for name, count in result.new.items() if count}:
            record("library_loaded", by=by, detail=detail)
    return result


def _load_beside(folder: Path, result: LoadResult, extra_files: Sequence[LibraryFile], *, publish: bool) -> None:
    """What articles refer to."""
    result.topics = _load_words(Topic, folder / "topics.yaml", "slug", _load_topic, publish=publish)
    _load_rows(folder / "people.yaml", "slug", _load_person)
    _load_words(Reference, folder / "references.yaml", "key", lambda row: references.load([row]), publish=publish)
    result.terms = _load_words(Term, folder / "glossary.yaml", "slug", glossary.load_row, publish=publish)
    for extra in extra_files:
        _load_rows(folder / extra.file, extra.key, extra.load)


def export(folder: Path, *, extra_files: Sequence[LibraryFile] = ()) -> int:
    """Write every draft, with all topics, people, references and terms, to `folder`. The number of articles."""
    folder.mkdir(parents=True, exist_ok=True)
    articles = list(Article.objects.select_related("topic", "author").order_by("slug"))
    for article in articles:
        (folder / f"{article.slug}.md").write_text(to_text(article), encoding="utf-8")
    people = Person.objects.order_by("slug").values("slug", "name", "credentials", "role", "disclosure")
    _write(folder / "topics.yaml", [_topic_row(topic) for topic in Topic.objects.order_by("order", "slug")])
    _write(folder / "people.yaml", [{key: value for key, value in row.items() if value} for row in people])
    _write(folder / "references.yaml", [_row(reference) for reference in Reference.objects.order_by("key")])
    _write(folder / "glossary.yaml", glossary.rows())
    for extra in extra_files:
        if (rows := extra.rows()) or (folder / extra.file).exists():
            _write(folder / extra.file, rows)
    return len(articles)


def to_text(article: Article) -> str:
    """The draft of an article in the library's Markdown format."""
    content = draft_content(article)
    keys = references.cited_keys(" ".join(texts(content)))
    front = {**content, "topic": article.topic.slug, "references": keys}
    return dump(Source(front, content["blocks"]))


def read(folder: Path) -> dict[str, Source]:
    """Every article of the folder, by the name of its file, with the shared words copied in. Raises BrokenSource."""
    if not folder.is_dir():
        raise BrokenSource(str(folder), 0, "There is no such folder.")
    sources: dict[str, Source] = {}
    owners: dict[str, str] = {}
    words = folder / SHARED_WORDS
    shared = parse_parts(_text(words), name=words.name) if words.is_file() else {}
    for path in sorted(folder.glob("*.md")):
        if path.name in NOT_PAGES:
            continue
        source = sources[path.name] = parse(_text(path), name=path.name, shared=shared)
        slug = str(source.front["slug"])
        if slug in owners:
            raise BrokenSource(path.name, 1, f"{owners[slug]} has the slug “{slug}” too. Give each page its own.")
        owners[slug] = path.name
    return sources


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BrokenSource(path.name, 1, "This is not UTF-8 text. Save it as UTF-8.") from error


def _rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Each entry with the line on which it begins."""
    try:
        return entries(_text(path)) if path.is_file() else []
    except NOT_YAML as error:
        raise BrokenSource(path.name, line_of(error), said_of(error, "This is not valid YAML.")) from error


@transaction.atomic
def _load_rows(path: Path, key: str, load: Callable[[dict[str, Any]], object]) -> int:
    """Load each entry of the file. Returns how many of them `load` says are new."""
    seen: dict[Any, int] = {}
    new = 0
    for number, (line, row) in enumerate(_rows(path), start=1):
        try:
            about = str(row[key])
            if about in seen:
                problem = f"“{about}” has an entry on line {seen[about]} already. Keep one of the two."
                raise BrokenSource(path.name, line, f"Entry {number}: {problem}")
            seen[about] = line
            new += load(row) is True
        except ValidationError as error:
            raise BrokenSource(path.name, line, f"Entry {number}: {_problems(error)}") from error
        except (KeyError, TypeError) as error:
            raise BrokenSource(path.name, line, f"Entry {number} lacks a key, or has one that is not known.") from error
    return new


def _problems(error: ValidationError) -> str:
    """The problems, each with the name of its field; those of the row as a whole have none."""
    problems = ((key, " ".join(messages)) for key, messages in error.message_dict.items())
    return "; ".join(message if key == NON_FIELD_ERRORS else f"{key}: {message}" for key, message in problems)


def _write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    text = yaml.safe_dump(list(rows), sort_keys=False, allow_unicode=True, width=float("inf"))
    path.write_text(text, encoding="utf-8")


def _row(reference: Reference) -> dict[str, Any]:
    row = {"key": reference.key, **{name: getattr(reference, name) for name in REFERENCE_FIELDS}}
    return {name: value for name, value in row.items() if value not in ("", None)}


def _topic_row(topic: Topic) -> dict[str, Any]:
    row = {name: getattr(topic, name) for name in ("slug", "title", "summary", "order")}
    row |= {"more": topic.more} if topic.more else {}
    return row | ({"pages": lines(topic.shelf)} if topic.shelf else {})


@transaction.atomic
def _load_words(
    model: type[SignedWords], path: Path, key: str, load: Callable[[dict[str, Any]], object], *, publish: bool
) -> int:
    """As `_load_rows`, into a model whose words need a signature. With `publish`, patients read those just loaded
    although nobody has signed them; pages say so. Signed words stay.
    """
    before = {row.pk: row.words_json() for row in model._default_manager.all()}
    loaded = _load_rows(path, key, load)
    if model is Term:
        glossary.rows_loaded(loaded)
    if publish:
        rows = model._default_manager.with_public_words()  # type: ignore[attr-defined]  # each has the same kind
        new = [row for row in rows if row.words_json() != before.get(row.pk) and not row.is_signed]
        wording.show_as_loaded(new)
        moves.topics_signed([row for row in new if isinstance(row, Topic)])
    return loaded


def _load_topic(row: dict[str, Any]) -> bool:
    """Whether it says anything new. The order of its pages is that of the file only where the topic is new."""
    given = dict(row)
    read = Topic(shelf="\n".join(given.pop("pages", [])), **given)
    return wording.load(read, Topic.objects.filter(slug=read.slug).first(), saved=moves.TOPIC_SAVED)


def _load_person(row: dict[str, Any]) -> None:
    if "account" in row or "account_id" in row:  # no file says whose an account is
        raise KeyError("account")
    if not Person.objects.filter(slug=row["slug"]).exists():
        person = Person(**row)
        person.full_clean()
        person.save()


def _load_article(name: str, source: Source, *, by: User | None, publish: bool) -> str:
    """What was done with it: a field of LoadResult."""
    slug = str(source.front["slug"])
    _check_references(name, source)
    article = Article.objects.filter(slug=slug).select_related("topic").first()
    if article and _is_the_clinics_own(article):
        return "kept"
    if article and sha256(_content(source)) == article.loaded_sha256 and article.topic.slug == source.front["topic"]:
        return "unchanged"
    is_new = article is None
    article = _save_draft(name, article or Article(slug=slug), source)
    actions.draft_saved(article, by=by)
    article.loaded_sha256 = article.draft_sha256
    article.save(update_fields=["loaded_sha256"])
    if publish:
        actions.publish_starter(article, by=by)
    return "created" if is_new else "updated"


def _is_the_clinics_own(article: Article) -> bool:
    """Whether the clinic has edited, signed or withdrawn the page since it was loaded: no file decides over it then."""
    was_edited = article.draft_sha256 != article.loaded_sha256
    return was_edited or article.withdrawn_at is not None or article.sign_offs.exists()


def _content(source: Source) -> Content:
    """The content that the draft will have once this source is loaded."""
    texts = {key: one_line(str(source.front[key] or "")) for key in FRONT_KEYS if key not in (*LISTS, "topic")}
    aliases = lines("\n".join(map(str, source.front["aliases"] or [])))
    return {**texts, "aliases": aliases, "blocks": [block for block in source.blocks if has_words(block)]}


def _check_references(name: str, source: Source) -> None:
    cited = references.cited_keys(" ".join(texts({"blocks": source.blocks})))
    listed = list(source.front["references"] or [])
    if cited != listed:
        differences = sorted(set(cited) ^ set(listed)) or ["their order"]
        problem = (
            f"“references” must list the keys the text cites, in order of first use. Look at: {', '.join(differences)}."
        )
        raise BrokenSource(name, 1, problem)
    try:
        references.resolve(cited)
    except references.UnknownReference as error:
        raise BrokenSource(name, 1, str(error)) from error


def _save_draft(name: str, article: Article, source: Source) -> Article:
    """Save the article with this source as its draft. Raises BrokenSource if a field is not valid."""
    front = source.front
    topic = Topic.objects.filter(slug=front["topic"]).first()
    if topic is None:
        raise BrokenSource(name, 1, f"There is no topic “{front['topic']}”. Add it to topics.yaml.")
    article.topic = topic
    for key in ("title", "kind", "language", "summary"):
        setattr(article, key, str(front[key] or ""))
    article.aliases = "\n".join(map(str, front["aliases"] or []))
    article.written_by_clinic = front["author"] == CLINIC
    article.author = Person.objects.filter(slug=front["author"]).first()
    if article.author is None and front["author"] and not article.written_by_clinic:
        raise BrokenSource(name, 1, f"There is nobody called “{front['author']}”. Add the person to people.yaml.")
    if article.current_edition and article.get_absolute_url() != article.current_edition.path:
        problem = f"It is published at {article.current_edition.path}. A published page keeps its topic and kind."
        raise BrokenSource(name, 1, problem)
    _check(name, "", article)
    article.save()
    for number, block in enumerate(source.blocks, start=1):
        row = BLOCK_TYPES[block["type"]].from_content(block, parent=article, region="main", ordering=number)
        where = f"Block {number} ({row._meta.verbose_name}): "
        _check(name, where, row)
        for problem in row.publication_problems(block):
            raise BrokenSource(name, 1, where + problem)
    replace_blocks(article, source.blocks)
    return article


def _check(name: str, where: str, row: models.Model) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise BrokenSource(name, 1, where + _problems(error)) from error
