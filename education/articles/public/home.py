"""What the home page says around the pages themselves: the words of the site, beside their marks and links."""

from dataclasses import dataclass
from typing import Any

from education.articles.models import Article
from education.articles.public.glance import glance, key_points
from education.articles.public.looks import mark_of, topic_look
from education.articles.public.topics import conditions, live
from education.articles.publishing.standing import standing
from education.core import text
from education.wording import lists
from education.wording.links import moved
from education.wording.places import places

MAX_LINE = 70  # characters
PROMISES = {"promise_1": "how-we-write-and-review", "promise_2": "what-the-research-shows", "promise_3": "privacy"}
STEPS = {"visit_1": "step-form", "visit_2": "step-call", "visit_3": "step-meet", "visit_4": "step-plan"}
HOW_SURE = "/about-this-clinic/how-we-write-and-review/"
LDN = "/low-dose-naltrexone/ldn-for-autoimmune-diseases-and-fibromyalgia/"
LDN_LINKS = {
    "ldn_main": LDN,
    "ldn_studies": "/low-dose-naltrexone/what-the-research-shows/",
    "ldn_side_effects": "/low-dose-naltrexone/side-effects/",
}
TENTH = "LDN is about a tenth of that or less."  # while its main page says so, a drawing shows it
MAX_CONDITIONS = 60  # cards; all others are a step away, in the list from A to Z
PageWords = dict[str, str]  # by name of the place


@dataclass(frozen=True)
class Shown:
    """The pages that home names, by address. `conditions`: those below “Find your condition”, in order."""

    by_path: dict[str, Article]
    conditions: list[str]


def shown_pages(words: PageWords) -> Shown:
    """Home names no more than MAX_CONDITIONS beside what staff listed, and no other page is read for it."""
    following, listed = conditions(MAX_CONDITIONS), lists.items(words["conditions_pages"])
    wanted = [*following, *(item.value for item in listed), *LDN_LINKS.values(), HOW_SURE]
    by_path = {article.get_absolute_url(): article for article in live(wanted)}
    if any(item.value not in by_path for item in listed):
        before, listed = listed, moved(listed)
        new = [item.value for item in listed if item not in before]
        by_path |= {article.get_absolute_url(): article for article in live(new)}
    paths = lists.shown(lists.as_words(listed), following)
    return Shown(by_path, [path for path in paths if path in by_path])


def cards(shown: Shown) -> list[dict[str, Any]]:
    return [card(shown.by_path[path]) for path in shown.conditions]


def sections(words: PageWords) -> list[str]:
    """The parts of the page below its head, in the order that staff gave them."""
    return lists.shown(words["sections"], places()["home.sections"].options)


def with_marks(words: PageWords, marks: dict[str, str]) -> list[dict[str, str]]:
    """Passages with a title, each beside its mark. One whose title was left empty goes away."""
    found = ((mark, words[f"{name}_title"], words[name]) for name, mark in marks.items())
    return [{"mark": mark, "title": title, "words": said} for mark, title, said in found if title]


def card(article: Article) -> dict[str, Any]:
    """A published page as a card shows it: in the words of its edition, never of a draft."""
    edition: Any = article.current_edition
    return {
        "title": edition.title,
        "summary": edition.summary,
        "first_sentence": first_sentence(edition.summary),
        "path": article.get_absolute_url(),
        "mark": mark_of(article.slug, article.topic.slug),
        "ground": topic_look(article.topic.slug).ground,
        "ldn": glance(edition).ldn if article.kind == Article.Kind.CONDITION else None,
    }


def first_sentence(words: str) -> str:
    """The first sentence; a long one ends at its first comma."""
    first = text.first_sentence(words)
    return f"{first.partition(',')[0].rstrip('.')}." if len(first) > MAX_LINE + 1 else first


def ldn_at_a_glance(shown: Shown, words: PageWords) -> dict[str, Any] | None:
    """What home says of LDN: the summary and the key points of its main page, just as they are signed there."""
    article = shown.by_path.get(LDN)
    if article is None:
        return None
    edition: Any = article.current_edition
    return {
        "summary": edition.summary,
        "points": key_points(edition),
        "standing": standing(article, edition),
        "draws_doses": TENTH in edition.content,
        "links": [{"words": words[name], "path": path} for name, path in _ldn_links(words) if path in shown.by_path],
    }


def _ldn_links(words: PageWords) -> list[tuple[str, str]]:
    """The links of the LDN part. A link whose words were left empty is not shown."""
    return [(name, path) for name, path in LDN_LINKS.items() if words[name]]
