"""What the screen shows of a page to whoever signs it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from education.articles.models import Article, SignOff
from education.articles.publishing import actions
from education.articles.publishing.gate import add_months
from education.people.models import Person
from education.references.models import Reference
from tests.articles.clinician import other_clinician, screen, sign
from tests.cast import (
    care,
    claim,
    clara,
    complete,
    erin_the_editor,
    figure,
    issued,
    key_points,
    known,
    picture,
    reference,
    rewritten,
    risk,
    seen,
    signed,
    table,
    text,
)
from tests.screens import body, form_data, links, plain_words

pytestmark = pytest.mark.django_db


def test_a_page_signed_for_the_first_time_is_shown_and_signed_as_a_whole(doctor: Client) -> None:
    draft = complete(blocks=[*complete_blocks(), key_points("Sunlight matters.")])
    actions.submit(draft, note="Please look at the sun.", by=erin_the_editor())
    page = body(doctor.get(screen(draft)))
    assert "You have not signed this page before" in page
    assert "Sunlight matters." in page
    assert "Please look at the sun." in page
    assert "Sign this change" not in page
    done = sign(doctor, draft)
    assert "You signed “Lupus”." in plain_words(body(done))
    signature = SignOff.objects.get()
    assert (signature.kind, signature.sha256, signature.name) == ("full", seen(draft), "Dr Clara Kline, MD")
    assert signature.next_review == add_months(timezone.localdate(), 12)
    draft.refresh_from_db()
    assert (draft.state, draft.signature) == ("signed_off", signature)


def complete_blocks() -> list[dict[str, Any]]:
    return [text(), care()]


def test_later_only_changes_since_this_clinicians_last_signature_are_shown(doctor: Client) -> None:
    draft = complete(blocks=[*complete_blocks(), key_points("One.", "Two.")])
    issued(draft)
    rewritten(draft, *complete_blocks(), key_points("One.", "Two.", "Three."))
    signed(draft, by=other_clinician(), kind="change")  # which Clara has not seen
    rewritten(draft, *complete_blocks(), key_points("One.", "Two.", "Three.", "Four."))
    page = plain_words(body(doctor.get(screen(draft))))
    assert "What changed since you last signed" in page
    assert "2 words added, 0 removed." in page
    assert page.index("Sign this change") < page.index("Sign it as a full review instead")
    assert "Correct this passage" in page


def test_the_studies_that_a_changed_passage_cites_can_be_looked_up(doctor: Client) -> None:
    """Of a passage of text those in its own words, of a claim all; none of a passage that stayed as it was."""
    for number, key in enumerate(("old-1", "new-1", "for-1", "against-1"), start=1):
        reference(key, title=f"About {key}", pmid=str(number))
    stays, before = "<p>It stays.[@old-1]</p>", claim("It helps.", references_for=["for-1"], nothing_against=False)
    draft = complete(blocks=[*complete_blocks(), key_points(), known(), text(stays), before])
    issued(draft)
    after = before | {"references_against": ["against-1"]}
    rewritten(draft, *complete_blocks(), key_points(), known(), text(f"{stays}<p>It is new.[@new-1]</p>"), after)
    page = body(doctor.get(screen(draft)))
    assert "3 studies that the changed passages cite" in plain_words(page)
    addresses = [address for address in links(page) if "pubmed" in address]
    assert addresses == [f"https://pubmed.ncbi.nlm.nih.gov/{number}/" for number in (2, 3, 4)]


def test_another_name_of_the_page_is_shown_and_corrected_where_it_is_signed(doctor: Client) -> None:
    """It was signed unseen, below the words that not a word had changed."""
    draft = complete(aliases="RA")
    assert "Other names: RA" in plain_words(body(doctor.get(screen(draft))))
    issued(draft)
    rewritten(draft, aliases="RA\nThe cure")
    page = plain_words(body(doctor.get(screen(draft))))
    assert "What changed since you last signed 4 words added, 0 removed." in page
    assert "Added: Other names: The cure" in page
    assert "Not a word changed" not in page
    address = screen(draft, "correct/head/0")
    doctor.post(address, form_data(body(doctor.get(address)), "correct-form") | {"aliases": "RA"})
    assert Article.objects.get(pk=draft.pk).aliases == "RA"


def test_a_picture_that_changed_is_seen_where_it_is_signed(doctor: Client) -> None:
    """She signed a name, such as where-lupus-can-act. One that stays is not shown again."""
    stays, before = figure(drawing="carry-a-card"), figure()
    draft = complete(blocks=[*complete_blocks(), key_points(), stays, before])
    issued(draft)
    rewritten(draft, *complete_blocks(), key_points(), stays, {**before, "drawing": "small-steps", "alt": "Steps."})
    page = body(doctor.get(screen(draft)))
    assert page.count("/drawings/small-steps.svg") == 1
    assert "carry-a-card.svg" not in page
    mine = picture()
    rewritten(draft, *complete_blocks(), key_points(), stays, figure(drawing="", picture=mine.name, alt="A photo."))
    assert f'src="{mine.url}"' in body(doctor.get(screen(draft)))


def test_a_table_and_a_risk_picture_that_changed_are_seen_as_readers_see_them(doctor: Client) -> None:
    """Words alone don’t say in which column a number stands, nor how much larger a part of a hundred people became."""
    study = table(rows=[["Study", "People[@a-1]"], ["First", "31"]])
    reference("a-1")
    draft = complete(blocks=[*complete_blocks(), key_points(), study, risk(second_count=86)])
    issued(draft)
    changed = {**study, "rows": [["Study", "People[@a-1]"], ["First", "41"]]}
    rewritten(draft, *complete_blocks(), key_points(), changed, risk(second_count=80))
    page = body(doctor.get(screen(draft)))
    assert page.count("<table") == 1
    assert "As it is now Two studies Study People First 41" in plain_words(page)
    assert plain_words(page).count("Women with a side effect") == 4  # twice in words: one may be corrected
    assert plain_words(page).index("Before") < plain_words(page).index("Now")


def test_a_picture_that_was_taken_out_is_seen_once_more(doctor: Client) -> None:
    draft = complete(blocks=[*complete_blocks(), key_points(), figure()])
    issued(draft)
    rewritten(draft, *complete_blocks(), key_points())
    page = body(doctor.get(screen(draft)))
    assert "Taken out" in plain_words(page)
    assert "/drawings/opioid-receptor-block.svg" in page


def test_an_author_who_changed_is_named_where_the_page_is_signed(doctor: Client, erin: Client) -> None:
    """The page said “Not a word changed”, and would name somebody else as its author."""
    draft = complete()
    issued(draft)
    rewritten(draft, author=Person.objects.create(slug="bea", name="Bea Brown", credentials="MD", disclosure="None."))
    said = plain_words(body(doctor.get(screen(draft))))
    assert "Nothing but its author changed since you last signed: please read all of it again" in said
    named = "Written by: Before: Ann Author, RN Now: Bea Brown, MD"
    assert named in said
    rewritten(draft, summary="Other words.", author=None, written_by_clinic=True)
    said = plain_words(body(doctor.get(screen(draft))))
    assert "What changed since you last signed Written by: Before: Ann Author, RN Now: the clinic" in said
    assert "Now: the clinic" in plain_words(body(erin.get(screen(draft, "compare"))))


def test_who_reads_a_page_for_the_first_time_can_see_what_changed_from_the_live_edition(doctor: Client) -> None:
    draft = complete()
    signed(draft, by=other_clinician())
    compared = f"{screen(draft, 'compare')}?from=live&amp;to=draft"
    assert compared not in body(doctor.get(screen(draft)))
    actions.publish(draft, by=clara())
    assert compared not in body(doctor.get(screen(draft)))
    rewritten(draft, summary="Other words.")
    assert compared in body(doctor.get(screen(draft)))


def test_after_a_refusal_she_can_see_what_changed_while_she_was_reading(doctor: Client) -> None:
    """She would have had to read all of the page again to find one word."""
    draft = complete()
    was = seen(draft)
    rewritten(draft, summary="About lupus, meanwhile.")
    refused = body(sign(doctor, draft, seen=was))
    (address,) = [href for href in links(refused) if "?from=saved-" in href]
    assert "About {} Added: lupus, meanwhile.".format("Removed: lupus. . End of what was removed.") in plain_words(
        body(doctor.get(address))
    )
    assert "?from=saved-" not in body(sign(doctor, draft, next_review="2001-01-01"))


def test_whoever_signs_what_a_colleague_has_just_signed_is_told(doctor: Client) -> None:
    """Both had opened the page. The second name took the place of the first without a word."""
    draft = complete()
    signed(draft, by=other_clinician())
    told = plain_words(body(sign(doctor, draft)))
    assert "Dr Dora Dean, MD had signed the same words before you. Patients read your name, not theirs." in told
    assert "had signed" not in plain_words(body(sign(doctor, draft)))


def test_the_screen_says_what_a_signature_does(doctor: Client) -> None:
    draft = complete()
    assert "Signing publishes nothing." in body(doctor.get(screen(draft)))
    assert "Patients read it once it is published." in plain_words(body(sign(doctor, draft)))
    actions.publish(Article.objects.get(), by=clara())
    assert "Patients read these words already." in body(doctor.get(screen(draft)))
    assert "Patients read it with your name now." in plain_words(body(sign(doctor, draft)))


def on_the_screen(response: Any) -> dict[str, str]:
    """What the form of the signature carries."""
    return dict(re.findall(r'type="hidden" name="(seen|kind|studies_seen)" value="([^"]*)"', body(response)))


def test_studies_that_changed_while_they_were_read_are_signed_as_the_screen_then_shows_them(doctor: Client) -> None:
    """After a refusal, the form kept what it had been opened with: the page was signed, its studies were not."""
    reference("a-1", title="Before")
    draft = complete(blocks=[*complete_blocks(), key_points(), text("<p>A study.[@a-1]</p>")])
    Reference.objects.update(title="On the screen")
    typed = on_the_screen(doctor.get(screen(draft)))
    Reference.objects.update(title="After")
    refused = doctor.post(screen(draft), typed | {"next_review": "2001-01-01"})
    assert "After" in body(refused)
    assert sign(doctor, draft, **on_the_screen(refused)).status_code == 200
    assert Reference.objects.get().signed_as_it_is


def test_a_change_of_one_word_is_signed_with_one_tap(doctor: Client) -> None:
    """Submit the form on the screen unchanged."""
    draft = complete()
    issued(draft)
    rewritten(draft, summary="About lupus, today.")
    page = body(doctor.get(screen(draft)))
    first_form = page.index('name="kind" value="change"')
    assert first_form < page.index('name="kind" value="full"')
    sign(doctor, draft, "change")
    draft.refresh_from_db()
    assert draft.state == "signed_off"
    assert draft.signature
    assert (draft.signature.kind, draft.signature.next_review) == ("change", None)
    assert draft.signature.rests_on == SignOff.objects.get(kind="full")


def test_a_page_that_did_not_change_is_read_and_reviewed_as_a_whole(doctor: Client) -> None:
    """As when its review is due: nobody is asked to sign a change that there is not."""
    issued(complete(blocks=[*complete_blocks(), key_points("Sunlight matters.")]))
    page = plain_words(body(doctor.get(screen(Article.objects.get()))))
    assert "Not a word changed since you last signed: please read all of it again" in page
    assert "Sunlight matters." in page
    assert "Reviewed, nothing to change" in page
    assert "Sign this change" not in page
