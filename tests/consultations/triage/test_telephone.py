"""Requests that staff enter for a caller."""

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from education.audit.models import AuditEvent
from education.clinic import help_lines
from education.consultations.models import ONLY_CLINICIANS, ConsultationRequest, ScreeningQuestion
from education.consultations.triage.record import open_row
from education.consultations.workflow import Flag
from tests import cast
from tests.consultations.asking import FORM, QUEUE, Page
from tests.each import of_each
from tests.screens import body, plain_words

CALLER = {"full_name": "Tilda Phone", "phone": "555 0142", "consent": "on"}
pytestmark = pytest.mark.usefixtures("clinic")


def test_a_request_by_telephone_says_who_took_it(desk: Client) -> None:
    page = Page(desk.get(f"{QUEUE}add/"))
    refused = desk.post(f"{QUEUE}add/", page.values() | {"consent": "on"})
    assert "Enter the full name" in refused.content.decode()
    assert [label in refused.content.decode() for label in (">The caller<", ">Me<")] == [True, False]
    typed = {**page.values(), "full_name": "Tilda Phone", "phone": "555 0142", "consent": "on"}
    typed |= {"screening_self_harm": "yes", "main_reason": "Pain"}
    shown = desk.post(f"{QUEUE}add/", typed, follow=True).content.decode()
    assert re.findall(r'class="button(.*?)".*?>Claim<', shown) == [" button-secondary"], "they have just talked"
    row = ConsultationRequest.objects.get()
    assert row.status == "new", "nobody suspects a colleague of haste"
    assert open_row(row).taken_by == "ines"
    for said in ("taken by ines", "Tell the caller this reference", "Urgent: tell the caller now whom to call"):
        assert said in shown
    assert AuditEvent.objects.get(verb="request_entered").actor == "ines"
    again = desk.post(f"{QUEUE}add/", typed, follow=True)
    assert ConsultationRequest.objects.count() == 1, again.status_code


def test_the_numbers_to_read_out_stand_with_each_urgent_question(desk: Client) -> None:
    cast.clinic(help_lines=help_lines.of_country("US"))
    page = body(desk.get(f"{QUEUE}add/"))
    for key, numbers in {"urgent_symptoms": ["tel:911"], "self_harm": ["tel:988", "sms:988", "tel:911"]}.items():
        hint = page.partition(f'id="id_screening_{key}_helptext">')[2].partition("</p>")[0]
        assert "If the answer is “Yes”, “Not sure” or “Rather talk”, say now whom to call:" in plain_words(hint)
        assert re.findall(r'href="((?:tel|sms):\d+)"', hint) == numbers
    assert "“Chest pain, trouble breathing" in page
    assert page.count("If the answer is") == 2, "not where no answer is urgent"


def test_a_caller_hears_that_only_clinicians_see_an_answer_once_it_is_saved(desk: Client) -> None:
    """It was read out by whoever types the answer in, and so sees it. No other words of theirs are cut."""
    theirs = "Dr. Kline and other clinicians, e.g. at the pharmacy, ask. Only clinicians decide, i.e. not the desk"
    opioids = ScreeningQuestion.objects.get(key="opioids")
    opioids.help = f"{ONLY_CLINICIANS} {theirs}."
    opioids.save()
    cast.shown(opioids)
    said = plain_words(body(desk.get(f"{QUEUE}add/")))
    once = "I write your answer down. Once it is saved, only clinicians see it.”"
    assert f"“{theirs}. {once}" in said
    assert f"sudden withdrawal. {once}" in said
    assert ONLY_CLINICIANS not in said
    assert said.count("Once it is saved") == ScreeningQuestion.objects.filter(clinicians_only=True).count() == 2
    patients = plain_words(body(desk.get(FORM)))
    assert patients.count(ONLY_CLINICIANS) == 2
    assert "Once it is saved" not in patients


def test_who_writes_a_question_reads_which_sentence_is_not_read_out() -> None:
    question = ScreeningQuestion.objects.get(key="opioids")
    clara = cast.logged_in(cast.clara_the_clinician())
    shown = plain_words(body(clara.get(f"/admin/education/screeningquestion/{question.pk}/change/")))
    assert f"If the answer is for clinicians only, say so in these words: “{ONLY_CLINICIANS}” On the telephone" in shown


@pytest.mark.parametrize("answer", ["unsure", "talk"])
def test_a_caller_in_doubt_about_an_urgent_question_is_told_whom_to_call(desk: Client, answer: str) -> None:
    cast.clinic(help_lines=help_lines.of_country("US"))
    typed = {**Page(desk.get(f"{QUEUE}add/")).values(), **CALLER, "screening_self_harm": answer}
    said = told(desk.post(f"{QUEUE}add/", typed, follow=True))
    assert "<strong>Tell the caller now whom to call, and get a clinician.</strong>" in said
    assert numbers_in(said) == ["988", "911"]
    assert ConsultationRequest.objects.get().flag == Flag.RED, "it raises what it raised"


FIRST = (
    '<li class="error" tabindex="-1" autofocus><strong>Urgent: tell the caller now whom to call, and get a clinician.'
)


def told(shown: Any) -> str:
    return "".join(re.findall(r'<ul class="messagelist">(.*?)</ul>', body(shown), re.S)[:1])


def numbers_in(html: str) -> list[str]:
    return re.findall(r'href="tel:(\d+)"', html)


@of_each(
    [
        (("urgent_symptoms",), ["911"]),
        (("self_harm",), ["988", "911"]),
        (("urgent_symptoms", "self_harm"), ["911", "988"]),
        (("added",), ["911", "988"]),
    ]
)
def test_of_an_urgent_caller_the_answer_chooses_the_number_to_read_out(
    answered: tuple[tuple[str, ...], list[str]], desk: Client
) -> None:
    cast.clinic(help_lines=help_lines.of_country("US"))
    if not ScreeningQuestion.objects.filter(key="added").exists():
        cast.shown(ScreeningQuestion.objects.create(key="added", words="Is it urgent?", flag_noticed=Flag.URGENT))
    keys, numbers = answered
    typed = {**Page(desk.get(f"{QUEUE}add/")).values(), **CALLER}
    shown = desk.post(f"{QUEUE}add/", typed | {f"screening_{key}": "yes" for key in keys}, follow=True)
    said = told(shown)
    assert said.startswith(FIRST)
    assert said.index("Urgent") < said.index("Tell the caller this reference")
    flags = body(shown).partition('<ul class="call-flags call-flag-urgent">')[2].partition("</ul>")[0]
    assert (numbers_in(said), numbers_in(flags)) == (numbers, numbers)


def test_a_refused_form_with_an_urgent_answer_says_first_whom_to_call(desk: Client) -> None:
    cast.clinic(help_lines=help_lines.of_country("US"))
    typed = {**Page(desk.get(f"{QUEUE}add/")).values(), "screening_self_harm": "yes"}
    refused = desk.post(f"{QUEUE}add/", typed)
    said = told(refused)
    assert said.startswith(FIRST), "it has the focus"
    assert numbers_in(said) == ["988", "911"]
    assert body(refused).index("Urgent: tell the caller") < body(refused).index("Please correct this first")
    assert told(desk.post(f"{QUEUE}add/", typed | {"screening_self_harm": "no"})) == ""


def test_without_a_number_of_its_own_the_clinic_says_the_local_one(desk: Client) -> None:
    cast.clinic(help_lines=[], country="XX")
    typed = {**Page(desk.get(f"{QUEUE}add/")).values(), **CALLER}
    shown = plain_words(body(desk.post(f"{QUEUE}add/", typed | {"screening_urgent_symptoms": "yes"}, follow=True)))
    assert "Urgent: tell the caller now whom to call, and get a clinician. In an emergency: Call your local" in shown
    assert "Urgent: needs help now. Do you have any urgent symptom now? Yes. In an emergency: Call your local" in shown


def test_the_form_speaks_to_whoever_fills_it_in_and_keeps_the_words_of_patients(desk: Client) -> None:
    page = desk.get(f"{QUEUE}add/")
    said = plain_words(body(page))
    assert "Medicines they take" in said
    assert "“Are you thinking of harming yourself?”" in said, "it is read out"
    form = said[said.index("How to reach them") : said.index("Enter this request")]
    own = re.sub(r"“[^”]*”", "", form)  # what is read out speaks to the caller
    assert not re.findall(
        r"\b(?:you|your|me|my|mine)\b", own[own.index("How to reach them") :].partition("Enter this request")[0], re.I
    )
    assert 'autocomplete="name"' not in body(page)
    typed = {**Page(page).values(), "asking_for": "someone", "full_name": "Tilda", "phone": "555 0142"}
    refused = plain_words(body(desk.post(f"{QUEUE}add/", typed)))
    assert "Enter the caller’s name" in refused
    assert "Check the box if the caller agrees." in refused
    unnamed = plain_words(body(desk.post(f"{QUEUE}add/", typed | {"full_name": "", "asking_for": "me"})))
    assert "Enter the full name of the patient." in unnamed
    typed |= {"asking_for": "me", "consent": "on", "current_medicines": "None", "screening_operation": "talk"}
    kept = plain_words(body(desk.post(f"{QUEUE}add/", typed, follow=True)))
    assert "Medicines they take None" in kept
    assert "Medicines you take" in [one["words"] for one in open_row(ConsultationRequest.objects.get()).given]
    assert "I would rather talk about it" in kept


def test_an_address_that_looks_like_a_slip_is_asked_about_before_it_is_entered(desk: Client) -> None:
    typed = {**Page(desk.get(f"{QUEUE}add/")).values(), "full_name": "Tilda", "email": "tilda@gmial.com"}
    asked = desk.post(f"{QUEUE}add/", typed | {"contact_by": "email", "consent": "on"})
    assert "is the e-mail address tilda@gmail.com?" in asked.content.decode()
    assert not ConsultationRequest.objects.exists()
    kept = Page(asked).values()
    assert (kept["full_name"], kept["email"]) == ("Tilda", "tilda@gmial.com")
    desk.post(f"{QUEUE}add/", kept | {"consent": "on", "action": "use_suggestion"})
    assert open_row(ConsultationRequest.objects.get()).answer("email") == "tilda@gmail.com"


def test_an_address_that_the_caller_confirms_is_entered(desk: Client) -> None:
    typed = {**Page(desk.get(f"{QUEUE}add/")).values(), "full_name": "Tilda", "email": "tilda@gmial.com"}
    typed |= {"contact_by": "email", "consent": "on", "action": "keep_address"}
    desk.post(f"{QUEUE}add/", typed)
    assert open_row(ConsultationRequest.objects.get()).answer("email") == "tilda@gmial.com"


def test_what_was_typed_stays_when_it_can_not_be_stored(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    typed = {**Page(desk.get(f"{QUEUE}add/")).values(), "full_name": "Tilda Phone", "phone": "555 0142"}
    typed |= {"consent": "on", "main_reason": "Pain"}
    with monkeypatch.context() as patched:
        patched.setattr(ConsultationRequest, "save", fail)
        answer = desk.post(f"{QUEUE}add/", typed)
    assert answer.status_code == 503
    assert "Not entered yet." in answer.content.decode()
    kept = Page(answer).values()
    assert (kept["full_name"], kept["main_reason"]) == ("Tilda Phone", "Pain")
    desk.post(f"{QUEUE}add/", kept | {"consent": "on"})
    assert open_row(ConsultationRequest.objects.get()).answer("main_reason") == "Pain"


def test_a_form_that_cannot_be_read_is_refused(desk: Client) -> None:
    answer = desk.post(f"{QUEUE}add/", b"--x", content_type="multipart/form-data")
    assert answer.status_code == 400
