"""Issues editions, and updates what shows or finds a page: navigation, search, citations, page versions.

Everything here joins the caller's transaction.
"""

from datetime import datetime

from education.articles.content import links
from education.articles.content.canonical import Content, canonical_json, pictures, sha256
from education.articles.models import Article, Edition, EditionPlaces, SignOff, Topic
from education.articles.rendering.page import render
from education.articles.rendering.places import FORMAT, Heading, Places, parts, places_from, reading_text
from education.audit import actions as audit
from education.core.text import lines
from education.images import actions as images
from education.pages import actions as pages
from education.pages.models import PageVersion
from education.people.actions import replace_credits
from education.references.actions import delete_citations, replace_citations
from education.search import actions as search
from education.search import shelves
from education.search.models import Part
from education.wording.links import is_named
from education.wording.site import site_words


def issue(
    article: Article,
    content: Content,
    *,
    sign_off: SignOff | None,
    in_a_hurry: bool,
    by: str,
    reason: str,
    now: datetime,
) -> Edition:
    """Freeze the content into the next edition and show it to the public."""
    audit.lock_trail()
    page = render(content)
    last = article.editions.first()
    edition = Edition(
        article=article,
        number=last.number + 1 if last else 1,
        path=article.get_absolute_url(),
        title=article.title,
        summary=article.summary,
        content=canonical_json(content),
        html=page.html,
        sha256=sha256(content),
        author=article.author_name,
        sign_off=sign_off,
        in_a_hurry=in_a_hurry,
        published_at=now,
        published_by=by,
        reason=reason,
    )
    places = EditionPlaces(edition=edition, format=FORMAT, data=page.places.to_json())
    edition.digest = edition.row_digest()
    edition.save(force_insert=True)
    places.save(force_insert=True)
    article.current_edition = edition
    pages.replace_links(edition.path, page.places.paths)
    replace_citations(edition.path, title=edition.title, references=page.references)
    images.used(pictures(content), path=edition.path, title=edition.title)
    _make_searchable(edition, content, page.places)
    return edition


def show(article: Article, *, appears: bool) -> None:
    """Put the live edition into navigation and lists, once the article is saved."""
    edition = article.current_edition
    assert edition  # noqa: S101  only called for what has just been published
    credit(article)
    keeps_its_name = PageVersion.objects.filter(path=edition.path, title=edition.title).exists()
    pages.changed(edition.path, title=edition.title, named_on=_named_on(article))
    show_topic(article.topic)
    if not keeps_its_name:
        _tell_all_pages(edition.path)
    if appears:
        pages.mark_stale(pages.linking_to(edition.path))  # which show plain words where they will show a link


def credit(article: Article) -> None:
    """Record who wrote and who reviewed the live page."""
    edition = article.current_edition
    reviewed = article.review.person if article.review else None
    replace_credits(edition.path, title=edition.title, wrote=article.author, reviewed=reviewed)  # type: ignore[union-attr]


def mark_stale(article: Article) -> None:
    """Say that something on the live page changed although its words did not, such as its review."""
    pages.mark_stale([article.get_absolute_url()])


def hide(article: Article, edition: Edition) -> None:
    """Remove the page from everything that finds or shows it."""
    path = article.get_absolute_url()
    pages.gone(path, named_on=_named_on(article))
    pages.mark_stale(search.remove(path))
    delete_citations(path)
    replace_credits(path, title=edition.title, wrote=None)
    show_topic(article.topic)
    _tell_all_pages(path)
    pages.mark_stale(pages.linking_to(path))  # where they show a link, they show plain words from now on


def _named_on(article: Article) -> str:
    """The pattern of the pages that name it: all of its topic, while they are few or where staff put it first. That
    the topic of a policy is not part of its address makes no difference to them.
    """
    topic = article.topic.get_absolute_url()
    is_first = article.slug in lines(article.topic.shelf)
    return f"{topic}*" if is_first or not shelves.are_many(topic, without=1) else ""


def _tell_all_pages(path: str) -> None:
    """Mark all pages stale if staff put this page into the menu or the footer, where every page shows its title."""
    if is_named(path, site_words()):
        pages.mark_stale()


def show_topic(topic: Topic) -> None:
    """A topic has a page, and a place in the navigation, as soon as it has a signed name and something to read."""
    title = topic.public_words().get("title")
    if title and Article.objects.published().filter(topic=topic).exclude(kind=Article.Kind.POLICY).exists():
        pages.changed(topic.get_absolute_url(), title=title, nav_order=topic.order)
    else:
        pages.gone(topic.get_absolute_url())


def index_parts() -> None:
    """Index the parts of some pages that were published before the index knew parts. Called by the worker.

    One that is published at this moment brings its own parts, which stay.
    """
    for path in search.without_parts():
        article = links.article_at(path)
        edition = article.current_edition if article else None
        found = _parts(edition, places_from(edition.places.data)) if edition else []
        search.put_parts(path, found, only_if_missing=True)


def _make_searchable(edition: Edition, content: Content, places: Places) -> None:
    article = edition.article
    lists = search.put(
        edition.path,
        title=edition.title,
        summary=edition.summary,
        aliases="\n".join(content["aliases"]),
        headings="\n".join(heading.title for heading in _headings(places)),
        body=reading_text(edition.html),
        topic=article.topic.public_words().get("title", ""),
        kind=article.kind,
    )
    pages.mark_stale(lists)
    search.put_parts(edition.path, _parts(edition, places))


def _parts(edition: Edition, places: Places) -> list[Part]:
    return [Part(*heading, text) for heading, text in parts(edition.html, _headings(places))]


def _headings(places: Places) -> list[Heading]:
    return [heading for heading in places.headings if heading.id != "references"]
