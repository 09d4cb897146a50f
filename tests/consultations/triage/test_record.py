"""A request with its amendments and notes, decrypted."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from education.accounts.models import User
from education.clinic.models import ClinicProfile
from education.consultations.models import ConsultationRequest, SealedNote
from education.consultations.triage import actions as triage
from education.consultations.triage.record import open_note, open_row
from education.core import sealing
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import QUEUE, WHOLE, Page, address, ingested, next_monday
from tests.consultations.test_enumerations import CSS
from tests.screens import body, plain_words

pytestmark = pytest.mark.usefixtures("clinic")


def test_an_amendment_never_lowers_a_flag() -> None:
    asking.request(screening_opioids="yes")
    row = asking.request(screening_opioids="no")
    assert row.flag == 2


def test_changing_an_answer_back_is_kept_as_well() -> None:
    row = asking.request(main_reason="A")
    asking.request(main_reason="B")
    asking.request(main_reason="A")
    opened = open_row(row)
    assert opened.answers["main_reason"] == "A"
    assert len(opened.amendments) == 2


def test_an_answer_taken_back_is_listed() -> None:
    row = asking.request(questions="May I bring my dog?")
    asking.request()
    assert open_row(row).amendments[0].withdrawn == ["Questions you would like to ask us"]


def test_a_note_with_another_number_can_not_be_decrypted(ines: User) -> None:
    row = asking.request()
    triage.add_note(row, text="Called", by=ines)
    SealedNote.objects.update(number=2, author=None)
    note = open_note(row.notes.get())
    assert "can’t be opened" in note.text
    assert note.author == ""


def test_the_checklist_depends_on_who_asks_for_whom(desk: Client) -> None:
    row = ingested(**WHOLE | {"date_of_birth_year": str(timezone.localdate().year - 10), "proxy_knows": "no"})
    shown = desk.get(address(row)).content.decode()
    for said in ("interpreter on the line", "does not know yet", "a parent or guardian", "compare", "Mira Patel"):
        assert said in shown


def test_staff_read_their_and_not_your(desk: Client) -> None:
    """What the clinic asked stands in the words in which it was asked."""
    row = ingested(**WHOLE)
    shown = desk.get(address(row)).content.decode()
    for words in ("Their health", "Their main reason for asking", "Medicines they take", "Their agreement"):
        assert words in shown
    assert not re.search(r"<(h2|h3)[^>]*>[^<]*\b[Yy]our?\b", shown)
    assert "Your main reason" not in shown
    assert "have you taken an opioid medicine?" in shown


def test_who_does_not_come_is_reopened(desk: Client) -> None:
    row = ingested()
    assert "If they do not come" not in desk.get(address(row)).content.decode()
    desk.post(address(row, "book"))
    shown = Page(desk.get(address(row)))
    assert "If they do not come, write that down and reopen it" in shown.html
    verbs = [attrs["formaction"] for attrs in shown.all("button") if attrs.get("form") == "record-form"]
    assert verbs[:2] == [address(row, "note"), address(row, "reopen")], "not where “Booked” was a moment ago"
    assert 'class="button" type="submit" form="record-form"' not in shown.html


def test_once_somebody_has_a_request_it_is_taken_on(desk: Client) -> None:
    row = ingested(phone="5550100")
    for verb in ("claim", "no_answer", "contact", "needs_clinician"):
        desk.post(address(row, verb))
        assert '<li class="reached">Taken on<' in body(desk.get(address(row))), verb


def test_to_whoever_left_no_number_one_writes(desk: Client) -> None:
    said = plain_words(body(desk.get(address(ingested(access_needs="I am deaf. Please write.")))))
    assert "Before you write" in said
    steps = said.partition("Before you write")[2].partition("no advice on medicines")[0]
    assert "Write nothing about their health" in steps
    assert not re.search(r"\b(?:call|speak)", steps)
    assert "Before you call" in plain_words(body(desk.get(address(ingested("two", phone="5550100")))))


def test_no_line_of_the_checklist_ends_within_e_mail(desk: Client) -> None:
    shown = desk.get(address(ingested())).content.decode()
    assert 'others may read their <span class="nowrap">e-mail</span>.' in shown


def test_of_what_may_be_spam_it_is_first_said_whether_it_is(desk: Client) -> None:
    row = ingested()
    ConsultationRequest.objects.update(status="suspect")
    buttons = [attrs for attrs in Page(desk.get(address(row))).all("button") if attrs.get("form") == "record-form"]
    assert [attrs["formaction"] for attrs in buttons if attrs["class"] == "button"] == [address(row, "not_spam")]


def call_of(desk: Client, row: ConsultationRequest) -> str:
    """What stands at the top of the record, as text."""
    shown = desk.get(address(row)).content.decode().partition('<section class="call"')[2].partition("</section>")[0]
    return " ".join(re.sub("<[^>]+>", " ", shown).split())


def test_each_of_several_numbers_has_its_own_link(desk: Client) -> None:
    ClinicProfile.objects.update(country="GB")
    row = ingested(phone="01632 960000 / 960001, evenings", email="")
    links = {link["href"] for link in Page(desk.get(address(row))).all("a") if link.get("href", "").startswith("tel:+")}
    assert links == {"tel:+441632960000", "tel:+441632960001"}
    assert "Typed: 01632 960000 / 960001, evenings" in call_of(desk, row)


def test_what_was_typed_is_not_said_twice(desk: Client) -> None:
    said = call_of(desk, ingested(phone="555-0112 after six", email=""))
    assert said.count("555-0112 after six") == 1


@pytest.mark.parametrize(
    ("typed", "why"), [("212 555 018", "too few digits"), ("+999 123 456 789", "No country has the code")]
)
def test_a_number_that_can_not_be_dialed_is_kept_and_the_record_says_so(desk: Client, typed: str, why: str) -> None:
    row = ingested(phone=typed, email="")
    said = call_of(desk, row)
    assert f"{typed} It can’t be dialed as it stands." in said
    assert why in said
    assert not [link for link in Page(desk.get(address(row))).all("a") if "call-number" in link.get("class", "")]
    assert list(triage.search(typed)) == [row]


def test_a_number_from_another_country_is_shown_with_its_code(desk: Client) -> None:
    row = ingested(phone="0044 (0)20 7946 0000", email="")
    assert "+44 20 7946 0000" in call_of(desk, row)
    assert Page(desk.get(address(row))).all("a", href="tel:+442079460000")


TURNED = "Ana \u202eruoy llet \u2066Mira"
ASKED_FOR = {"asking_for": "someone", "proxy_contact": "mine", "proxy_knows": "no", "phone": "212 555 0188"}


def test_what_whoever_asks_says_of_herself_is_not_read_as_the_patients_or_ours(desk: Client) -> None:
    row = ingested(full_name="Ana Ruiz", proxy_name="Mira", proxy_relation="Friend", **ASKED_FOR)
    shown = plain_words(body(desk.get(address(row))))
    for said in ("Whom may we call? Whoever asks", "Their relationship to the patient Friend", "Name of who asks Mira"):
        assert said in shown
    assert "call Mira" in shown


def test_no_name_turns_an_instruction_to_staff_around(desk: Client) -> None:
    row = ingested(full_name=TURNED, proxy_name=TURNED, proxy_relation=TURNED, **ASKED_FOR)
    for shown in (desk.get(address(row)), desk.get(QUEUE), desk.post(address(row, "copy"))):
        assert not re.search("[\u202a-\u202e\u2066\u2067]", shown.content.decode())
    assert f"<bdi>{open_row(row).name}</bdi>" in desk.get(QUEUE).content.decode()


def test_nor_does_one_that_an_earlier_version_sealed(desk: Client) -> None:
    row = ingested(full_name="Ana Ruiz", proxy_name="Mira", **ASKED_FOR)
    document = sealing.open_sealed(bytes(row.sealed), bound_to=row.reference)
    document["answers"] |= {"full_name": TURNED, "proxy_name": TURNED}
    ConsultationRequest.objects.update(sealed=sealing.seal(document, bound_to=row.reference))
    assert "\u202e" not in desk.get(address(row)).content.decode()


def test_a_name_from_right_to_left_keeps_to_itself_in_the_checklist(desk: Client) -> None:
    row = ingested(full_name="Ana Ruiz", proxy_name="سارة", **ASKED_FOR)
    assert "Speak only with \u2068سارة\u2069. The patient" in desk.get(address(row)).content.decode()


def flags_of(client: Client, row: ConsultationRequest) -> list[tuple[str, str]]:
    """The lines of the flag box: the class of each one’s shape, and its words."""
    box = body(client.get(address(row))).partition('<ul class="call-flags')[2].partition("</ul>")[0]
    lines = re.findall(r"<li[^>]*>(.*?)</li>", box, re.S)
    return [("".join(re.findall(r'class="flag ([^"]*)"', line)), plain_words(line)) for line in lines]


HIDDEN_RED = {"screening_opioids": "yes", "screening_operation": "talk"}
OPERATION = "Amber: Is an operation planned in the next three months? I would rather talk about it."


def test_a_reason_for_clinicians_is_said_to_be_one_and_no_other_stands_in_its_place(desk: Client) -> None:
    row = ingested(**HIDDEN_RED)
    red = "Red: a clinician first, don’t book."
    expected = [("flag-red", f"{red} The reason is for clinicians only."), ("flag-amber", OPERATION)]
    assert flags_of(desk, row) == expected
    clara = cast.logged_in(cast.clara_the_clinician())
    opioid = "In the last four weeks, have you taken an opioid medicine? Yes."
    assert flags_of(clara, row) == [
        ("flag-red", f"Red: a clinician first, which is you. {opioid}"),
        ("flag-amber", OPERATION),
    ]


def red_at_each_door(client: Client, row: ConsultationRequest) -> list[str]:
    """What the red flag says on the record, in the queue, and on both sheets of paper."""
    row.refresh_from_db()
    listed = {"status": row.status}
    record, paper = (body(client.get(address(row))), body(client.post(address(row, "print"))))
    queue, paper_queue = (body(client.get(QUEUE, listed)), body(client.post(f"{QUEUE}print/", listed)))
    found = [re.findall(r'class="flag flag-red">(Red: [^<]*)<', page) for page in (record, paper, queue, paper_queue)]
    assert [len(words) for words in found] == [1, 1, 1, 1]
    return [words.rstrip(".") for (words,) in found]


def test_a_red_flag_says_at_each_door_what_it_asks_of_whoever_looks(desk: Client, ines: User) -> None:
    """Paper and a finished request told a clinician not to book, and the record that it was her turn when a colleague
    had talked to the patient already.
    """
    row = ingested(screening_opioids="yes")
    clara = cast.logged_in(cast.clara_the_clinician())
    hers, not_booked = "Red: a clinician first, which is you", "Red: a clinician first, don’t book"
    assert red_at_each_door(clara, row) == [hers] * 4
    assert red_at_each_door(desk, row) == [not_booked] * 4
    triage.mark_contacted(row, by=ines)
    assert red_at_each_door(desk, row) == [not_booked] * 4, "she is no clinician"
    triage.mark_contacted(row, by=cast.staff("kim", "clinician", "intake"))
    talked = ["Red: a clinician has talked to them"] * 4
    assert (red_at_each_door(clara, row), red_at_each_door(desk, row)) == (talked, talked)
    asking.request(screening_opioids="yes", screening_operation="talk")  # the form once more, with another answer
    assert row.amendments.count() == 1
    assert red_at_each_door(clara, row) == [hers] * 4


def test_of_a_finished_request_nobody_is_told_what_comes_before_booking(desk: Client) -> None:
    row = ingested(screening_opioids="yes")
    clara = cast.clara_the_clinician()
    triage.book(row, by=clara)
    for client in (cast.logged_in(clara), desk):
        assert red_at_each_door(client, row) == ["Red: a clinician first"] * 4
        assert "A clinician first" not in body(client.get(address(row)))


def test_a_clinician_passes_a_request_on_only_from_where_it_is_closed(desk: Client) -> None:
    """“Needs a clinician” stood beside “Contacted” for the one who is needed."""
    row = ingested(**HIDDEN_RED)
    shown = body(cast.logged_in(cast.clara_the_clinician()).get(address(row)))
    assert "Needs a clinician" not in shown
    summary = "<summary>Pass it on, close it or mark it as spam…</summary>"
    folded = shown.partition(summary)[2].partition("</details>")[0]
    assert ">Pass to another clinician<" in folded
    assert f'formaction="{address(row, "needs_clinician")}"' in folded
    others = body(desk.get(address(row)))
    offered = (">Needs a clinician<", ">Close it or mark it as spam…<", "another clinician")
    assert [words in others for words in offered] == [True, True, False]


def test_what_is_left_to_the_clinicians_is_taken_on_by_nobody_yet(desk: Client) -> None:
    row = ingested(**HIDDEN_RED)
    desk.post(address(row, "claim"))
    desk.post(address(row, "needs_clinician"))
    shown = body(desk.get(address(row)))
    assert ("<li>Taken on<" in shown, ", with" in shown.partition("record-state")[2][:300]) == (True, False)
    clara = cast.logged_in(cast.clara_the_clinician())
    clara.post(address(row, "claim"))
    assert '<li class="reached">Taken on<' in body(clara.get(address(row)))


def test_that_no_voice_message_is_wanted_stands_with_each_number(desk: Client) -> None:
    row = ingested(phone="5550100")
    silent = r'class="flag no-voice">([^<]*)<'
    record = body(desk.get(address(row)))
    bar = record.partition('class="record-bar')[2].partition("</p>")[0]
    assert re.findall(silent, record) == ["Do not leave a voice message"] * 2
    assert re.findall(silent, bar) == ["Do not leave a voice message"]
    after_number = record.partition('class="call-number"')[2].partition('class="summary-row')[2].partition("</div>")[0]
    assert re.findall(silent, after_number) == ["Do not leave a voice message"]
    assert re.findall(silent, body(desk.get(QUEUE))) == ["no voice message"]


@pytest.mark.parametrize("given", [{"phone": "5550100", "voicemail_ok": "on"}, {"contact_by": "email"}])
def test_where_one_may_be_left_or_there_is_no_number_nothing_forbids_it(desk: Client, given: dict[str, str]) -> None:
    row = ingested(**given)
    assert "no-voice" not in body(desk.get(address(row))) + body(desk.get(QUEUE))


def test_an_amber_request_is_not_painted_as_an_emergency(desk: Client) -> None:
    row = ingested(screening_operation="talk")
    assert '<ul class="call-flags call-flag-amber">' in body(desk.get(address(row)))
    assert flags_of(desk, row) == [("flag-amber", OPERATION.replace("Amber:", "Amber: note it."))]
    css = CSS.read_text(encoding="utf-8")
    plain, emergency = (
        css.partition(f"\n{rule} {{")[2].partition("}")[0] for rule in (".call-flags", ".call-flag-urgent")
    )
    assert ["--emergency" in rule for rule in (plain, emergency)] == [False, True]


def test_a_flag_whose_answer_was_changed_since_is_explained(desk: Client) -> None:
    row = ingested(screening_operation="yes")
    asking.request(screening_operation="talk")
    red = "Red: a clinician first, don’t book. An answer that was changed since raised it."
    assert flags_of(desk, row) == [("flag-red", red), ("flag-amber", OPERATION)]


def test_who_left_no_number_is_not_called_but_written_to(desk: Client) -> None:
    row = ingested(contact_by="email")
    shown = plain_words(body(desk.get(address(row))))
    assert [words in shown for words in ("Look again at", "Look again then", "Write to them")] == [True] * 3
    assert not re.search("[Cc]all (back|then|again)", shown)
    at = next_monday(3).strftime("%Y-%m-%dT%H:%M")
    asked = plain_words(body(desk.post(address(row, "call_back"), {"at": at})))
    assert "Look again then, though the clinic is closed" in asked
    desk.post(address(row, "call_back"), {"at": at, "though_closed": "on"})
    for screen in (address(row), QUEUE):
        said = plain_words(body(desk.get(screen)))
        assert ("Look again Monday" in said, "Call again" in said) == (True, False), screen
    assert "Call again" not in plain_words(body(desk.get("/admin/")))


def test_who_left_a_number_is_called_back(desk: Client) -> None:
    shown = plain_words(body(desk.get(address(ingested(phone="212 555 0188")))))
    assert [words in shown for words in ("Call back at", "Call back then", "Write to them")] == [True, True, False]
