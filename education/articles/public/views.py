"""What patients read: home, topics, articles."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from education.articles.content import links
from education.articles.models import Article, Edition, Topic
from education.articles.public.context import AroundPages, kept_around, page_context
from education.articles.public.glance import glance, grades, signs
from education.articles.public.home import (
    HOW_SURE,
    PROMISES,
    STEPS,
    card,
    cards,
    ldn_at_a_glance,
    sections,
    shown_pages,
    with_marks,
)
from education.articles.public.looks import SCENES, mark_of, topic_look
from education.articles.public.serving import LiveState, as_sent, with_clinic
from education.articles.public.topics import pages as topic_pages
from education.articles.public.topics import start_of
from education.articles.publishing.standing import standing
from education.articles.rendering.places import Places, places_from
from education.clinic.context import profile_for, words_for
from education.clinic.hours import open_now
from education.clinic.models import ClinicProfile
from education.core.http import public_page
from education.core.text import whole_number
from education.glossary.linking import last_change
from education.people.models import Person

WORDS_A_MINUTE = 180
CHOICES = ('class="what-matters"', 'class="options"')  # blocks that need the styles of decision.css


@public_page(names_others=True, by_clock=True)
def home(request: HttpRequest) -> HttpResponse:
    clinic = profile_for(request)
    words = words_for(request)["home"]
    shown = shown_pages(words)
    context = {
        "words": words,
        "promises": with_marks(words, PROMISES),
        "steps": with_marks(words, STEPS),
        "clinic": clinic,
        "sections": sections(words),
        "conditions": cards(shown),
        "ldn": ldn_at_a_glance(shown, words),
        "has_pages": bool(shown.by_path) or Article.objects.published().exists(),
        "people": Person.objects.team_or_reviewers(),
        "grades": grades(),
        "how_sure_path": HOW_SURE if HOW_SURE in shown.by_path else "",
        "capsules": range(2, 400, 40),  # the left edge of each of ten
        "open_now": open_now(clinic),
    }
    return render(request, "articles/home.html", context)


@public_page(names_others=True, query=("page",))
def topic_or_policy(request: HttpRequest, slug: str) -> HttpResponse:
    """`/<slug>/`: a topic's landing page, or a policy, which belongs to the whole site."""
    topic = Topic.objects.with_public_words().filter(slug=slug).first()
    if topic is None:
        return _article_page(request, slug)
    number = whole_number(request.GET.get("page", "1")) or 1
    articles, numbers = topic_pages(topic, number)
    if not topic.public_words() or all(article.kind == Article.Kind.POLICY for article in articles):
        raise Http404  # policies are at addresses of their own: a topic without other pages has none
    topic = topic.in_public_words()
    shown = [article for article in articles if article.kind != Article.Kind.POLICY]
    start = start_of(topic, shown) if number == 1 else None
    policies = [card(article) for article in articles if article.kind == Article.Kind.POLICY]
    context = {"topic": topic, "look": topic_look(topic.slug), "policies": policies, "signs": signs(shown)}
    context |= {"pages": [card(article) for article in shown if article != start], "start": start and card(start)}
    context |= {"number": number, "numbers": numbers}
    return render(request, "articles/topic.html", context)


@public_page
def article(request: HttpRequest, topic: str, slug: str) -> HttpResponse:
    return _article_page(request, slug)


def published_context(
    article: Article, edition: Edition, around: AroundPages, *, clinic: ClinicProfile
) -> dict[str, Any]:
    """What the article template needs to show the live edition."""
    places = places_from(edition.places.data)
    context = page_context(article, edition, places.paths, around)
    signed = article.sign_off_id is not None
    state = LiveState(context.public, context.rechecked_keys, context.glossary_changed, signed_terms_only=signed)
    topic = article.topic.public_words().get("title", "")
    shown = _context(article, edition, places, state, clinic, topic_title=topic)
    return shown | {"page_context": context, "related": context.related}


def draft_context(article: Article, edition: Edition, places: Places) -> dict[str, Any]:
    """The same for a preview: its edition is not saved, and each link on it stays a link."""
    state = LiveState(None, frozenset(), last_change())
    shown = _context(article, edition, places, state, ClinicProfile.load(), topic_title=article.topic.title)
    return shown | {"is_preview": True}


def _context(
    article: Article,
    edition: Edition,
    places: Places,
    state: LiveState,
    clinic: ClinicProfile,
    *,
    topic_title: str,
) -> dict[str, Any]:
    topic = article.topic
    return {
        "clinic": clinic,  # the one that every template gets, so that it is read once
        "article": {
            "title": edition.title,
            "summary": edition.summary,
            "language": places.language,
            "direction": "rtl" if places.language.partition("-")[0] in settings.LANGUAGES_BIDI else "ltr",
            "is_policy": article.kind == Article.Kind.POLICY,
            "topic": {"title": topic_title, "path": topic.get_absolute_url()},
        },
        "look": topic_look("" if article.kind == Article.Kind.POLICY else topic.slug),
        "mark": mark_of(article.slug, topic.slug),
        "scene": SCENES.get(article.slug, ""),
        "glance": glance(edition),
        "edition": {
            "has_choices": any(block in edition.html for block in CHOICES),
            "html": with_clinic(as_sent(edition.html, places, edition.title, state), clinic),
            "contents": places.headings,
            "emergency": places.emergency,
            "never": next((heading for heading in places.headings if heading.title.startswith("Never ")), None),
            "number": edition.number,
            "published_at": edition.published_at,
            "author_name": edition.author,
            "history_path": f"{article.get_absolute_url()}history/",
        },
        "standing": standing(article, edition),
        "reading_minutes": max(1, round(places.words / WORDS_A_MINUTE)),
    }


def _live(slug: str, around: AroundPages) -> Article | None:
    """Signatures are asked for one by one: Django takes longer to put them into one query."""
    live = Article.objects.published().filter(slug=slug)
    found = next(iter(live.select_related("current_edition__places").order_by()), None)
    if found:
        found.topic = around.topics.get(found.topic_id) or found.topic
    return found


def _article_page(request: HttpRequest, slug: str) -> HttpResponse:
    around = kept_around.get()
    found = _live(slug, around)
    if found is None or found.current_edition is None or found.get_absolute_url() != request.path_info:
        return _not_there(request)
    context = published_context(found, found.current_edition, around, clinic=profile_for(request))
    return render(request, "articles/article.html", context)


def _not_there(request: HttpRequest) -> HttpResponse:
    """A page that was withdrawn says so at its address, and why: patients may have it in a leaflet."""
    gone = links.withdrawn(request.path_info)
    if gone is None:
        raise Http404
    last = gone.editions.first()
    context = {"article": gone, "title": last.title if last else ""}
    return render(request, "articles/withdrawn.html", context, status=410)
