"""The words inside drawings: signed with the page that shows them, and said in the text of that page too."""

import math
import re
from html import unescape
from pathlib import Path

import yaml
from django.conf import settings

from education.images.drawings import shipped
from tests.content.words import NAMES, blocks, page
from tests.each import of_each

SIZE = re.compile(r'font-size="([\d.]+)"')
# How wide an article shows a drawing on a phone of this width, and the size that its letters then have at least.
ON_PHONES = {390: (352, 15), 320: (284, 13)}
AT_AN_EDGE = re.compile(r'<text x="([\d.]+)"([^>]*)>')  # what begins or ends there
ROOM = 12  # of 640: as much as the letters are apart from a line that leads from them
TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)
DRAWINGS = Path(settings.BASE_DIR) / "static" / "drawings"
FIRST_WORDS = yaml.safe_load(Path(__file__).with_name("words_in_drawings.yaml").read_text(encoding="utf-8"))
SHOWN = [(name, block["drawing"]) for name in NAMES for block in blocks(name, "figure") if block["drawing"]]


def drawn_words(file: str) -> str:
    source = (DRAWINGS / file).read_text(encoding="utf-8")
    return unescape(" ".join(re.sub(r"<[^>]+>", "", text) for text in TEXT.findall(source)))


def letters(words: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", words.lower()))


@of_each(list(shipped()))
def test_a_drawing_never_says_anything_new_under_its_old_name(name: str) -> None:
    """Signed pages show it by that name. One with other words gets a name of its own, and the old file stays."""
    assert drawn_words(f"{name}.svg") == FIRST_WORDS.get(name, "")
    assert drawn_words(f"{name}.dark.svg") == drawn_words(f"{name}.svg")


@of_each(FIRST_WORDS)
def test_no_drawing_that_a_signed_page_may_show_goes_away(name: str) -> None:
    assert name in shipped()


@of_each(list(shipped()))
def test_the_letters_of_a_drawing_can_be_read_on_a_phone(name: str) -> None:
    for file in (f"{name}.svg", f"{name}.dark.svg"):
        source = (DRAWINGS / file).read_text(encoding="utf-8")
        smallest = min(map(float, SIZE.findall(source)), default=math.inf)
        for width, least in ON_PHONES.values():
            assert smallest * width / int(shipped()[name].width) >= least, file


@of_each(list(shipped()))
def test_no_word_touches_the_frame_of_its_drawing(name: str) -> None:
    for file in (f"{name}.svg", f"{name}.dark.svg"):
        for place, rest in AT_AN_EDGE.findall((DRAWINGS / file).read_text(encoding="utf-8")):
            if 'text-anchor="end"' in rest:
                assert float(place) <= int(shipped()[name].width) - ROOM, file
            elif "text-anchor" not in rest:
                assert float(place) >= ROOM, file


@of_each(SHOWN)
def test_what_a_drawing_says_stands_in_the_words_of_its_page(shown: tuple[str, str]) -> None:
    """Which a reader who can't see it gets, and which staff can change."""
    name, drawing = shown
    assert letters(drawn_words(f"{drawing}.svg")) - letters(str(page(name))) == set()


def test_what_the_drawing_of_pain_on_its_way_says_stands_below_it_in_order() -> None:
    """With large letters the words of the page are read before those in the drawing, and no text alternative is."""
    (figure,) = [one for one in blocks("fibromyalgia", "figure") if one["drawing"] == "pain-from-hand-to-brain"]
    caption = figure["caption"].lower()
    assert letters(drawn_words("pain-from-hand-to-brain.svg")) - letters(caption) == set()
    assert re.findall("hand|spinal cord|brain", caption)[:3] == ["hand", "spinal cord", "brain"]
