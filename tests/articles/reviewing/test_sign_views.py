"""The small screens around signing: who signs, and correcting a passage on the way."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from education.accounts.models import User
from education.articles.models import Article, SignOff
from education.articles.publishing import actions
from education.articles.publishing.signing import NotSignable
from education.audit.models import AuditEvent
from education.people.models import Person
from tests.articles.clinician import screen, sign
from tests.cast import (
    care,
    claim,
    clara_the_clinician,
    complete,
    erin_the_editor,
    every_block_that_passes,
    issued,
    key_points,
    logged_in,
    reference,
    seen,
    signed,
    staff,
    text,
)
from tests.each import of_each
from tests.screens import body, form_data, links, plain_words

pytestmark = pytest.mark.django_db


# A button without what it asks for


def test_a_button_that_lacks_its_reason_says_at_the_top_that_nothing_was_done(doctor: Client) -> None:
    page = issued(complete()).article
    refused = doctor.post(screen(page, "withdraw"), {})
    assert refused.status_code == 422
    said = plain_words(body(refused))
    missing = "“Withdraw” is not done yet. Why is it taken down? Say why: patients who look for the page read it."
    assert said.index(missing) < said.index("What you can do")
    assert "#id_withdraw_reason" in links(body(refused))
    assert '<details class="fold" open><summary>Withdraw…</summary>' in body(refused)


def filled_buttons(page: str) -> list[str]:
    step = page.partition('id="next-step"')[2].partition("</section>")[0]
    return [plain_words(found) for found in re.findall(r'class="button"[^>]*>([^<]+)<', step)]


def test_one_button_is_filled_what_comes_next(doctor: Client) -> None:
    draft = complete()
    assert filled_buttons(body(doctor.get(screen(draft, "review")))) == ["Read and sign it"]
    erin = logged_in(erin_the_editor())
    assert filled_buttons(body(erin.get(screen(draft, "review")))) == ["Send for review"]
    sign(doctor, draft)
    assert filled_buttons(body(doctor.get(screen(draft, "review")))) == ["Publish now"]


def test_an_editor_whose_page_waits_is_told_so_before_what_is_for_emergencies(erin: Client) -> None:
    """All that was offered to do next was to publish it without a signature."""
    draft = complete()
    actions.submit(draft, by=User.objects.get(username="erin"))
    said = plain_words(body(erin.get(screen(draft, "review"))))
    assert "What you can do next It waits for a clinician’s signature. There is nothing that you have to do." in said


def test_a_page_that_was_taken_down_quotes_the_reason_and_names_its_owner_in_full(doctor: Client) -> None:
    page, erin = issued(complete()).article, erin_the_editor()
    User.objects.filter(pk=erin.pk).update(first_name="Erin", last_name="Ames")
    actions.assign(page, owner=erin, by=erin)
    actions.withdraw(page, reason="We write it anew", by=erin)
    said = plain_words(body(doctor.get(screen(page, "review"))))
    assert ": “We write it anew.” Erin Ames looks after it." in said


def test_a_study_without_an_author_has_its_title_once() -> None:
    study = reference("a-1", authors="", title="A label of some length that no short name would hold whole")
    shown = plain_words(
        render_to_string("admin/articles/_named_study.html", {"study": study, "name": study.short_name})
    )
    assert shown.count("A label of some") == 1


def test_a_page_that_is_not_sent_back_stays_with_whoever_was_about_to_sign_it(doctor: Client) -> None:
    """The answer was another screen, without the run through all pages, and far from what she had read."""
    draft = complete()
    actions.submit(draft, by=erin_the_editor())
    refused = doctor.post(screen(draft, "send-back"), {"note": "", "from_signing": "1", "run": "1"})
    page = body(refused)
    assert (refused.status_code, "<h1>Read and sign</h1>" in page) == (422, True)
    assert "Skip for now" in page
    assert '<details class="fold" id="send-back" open>' in page
    assert "#id_send_back_note" in links(page)
    elsewhere = doctor.post(screen(draft, "send-back"), {"note": ""})
    assert "<h1>Review and publish</h1>" in body(elsewhere)


def test_a_page_is_signed_beside_its_words_where_no_sources_stand_there(doctor: Client) -> None:
    reference("younger-2013")
    cited = complete("lupus", blocks=[text("<p>It's common.[@younger-2013]</p>")])
    plain = complete("gout", blocks=[text("<p>It's common.</p>")])
    pages = [body(doctor.get(screen(draft))) for draft in (cited, plain)]
    assert ["sign-side" in page for page in pages] == [False, True]
    for page in pages:
        assert "It’s common." in page.partition("signed-words")[2]  # as patients read it


def test_grades_that_somebody_else_gave_are_told_in_words(doctor: Client) -> None:
    graded = claim(grade="none", direction="no-difference", graded_by="A library", graded_on="2026-01-31")
    said = plain_words(body(doctor.get(screen(complete(blocks=[text(), key_points(), care(), graded])))))
    assert "“It eases pain.” Evidence: none. Effect: no difference. Graded by A library." in said


def test_a_note_says_who_did_what_and_when(doctor: Client) -> None:
    draft = complete()
    actions.submit(draft, note="Plainer.", by=erin_the_editor())
    page = body(doctor.get(screen(draft)))
    assert re.search(r'erin sent it for review, <span class="nowrap">[^<]+[ap]\.m\.</span>', page)


# Who signs


def test_a_clinician_first_says_who_they_are(client: Client) -> None:
    draft = complete()
    doctor = logged_in(clara_the_clinician())
    asked = doctor.get(screen(draft))
    assert asked["Location"] == f"/admin/education/article/who-signs/?next={screen(draft)}"
    with pytest.raises(NotSignable, match="Patients must know who signs"):
        signed(draft, by=User.objects.get(username="clara"))
    missing = doctor.post(asked["Location"], {"name": "Dr Clara Kline"})
    assert missing.status_code == 422
    for lacks in ("Write the letters after your name", "Write who pays or paid you"):
        assert lacks in body(missing)
    facts = {"name": "Dr Clara Kline", "credentials": "MD", "role": "", "disclosure": "None to declare."}
    done = doctor.post(asked["Location"], facts)
    assert done["Location"] == screen(draft)
    me = Person.objects.get(account__username="clara")
    assert (me.slug, str(me)) == ("dr-clara-kline", "Dr Clara Kline, MD")
    issued(draft)
    assert "Pages they reviewed Lupus" in plain_words(body(client.get(me.get_absolute_url())))


@pytest.mark.parametrize("onto", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_the_redirect_after_that_never_leaves_the_site(onto: str) -> None:
    doctor = logged_in(clara_the_clinician())
    facts = {"name": "C", "credentials": "MD", "role": "", "disclosure": "None."}
    done = doctor.post(f"/admin/education/article/who-signs/?next={onto}", facts)
    assert done["Location"] == "/admin/education/article/review-run/"


@of_each(["editor", "manager", "intake", "administrator"])
def test_only_clinicians_sign(role: str) -> None:
    draft = complete()
    someone = logged_in(staff("someone", role))
    for path in (screen(draft), "/admin/education/article/review-run/", "/admin/education/article/who-signs/"):
        assert someone.get(path).status_code == 403, path
    assert someone.post(screen(draft), {"seen": seen(draft), "kind": "full"}).status_code == 403
    assert not SignOff.objects.exists()


def test_a_clinician_whom_the_site_names_already_says_so_instead_of_being_named_twice() -> None:
    known = Person.objects.create(slug="clara", name="Dr Clara Kline", credentials="MD", disclosure="None to declare.")
    Person.objects.create(slug="dora", name="Dora", account=staff("dora", "clinician"))
    draft, doctor = complete(), logged_in(clara_the_clinician())
    asked = doctor.get(screen(draft))["Location"]
    page = body(doctor.get(asked))
    offered = f"?person={known.pk}&next={screen(draft)}"
    assert offered in links(page)
    assert "I am Dora" not in plain_words(page)
    address = asked.partition("?")[0] + offered
    shown = body(doctor.get(address))
    assert "You say that you are Dr Clara Kline, MD , whom the site names already." in plain_words(shown)
    facts = {"name": known.name, "credentials": "MD", "role": "", "disclosure": "None to declare."}
    assert doctor.post(address, facts)["Location"] == screen(draft)
    known.refresh_from_db()
    assert known.account == User.objects.get(username="clara")
    event = AuditEvent.objects.filter(verb="person_saved").latest("id")
    assert (event.actor, event.about, event.detail) == ("clara", f"person:{known.pk}", {"fields": "account"})


def test_nobody_says_that_they_are_somebody_who_has_an_account() -> None:
    other = Person.objects.create(slug="dora", name="Dora Dean", account=staff("dora", "clinician"))
    doctor = logged_in(clara_the_clinician())
    facts = {"name": "Dora Dean", "credentials": "MD", "role": "", "disclosure": "None."}
    doctor.post(f"/admin/education/article/who-signs/?person={other.pk}", facts)
    other.refresh_from_db()
    assert other.account == User.objects.get(username="dora")
    assert Person.objects.get(account__username="clara") != other


# What comes after


def test_a_signature_leads_on_to_the_page_that_waits_next(doctor: Client) -> None:
    """Outside a run it led to the page that was signed, and nowhere from there."""
    first, second = complete("gout"), complete("lupus")
    for draft in (first, second):
        actions.submit(draft, by=User.objects.get(username="clara"))
    after = body(sign(doctor, first))
    assert "Next for you: Lupus" in plain_words(after)
    assert screen(second) in links(after)
    assert "Next for you" not in plain_words(body(sign(doctor, second)))


# Correcting


def test_the_studies_of_a_claim_are_chosen_by_author_year_and_title(doctor: Client) -> None:
    """By their keys, which no clinician knows."""
    reference("a-1", authors="Young A", title="One")
    reference("b-1", authors="Zimmer C", title="Two")
    graded = claim(references_for=["a-1", "gone-1"])
    draft = complete(blocks=[text("<p>Words.[@b-1]</p>"), care(), key_points(), graded])
    block = draft.education_claimblock_set.get()  # type: ignore[attr-defined]
    address = screen(draft, f"correct/claim/{block.pk}")
    page = body(doctor.get(address))
    said = plain_words(page)
    assert "Studies behind it Those that the page cites. To name another one, edit the draft." in said
    assert "Young A 2013 · One gone-1 Zimmer C 2013 · Two" in said
    typed = form_data(page, "correct-form")
    assert typed["references_for"] == ["a-1", "gone-1"]
    correct(doctor, address, references_for=["a-1", "b-1"])
    block.refresh_from_db()
    assert block.references_for == "a-1\nb-1"


def test_a_key_in_the_words_of_a_passage_is_explained_below_them(doctor: Client) -> None:
    reference("b-1", authors="Zimmer C", title="Two")
    draft = complete(blocks=[text("<p>Words.[@b-1]</p>"), care(), key_points()])
    block = draft.education_textblock_set.get()  # type: ignore[attr-defined]
    assert "[@b-1] Zimmer C 2013 · Two" in plain_words(body(doctor.get(screen(draft, f"correct/text/{block.pk}"))))


def correct(client: Client, address: str, **typed: Any) -> Any:
    was = form_data(body(client.get(address)), "correct-form")
    return client.post(address, was | typed)


def test_a_passage_is_corrected_on_a_small_form_and_signed(doctor: Client) -> None:
    draft = complete(blocks=[text(), care(), key_points("Take the sun.")])
    actions.submit(draft, by=erin_the_editor())
    block = draft.education_keypointsblock_set.get()  # type: ignore[attr-defined]
    address = screen(draft, f"correct/key-points/{block.pk}")
    done = correct(doctor, address, items="Avoid the sun.")
    assert done["Location"] == screen(draft)
    draft.refresh_from_db()
    assert (draft.state, draft.writers) == ("in_review", ["clara"])
    assert "Confirm that you have read them again" in body(sign(doctor, draft))
    sign(doctor, draft, attested="on")
    assert SignOff.objects.get().self_reviewed


def test_title_and_summary_are_corrected_too_and_every_block_has_its_form(doctor: Client) -> None:
    draft = complete(blocks=every_block_that_passes())
    page = body(doctor.get(screen(draft)))
    addresses = {href for href in links(page) if "/correct/" in href}
    assert len(addresses) == len(every_block_that_passes()) + 1
    assert all(doctor.get(address).status_code == 200 for address in addresses)
    correct(doctor, screen(draft, "correct/head/0"), title="Lupus, put right")
    assert Article.objects.get().title == "Lupus, put right"


def test_the_day_of_a_grade_is_chosen_as_in_the_editor(doctor: Client) -> None:
    draft = complete(blocks=every_block_that_passes())
    block = draft.education_claimblock_set.get()  # type: ignore[attr-defined]
    page = body(doctor.get(screen(draft, f"correct/claim/{block.pk}")))
    assert '<input type="date" name="graded_on" value="2026-01-31"' in page


def test_a_correction_does_not_undo_somebody_elses(doctor: Client) -> None:
    draft = complete(blocks=[text(), care(), key_points("Old.")])
    block = draft.education_keypointsblock_set.get()  # type: ignore[attr-defined]
    address = screen(draft, f"correct/key-points/{block.pk}")
    typed = form_data(body(doctor.get(address)), "correct-form") | {"items": "Mine."}
    type(block).objects.update(items="Theirs.")
    refused = doctor.post(address, typed)
    assert refused.status_code == 422
    assert "Somebody changed this passage while you were writing. It now says: Theirs." in plain_words(body(refused))
    assert "Mine." in body(refused)
    block.refresh_from_db()
    assert block.items == "Theirs."
    again = form_data(body(refused), "correct-form")
    assert doctor.post(address, again).status_code == 302
    block.refresh_from_db()
    assert block.items == "Mine."


@pytest.mark.parametrize("place", ["correct/nonsense/1", "correct/text/999999", "correct/key-points/0"])
def test_a_passage_that_does_not_exist_can_not_be_corrected(doctor: Client, place: str) -> None:
    assert doctor.get(screen(complete(), place)).status_code == 404
