"""Each block in the admin: typed in plain fields, refused in plain words, asked for once."""

import re
from typing import Any

import pytest
from django.db.models import BooleanField

from education.articles.content.blocks import BLOCKS, Block
from education.articles.content.canonical import draft_content, replace_blocks
from education.articles.editing import inlines
from education.articles.models import Article
from tests.cast import (
    article,
    claim,
    erin_the_editor,
    every_block,
    figure,
    known,
    logged_in,
    options,
    picture,
    risk,
    table,
    text,
    what_matters,
)
from tests.queries import asked, queries
from tests.screens import body, edit, form_data, plain_words, tags

pytestmark = pytest.mark.django_db
NEW_BLOCK = re.compile(r'-empty">\s*<h3>.*?</h3>(.*?</fieldset>)', re.DOTALL)
MAX_QUERIES = {"open": 24, "save": 46}


def change(draft: Article, **changes: str) -> Any:
    path = f"/admin/education/article/{draft.pk}/change/"
    return edit(logged_in(erin_the_editor()), path, form_id="article_form", **changes)


def test_saving_an_untouched_form_with_every_block_changes_nothing() -> None:
    draft = article(blocks=every_block())
    before = draft.draft_sha256
    assert change(draft).status_code == 302
    draft.refresh_from_db()
    assert draft.draft_sha256 == before


def test_a_claim_is_typed_in_plain_fields() -> None:
    draft = article(blocks=[claim()])
    typed = {"text": "It helps.\n", "grade": "moderate", "references_for": "[@a-1], b-1"}
    assert (
        change(draft, **{f"education_claimblock_set-0-{name}": value for name, value in typed.items()}).status_code
        == 302
    )
    (kept,) = draft_content(draft)["blocks"]
    assert (kept["text"], kept["grade"], kept["references_for"]) == ("It helps.", "moderate", ["a-1", "b-1"])


def test_errors_are_shown_beside_their_block() -> None:
    wrong = {
        "claimblock_set-0-references_for": ("Younger 2013", "“Younger” is not a citation key."),
        "claimblock_set-0-graded_on": ("soon", "Enter a valid date."),
        "riskblock_set-0-first_count": ("101", "This is more than 100."),
    }
    draft = article(blocks=[claim(), risk(), figure()])
    response = change(draft, **{f"education_{field}": typed for field, (typed, _) in wrong.items()})
    assert response.status_code == 200
    said = plain_words(body(response))
    assert [problem for _, problem in wrong.values() if problem not in said] == []


@pytest.mark.thorough
def test_a_draft_is_saved_and_shown_with_every_gap_and_the_gate_names_it() -> None:
    """The first field of every block left empty, then the second, and so on; at last all of them."""
    whole = every_block()
    draft = article(blocks=whole)
    client, here = logged_in(erin_the_editor()), f"/admin/education/article/{draft.pk}"
    rounds = [{model: model.content_fields[at : at + 1] for model in BLOCKS} for at in range(8)]
    for emptied in [*rounds, {model: model.content_fields for model in BLOCKS}]:
        replace_blocks(draft, whole)
        prefixes = {model: f"education_{model._meta.model_name}_set-0" for model in BLOCKS}
        cleared = {f"{prefixes[model]}-{name}": "" for model, names in emptied.items() for name in names}
        answer = edit(client, f"{here}/change/", "_preview", form_id="article_form", **cleared)
        assert answer.status_code == 302, plain_words(body(answer))
        assert client.get(f"{here}/preview/").status_code == 200
        review = body(client.get(f"{here}/review/"))
        shown = {block["type"] for block in draft_content(draft)["blocks"]}
        for model, names in emptied.items():
            if model.block_type in shown and any(is_needed(model, name) for name in names):
                assert f'href="{here}/change/#{prefixes[model]}"' in review.partition('id="comments"')[0], (
                    model,
                    names,
                )


def is_needed(model: type[Block], name: str) -> bool:
    field = model._meta.get_field(name)
    is_always_chosen = bool(field.choices) and field.has_default()
    return not (field.blank or isinstance(field, BooleanField) or is_always_chosen)


HALVES = [
    {
        "tableblock_set-0-rows": ("Study | People\nFirst", "a different number of cells (1) from the first (2)."),
        "optionsblock_set-0-rows": (" | Wait | Ask\nCost | None", "Row 2 does not say something of each option."),
        "whatmattersblock_set-0-rows": ("Would it? | Yes", "Row 1 needs a question alone, or with two answers or more"),
        "figureblock_set-0-drawing": ("", "A figure shows nothing yet. Choose a picture or a drawing."),
        "riskblock_set-0-first_count": ("", "nothing under “how many”"),
        "knownblock_set-0-not_known": (" ", "nothing under “what is not known”"),
    },
    {
        "tableblock_set-0-rows": ("Study | People", "A table has a row of headings and at least one row below it."),
        "figureblock_set-0-alt": ("", "Say what is to be seen."),
        "riskblock_set-0-second_group": ("", "To compare, fill in both"),
    },
]


@pytest.mark.parametrize("halves", HALVES)
def test_half_a_block_is_saved_and_shown_and_the_gate_says_what_is_missing(halves: dict[str, tuple[str, str]]) -> None:
    """Of several blocks at once: each has its own sentence."""
    blocks = [table(), figure(), known(), options(), what_matters(), risk(second_count=3, second_group="others")]
    client, here = logged_in(erin_the_editor()), f"/admin/education/article/{article(blocks=blocks).pk}"
    before = plain_words(body(client.get(f"{here}/review/")))
    typed = {f"education_{field}": half for field, (half, _) in halves.items()}
    assert edit(client, f"{here}/change/", form_id="article_form", **typed).status_code == 302
    assert client.get(f"{here}/preview/").status_code == 200
    after = plain_words(body(client.get(f"{here}/review/")))
    assert [problem for _, problem in halves.values() if problem in before or problem not in after] == []


def test_a_table_is_typed_as_lines_with_bars() -> None:
    draft = article(blocks=[table()])
    typed = "Study | People | Note\r\n| First | 31 |  |\r\nSecond \\| third | 99 | [@a-1]"
    assert change(draft, **{"education_tableblock_set-0-rows": typed}).status_code == 302
    (kept,) = draft_content(draft)["blocks"]
    assert kept["rows"] == [["Study", "People", "Note"], ["First", "31", ""], ["Second | third", "99", "[@a-1]"]]


def test_empty_texts_of_a_figure_are_taken_from_its_picture() -> None:
    shown = picture(alt="A meadow.", credit="Ann")
    draft = article(blocks=[figure()])
    fields = {"drawing": "", "picture": shown.name, "alt": "", "credit": "", "caption": "Our own."}
    assert (
        change(draft, **{f"education_figureblock_set-0-{name}": value for name, value in fields.items()}).status_code
        == 302
    )
    (kept,) = draft_content(draft)["blocks"]
    assert (kept["picture"], kept["alt"], kept["caption"], kept["credit"]) == (
        shown.name,
        "A meadow.",
        "Our own.",
        "Ann",
    )


def test_drawings_are_offered_by_their_titles_and_one_that_is_gone_is_kept() -> None:
    draft = article(blocks=[figure(), figure(drawing="gone")])
    page = body(logged_in(erin_the_editor()).get(f"/admin/education/article/{draft.pk}/change/"))
    first, second = (
        page.partition(f'<select name="education_figureblock_set-{number}-drawing"')[2].partition("</select>")[0]
        for number in (0, 1)
    )
    assert '<option value="opioid-receptor-block" selected>' in first
    assert '<option value="small-steps">Small steps</option>' in first
    assert '<option value="gone" selected>gone</option>' in second
    assert 'href="/admin/drawings/"' in page


def test_every_field_of_every_block_has_an_accessible_name() -> None:
    draft = article(blocks=every_block())
    page = body(logged_in(erin_the_editor()).get(f"/admin/education/article/{draft.pk}/change/"))
    labels = {given.get("for") for tag, given in tags(page) if tag == "label"}
    for model in BLOCKS:
        for name in model.content_fields:
            assert f"id_education_{model._meta.model_name}_set-0-{name}" in labels, (model, name)


def test_the_edit_page_makes_as_many_queries_for_ten_figures_as_for_one() -> None:
    shown = picture()
    client = logged_in(erin_the_editor())
    client.get("/admin/")  # the first visit also records the session
    one = [figure(drawing="", picture=shown.name), claim()]
    drafts = [article("few", blocks=one), article("many", blocks=one * 10)]
    few, many = (f"/admin/education/article/{draft.pk}/change/" for draft in drafts)
    assert asked(lambda: client.get(few)) == asked(lambda: client.get(many))


def test_kinds_of_blocks_that_a_page_has_none_of_cost_it_no_query() -> None:
    """Of fifteen kinds it has one: it is opened with two questions about blocks, and saved with two more."""
    draft, client = article(blocks=[text()]), logged_in(erin_the_editor())
    path = f"/admin/education/article/{draft.pk}/change/"
    data = form_data(body(client.get(path)), "article_form") | {"_continue": ["x"]}
    opened = queries(lambda: client.get(path))
    assert len([sql for sql in opened if "block" in sql and "comment" not in sql]) == 2
    assert len(opened) <= MAX_QUERIES["open"]
    assert asked(lambda: client.post(path, data)) <= MAX_QUERIES["save"]


def test_a_new_block_is_made_once_for_all_pages_and_offers_the_pictures_that_there_are_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drafts, client = [article("one", blocks=[text()]), article("two", blocks=every_block())], None
    client = logged_in(erin_the_editor())
    paths = [f"/admin/education/article/{draft.pk}/change/" for draft in drafts]
    client.get(paths[0])
    made: list[str] = []
    monkeypatch.setattr(inlines, "_drawn", lambda form, draw=inlines._drawn: made.append(form.prefix) or draw(form))
    shown = picture(alt="A meadow in May.")
    pages = [body(client.get(path)) for path in paths]
    assert made == ["education_figureblock_set-__prefix__"] * 2
    new = [NEW_BLOCK.findall(page) for page in pages]
    assert len(new[0]) == len(BLOCKS)
    assert new[0] == new[1]
    assert all(f'value="{shown.name}"' in "".join(blocks) for blocks in new)


def test_a_form_for_a_new_table_is_empty() -> None:
    page = body(logged_in(erin_the_editor()).get(f"/admin/education/article/{article().pk}/change/"))
    assert "[]" not in form_data(page, "article_form").get("education_tableblock_set-__prefix__-rows", [""])


def test_a_damaged_form_that_claims_no_end_of_blocks_draws_a_few_hundred_at_most() -> None:
    draft = article(blocks=[text("<p>Kept.</p>")])
    answer = change(draft, **{"education_textblock_set-TOTAL_FORMS": "10885843221210222"})
    assert answer.status_code == 200
    assert "education_textblock_set-299-id" in body(answer)
    assert "education_textblock_set-300-id" not in body(answer)
    assert "Kept." in str(draft_content(draft))


def test_no_help_below_a_field_speaks_of_what_only_scripts_make() -> None:
    """A button “Cite a study”, and a list to choose from after “[@”. What a script shows in its place may name them."""
    told = [
        str(field.help_text) for block in BLOCKS for field in block._meta.get_fields() if hasattr(field, "help_text")
    ]
    citing = [words for words in told if "[@" in words]
    assert len(citing) >= 6
    assert [words for words in citing if "press" in words or "choose" in words or " key" not in words] == []
