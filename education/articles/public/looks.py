"""How pages and topics look: their ground, their mark, their scene. The drawings themselves lie in static/art."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

MARK = re.compile(r'<symbol id="([^"]+)"')
PAGE_MARK = "page"  # of a page for which nobody has drawn one


@dataclass(frozen=True)
class Look:
    ground: str  # one of the four grounds of layout.css
    mark: str
    scene: str = ""


TOPICS = {
    "low-dose-naltrexone": Look("honey", "ldn-for-autoimmune-diseases-and-fibromyalgia", "still"),
    "autoimmune-conditions": Look("blush", "overview", "family"),
    "fibromyalgia-and-chronic-pain": Look("sky", "fibromyalgia", "walk"),
    "everyday-life": Look("sage", "living-well", "walk"),
    "about-this-clinic": Look("sage", "your-first-visit", "consult"),
}
# Pages that share a mark.
MARKS = {
    f"ldn-decision-{condition}": "ldn-decision"
    for condition in ("fibromyalgia", "crohns-disease", "multiple-sclerosis")
}
OTHER_TOPIC = Look("sage", PAGE_MARK)
# Articles that open with a scene. Any other opens with its own mark, large.
SCENES = {
    "fibromyalgia": "walk",
    "living-well": "walk",
    "overview": "family",
    "your-first-visit": "consult",
    "talking-to-your-clinician": "consult",
    "ldn-for-autoimmune-diseases-and-fibromyalgia": "still",
}


@cache
def marks() -> frozenset[str]:
    """The names of the marks that are drawn."""
    sprite = Path(settings.BASE_DIR) / "static" / "art" / "marks.svg"
    return frozenset(MARK.findall(sprite.read_text(encoding="utf-8")))


def topic_look(slug: str) -> Look:
    return TOPICS.get(slug, OTHER_TOPIC)


def mark_of(slug: str, topic: str = "") -> str:
    """The mark of the page with this address: its own, or else that of its topic."""
    own = MARKS.get(slug, slug)
    return own if own in marks() else topic_look(topic).mark
