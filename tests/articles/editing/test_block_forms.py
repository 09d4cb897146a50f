"""Each block in the admin: typed in plain fields, refused in plain words, asked for once."""

from typing import Any

import pytest

from education.articles.content.blocks import BLOCKS
from education.articles.content.canonical import draft_content
from education.articles.models import Article
from tests.cast import (
    article,
    claim,
    do_dont,
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
from tests.queries import asked
from tests.screens import body, edit, form_data, plain_words, tags

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("claimblock_set-0-references_for", "Younger 2013", "“Younger” is not a citation key."),
        ("claimblock_set-0-graded_on", "soon", "Enter a valid date."),
        (
            "tableblock_set-0-rows",
            "Study | People\nFirst",
            "Row 2 has a different number of cells (1) from the first (2).",
        ),
        ("tableblock_set-0-rows", "Study | People", "A table has a row of headings and at least one row below it."),
        ("optionsblock_set-0-rows", " | Wait | Ask\nCost | None", "Row 2 does not say something of each option."),
        ("whatmattersblock_set-0-rows", "Would it? | Yes", "Row 1 needs a question alone, or with two answers or more"),
        ("riskblock_set-0-first_count", "101", "This is more than 100."),
        ("figureblock_set-0-alt", "", "Say what is to be seen."),
        ("figureblock_set-0-drawing", "", "Choose a picture or name a drawing: one of them, not both."),
        ("knownblock_set-0-not_known", " ", "Fill this in."),
        ("dodontblock_set-0-dos", "", "Write at least one thing to do or not to do."),
    ],
)
def test_errors_are_shown_beside_their_block(field: str, typed: str, problem: str) -> None:
    draft = article(blocks=[claim(), table(), risk(), figure(), known(), do_dont(donts=[]), options(), what_matters()])
    response = change(draft, **{f"education_{field}": typed})
    assert response.status_code == 200
    assert problem in plain_words(body(response))


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
