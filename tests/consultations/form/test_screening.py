"""Screening questions: staff edit them, answers raise flags, and only an urgent one leads to the stop page."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from education.audit.models import AuditEvent
from education.clinic import help_lines
from education.consultations.form.screening import PROMISE_HOLDS, questions, questions_for
from education.consultations.models import ONLY_CLINICIANS, ConsultationRequest, IntakePause, ScreeningQuestion
from education.consultations.public.availability import intake
from education.consultations.triage.record import open_row
from education.consultations.workflow import Flag
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import FORM, SHORTEST, WHOLE, Page, check, press, send, sent_row
from tests.each import of_each
from tests.queries import queries
from tests.screens import body, edit, form_data, plain_words

pytestmark = pytest.mark.usefixtures("clinic")
QUESTIONS = "/admin/education/screeningquestion/"
PAUSES = "/admin/education/intakepause/"
TREATED = SHORTEST | {"screening_opioid_treatment": "yes"}
HURT = SHORTEST | {"screening_self_harm": "yes"}


def question(key: str = "opioids") -> ScreeningQuestion:
    return ScreeningQuestion.objects.get(key=key)


def test_the_form_asks_a_question_as_staff_have_changed_it(client: Client) -> None:
    clara = cast.logged_in(cast.clara_the_clinician())
    path = f"{QUESTIONS}{question().pk}/change/"
    edit(clara, path, "_save", form_id="screeningquestion_form", words="Any opioid lately?", flag_unsure="1")
    assert "Any opioid lately?" not in client.get(FORM).content.decode()
    cast.sign_words(cast.logged_in(cast.clara()))
    assert "Any opioid lately?" in client.get(FORM).content.decode()
    assert sent_row(send(client, SHORTEST | {"screening_opioids": "unsure"})).flag == Flag.AMBER
    event = AuditEvent.objects.get(verb="screeningquestion_saved")
    assert (event.actor, event.detail) == ("clara", {"fields": "flag_unsure words"})


def test_a_long_explanation_is_seen_whole_and_kept_on_one_line(clara: Client) -> None:
    path = f"{QUESTIONS}{ScreeningQuestion.objects.get(key='opioids').pk}/change/"
    assert '<textarea name="help"' in body(clara.get(path))
    edit(clara, path, "_save", form_id="screeningquestion_form", help="One sentence.\nAnother one.")
    assert ScreeningQuestion.objects.get(key="opioids").help == "One sentence. Another one."


def test_only_a_clinician_decides_what_an_answer_raises_and_whether_a_question_is_asked() -> None:
    """Else red could be taken from an answer, or the question from the form, without any word to sign."""
    manager, row = cast.logged_in(cast.staff("mira", "manager")), question("self_harm")
    path = f"{QUESTIONS}{row.pk}/change/"
    page = manager.get(path).content.decode()
    assert "A clinician decides what an answer raises" in page
    typed = form_data(page, "screeningquestion_form") | {"flag_noticed": "0", "clinicians_only": "", "order": "7"}
    typed.pop("active", None)
    assert manager.post(path, typed | {"_save": "Save"}).status_code == 302
    rows = form_data(manager.get(QUESTIONS).content.decode(), "changelist-form")
    assert not [name for name in rows if name.endswith("-active")], "“Yes” is a word, not a box that can’t be checked"
    manager.post(QUESTIONS, rows | {"form-0-active": "", "_save": "Save"})
    after = question("self_harm")
    assert (after.flag_noticed, after.active, after.clinicians_only) == (Flag.URGENT, True, row.clinicians_only)
    assert after.order == 7


def test_no_hint_promises_that_only_clinicians_see_an_answer_that_others_see() -> None:
    clara, mira = cast.logged_in(cast.clara_the_clinician()), cast.logged_in(cast.staff("mira", "manager"))
    path = f"{QUESTIONS}{question('opioid_treatment').pk}/change/"
    typed = form_data(body(clara.get(path)), "screeningquestion_form") | {"_save": "Save"}
    typed.pop("clinicians_only")
    assert f"Patients would read “{ONLY_CLINICIANS}” while other staff see it too." in body(clara.post(path, typed))
    assert question("opioid_treatment").clinicians_only
    edit(mira, path, "_save", form_id="screeningquestion_form", words="Any treatment?")
    assert question("opioid_treatment").words == "Any treatment?", "she may not change who sees it"
    others = f"{QUESTIONS}{question('pregnancy').pk}/change/"
    page = edit(mira, others, "_save", form_id="screeningquestion_form", help=f"We ask. {ONLY_CLINICIANS}")
    assert "let a clinician check “Answer for clinicians only”" in body(page)
    assert question("pregnancy").help == ""


def test_a_promise_holds_until_nobody_has_a_form_open_that_makes_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever unchecks the box, or signs other words, would break it to everybody who has read it."""
    row, opened_before = question("opioid_treatment"), asking.open_form(client).values()
    row.help, row.clinicians_only = "We ask because naltrexone blocks opioids.", False
    row.save()
    assert ONLY_CLINICIANS in plain_words(body(client.get(FORM)))
    assert treatment(send(client, TREATED))["clinicians_only"]
    cast.shown(row)
    assert ONLY_CLINICIANS not in plain_words(body(client.get(FORM)))
    checked = press(client, opened_before | TREATED)
    assert treatment(press(client, Page(checked).values()))["clinicians_only"]
    later = timezone.now() + PROMISE_HOLDS
    monkeypatch.setattr(timezone, "now", lambda: later)
    cast.shown(question("pregnancy"))  # until the next change a process keeps what it knows of the form
    assert not treatment(send(client, TREATED)).get("clinicians_only")


def treatment(sent: Any) -> dict[str, Any]:
    """What TREATED says of treatment for opioid use, as it is sealed."""
    field = "screening_opioid_treatment"
    (answer,) = [one for _, part in open_row(sent_row(sent)).parts for one in part if one["field"] == field]
    return answer


def test_a_new_question_is_asked_in_its_place_and_one_switched_off_is_not(client: Client) -> None:
    row = {"key": "sleep", "words": "Do you sleep well?", "kind": "no", "flag_noticed": 1, "order": 1}
    cast.shown(ScreeningQuestion.objects.create(**row))
    ScreeningQuestion.objects.filter(key="pregnancy").update(active=False)
    names = [
        attrs["name"] for attrs in asking.open_form(client).all("input") if attrs.get("name", "").startswith("scr")
    ]
    assert names.index("screening_sleep") < names.index("screening_opioids")
    assert names[0] == "screening_urgent_symptoms"  # what can’t wait comes first
    assert "screening_pregnancy" not in names
    answers = {"no": Flag.AMBER, "yes": Flag.NONE}
    for answer, flag in answers.items():
        assert sent_row(send(client, SHORTEST | {"screening_sleep": answer})).flag == flag


def test_what_was_answered_while_staff_switched_a_question_off_is_kept(client: Client) -> None:
    page = Page(check(client, SHORTEST | {"screening_pregnancy": "yes"})).values()
    ScreeningQuestion.objects.filter(key="pregnancy").update(active=False)
    assert open_row(sent_row(press(client, page))).answers["screening_pregnancy"] == "yes"


def test_the_database_is_asked_for_questions_only_after_one_was_switched_off() -> None:
    answered = {"screening_pregnancy": "yes", "screening_opioids": ""}
    before = questions({})
    assert queries(lambda: questions_for(answered, empty_form=before)) == []
    ScreeningQuestion.objects.filter(key="pregnancy").update(active=False)
    assert questions_for(answered, empty_form=(after := questions({}))) == before != after


def test_the_question_as_it_was_asked_stays_with_the_answer(client: Client) -> None:
    row = sent_row(send(client, SHORTEST | {"screening_operation": "yes"}))
    ScreeningQuestion.objects.filter(key="operation").update(words="Something else?")
    (asked,) = [a for _, part in open_row(row).parts for a in part if a["field"] == "screening_operation"]
    assert asked["words"] == "Is an operation planned in the next three months?"


def test_a_key_can_not_be_changed_later_and_more_than_eight_questions_bring_a_warning() -> None:
    clara = cast.logged_in(cast.clara_the_clinician())
    assert 'name="key"' not in clara.get(f"{QUESTIONS}{question().pk}/change/").content.decode()
    ScreeningQuestion.objects.create(key="ninth", words="One more?")
    assert "asks 9 questions" in clara.get(QUESTIONS).content.decode()


@of_each(["9x", "a b", "A", "naïve"])
def test_a_key_that_could_not_be_a_field_is_refused(name: str) -> None:
    clara = cast.logged_in(cast.clara_the_clinician())
    page = edit(clara, f"{QUESTIONS}add/", "_save", form_id="screeningquestion_form", key=name, words="Well?")
    assert "Use small letters" in page.content.decode()


def test_an_urgent_answer_stops_before_the_check_page_and_keeps_every_answer(client: Client, clinic: Any) -> None:
    clinic.help_lines = help_lines.of_country("US")
    clinic.save()
    cast.shown(clinic)
    stop = check(client, WHOLE | {"screening_urgent_symptoms": "yes"})
    html = stop.content.decode()
    words = re.sub("<[^>]+>", "", html)
    for said in (
        "The patient may need help now",
        "Call 911",
        "Call 988",
        "Text 988",
        "Nothing has been sent yet",
        "555 0100",
    ):
        assert said in words
    assert "<title>The patient may need help now" in html
    for button in ('href="tel:911">Call 911</a>', 'href="tel:988">Call 988</a>', 'href="sms:988">Text 988</a>'):
        assert f'<a class="button {"button-secondary " * ("sms" in button)}help-button" {button}' in html
    asked = html.partition('id="consultation-stop"')[2].partition("</form>")[0]
    assert 'class="button"' not in asked, "going on is no louder than calling"
    kept = Page(stop).values()
    assert {name: kept[name] for name in WHOLE if not name.startswith("screening_urgent")} == {
        name: value for name, value in WHOLE.items() if not name.startswith("screening_urgent")
    }


def test_the_stop_page_speaks_of_the_patient_to_whoever_asks_for_someone_else(client: Client) -> None:
    stop = press(client, asking.open_form(client).values() | HURT | {"asking_for": "someone", "action": "stop"})
    words = re.sub("<[^>]+>", "", stop.content.decode())
    assert "The patient may need help now" in words
    assert "I have read this. Nobody needs help right now." in words


def test_the_stop_page_must_be_acknowledged_and_then_the_request_goes_on(client: Client) -> None:
    page = Page(check(client, HURT)).values()
    assert "You may need help now" in press(client, page | {"action": "send"}).content.decode()
    assert ConsultationRequest.objects.count() == 0
    assert "Check the box if you want to go on." in press(client, page).content.decode()
    page |= {"stop_read": "self_harm"}
    checked = press(client, page)
    assert "<h1>Check your answers</h1>" in checked.content.decode()
    row = sent_row(press(client, Page(checked).values()))
    assert row.flag == Flag.URGENT
    back = press(client, page | {"action": "edit"})
    assert "<h1>Request a consultation</h1>" in back.content.decode()


def test_the_stop_page_comes_at_once_and_then_the_form_as_it_was(client: Client) -> None:
    """As the script sends it from the answer: name and consent are not there yet."""
    typed = asking.open_form(client).values() | {"main_reason": "Pain", "screening_self_harm": "yes", "action": "stop"}
    stop = press(client, typed)
    assert "You may need help now" in stop.content.decode()
    back = press(client, Page(stop).values() | {"stop_read": "self_harm"})
    page = Page(back)
    assert "<h1>Request a consultation</h1>" in page.html
    assert "Please correct this first" not in page.html
    assert {"main_reason": "Pain", "screening_self_harm": "yes"}.items() <= page.values().items()
    whole = press(client, page.values() | SHORTEST)
    assert "<h1>Check your answers</h1>" in whole.content.decode()
    another = press(client, page.values() | SHORTEST | {"screening_urgent_symptoms": "yes"})
    assert "You may need help now" in another.content.decode()


def test_help_comes_before_what_is_wrong_with_the_form(client: Client) -> None:
    answered = asking.open_form(client).values() | {"screening_self_harm": "yes"}
    assert "You may need help now" in press(client, answered).content.decode()


@pytest.mark.parametrize("typed", [{"screening_opioids": "yes"}, {"screening_self_harm": "talk"}, WHOLE])
def test_only_an_urgent_answer_leads_to_the_stop_page(client: Client, typed: dict[str, str]) -> None:
    assert "<h1>Check your answers</h1>" in check(client, SHORTEST | typed).content.decode()


def test_intake_reads_what_to_do_and_only_clinicians_read_the_answer() -> None:
    row = asking.request(screening_opioid_treatment="yes")
    address = f"/admin/education/consultationrequest/{row.pk}/change/"
    intake = cast.logged_in(cast.ines_at_intake()).get(address).content.decode()
    clinician = cast.logged_in(cast.clara_the_clinician()).get(address).content.decode()
    assert intake.count("Red: a clinician first, don’t book.") == 1
    assert "(for clinicians only)" in intake
    assert "opioid or alcohol use, now or in the past? Yes." not in intake
    assert "opioid or alcohol use, now or in the past? Yes." in clinician
    assert ">Booked<" not in intake


def test_a_pause_closes_the_form_with_its_message_and_the_telephone_number(client: Client) -> None:
    page = Page(check(client, WHOLE)).values()
    ines = cast.logged_in(cast.ines_at_intake())
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    edit(ines, f"{PAUSES}add/", "_save", form_id="intakepause_form", message="We move house.", until=until)
    shown = client.get(FORM)
    assert shown.status_code == 200
    for said in ("not taking requests right now", "We move house.", "555 0100", "Call 112"):
        assert said in shown.content.decode()
    refused = press(client, page)
    assert refused.status_code == 503
    assert "We move house." in refused.content.decode()
    assert Page(refused).values()["main_reason"] == WHOLE["main_reason"]


@of_each([(-3, -1, False), (-3, 0, True), (0, None, True), (1, 9, False)])
def test_a_pause_lasts_from_its_first_to_its_last_day(case: tuple[int, int | None, bool]) -> None:
    begins, until, paused = case

    def day(offset: int | None) -> date | None:
        return None if offset is None else timezone.localdate() + timedelta(days=offset)

    IntakePause.objects.create(message="Away", begins=day(begins), until=day(until))
    assert bool(intake().pause) is paused


def test_a_typing_error_in_an_address_only_brings_a_hint(client: Client) -> None:
    page = check(client, SHORTEST | {"email": "ana@gmial.com"})
    assert "Did you mean <strong>ana@gmail.com</strong>?" in page.content.decode()
    assert press(client, Page(page).values()).status_code == 303
    assert "Did you mean" not in check(client, SHORTEST | {"email": "ana@gmail.com"}).content.decode()


@of_each(["yahoo.co.uk", "yahoo.ca", "hotmail.co.uk", "mail.com", "ymail.com", "rocketmail.com"])
def test_an_address_at_a_real_provider_is_left_alone(domain: str, client: Client) -> None:
    assert "Did you mean" not in check(client, SHORTEST | {"email": f"ana@{domain}"}).content.decode()


def test_the_proposed_address_is_taken_with_one_button_and_nothing_typed_is_lost(client: Client) -> None:
    page = Page(check(client, WHOLE | {"email": "ana@gmial.com"}))
    (button,) = page.all("button", value="use_suggestion")
    again = press(client, page.values() | {button["name"]: button["value"]})
    assert not ConsultationRequest.objects.exists(), "it is not sent by that"
    kept, before = Page(again).values(), page.values()
    assert kept["email"] == "ana@gmail.com"
    assert {name for name in before if kept.get(name) != before[name]} <= {"email", "token"}
    assert "Did you mean" not in again.content.decode()
    row = sent_row(press(client, kept))
    assert open_row(row).answer("email") == "ana@gmail.com"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("212 555 018", 'may not be able to dial <strong class="nowrap">212 555 018</strong>. It has too few digits.'),
        ("5550100", "Perhaps the area code is missing."),
        ("212 555 0188", ""),
    ],
)
def test_a_number_that_looks_wrong_is_asked_about_and_never_refused(client: Client, typed: str, words: str) -> None:
    page = check(client, SHORTEST | {"phone": typed})
    assert words in page.content.decode()
    assert ("may not be able to dial" in page.content.decode()) == bool(words)
    row = sent_row(press(client, Page(page).values()))
    assert open_row(row).answer("phone") == typed


def test_questions_and_pages_taken_over_are_listed_and_removed_line_by_line(client: Client) -> None:
    brought = SHORTEST | {"share_pages": "Lupus (/lupus/)\nLDN (/ldn/)", "questions": "Will it hurt?\nMay I drive?"}
    page = check(client, brought)
    for line in ("Lupus (/lupus/)", "LDN (/ldn/)", "Will it hurt?", "May I drive?"):
        assert f'Remove<span class="visually-hidden"> “{line}”' in page.content.decode()
    fewer = press(client, Page(page).values() | {"remove": "share_pages:0"})
    fewer = press(client, Page(fewer).values() | {"remove": "questions:1"})
    assert ConsultationRequest.objects.count() == 0
    row = sent_row(press(client, {k: v for k, v in Page(fewer).values().items() if k != "remove"}))
    answers = open_row(row).answers
    assert (answers["share_pages"], answers["questions"]) == ("LDN (/ldn/)", "Will it hurt?")


@pytest.mark.parametrize(("country", "day"), [("US", "January 2"), ("GB", "2 January")])
def test_the_example_beside_the_message_of_a_pause_is_written_as_the_country_writes_dates(
    country: str, day: str, desk: Client
) -> None:
    cast.clinic(country=country)
    assert f"for example: We are closed until {day}. If the clinic" in plain_words(body(desk.get(f"{PAUSES}add/")))


def test_whoever_pauses_the_form_reads_that_what_waits_falls_due_later(desk: Client) -> None:
    assert "due in these days fall due after them" in plain_words(body(desk.get(f"{PAUSES}add/")))
