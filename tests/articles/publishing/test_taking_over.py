"""After a signature the page says one thing: nothing by the starter library, nothing still to be checked."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from education.articles.models import Article, Edition
from education.articles.publishing import actions
from education.articles.publishing.gate import check
from education.articles.publishing.signing import NotSignable
from education.people.models import Person
from education.references.models import Reference
from tests import cast
from tests.articles.clinician import sign
from tests.cast import (
    ann,
    article,
    care,
    claim,
    clara,
    clinic,
    complete,
    erin_the_editor,
    issued,
    key_points,
    known,
    live,
    reference,
    signed,
    taken_over,
    text,
)
from tests.each import of_each
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db
LUPUS = "/autoimmune-conditions/lupus/"
LIBRARY = "the starter library, not by a clinician"


@pytest.fixture
def starter(db: None) -> Article:
    """A live page as a trial shows it: by the library, graded by it, citing a study that nobody has checked."""
    clinic()
    details = {"credentials": "not a clinician", "disclosure": "None to declare."}
    library = Person.objects.create(slug="starter-library", name="Starter library", **details)
    cast.shown(Reference.objects.create(key="a-1", title="A trial", kind="rct", status="unverified"), name="")
    graded = claim(grade="none", graded_by=LIBRARY, graded_on="2026-01-31")
    page = article(author=library, blocks=[text("<p>Words.[@a-1]</p>"), key_points(), cast.care(), graded])
    live(page)
    return page


def said(client: Client) -> str:
    return plain_words(body(client.get(LUPUS)))


def test_a_signed_page_names_nobody_else_and_leaves_nothing_unchecked(
    client: Client, doctor: Client, starter: Article
) -> None:
    before = said(client)
    for contradiction in ("Written by: Starter library", f"by {LIBRARY}", "Not yet checked against the original"):
        assert contradiction in before
    answer = sign(doctor, starter, **taken_over(starter))
    assert "You signed" in plain_words(body(answer))
    page = said(client)
    assert "Reviewed by Dr Clara Kline, MD" in page
    assert "Written by: Ann Author, RN" in page
    assert "by Dr Clara Kline, MD. " in page[page.index("Graded") :]
    for contradiction in ("tarter library", "not by a clinician", "Not yet checked"):
        assert contradiction not in page
    assert Reference.objects.get().status == "current"
    assert Edition.objects.count() == 2
    assert check(Article.objects.get()).failure_messages() == []


def test_what_is_not_taken_over_is_named_and_refused(doctor: Client, starter: Article) -> None:
    shown = plain_words(body(doctor.get(f"/admin/education/article/{starter.pk}/sign/")))
    for asked in ("Written by, as patients read it", "I stand by these grades", "I have checked these studies"):
        assert asked in shown
    refused = plain_words(body(sign(doctor, starter)))
    for named in (
        "Patients would read “Written by Starter library, not a clinician” on a page that you signed.",
        f"The evidence is graded by {LIBRARY}. Confirm that you stand by these grades, or correct them.",
        "Nobody has checked 1 study of this page against the original. No address is on record for “A trial”: find it",
    ):
        assert named in refused
    assert not starter.sign_offs.exists()
    assert Reference.objects.get().status == "unverified"


def test_the_clinic_can_be_the_author(client: Client, doctor: Client, starter: Article) -> None:
    sign(doctor, starter, **taken_over(starter) | {"author": "clinic"})
    assert "Written by: Test Clinic" in said(client)


def test_whoever_signs_may_say_that_she_wrote_it_and_is_asked_to_read_it_again(
    client: Client, doctor: Client, starter: Article
) -> None:
    mine = taken_over(starter) | {"author": str(Person.objects.get(account__username="clara").pk)}
    assert 'name="attested"' not in body(doctor.get(f"/admin/education/article/{starter.pk}/sign/"))
    refused = body(sign(doctor, starter, **mine))
    assert "Confirm that you have read them again as a reviewer." in refused
    assert 'name="attested"' in refused
    sign(doctor, starter, **mine, attested="on")
    assert "Written and reviewed by the same clinician." in said(client)


def test_the_gate_names_what_a_signature_would_take_over(starter: Article) -> None:
    messages = " ".join(check(starter).failure_messages())
    assert "Patients would read “Written by Starter library, not a clinician”." in messages
    assert "The claim “It eases pain.” is graded by the starter library" in messages
    assert "Nobody has checked these against the original: A trial. Check them, and set their status." in messages


def test_taking_over_grades_is_not_writing_and_choosing_oneself_as_author_is(starter: Article) -> None:
    sign_off = signed(starter, attested=False)
    assert not sign_off.self_reviewed
    own = complete("gout")
    with pytest.raises(NotSignable, match="Confirm that you have read them again"):
        signed(own, attested=False, author=cast.signing_as(cast.clara()))


def test_a_page_whose_author_and_grades_are_from_here_is_signed_as_before() -> None:
    ann()
    draft = complete(blocks=[text(), key_points(), cast.care(), claim(grade="none", graded_by="Ann Author")])
    seen = cast.seen(draft)
    assert signed(draft, grades_are_mine=False, studies_checked=False).sha256 == seen


def rewritten_study(**fields: Any) -> Article:
    reference("a-1")
    draft = complete(blocks=[text("<p>Words.[@a-1]</p>"), key_points(), cast.care()])
    signed(draft)
    Reference.objects.update(**fields)
    return draft


def test_studies_that_nobody_checked_are_named_as_an_editor_knows_them() -> None:
    """Not by their keys. Two of one name have their titles too."""
    for key, authors, title in (("a-1", "Young A", "One"), ("b-1", "Young B", "Two"), ("c-1", "Zimmer C", "Three")):
        reference(key, authors=authors, title=title, status="unverified")
    cited = complete(blocks=[text("<p>Words.[@a-1][@b-1][@c-1]</p>"), key_points(), cast.care()])
    names = "Young A 2013 · One; Young B 2013 · Two; Zimmer 2013"
    unchecked = f"Nobody has checked these against the original: {names}. Check them, and set their status."
    assert unchecked in check(cited).failure_messages()


def test_a_refusal_counts_the_studies_and_the_list_at_the_signature_names_each_once(doctor: Client) -> None:
    """With thirty studies the refusal said all of them twice more than the list below it."""
    title = "Low-dose naltrexone and amitriptyline in painful diabetic neuropathy"
    found = {"authors": "", "title": title, "year": 2021, "doi": "", "pmid": "", "url": ""}
    reference("a-1", status="unverified", **found)
    departments = "US Departments of Veterans Affairs and Defense"
    reference("b-1", status="unverified", authors=departments, title="A label", year=None, doi="10.1000/b")
    draft = complete(blocks=[text("<p>Words.[@a-1][@b-1]</p>"), key_points(), cast.care()])
    group = "US Departments of Veterans Affairs…"
    refused = body(sign(doctor, draft))
    assert plain_words(refused).count("Nobody has checked 2 studies of this page against the original.") == 2
    assert [plain_words(refused).count(name) for name in (f"{title} ·", f"{group} ·")] == [1, 1]
    first, second = re.findall(r"<li>([^<]*<strong>.*?)</li>|<li>(<a .*?)</li>", refused, re.DOTALL)[-2:]
    assert plain_words("".join(first)) == f"{title} · A Journal 2021. No address is on record."
    assert plain_words("".join(second)).startswith(f"{group} · A label")
    assert 'href="https://doi.org/10.1000/b"' in "".join(second)


@of_each(
    [
        ("1", "Each has its link above the box: look at them, then check the box."),
        (
            "1-",
            "No address is on record for “Young 2012”: find it by its title, or send the page back. All others have a "
            "link above the box. Look at each, then check the box.",
        ),
        (
            "--",
            "No address is on record for “Young 2011” and “Young 2012”: find them by their titles, or send the "
            "page back. Look at each, then check the box.",
        ),
        ("----", "No address is on record for 4 of them: find them by their titles"),
    ]
)
def test_a_refusal_names_the_studies_that_have_no_link(case: tuple[str, str], doctor: Client) -> None:
    links, said = case
    for number, link in enumerate(links, start=1):
        doi = "10.1000/a" if link == "1" else ""
        reference(f"a-{number}", authors="Young A", year=2010 + number, status="unverified", doi=doi, pmid="", url="")
    words = "".join(f"[@a-{number}]" for number, _ in enumerate(links, start=1))
    draft = complete(blocks=[text(f"<p>Words.{words}</p>"), key_points(), cast.care()])
    assert said in plain_words(body(sign(doctor, draft)))


def test_what_is_missing_at_a_signature_is_said_at_the_top_with_a_link_and_beside_its_field(
    doctor: Client, starter: Article
) -> None:
    """It was said above the page only, and a long way from there to the boxes that were meant."""
    address = f"/admin/education/article/{starter.pk}/sign/"
    refused = body(doctor.post(address, {"seen": cast.seen(starter), "kind": "full", "next_review": "2020-01-01"}))
    summary = refused[refused.index('class="errornote error-summary"') :].partition("</section>")[0]
    assert 'class="messagelist"' not in refused
    for name in ("author", "grades_are_mine", "studies_checked"):
        assert f'href="#id_typed_{name}"' in summary
        assert f'id="id_typed_{name}"' in refused
        assert f'id="id_typed_{name}_error"' in refused
    tick = taken_over(starter)
    late = body(doctor.post(address, {"seen": cast.seen(starter), "kind": "full", "next_review": "2020-01-01"} | tick))
    assert 'href="#id_typed_next_review"' in late
    assert "The next review must be later than today." in late


def test_what_no_field_is_about_is_said_above_the_page(doctor: Client, starter: Article) -> None:
    refused = body(sign(doctor, starter, "change", **taken_over(starter)))
    assert "Nobody has reviewed this page as a whole yet. Choose the full review." in refused
    assert "error-summary" not in refused


def test_a_form_that_is_not_on_the_screen_is_not_linked(doctor: Client, starter: Article) -> None:
    """Such as that of a change, where the whole page has to be signed."""
    refused = body(sign(doctor, starter, "change"))
    assert "Confirm that you stand by these grades" in refused
    assert "#id_typed_" not in refused


def test_details_of_a_study_that_changed_after_the_signature_close_the_gate(doctor: Client) -> None:
    draft = rewritten_study(title="Take double the dose")
    failures = check(draft).failure_messages()
    assert failures == ["No clinician has signed the details of these studies as they are now: Younger 2013."]
    sign(doctor, draft, "change")  # without having seen them
    assert check(draft).failure_messages() == failures
    Reference.objects.update(url="https://journal.test/1", population="31 women", notice="Corrected in May.")
    shown = plain_words(body(doctor.get(f"/admin/education/article/{draft.pk}/sign/")))
    details = shown.partition("Take double the dose.")[2]
    assert re.match(r"[^.]*\. https://journal\.test/1 Who took part: 31 women Notice: Corrected in May\.", details)
    sign(doctor, draft, "change", **taken_over(draft))
    assert check(Article.objects.get()).failure_messages() == []


def test_a_live_page_that_was_sent_back_is_signed_though_a_study_is_checked_only_now() -> None:
    """Checking the study makes the draft what patients read already: the signature counts for that."""
    reference("un-1", status="unverified")
    erin = erin_the_editor()
    draft = complete(blocks=[text("<p>Words.[@un-1]</p>"), key_points(), care(), known()])
    actions.publish_unsigned(draft, reason="Urgent", by=erin)
    actions.send_back(draft, note="Look again.", by=clara())
    actions.submit(draft, by=erin)
    sign_off = signed(draft)
    draft.refresh_from_db()
    assert (draft.state, draft.sign_off, draft.signature) == ("published", sign_off, None)
    Reference.objects.filter(key="un-1").update(status="unverified")
    actions.send_back(draft, note="Once more.", by=clara())
    sign_off = signed(draft)
    draft.refresh_from_db()
    assert (draft.state, draft.sign_off) == ("published", sign_off)


def test_a_page_that_was_reviewed_again_while_it_was_live_waits_for_its_next_review() -> None:
    draft = complete()
    issued(draft)
    signed(draft)
    then = timezone.localdate() + timedelta(days=400)
    assert list(Article.objects.to_sign(then)) == list(Article.objects.review_due(then)) == [draft]
