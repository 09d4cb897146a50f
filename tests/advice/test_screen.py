"""The screen that advises on a draft, and judging the items of PEMAT-P on it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.formats import date_format

from education.accounts.models import User
from education.advice.models import Judgement, PlainWord
from education.articles.models import Article
from education.audit.models import AuditEvent
from tests.cast import (
    article,
    clara_the_clinician,
    every_block,
    ines_at_intake,
    key_points,
    logged_in,
    reference,
    rewritten,
    staff,
    text,
)
from tests.queries import asked
from tests.screens import body, form_data, harm, links, plain_words, tags

pytestmark = pytest.mark.django_db
FINE = text("<h2>Walk</h2><p>Walk a little each day.</p><p>Rest when you need to.</p><p>You can do it at home.</p>")
HARD = "Considerable immunological heterogeneity complicates interpretation."
LONG = "It is given to people " + "and so on " * 6 + "each day."


def path(draft: Article, screen: str = "advice") -> str:
    return f"/admin/education/article/{draft.pk}/{screen}/"


def see(client: Client, draft: Article) -> str:
    return body(client.get(path(draft)))


def judge(client: Client, draft: Article, page: str = "", **verdicts: str) -> Any:
    """Choose these verdicts on the page, which is opened first unless it is given, and save."""
    data = form_data(page or see(client, draft), "pemat-form") | verdicts
    return client.post(path(draft, "judge"), data)


def item(page: str, number: int) -> str:
    """What the page says of one item."""
    (found,) = re.findall(rf"<fieldset[^>]*>\s*<legend>{number}\..*?</fieldset>", page, re.DOTALL)
    return plain_words(found)


def events() -> list[tuple[str, str]]:
    return [(event.verb, event.actor) for event in AuditEvent.objects.filter(verb="article_judged")]


# Reading


def test_the_grade_is_shown_in_words_with_and_without_unavoidable_terms(erin: Client) -> None:
    PlainWord.objects.create(phrase="rheumatoid arthritis")
    said = plain_words(see(erin, article(summary="", blocks=[text("<p>Rheumatoid arthritis hurts the joints.</p>")])))
    assert "A reader of about grade 6 (age 11 to 12) follows this. Most adults read that with ease." in said
    assert "The terms that this page can’t do without are left out of it; with them it is grade 17." in said
    assert "By syllables Flesch-Kincaid 0.0 age 6 to 7 7.6 age 13 to 14" in said
    assert "By letters Coleman-Liau 5.7 age 11 to 12 17.1 beyond school" in said
    assert "Left out: rheumatoid arthritis." in said


def test_terms_that_are_left_out_have_curved_apostrophes(erin: Client) -> None:
    PlainWord.objects.create(phrase="crohn's disease")
    said = plain_words(see(erin, article(summary="", blocks=[text("<p>Crohn’s disease hurts the bowel.</p>")])))
    assert "Left out: crohn’s disease." in said


def test_a_hard_page_says_so_and_where_to_start(erin: Client) -> None:
    said = plain_words(see(erin, article(summary="", blocks=[text(f"<p>{HARD}</p>"), FINE])))
    assert "That is harder than grade 8, which most adults read with ease." in said
    assert said.index(HARD) < said.index("Walk a little each day.")


def test_each_finding_quotes_its_sentence_and_links_to_its_block(erin: Client) -> None:
    PlainWord.objects.create(phrase="cease", swap="stop")
    blocks = [FINE, text(""), key_points("Cease it soon, or not."), text(f"<p>{LONG}</p>")]
    draft = article(summary="It was said to be so.", blocks=blocks)
    page = see(erin, draft)
    found = {
        plain_words(words): (plain_words(note), href)
        for words, note, href in re.findall(r"<li>\s*<q>(.*?)</q>\s*<p>(.*?)<a href=\"(.*?)\">", page, re.DOTALL)
        if "Grade" not in note
    }
    change = path(draft, "change")
    assert found == {
        LONG: ("“is given”: can you say who does it?", f"{change}#education_textblock_set-2"),
        "Cease it soon, or not.": ("“Cease”: perhaps “stop”?", f"{change}#education_keypointsblock_set-0"),
        "It was said to be so.": ("“was said”: can you say who does it?", f"{change}#id_summary"),
    }
    assert "25 words. Say it in two sentences." in plain_words(page)
    ids = {given.get("id") for _, given in tags(body(erin.get(change)))}
    assert {href.partition("#")[2] for _, href in found.values()} <= ids


def test_a_sentence_with_several_findings_is_quoted_once(erin: Client) -> None:
    said = see(erin, article(summary="", blocks=[text("<p>1 in 10 and 2 in 10 did, 3 in 100 and 4 in 1,000.</p>")]))
    section = said[said.index('id="shares"') :]
    assert section.count("<q>") == 1
    assert "“3 in 100”" in section
    assert "“4 in 1,000”" in section


def test_findings_after_the_fifth_are_folded_away_but_present(erin: Client) -> None:
    sentences = [f"Number {number} was given." for number in range(8)]
    page = see(erin, article(summary="", blocks=[text("".join(f"<p>{words}</p>" for words in sentences))]))
    section = page[page.index('id="passive"') :]
    assert "<summary>3 more</summary>" in section
    assert section.count("<q>") == 8


def test_a_page_without_findings_says_so(erin: Client) -> None:
    said = plain_words(see(erin, article(summary="Walk a little.", blocks=[FINE])))
    assert "Nothing to change: this page reads well." in said
    assert "What to look at" not in said


def test_an_empty_page_asks_for_text_first(erin: Client) -> None:
    draft = article(summary="", blocks=[])
    assert "There is nothing to read yet." in plain_words(see(erin, draft))
    assert "pemat-form" not in see(erin, draft)


def test_quoted_markup_is_escaped(erin: Client) -> None:
    page = see(erin, article(blocks=[text("<p>&lt;img src=x onerror=alert(1)&gt; was given to you all.</p>")]))
    assert "&lt;img src=x onerror=alert(1)&gt; was given" in page
    assert not harm(page)


def test_the_edit_and_review_screens_link_to_it(erin: Client) -> None:
    draft = article()
    for screen in ("change", "review"):
        assert path(draft) in links(body(erin.get(path(draft, screen))))


def test_staff_who_may_not_write_see_advice_without_buttons() -> None:
    draft = article(blocks=[text(f"<p>{LONG}</p>")])
    page = see(logged_in(staff("max", "manager")), draft)
    assert "Say it in two sentences." in plain_words(page)
    assert "Go to the block" not in page
    assert "Save answers" not in page
    assert "See them one by one" in page
    assert logged_in(ines_at_intake()).get(path(draft)).status_code == 403
    assert Client().get(path(draft))["Location"].startswith("/accounts/login/")


def test_it_makes_as_many_queries_for_seventy_five_blocks_as_for_fifteen(erin: Client) -> None:
    reference()
    few, many = (article(slug, blocks=every_block() * times) for slug, times in (("few", 1), ("many", 5)))
    judge(erin, many, item_1="yes", item_2="no", item_3="yes")
    erin.get("/admin/")  # shows what was said of it, which then leaves the session
    assert asked(lambda: erin.get(path(few))) == asked(lambda: erin.get(path(many))) <= 30


# Judging


def test_a_judgement_is_stored_with_name_and_day_and_one_audit_event(erin: Client) -> None:
    draft = article(blocks=[FINE])
    before = see(erin, draft)
    assert "For a person. The title is “Lupus”." in item(before, 1)
    response = judge(erin, draft, item_1="yes", item_2="no", item_11="yes")
    assert response["Location"] == f"{path(draft)}?judging#pemat"
    page = body(erin.get(response["Location"]))
    assert "Saved: 3 judgements." in plain_words(page)
    day = Judgement.objects.first().judged_at  # type: ignore[union-attr]
    assert f"Yes , judged by erin on {date_format(day)}." in item(page, 1)
    assert "No , judged by erin" in item(page, 2)
    assert "It has no key points." in item(page, 11)
    assert events() == [("article_judged", "erin")]
    detail = AuditEvent.objects.latest("id").detail
    assert detail == {"sha256": draft.draft_sha256, "verdicts": {"1": "yes", "2": "no", "11": "yes"}}
    data = form_data(page, "pemat-form")
    assert (data["item_1"], data["item_2"], data["item_3"]) == (["yes"], ["no"], [""])


def test_a_judgement_can_be_withdrawn(erin: Client) -> None:
    draft = article(blocks=[FINE])
    judge(erin, draft, item_1="yes")
    judge(erin, draft, item_1="")
    assert not Judgement.objects.exists()
    assert len(events()) == 2


def test_a_judgement_of_an_earlier_draft_is_shown_as_outdated_and_does_not_count(erin: Client) -> None:
    draft = article(blocks=[FINE])
    judge(erin, draft, item_1="yes")
    rewritten(draft, FINE, text("<p>One more thing.</p>"))
    page = see(erin, draft)
    said = r"For a person\..*erin said “yes” on .*, of earlier words\. That no longer counts\."
    assert re.search(said, item(page, 1))
    assert "0 judged" not in plain_words(page)
    judge(logged_in(clara_the_clinician()), draft, item_1="yes")
    assert "judged by clara" in item(see(erin, draft), 1)


def test_verdicts_stay_ticked_when_the_draft_changed_meanwhile(erin: Client) -> None:
    draft = article(blocks=[FINE])
    judge(erin, draft, item_2="no")
    page = see(erin, draft)
    rewritten(draft, FINE, text("<p>One more thing.</p>"))
    response = judge(erin, draft, page, item_1="yes", item_3="no")
    assert response.status_code == 409
    assert "The draft was changed while you were answering." in plain_words(body(response))
    assert Judgement.objects.count() == 1
    again = judge(erin, draft, body(response))
    assert again.status_code == 302
    found = dict(Judgement.objects.filter(sha256=Article.objects.get().draft_sha256).values_list("item", "verdict"))
    assert found == {1: "yes", 2: "no", 3: "no"}


def test_two_people_judging_at_once_do_not_overwrite_each_other(erin: Client) -> None:
    draft = article(blocks=[FINE])
    page = see(erin, draft)
    judge(logged_in(clara_the_clinician()), draft, item_2="no")
    judge(erin, draft, page, item_1="yes")
    found = set(Judgement.objects.values_list("item", "verdict", "judged_by"))
    assert found == {(1, "yes", "erin"), (2, "no", "clara")}


def test_saving_without_a_change_writes_no_audit_event(erin: Client) -> None:
    draft = article(blocks=[FINE])
    page = body(erin.get(judge(erin, draft)["Location"]))
    assert "You changed no judgement, so there was nothing to save." in plain_words(page)
    assert events() == []


@pytest.mark.parametrize("verdict", ["perhaps", "n/a"])  # item 1 always applies
def test_an_invalid_verdict_is_refused(erin: Client, verdict: str) -> None:
    draft = article(blocks=[FINE])
    response = judge(erin, draft, item_1=verdict, item_2="yes")
    assert response.status_code == 422
    assert "This can’t be chosen any more." in plain_words(body(response))
    assert form_data(body(response), "pemat-form")["item_2"] == ["yes"]
    assert not Judgement.objects.exists()


def test_judging_takes_a_post_and_the_right_to_write(erin: Client) -> None:
    draft = article(blocks=[FINE])
    data = form_data(see(erin, draft), "pemat-form") | {"item_1": "yes"}
    assert erin.get(path(draft, "judge"))["Location"] == path(draft, "advice")
    assert logged_in(staff("max", "manager")).post(path(draft, "judge"), data).status_code == 403
    from_elsewhere = Client(enforce_csrf_checks=True)
    from_elsewhere.force_login(User.objects.get(username="erin"))
    assert from_elsewhere.post(path(draft, "judge"), data).status_code == 403
    assert not Judgement.objects.exists()


def test_no_score_is_given_before_every_item_is_judged(erin: Client) -> None:
    draft = article(blocks=[FINE])
    said = plain_words(see(erin, draft))
    assert "no score yet. 8 of 17 questions wait for a person." in said
    assert "the score will be between" in said
    page = see(erin, draft)
    names = [name for name, values in form_data(page, "pemat-form").items() if re.fullmatch(r"item_\d+", name)]
    judge(erin, draft, page, **{name: "no" if name == "item_2" else "yes" for name in names})
    said = plain_words(see(erin, draft))
    assert "Understandability , whether people of all backgrounds can follow the page: 94 in 100 ." in said
    assert "Of the 17 questions that apply, 16 are met." in said
    assert "no score yet" not in said
