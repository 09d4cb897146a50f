"""A new block is one module and one template: nothing else has to know of it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test.utils import isolate_apps

from education.advice import counting
from education.advice.reading import advise_on
from education.articles.content import blocks, checks
from education.articles.content.canonical import content_of, texts
from education.articles.content.compare import compare
from education.articles.content.pieces import pieces
from education.articles.editing import autosave
from education.articles.library import markdown
from education.articles.models import Article
from education.articles.rendering.page import render
from tests.cast import key_points, reference, text

FOLDER = Path(__file__).parent / "new_block"
MODULE = f"{blocks.__name__}.callout"
ITEMS = ["Not frozen.[@a-1]", "Not in light."]
CALLOUT = {"type": "callout", "tone": "firm", "title": "Keep <it> cold", "items": ITEMS}
SOURCE = """::: callout firm Keep <it> cold
- Not frozen.[@a-1]
- Not in light.
:::"""


@pytest.fixture(autouse=True)
def callout(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[type[blocks.Block]]:
    """The block in its place among the others, as at the next start of the site; it has no table."""
    monkeypatch.setattr(blocks, "__path__", [*blocks.__path__, str(FOLDER)])
    (templates,) = settings.TEMPLATES
    settings.TEMPLATES = [templates | {"DIRS": [FOLDER / "templates", *templates["DIRS"]]}]
    with isolate_apps("education"):
        found = blocks.find_blocks()
    new = sys.modules[MODULE].CalloutBlock
    monkeypatch.setitem(blocks.BLOCK_TYPES, "callout", new)
    monkeypatch.setitem(markdown.BLOCKS_BY_NAME, "callout", new)
    for module in (checks, counting, autosave):
        monkeypatch.setattr(module, "BLOCKS", found)
    autosave.block_forms.cache_clear()
    yield new
    autosave.block_forms.cache_clear()
    del sys.modules[MODULE], blocks.callout  # type: ignore[attr-defined]


def content(*others: dict[str, Any]) -> dict[str, Any]:
    return {"title": "Storing it", "language": "en", "summary": "Where to keep it.", "blocks": [*others]}


def test_it_is_found_at_its_place_and_lacks_nothing() -> None:
    names = [block.block_type for block in checks.BLOCKS]
    assert names[:5] == ["text", "key-points", "care", "callout", "do-dont"]
    assert checks.check_blocks() == []


def test_what_an_editor_types_is_what_an_edition_keeps(callout: type[blocks.Block]) -> None:
    typed = {
        "tone": "firm",
        "title": "Keep <it> cold",
        "items": "Not frozen.[@a-1]\r\n\r\nNot in light.",
        "ordering": "1",
    }
    form = {f"education_calloutblock_set-0-{name}": value for name, value in typed.items()}
    counts = {"education_calloutblock_set-TOTAL_FORMS": "1"}
    assert autosave.typed_content(form | counts, Article(slug="storing"))["blocks"] == [CALLOUT]
    assert autosave.block_forms()[callout]().fields["items"].widget.attrs["rows"] == 9
    again = callout.from_content(CALLOUT)
    assert content_of(Article(slug="storing"), [again])["blocks"] == [CALLOUT]
    assert str(again) == "Keep <it> cold"
    assert callout(tone="calm").has_words(callout(tone="calm").content()) is False


@pytest.mark.django_db
def test_patients_see_it_with_its_studies() -> None:
    study = reference("a-1")
    assert texts(content(CALLOUT)) == ITEMS
    rendered = render(content(text(), CALLOUT))
    page = rendered.html
    assert rendered.references == [study]
    assert '<section class="callout callout-firm" aria-labelledby="keep-it-cold">' in page
    assert '<h2 id="keep-it-cold">Keep &lt;it&gt; cold</h2>' in page
    assert '<li>Not frozen.<sup class="cite"><a href="#ref-1"' in page


def test_it_goes_to_a_file_and_comes_back() -> None:
    head = dict.fromkeys(markdown.FRONT_KEYS, "storing") | dict.fromkeys(markdown.LISTS)
    written = [text(), CALLOUT, key_points()]
    file = markdown.dump(markdown.Source(head, written))
    assert f"\n\n{SOURCE}\n\n" in file
    assert markdown.parse(file).blocks == written


def test_a_file_that_gets_it_wrong_is_told_where() -> None:
    head = "---\n" + "".join(f"{key}:\n" for key in markdown.FRONT_KEYS) + "---\n\n"
    with pytest.raises(markdown.BrokenSource, match="line 13: ::: callout needs a tone and a heading on the same line"):
        markdown.parse(f"{head}::: callout\n- One\n:::\n", name="storing.md")
    with pytest.raises(markdown.BrokenSource, match="Use one of: callout, claim, "):
        markdown.parse(f"{head}::: warning\n:::\n")


def test_it_is_compared_and_read_by_the_advice() -> None:
    found = compare(content(CALLOUT), content(CALLOUT | {"tone": "calm"}))
    assert [[str(span.words) for span in row.spans] for row in found.rows if not row.is_same] == [
        ["Tone:", "Firm", "Calm"]
    ]
    page = content(CALLOUT)
    advice = advise_on(pieces(page), unavoidable=[], swaps={})
    assert counting.visual_cues(counting.PageMetrics(page, pieces(page), advice, [])).text == "It has callouts."
