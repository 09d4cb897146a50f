"""Two versions of a page, word by word: nothing is lost, nothing is made up, nothing can run."""

from difflib import SequenceMatcher
from typing import Any
from unittest import mock

import pytest

from education.articles.content import compare as module
from education.articles.content.compare import ADDED, REMOVED, SAME, compare
from education.articles.content.pieces import pieces
from education.core.html import plain
from tests.cast import care, claim, every_block, figure, key_points, questions, reference, table, text
from tests.each import of_each
from tests.screens import harm


def content(*blocks: dict[str, Any], title: str = "Lupus", summary: str = "About lupus.") -> dict[str, Any]:
    return {"title": title, "summary": summary, "blocks": list(blocks)}


def told(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Changed rows as text: {-removed-} and {+added+}."""
    marks = {SAME: "{}", ADDED: "{{+{}+}}", REMOVED: "{{-{}-}}"}
    return [
        " ".join(marks[span.status].format(span.words) for span in row.spans)
        for row in compare(old, new).rows
        if not row.is_same
    ]


@of_each(
    [
        ("<p>Take one tablet.</p>", "<p>Take two tablets.</p>", ["Take {-one tablet.-} {+two tablets.+}"]),
        ("<p>Take one.</p>", "<p>Never take one.</p>", ["{-Take-} {+Never take+} one."]),
        ("<p>Same.</p>", "<p>Same.</p><p>More words.</p>", ["{+More words.+}"]),
        ("<p>Gone words.</p><p>Same.</p>", "<p>Same.</p>", ["{-Gone words.-}"]),
        ("<p>It is safe.</p>", "<p>It is <strong>safe</strong>.</p>", ["It is {-safe.-} {+<strong>safe</strong>.+}"]),
        ("<h2>Old name</h2>", "<h2>New name</h2>", ["{-Old-} {+New+} name"]),
        ("<p>Words</p>", "<ul><li>Words</li></ul>", ["{-Words-}", "{+Words+}"]),
        (
            "<p>A study.[@a-1]</p>",
            "<p>A study.[@b-1]</p>",
            ['A study. {-<span class="cited">[a-1]</span>-} {+<span class="cited">[b-1]</span>+}'],
        ),
        (
            '<p>See <a href="/a/">here</a>.</p>',
            '<p>See <a href="/b/">here</a>.</p>',
            ["See {-here (/a/)-} {+here (/b/)+} ."],
        ),
    ]
)
def test_a_text_word_by_word(case: tuple[str, str, list[str]]) -> None:
    old, new, expected = case
    assert told(content(text(old)), content(text(new))) == expected


def shown(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The changed rows as the screen shows them."""
    rows = [row for _, rows in compare(old, new).stretches for row in rows if not row.is_same]
    return [plain(" ".join(span.words for span in row.spans)) for row in rows]


@pytest.mark.django_db
def test_studies_are_named_as_on_every_other_screen_and_not_by_their_keys() -> None:
    reference("a-1", authors="Young A", title="Pain & sleep")
    reference("b-1", authors="Zimmer C", title="Two")
    old = content(text("<p>A study.[@a-1]</p>"), claim(references_for=["a-1"]))
    new = content(text("<p>A study.[@b-1]</p>"), claim(references_for=["b-1", "gone-1"]))
    words, *facts = shown(old, new)
    assert words == "A study. [Young 2013] [Zimmer 2013]"
    assert facts == [
        "Studies behind it: Young A 2013 · Pain & sleep Zimmer C 2013 · Two",
        "Studies behind it: [gone-1]",
    ]


def test_what_stands_in_no_text_counts_too_and_only_where_it_changed() -> None:
    """Other names, by which A to Z and search show a page, were signed and compared as equal."""
    one = {**content(), "slug": "gout", "kind": "guide", "language": "en", "aliases": ["RA", "SLE"]}
    assert told(one, {**one, "aliases": ["RA", "SLE", "The cure"]}) == ["{+Other names: The cure+}"]
    assert told(one, {**one, "kind": "treatment"}) == ["Kind: {-Guide-} {+Treatment+}"]
    assert told(one, {**one, "slug": "gout-2"}) == ["Address: {-gout-} {+gout-2+}"]
    assert [row.kind for row in compare(one, {**one, "title": "Gout"}).rows] == ["h1", "p"]


def test_what_stands_above_the_blocks_counts_too() -> None:
    assert told(content(), content(title="Gout", summary="About gout.")) == [
        "{-Lupus-} {+Gout+}",
        "About {-lupus.-} {+gout.+}",
    ]


def test_every_kind_of_block_is_read() -> None:
    kinds = {(piece.block, piece.kind) for piece in pieces(content(*every_block()))}
    assert {block for block, _ in kinds} == {-1, *range(len(every_block()))}
    assert told(content(care("urgent")), content(care("emergency"))) == [
        "Level: {-Urgent: get advice today-} {+Emergency: call now+}"
    ]
    assert told(content(figure()), content(figure(alt="A lock."))) == ["A {-key in a-} lock."]
    assert told(content(key_points("One.", "Two.")), content(key_points("Two.", "One."))) != []
    assert told(content(questions()), content(questions("Other"))) != []


def test_a_study_that_now_speaks_against_a_claim_is_a_change() -> None:
    """Whoever signs must see it: the page then says the opposite of what the study found."""
    behind = claim(references_for=["younger-2013"], nothing_against=False)
    against = claim(references_against=["younger-2013"], nothing_against=False)
    assert told(content(behind), content(against)) == [
        'Studies {-behind-} {+against+} it: <span class="cited">[younger-2013]</span>'
    ]


def test_a_table_is_compared_row_by_row() -> None:
    """A cell said “31” and then “41”, without whose number it is. One that moved to another column was no change."""
    rows = [["Study", "On LDN", "On placebo"], ["First", "31", ""], ["Second", "99", "98"]]
    old = content(table(rows=rows))
    assert told(old, content(table(rows=[*rows[:2], ["Second", "89", "98"]]))) == ["Second {-| 99-} {+| 89+} | 98"]
    assert told(old, content(table(rows=[rows[0], ["First", "", "31"], rows[2]]))) == [
        "First {+| (empty)+} | 31 {-| (empty)-}"
    ]
    assert told(old, content(table(rows=rows[:2]))) == ["{-Second | 99 | 98-}"]
    assert [piece.text for piece in pieces(old) if piece.kind == "li"] == [cell for row in rows for cell in row if cell]


def test_facts_of_a_claim_say_what_they_are() -> None:
    facts = [piece.text for piece in pieces(content(claim(references_for=["a-1", "b-2"]))) if piece.kind == "fact"]
    assert facts[2:] == [
        "Studies behind it: [@a-1]",
        "Studies behind it: [@b-2]",
        "We looked, and no contrary study was found: yes",
        "Graded by: Ann Author",
        "Graded on: January 31, 2026",
    ]


def test_a_block_that_nobody_knows_yet_is_read_by_its_fields() -> None:
    old = {"type": "new-kind", "dos": ["Walk."], "rows": [["a", "b"]], "many": 3, "body": "<p>Rich.</p>"}
    assert told(content(old), content(old | {"many": 4, "rows": [["a", "c"]]})) == [
        "Many: {-3-} {+4+}",
        "a {-| b-} {+| c+}",
    ]


def test_long_stretches_without_a_change_are_folded_away() -> None:
    many = "".join(f"<p>Paragraph {number}.</p>" for number in range(20))
    found = compare(content(text(many)), content(text(f"{many}<p>New.</p>")))
    assert [(fold, len(rows)) for fold, rows in found.stretches] == [(False, 2), (True, 18), (False, 2), (False, 1)]
    assert (found.added, found.removed) == (1, 0)


def test_nothing_is_lost_on_either_side() -> None:
    old = content(*every_block(), text("<p>One <em>two</em> three.[@a-1]</p><ul><li>a<ul><li>b</li></ul></li></ul>"))
    new = content(*reversed(every_block()), text("<p>One three four.</p>"), title="Other")
    rows = compare(old, new).rows
    for source, gone in ((old, ADDED), (new, REMOVED)):
        kept = "".join(plain(span.words) for row in rows for span in row.spans if span.status != gone)
        written = "".join(piece.text for piece in pieces(source, whole_rows=True)).replace("[@", "[")
        assert sorted(kept.replace(" ", "")) == sorted(written.replace(" ", ""))


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        "{{ 7*7 }}<b>",
    ],
)
def test_scripts_in_any_field_are_dead_text(payload: str) -> None:
    blocks = [text(f"<p>{payload}</p>"), key_points(payload), care(title=payload, body=f"<p>{payload}</p>")]
    for old, new in ((content(), content(*blocks, title=payload)), (content(*blocks), content())):
        html = " ".join(span.words for row in compare(old, new).rows for span in row.spans)
        assert not harm(html)
        assert "<b>" not in html


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"<p>{'word ' * 2000}</p>", f"<p>{'word drow ' * 1000}</p>"),
        *[
            ("".join(f"<p>{words} {n}</p>" for n in range(600)), "<p>other words</p>" * 600)
            for words in ("one", "other")
        ],
    ],
)
def test_a_text_without_end_is_little_work(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody may ask for a comparison: none may keep the site busy."""

    def matcher(junk: None, one: list[Any], other: list[Any], **options: Any) -> SequenceMatcher[Any]:
        assert sum(map(other.count, one)) <= 100_000, "It would compare every one of these pairs."
        return SequenceMatcher(junk, one, other, **options)

    alike = mock.Mock(wraps=module._alike)
    monkeypatch.setattr(module, "_alike", alike)
    monkeypatch.setattr(module, "SequenceMatcher", matcher)
    found = compare(content(text(old)), content(text(new)))
    assert found.added + found.removed >= 1200
    assert alike.call_count <= 24_000


def test_what_is_too_much_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PAIRS", 15)
    found = told(content(text("<p>so one two three four</p>")), content(text("<p>so two three one five</p>")))
    assert found[-1] == "so {-one two three four-} {+two three one five+}"
