"""The desk shows what waits, in plain words, to those who may act on it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from education.accounts.models import User
from education.articles.commenting.models import BlockComment
from education.audit.models import AuditEvent
from education.consultations.models import ConsultationRequest, IntakePause, SealedNote
from education.consultations.workflow import Flag, Status
from education.core import sealing
from education.glossary.models import Term
from education.health import backups, inspection
from education.health.checks import HEARTBEAT
from education.outbox.models import OutboxMessage
from tests.cast import article, clinic, logged_in, published, staff
from tests.desk.reading import desk
from tests.queries import asked
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db


def request(number=1, **fields):
    now = timezone.now()
    defaults = {
        "reference": f"ABCD{number:04}",
        "receipt_hash": f"{number:064}",
        "content_mac": "0" * 64,
        "sealed": b"sealed",
        "key_id": sealing.current_key_id(),
        "received_at": now,
        "due_at": now + timedelta(days=2),
        "delete_after": timezone.localdate() + timedelta(days=90),
    }
    return ConsultationRequest.objects.create(**(defaults | fields))


def test_new_requests_are_counted_and_each_link_leads_somewhere_else():
    request(1, received_at=timezone.now() - timedelta(days=2, hours=3))
    request(2)
    request(3, status=Status.CLAIMED)
    request(4, status=Status.CLOSED, closed_at=timezone.now())
    text = desk("intake")
    assert "2 wait for a first answer" in text
    assert "is urgent" not in text
    page = body(logged_in(staff("ben", "intake")).get("/admin/"))
    section = page[page.index("Next to answer") :].partition("</section>")[0]
    links = re.findall(r'<a[^>]* href="([^"]*)"', page.partition("tallies")[2].partition("</ul>")[0] + section)
    assert len(links) == len(set(links)) == 8


def test_what_may_be_spam_is_not_being_worked_on():
    request(1, status=Status.SUSPECT)
    text = desk("intake")
    assert "1 request that may be spam" in text


def test_urgent_ones_are_counted_first_and_need_a_clinician_too():
    request(1, flag=Flag.URGENT)
    request(2, flag=Flag.RED)
    request(3, flag=Flag.AMBER)
    client = logged_in(staff("anna", "intake"))
    page, queue = body(client.get("/admin/")), "/admin/education/consultationrequest/"
    tallies = page.partition('<ul class="tallies">')[2].partition("</ul>")[0]
    assert re.findall(r"<b>(\d)</b> <span>([^<]*)", tallies) == [
        ("1", "is urgent"),
        ("3", "wait for a first answer"),
        ("0", "are overdue"),
        ("2", "need a clinician first"),
    ]
    assert tallies.lstrip().startswith(f'<li class="alarming"><a href="{queue}?flag=3&amp;only=no-clinician">')
    shown = body(client.get(f"{queue}?flag=clinician-first"))
    assert [f"ABCD 000{number}" in shown for number in (1, 2, 3)] == [True, True, False]


def test_words_that_wait_for_a_signature_are_no_emergency():
    Term.objects.create(term="Titration", definition="Raising a dose step by step.")
    page = body(logged_in(staff("clara", "clinician")).get("/admin/"))
    assert "Words waiting for a signature" in page
    assert "desk-strong" not in page


def test_it_says_what_day_it_is_as_the_country_writes_it_and_whether_the_clinic_is_open():
    clinic(country="GB", opening_hours="Monday to Friday, 9 to 5")
    today = timezone.localdate()
    text = desk("intake")
    assert f"{today:%A}, {today.day} {today:%B %Y} · " in text
    assert re.search(r"· (Open now, until|Closed now\. Open) ", text)


def test_the_counts_at_its_head_lead_to_what_they_count():
    request(1, flag=Flag.RED)
    request(2, due_at=timezone.now() - timedelta(hours=1))
    page = logged_in(staff("anna", "intake")).get("/admin/").content.decode()
    queue = "/admin/education/consultationrequest/"
    assert f'<a href="{queue}?status=new"><b>2</b> <span>wait for a first answer</span></a>' in page
    assert f'<li class="alarming"><a href="{queue}?only=overdue"><b>1</b> <span>is overdue</span></a>' in page
    assert f'<a href="{queue}?flag=clinician-first"><b>1</b> <span>needs a clinician first</span></a>' in page
    assert "pages wait for review" not in page
    assert "0 pages wait for review" in desk("editor", username="ben")


def test_one_count_alone_is_a_line_and_no_box_in_a_row_of_one():
    """So it was for everybody who sees pages and no requests."""
    published("lupus")
    page = body(logged_in(staff("mona", "manager")).get("/admin/"))
    assert "1 page waits for review" in plain_words(page)
    assert 'class="tallies"' not in page


def test_who_is_next_to_answer_stands_there_as_in_the_queue_without_a_look_at_anything_sealed():
    request(1, email_mac="a")
    request(2, flag=Flag.RED, phone_mac="b")
    request(3, due_at=timezone.now() - timedelta(hours=1), status=Status.CLAIMED, email_mac="a", phone_mac="b")
    text = desk("intake")
    text = text[text.index("Next to answer") :]
    assert re.findall(r"ABCD 000(\d) .*? (Telephone and e-mail|Telephone|E-mail) ", text) == [
        *(("3", "Telephone and e-mail"), ("2", "Telephone"), ("1", "E-mail"))
    ]
    assert text.index("ABCD 0003") < text.index("ABCD 0002") < text.index("ABCD 0001")
    assert "Overdue since" in text
    assert not AuditEvent.objects.filter(verb__startswith="request").exists()


def test_whoever_may_need_help_at_once_is_not_said_to_be_due_in_two_days():
    request(1, flag=Flag.URGENT)
    request(2, flag=Flag.URGENT, status=Status.CONTACTED)
    assert re.search(
        r"ABCD 0001 Urgent: needs help now New Due now ABCD 0002 Urgent: needs help now Contacted Due \w{3},",
        desk("intake"),
    )


def test_the_desk_says_that_nobody_is_waiting():
    assert "Nobody is waiting." in desk("intake")


@pytest.mark.parametrize("role", ["editor", "manager", "administrator"])
def test_requests_are_not_even_counted_for_others(role):
    request(1)
    assert "Next to answer" not in desk(role)


def test_a_superuser_in_production_reads_nothing_about_requests(settings):
    request(1)  # a trial makes its key by itself
    settings.TRIAL = False
    page = logged_in(User.objects.create_superuser("root", "", "x")).get("/admin/").content.decode()
    assert "Next to answer" not in page


def test_drafts_and_unreviewed_pages_lead_to_their_forms():
    published("lupus")
    draft = article("fibromyalgia")
    page = logged_in(staff("anna", "editor")).get("/admin/").content.decode()
    assert f'/admin/education/article/{draft.pk}/change/">Fibromyalgia</a>' in page
    text = desk("editor", username="ben")
    assert "Drafts not yet published 1 Fibromyalgia" in text
    assert "Pages that no clinician has reviewed yet Lupus" in text


def test_what_waits_is_counted_once():
    """Nine pages were counted five times for who signs and answers calls alone: rail, head, and three headings."""
    for number in range(9):
        published(f"page-{number}")
        request(number, due_at=timezone.now() - timedelta(hours=1))
    text = plain_words(body(logged_in(staff("anna", "clinician", "intake")).get("/admin/")))
    assert re.findall(r"\b9 \w+ \w+", text) == ["9 wait for", "9 are overdue", "9 pages wait"]
    text = plain_words(body(logged_in(staff("ben", "manager")).get("/admin/")))
    assert re.findall(r"\b9\b \w+ \w+", text) == ["9 pages wait"]
    assert "See all of them on the review board" in text


def test_the_desk_says_that_everything_is_published():
    published("lupus")
    assert "Everything that was written is published." in desk("editor")


def test_a_long_list_is_cut_and_links_to_the_whole():
    for number in range(7):
        article(f"page-{number}")
    text = desk("editor")
    assert "Drafts not yet published 7 " in text
    assert "See all of them among the articles" in text


def test_what_the_profile_lacks_is_asked_for_by_name():
    page = logged_in(staff("anna", "manager")).get("/admin/").content.decode()
    assert (
        '/admin/education/clinicprofile/1/change/#id_telephone">A telephone number that patients may call</a>' in page
    )
    clinic(reply_promise="Soon.", opening_hours="Always")
    assert "Your profile still lacks" not in desk("manager", username="ben")


def test_others_are_not_asked_for_the_profile():
    assert "Your profile still lacks" not in desk("intake")


def test_in_production_the_desk_says_that_the_form_is_closed_and_what_opens_it(settings):
    settings.TRIAL = False
    assert "The request form is closed." in desk("manager")
    clinic()
    assert "The request form is closed." not in desk("manager", username="ben")


def test_what_the_doctor_says_has_days_and_times_as_the_country_writes_them():
    clinic(country="IE")
    caches["database"].set(HEARTBEAT, datetime(2026, 5, 4, 14, 30, tzinfo=UTC), timeout=None)
    with timezone.override("Europe/London"):
        assert "The worker has not been seen since 4 May 2026, 15:30." in desk("manager")


def test_the_desk_counts_mail_that_could_not_be_delivered():
    OutboxMessage.objects.create(key="k", recipient=b"x", state=OutboxMessage.FAILED, not_before=timezone.now())
    assert "1 mail could not be delivered." in desk("manager")


def test_first_steps_follow_the_roles_and_are_ticked_off():
    published("lupus")
    text = desk("editor", "manager")
    assert (
        "Give the site your clinic’s name Read a page as a patient does Change a word in it, sign it and publish it"
        in text
    )
    clinic()
    assert "Give the site your clinic’s name Done" in desk("manager", username="ben")
    assert "Change a word" not in desk("intake", username="ines")


def test_there_are_no_first_steps_and_no_examples_in_production(settings):
    settings.TRIAL = False
    assert "First steps" not in desk("intake", "editor", "manager")


def test_examples_can_be_loaded_once():
    client = logged_in(staff("anna", "intake"))
    assert "Load examples" in client.get("/admin/").content.decode()
    page = client.post("/admin/desk/load-examples/", follow=True).content.decode()
    assert ConsultationRequest.objects.exists()
    assert "Each is marked EXAMPLE" in page
    count = ConsultationRequest.objects.count()
    again = client.post("/admin/desk/load-examples/", follow=True).content.decode()
    assert "in the queue already" in again
    assert ConsultationRequest.objects.count() == count


def test_only_those_who_work_on_requests_load_examples_by_post_in_a_trial(settings):
    assert logged_in(staff("anna", "editor")).post("/admin/desk/load-examples/").status_code == 403
    client = logged_in(staff("ines", "intake"))
    assert client.get("/admin/desk/load-examples/")["Location"] == "/admin/"
    settings.TRIAL = False
    assert client.post("/admin/desk/load-examples/").status_code == 404
    assert not ConsultationRequest.objects.exists()


@pytest.mark.thorough
def test_everything_that_may_be_opened_is_listed_and_opens():
    published("lupus")
    client = logged_in(staff("anna", "editor", "clinician", "intake", "manager", "administrator"))
    page = client.get("/admin/").content.decode()
    listed = set(re.findall(r'href="(/admin/education/[^"#]*|/accounts/[^"]*)"', page))
    assert {"/admin/education/article/", "/admin/education/user/", "/accounts/2fa/"} <= listed
    for path in listed:
        assert client.get(path, follow=True).status_code == 200, path


def work(number):
    """A draft and a request that wait, each with a task of Anna that is open and one that is done."""
    now = timezone.now()
    draft, row = article(f"page-{number}"), request(number)
    for counted, done in enumerate([{}, {"done_by": "anna", "done_at": now}], start=1):
        task = {"task_for": "anna", "due_on": timezone.localdate(), **done}
        BlockComment.objects.create(article=draft, words="Look at it.", written_by="erin", written_at=now, **task)
        SealedNote.objects.create(
            request=row, number=counted, sealed=b"sealed", key_id=sealing.current_key_id(), created_at=now, **task
        )


def test_the_desk_makes_the_same_number_of_queries_however_much_waits():
    client = logged_in(staff("anna", "editor", "intake", "manager"))
    published("lupus")
    work(0)
    client.get("/admin/")  # the first visit also notes who is there
    few = asked(lambda: client.get("/admin/"))
    for number in range(1, 5):
        work(number)
    assert "Tasks for you 10 " in plain_words(body(client.get("/admin/")))
    assert asked(lambda: client.get("/admin/")) == few
    assert few <= 76


def test_the_page_runs_nothing_inline():
    page = logged_in(staff("anna", "editor")).get("/admin/").content.decode()
    assert not re.search(r"<script(?![^>]*src=)(?![^>]*nonce=)(?![^>]*application/json)[^>]*>", page)
    assert "style=" not in page
    assert "onclick" not in page


def test_whoever_keeps_the_site_reads_whether_the_server_is_well(monkeypatch):
    """Without a word of it nobody knows that anything looks."""
    monkeypatch.setattr(inspection, "for_desk", lambda *_: {})
    text = desk("manager")
    assert "This site The server runs as it should All mail is delivered The request form is open This trial" in text
    assert "This trial makes no backups." in text
    assert "manage.py" not in text
    monkeypatch.setattr(inspection, "for_desk", lambda *_: {"worker": "It has never run."})
    monkeypatch.setattr(backups, "newest", lambda: datetime(2026, 5, 4, 2, tzinfo=UTC))
    monkeypatch.setattr(backups, "none_in_a_trial", lambda: "")
    text = desk("administrator", username="ben")
    assert "Worker: It has never run." in text
    assert "This site What is wrong with the server is said above. The request form is open" in text
    assert "The request form is open Last backup: May 4, 2026, 2 a.m." in text
    assert "This site" not in desk("editor", username="cora")


@pytest.mark.parametrize(("check", "alarm"), [("worker", False), ("audit key", True)])
def test_who_is_next_to_answer_comes_before_what_can_wait_and_after_what_can_not(monkeypatch, check, alarm):
    monkeypatch.setattr(inspection, "for_desk", lambda *_: {check: "It is so."})
    text = desk("intake")
    assert text.count("Something is wrong with the server") == 1
    assert (text.index("Something is wrong") < text.index("Next to answer")) is alarm
    text = desk("manager", username="ben")  # who answers nobody
    assert text.index("Something is wrong") < text.index("This site What is wrong with the server is said above.")


def test_no_line_ends_within_a_date():
    IntakePause.objects.create(message="We are closed.")
    request(1)
    page = body(logged_in(staff("anna", "intake")).get("/admin/")).partition("<main")[2]
    today = timezone.localdate()
    assert page.count(f"{today:%B}\u00a0{today.day},\u00a0{today.year}") == 2
    assert not re.search(r"[a-z] \d{1,2},|\d [ap]\.m\.", page)
    row = page.partition('data-label="By when">')[2].partition("<")[0]
    assert re.fullmatch(r"Due \w{3}, \w+\xa0\d+, [\d:]+\xa0[ap]\.m\.", row), row


def test_whoever_answers_requests_reads_whether_the_form_is_open_and_mail_arrives(monkeypatch):
    monkeypatch.setattr(inspection, "for_desk", lambda *_: {})
    said = "This site Requests arrive as they should All mail is delivered The request form is open"
    assert said in desk("intake")
    IntakePause.objects.create(message="We are closed.")
    mail = OutboxMessage.objects.create(key="a", recipient=b"x", state="failed", not_before=timezone.now())
    text = desk("intake", username="ben")
    assert "1 mail could not be delivered The request form is paused" in text
    OutboxMessage.objects.filter(pk=mail.pk).update(state="waiting")
    assert "1 mail on the way" in desk("intake", username="cora")
