"""What the form accepts, and what it says when something is missing."""

from datetime import date

import pytest
from crispy_forms.utils import render_crispy_form

from education.consultations.defaults import QUESTIONS
from education.consultations.form import dates
from education.consultations.form.forms import FIELD_NAMES, ConsultationForm
from education.consultations.triage.examples import submissions
from education.consultations.workflow import Flag
from tests.consultations.asking import SHORTEST, WHOLE, form, submission
from tests.each import of_each

CONTRACT = {
    *(
        "full_name",
        "preferred_name",
        "date_of_birth_day",
        "date_of_birth_month",
        "date_of_birth_year",
        "email",
        "phone",
    ),
    *("phone", "contact_by", "voicemail_ok", "best_times", "interpreter_language", "access_needs", "asking_for"),
    *("proxy_name", "proxy_relation", "proxy_knows", "conditions", "main_reason", "current_medicines", "share_pages"),
    *("questions", "consent", "website"),
}
TODAY = date(2026, 3, 14)
pytestmark = pytest.mark.django_db  # the questions are rows


def test_every_field_of_the_contract_is_there() -> None:
    assert set(FIELD_NAMES) >= CONTRACT
    asked = [name for name in ConsultationForm().fields if name.startswith("screening_")]
    assert asked == [f"screening_{question['key']}" for question in QUESTIONS]
    assert len(asked) <= 8


def test_a_name_one_way_and_consent_are_enough() -> None:
    assert form().is_valid()
    assert form(email="", phone="5550100").is_valid()


def test_the_whole_form_is_accepted_and_stored_word_for_word() -> None:
    answers = submission(**WHOLE).answers
    for field in ("full_name", "email", "phone", "main_reason", "screening_opioid_treatment", "share_pages"):
        assert answers[field] == WHOLE[field]
    assert answers["date_of_birth"] == "1979-05-14"


@of_each(
    [
        ({"full_name": ""}, "full_name", "Enter your full name."),
        ({"full_name": "", "asking_for": "someone"}, "full_name", "Enter the full name of the patient."),
        ({"consent": ""}, "consent", "Check the box"),
        ({"email": ""}, "phone", "telephone number or an e-mail address"),
        ({"email": "ana at example"}, "email", "name@example.org"),
        ({"phone": "call me"}, "phone", "whole telephone number"),
        ({"contact_by": "phone"}, "phone", "You chose “By telephone”"),
        ({"contact_by": "email", "email": "", "phone": "5550100"}, "email", "You chose “By e-mail”"),
        ({"contact_by": "pigeon"}, "contact_by", "Choose one"),
        ({"proxy_name": "Mira"}, "asking_for", "Choose “Someone else”"),
        ({"asking_for": "someone"}, "proxy_name", "Enter your own name"),
        ({"asking_for": "someone"}, "proxy_contact", "whom we may call"),
        ({"asking_for": "someone"}, "proxy_knows", "whether they know"),
        (
            {"asking_for": "someone", "proxy_name": "M", "proxy_contact": "theirs", "proxy_knows": "no"},
            "proxy_contact",
            "do not know yet",
        ),
        ({"full_name": "x" * 201}, "full_name", "Shorten it to 200"),
        ({"main_reason": "x" * 5001}, "main_reason", "Shorten it to 5,000"),
        ({"main_reason": "caf\ufffd"}, "main_reason", "type them again"),
        ({"screening_opioids": "perhaps"}, "screening_opioids", "Choose one"),
    ]
)
def test_each_error_says_what_to_do(case: tuple[dict[str, str], str, str]) -> None:
    typed, field, words = case
    refused = form(**typed)
    assert not refused.is_valid()
    assert words in str(refused.errors[field])


@pytest.mark.parametrize(
    "typed", ["0049 30 123456", "+1 (555) 010-1234 ext 7", "555.010.1234", "٠٥٥٥٠١٠١", "55501 after six"]
)
def test_a_telephone_number_may_be_written_in_any_way(typed: str) -> None:
    assert form(phone=typed, contact_by="phone").is_valid()


@of_each(["3", "03", "March", "march", "Mar", "Mar.", "MARCH ", "marzo"])
def test_months_by_name_and_number(month: str) -> None:
    assert dates.read_date("27", month, "1980", today=TODAY) == date(1980, 3, 27)


@of_each(
    [
        ("", "3", "1980", "day", "Enter the day"),
        ("27", "", "1980", "month", "Enter the month"),
        ("27", "3", "", "year", "Enter the year"),
        ("x", "3", "1980", "day", "number from 1 to 31"),
        ("32", "3", "1980", "day", "number from 1 to 31"),
        ("27", "Ma", "1980", "month", "name or a number"),
        ("27", "Marchh", "1980", "month", "name or a number"),
        ("27", "13", "1980", "month", "name or a number"),
        ("27", "3", "80", "year", "four digits"),
        ("27", "3", "1880", "year", "more than 120 years ago"),
        ("27", "3", "2030", "year", "The year 2030 is in the future"),
        ("27", "3", "19800", "year", "four digits"),
        ("31", "Feb", "1980", "day", "February 1980 has no such day"),
        ("15", "March", "2026", "year", "in the future"),
    ]
)
def test_the_error_for_an_impossible_date_names_the_part(case: tuple[str, str, str, str, str]) -> None:
    day, month, year, part, words = case
    with pytest.raises(dates.DateProblem, match=words) as caught:
        dates.read_date(day, month, year, today=TODAY)
    assert caught.value.part == part


def test_a_date_problem_is_shown_at_its_part() -> None:
    refused = form(date_of_birth_day="31", date_of_birth_month="Feb", date_of_birth_year="1980")
    assert list(refused.errors) == ["date_of_birth_day"]
    assert refused.problems[0].target == "id_date_of_birth_day"


def test_an_overlong_part_of_a_date_has_one_error() -> None:
    refused = form(date_of_birth_day="1" * 400, date_of_birth_month="5", date_of_birth_year="1980")
    assert list(refused.errors) == ["date_of_birth_day"]


@pytest.mark.parametrize(("today", "age"), [(date(2026, 5, 13), 46), (date(2026, 5, 14), 47)])
def test_age_counts_birthdays(today: date, age: int) -> None:
    assert dates.age_on(date(1979, 5, 14), today) == age


def born(years_ago: int) -> dict[str, str]:
    year = str(date.today().year - years_ago)
    return {"date_of_birth_day": "1", "date_of_birth_month": "1", "date_of_birth_year": year}


def test_under_18_is_accepted_and_flagged() -> None:
    child = form(**born(12))
    assert child.is_valid()
    assert child.is_for_child
    assert child.submission().flag is Flag.RED
    grown = form(**born(40))
    assert grown.is_valid()
    assert not grown.is_for_child


def test_over_65_is_amber() -> None:
    assert submission(**born(70)).flag is Flag.AMBER
    assert submission(**born(50)).flag is Flag.NONE


@pytest.mark.parametrize(
    ("answer", "flag"),
    [("yes", Flag.RED), ("unsure", Flag.RED), ("talk", Flag.AMBER), ("no", Flag.NONE), ("", Flag.NONE)],
)
def test_opioid_answers_raise_a_flag(answer: str, flag: Flag) -> None:
    assert submission(screening_opioids=answer).flag is flag


def test_the_gravest_reason_comes_first() -> None:
    reasons = submission(screening_pregnancy="unsure", screening_operation="yes").reasons
    assert [reason.flag for reason in reasons] == [Flag.RED, Flag.AMBER]


def test_one_answer_of_every_screening_question_is_harmless_and_the_short_ones_come_first() -> None:
    assert len(form().asked) == 8
    for question in form().asked:
        answers = [answer for answer, _ in question.choices]
        harmless = [answer for answer in answers if submission(**{question.field: answer}).flag is Flag.NONE]
        assert answers[:2] == ["yes", "no"]
        assert harmless in (["yes"], ["no"])
        assert not form().fields[question.field].required


def test_a_request_with_the_hidden_field_filled_in_keeps_its_flag() -> None:
    """A password manager may have filled the trap of somebody who needs help."""
    marked = submission(website="https://spam.example", screening_opioids="yes")
    assert marked.spam_reason
    assert marked.flag is Flag.RED
    assert submission().spam_reason == ""


def test_the_answered_parts_follow_the_page_and_list_only_what_was_answered() -> None:
    words = [row.words for part in form_in_words(SHORTEST) for row in part]
    assert words == [
        "Who is the consultation for?",
        "Full name",
        "E-mail address",
        "How should we reach you?",
        words[-1],
    ]
    assert words[-1].startswith("I agree")


def form_in_words(typed: dict[str, str]) -> list[list[object]]:
    return [part.answers for part in submission(**typed).parts]  # type: ignore[misc]


def test_examples_are_marked_and_use_fictional_ways_to_reach_them() -> None:
    examples = submissions()
    assert len(examples) >= 4
    for example in examples:
        assert example.example
        assert example.answers["full_name"].startswith("EXAMPLE ")
        assert example.answers["phone"] in ("", *(f"555-01{n:02}" for n in range(100)))
        assert example.answers["email"].endswith(("@example.org", ""))


def test_forms_share_their_fields_and_leave_them_as_they_are() -> None:
    """Whoever changes one takes a copy: other people fill in other forms at the same time."""
    before = {name: repr(vars(field) | vars(field.widget)) for name, field in ConsultationForm().fields.items()}
    typed = {**WHOLE, "screening_gone": "yes"}
    for filled in (ConsultationForm(typed), ConsultationForm({}), ConsultationForm.filled_with(typed)):
        filled.is_valid()
        render_crispy_form(filled)
    own = ConsultationForm(typed)
    own.own_field("asking_for").choices = [("me", "The caller")]
    assert "The caller" in str(own["asking_for"])
    after = {name: repr(vars(field) | vars(field.widget)) for name, field in ConsultationForm().fields.items()}
    assert after == before
