"""The clinic's profile: asked for, checked, and never made up."""

import io
import re

import pytest
from django.conf import settings as site_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from education.audit.models import AuditEvent
from education.clinic.context import SharedRows
from education.clinic.models import EXPECTED, ClinicProfile
from education.consultations import mails
from education.images.pictures import TOO_MANY_BYTES
from education.outbox.models import OutboxMessage
from tests.cast import clara, clinic, logged_in, sign_words, staff
from tests.each import of_each
from tests.screens import body, plain_words

NO_EVIDENCE = "</svg> None</dt>"  # a grade, on the home page
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
FORM = "/admin/education/clinicprofile/1/change/"
FILLED = {
    "name": "Willow Clinic",
    "telephone": "+1 555 0100",
    "email": "hello@willow.test",
    "address": "1 Long Road",
    "opening_hours": "Monday to Friday, 9 to 5",
    "help_lines-0-kind": "emergency",
    "help_lines-0-call": "911",
    "reply_promise": "We reply within two working days.",
    "emergency_words": "Or go to the nearest emergency department.",
    "crisis_words": "You are not alone.",
    "country": "US",
    "reply_working_days": "2",
    "working_days": ["1", "2", "3", "4", "5"],
    "opens_at": "09:00",
    "closes_at": "17:00",
    "retention_days": "180",
    "review_months": "12",
    "accent": "#1d3557",
}


def png(size=(1200, 300)):
    data = io.BytesIO()
    Image.new("RGB", size, "navy").save(data, "PNG")
    return SimpleUploadedFile("My logo.png", data.getvalue())


def save(client, **changes):
    return client.post(FORM, {**FILLED, **changes})


def errors(response):
    assert response.status_code == 200, "expected the form again"
    return response.content.decode()


def test_the_list_redirects_to_the_one_form():
    client = logged_in(staff("anna", "manager"))
    assert client.get("/admin/education/clinicprofile/")["Location"] == FORM
    assert client.get(FORM).status_code == 200
    assert not ClinicProfile.objects.exists(), "looking must not write"


def test_each_part_of_the_form_is_one_click_away():
    shown = logged_in(staff("anna", "manager")).get(FORM).content.decode()
    parts = re.findall(r'<a href="#([^"]*-heading)">([^<]*)</a>', shown)
    assert {"How patients reach you", "Hours and days off"} <= {name for _, name in parts}
    for anchor, name in parts:
        assert re.search(rf'id="{anchor}"[^>]*>{name}<', shown), name


@pytest.mark.parametrize(
    ("country", "times"),
    [("US", "; only its times are all written in one way (such as “9 a.m.”)"), ("IE", "")],
)
def test_all_hours_stand_together_and_the_form_says_which_are_for_whom(country, times):
    clinic(opening_hours="Monday to Friday, 9 to 5", country=country)
    shown = body(logged_in(staff("anna", "manager")).get(FORM))
    part = shown.partition(">Hours and days off</h2>")[2].partition("</h2>")[0]
    for name in ("opening_hours", "working_days", "opens_at", "closes_at", "closed_on_holidays", "closed_days"):
        assert f'name="{name}"' in part, name
    words = plain_words(part)
    assert f"Patients read the first box in your own words{times}. From the days and times below it" in words
    assert words.count("“Open now”") == 1, "what the days and times are for is said once"
    assert re.search(r"The site says now:? (Open now, until|Closed now\. Open) ", words)


def test_saving_fills_the_one_row_and_records_the_names_of_its_fields():
    client = logged_in(staff("anna", "manager"))
    save(client)
    save(client, name="Willow House")
    assert ClinicProfile.objects.get().name == "Willow House"
    events = AuditEvent.objects.filter(verb="profile_changed").order_by("id")
    assert "telephone" in events[0].detail["fields"]
    assert events[1].detail == {"fields": "name"}
    assert "555" not in str([event.detail for event in events])


@pytest.mark.parametrize("role", ["editor", "clinician", "intake"])
def test_other_roles_may_not_edit_the_profile(role):
    assert save(logged_in(staff("anna", role))).status_code == 403
    assert not ClinicProfile.objects.exists()


def test_the_profile_can_not_be_added_twice_or_deleted():
    client = logged_in(staff("anna", "manager"))
    save(client)
    assert client.get("/admin/education/clinicprofile/add/").status_code == 403
    assert client.post("/admin/education/clinicprofile/1/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/education/clinicprofile/2/change/").status_code == 302
    with pytest.raises(Exception, match="only_one_clinic_profile"):
        ClinicProfile.objects.create(pk=2)


@of_each(
    [
        ("accent", "#ffd700", "Too light to read"),
        ("accent", "gold", "six hexadecimal digits"),
        ("telephone", "call us", "Use digits"),
        ("telephone", "212 555 018", "too few digits. Perhaps the area code is missing. Write it like"),
        ("telephone", "+999 123456789", "No country has the code"),
        ("telephone", "020 7946 0000 020 7946 0001", "a second number after a comma"),
        ("telephone", "<b>1</b>", "Use digits"),
        ("email", "nowhere", "Enter a valid e-mail address"),
        ("retention_days", "0", "greater than or equal to 1"),
        ("review_months", "37", "less than or equal to 36"),
        ("name", "x" * 121, "at most 120"),
    ]
)
def test_invalid_values_are_refused_with_an_explanation(case):
    field, value, words = case
    assert words in errors(save(logged_in(staff("anna", "manager")), **{field: value}))
    assert not ClinicProfile.objects.exists()


@of_each(
    [
        ("911", "US", {"tel:911": "911"}),
        ("+1 (555) 010-0100", "US", {"tel:+15550100100": "(555) 010-0100"}),
        ("(02) 9999 0000", "AU", {"tel:+61299990000": "(02) 9999 0000"}),
        ("+1 555 0100 ext 12", "US", {"tel:+15550100,12": "+1 555 0100 ext 12"}),
        ("212 555 0188 x12", "US", {"tel:+12125550188,12": "(212) 555-0188 ext. 12"}),
        ("+44 (0)20 7946 0000", "GB", {"tel:+442079460000": "020 7946 0000"}),
        ("+44 (0)20 7946 0000", "US", {"tel:+442079460000": "+44 20 7946 0000"}),
        (
            "01632 960000 / 960001",
            "GB",
            {"tel:+441632960000": "01632 960000", "tel:+441632960001": "01632 960001"},
        ),
    ]
)
def test_what_patients_read_and_what_they_dial_is_the_same_number(case, client):
    number, country, links = case
    save(logged_in(staff("anna", "manager")), telephone=number, country=country)
    telephone = client.get("/").content.decode().partition("<footer")[2].partition("Telephone:")[2].partition("</p>")[0]
    assert dict(re.findall(r'<a class="nowrap" href="(tel:[^"]+)">([^<]+)</a>', telephone)) == links


def test_mails_give_the_number_as_the_pages_do():
    save(logged_in(staff("anna", "manager")), telephone="01632 960000 / 960001", country="GB")
    mails.acknowledge("ABCD2345", "ana@example.org", due=timezone.now(), rows=SharedRows())
    assert "call 01632 960000 or 01632 960001 and give" in OutboxMessage.objects.get().body


def test_control_characters_between_words_become_spaces_and_lines():
    save(logged_in(staff("anna", "manager")), name="Willow\x1fHouse", address="1 Long Road\x0bAshford\u202e")
    clinic = ClinicProfile.objects.get()
    assert (clinic.name, clinic.address) == ("Willow House", "1 Long Road\nAshford")


# What is unset


def test_an_empty_profile_lists_every_missing_field_and_invents_nothing():
    clinic = ClinicProfile.load()
    assert [wanted.field for wanted in clinic.missing_fields()] == [wanted.field for wanted in EXPECTED]
    assert clinic.display_name == "This clinic"
    assert not clinic.ready_for_requests
    texts = ("name", "telephone", "email", "address", "opening_hours", "help_lines", "emergency_words", "reply_promise")
    assert not any(getattr(clinic, field) for field in texts)


def test_a_complete_profile_has_no_missing_fields():
    save(logged_in(staff("anna", "manager")))
    assert ClinicProfile.as_written().missing_fields() == []
    assert ClinicProfile.load().ready_for_requests


def test_where_the_site_knows_no_lines_the_form_waits_until_those_of_the_clinic_are_signed():
    save(logged_in(staff("anna", "manager")), country="IN")
    assert not ClinicProfile.load().ready_for_requests
    sign_words(logged_in(clara()))
    assert ClinicProfile.load().ready_for_requests


@pytest.mark.parametrize("field", ["name", "telephone"])
def test_the_request_form_needs_name_and_telephone(field):
    save(logged_in(staff("anna", "manager")), **{field: ""})
    assert not ClinicProfile.load().ready_for_requests


def test_the_request_form_needs_whom_to_call_in_an_emergency():
    crisis_only = {"help_lines-0-kind": "crisis", "help_lines-0-label": "Lifeline", "emergency_words": ""}
    save(logged_in(staff("anna", "manager")), **crisis_only)
    sign_words(logged_in(clara()))
    assert not ClinicProfile.load().ready_for_requests


@of_each(["/", "/search/", "/a-z/", "/request-a-consultation/", "/no-such-page/"])
def test_without_a_telephone_number_none_is_shown_anywhere(path, client):
    page = client.get(path).content.decode()
    assert 'href="tel:' not in page
    assert "None" not in re.sub(r"<[^>]+>", " ", page.replace(NO_EVIDENCE, ""))


def test_a_telephone_number_without_area_code_is_shown_as_it_was_typed(client):
    save(logged_in(staff("anna", "manager")))
    page = client.get("/").content.decode()
    assert 'href="tel:+15550100"' in page
    assert "+1 555 0100" in page


# Accent


def test_the_default_accent_adds_no_style(client):
    assert not ClinicProfile.load().has_custom_accent
    assert "html:root" not in client.get("/").content.decode()


def test_a_chosen_accent_is_used_in_both_themes(client):
    save(logged_in(staff("anna", "manager")))
    page = client.get("/").content.decode()
    assert re.search(
        r"html:root { --accent: #1d3557; --accent-dark-theme: #[0-9a-f]{6}; --deep-light: .* }</style>", page
    )
    assert "/theme.css" not in page
    theme = client.get("/theme.css")  # the staff area's, whose styles are files
    assert theme["Content-Type"] == "text/css; charset=utf-8"
    assert re.fullmatch(r"html:root { --accent: #1d3557; (--[a-z-]+: #[0-9a-f]{6}; ){7}}\n", theme.content.decode())
    assert client.get("/theme.css", headers={"If-None-Match": theme["ETag"]}).status_code == 304
    assert not theme.cookies


# Logo


def logo_path():
    return ClinicProfile.load().logo_url


def logos():
    """The files that are stored."""
    return default_storage.listdir("logo")[1]


def test_a_logo_is_re_encoded_cached_and_shown(client):
    manager = logged_in(staff("anna", "manager"))
    save(manager, new_logo=png())
    clinic = ClinicProfile.load()
    assert (clinic.logo_width, clinic.logo_height) == (640, 160)
    assert "The picture was changed. It had " in manager.get(FORM).content.decode()
    assert re.fullmatch(r"/media/logo/[0-9a-f]{16}\.png", logo_path())
    assert f'<img src="{logo_path()}" width="640" height="160"' in manager.get(FORM).content.decode()
    answer = client.get(logo_path())
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not answer.cookies
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (640, 160)
    assert logo_path() in client.get("/").content.decode()


def test_a_new_logo_replaces_the_old_file(django_capture_on_commit_callbacks):
    client = logged_in(staff("anna", "manager"))
    save(client, new_logo=png())
    old = logo_path()
    with django_capture_on_commit_callbacks(execute=True):
        save(client, new_logo=png())
    assert logo_path() != old
    assert client.get(old).status_code == 404
    assert len(logos()) == 1


def test_a_logo_can_be_removed(django_capture_on_commit_callbacks):
    client = logged_in(staff("anna", "manager"))
    save(client, new_logo=png())
    with django_capture_on_commit_callbacks(execute=True):
        save(client, remove_logo="on")
    assert logo_path() == ""
    assert logos() == []


def test_saving_without_choosing_a_logo_keeps_it():
    client = logged_in(staff("anna", "manager"))
    save(client, new_logo=png())
    old = logo_path()
    save(client)
    assert logo_path() == old


@pytest.mark.parametrize("path", ["x.png", "..%2Fclinic.sqlite3", "../keys/secret_key", "%2e%2e/x.png"])
def test_no_other_file_of_the_media_folder_is_served(path):
    client = logged_in(staff("anna", "manager"))
    save(client, new_logo=png())
    default_storage.save("logo/x.png", ContentFile(b"private"))
    assert client.get(f"/media/logo/{path}").status_code == 404


def test_a_logo_whose_file_is_missing_is_not_found():
    client = logged_in(staff("anna", "manager"))
    save(client, new_logo=png())
    default_storage.delete(f"logo/{logos()[0]}")
    assert client.get(logo_path()).status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<script>alert(1)</script>", "This is not a picture we can read"),
        (b"x" * (site_settings.MAX_UPLOAD_MB * 1_000_000 + 1), TOO_MANY_BYTES),
    ],
    ids=["html", "heavy"],
)
def test_a_bad_logo_is_refused_and_nothing_is_saved(data, words):
    response = save(logged_in(staff("anna", "manager")), new_logo=SimpleUploadedFile("logo.png", data))
    assert words in errors(response)
    assert not ClinicProfile.objects.exists()


def test_a_folder_that_cannot_be_written_to_keeps_the_form_and_the_old_logo(settings):
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {"default": files}  # also in a run that has a bucket
    client = logged_in(staff("anna", "manager"))
    save(client, new_logo=png())
    old, settings.MEDIA_ROOT = logo_path(), "/dev/null"  # nobody, not even root, may make a file in it
    response = save(client, new_logo=png(), directions="Behind the church.")
    assert response.status_code == 507
    assert "the site may not write into its own folder" in response.content.decode()
    assert "Behind the church." in response.content.decode()
    assert (logo_path(), ClinicProfile.load().directions) == (old, "")


def test_a_new_logo_and_no_logo_at_once_is_refused():
    assert "not both" in errors(save(logged_in(staff("anna", "manager")), new_logo=png(), remove_logo="on"))
