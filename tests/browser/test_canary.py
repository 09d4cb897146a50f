"""What a patient writes is found in no file that the site writes, however it goes wrong or is worked on."""

import base64
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.asking import FORM, button, heading, on_to, part, reference, stored, take_time
from tests.browser.canary import Canaries, files_at, search, written
from tests.browser.desk import confirm_if_asked
from tests.browser.furnish import CLINIC
from tests.browser.profiles import Desk, Visits
from tests.browser.sites import Site
from tests.server import manage, until

BORN = {"Day": "23", "Month": "November", "Year": "1937"}
BORN_WORDS = ["1937-11-23", "November 23, 1937", "23 November 1937", "23.11.1937"]
HONEYPOT = "Leave this field empty"


def fill_everything(page: Page, canaries: Canaries, round_name: str) -> None:
    """From the first part that shows to the last."""
    page.get_by_label("Someone else", exact=True).check()
    page.get_by_role("group", name="Whom may we call?").get_by_label("Me").check()
    page.get_by_label("Not yet", exact=True).check()
    hidden = page.locator("#consultation [name=share_pages]")
    hidden.evaluate("(field, words) => { field.value = words; }", canaries.words(f"share_pages, {round_name}"))
    for title in ("About the patient", "The patient’s health", "Your agreement", ""):
        for field in part(page).locator("input[type=text], input[type=tel], input[type=email], textarea").all():
            fill(field, canaries, round_name)
        if title:
            on_to(page, title)


def fill(field: Locator, canaries: Canaries, round_name: str) -> None:
    """Every field that takes words, the one for robots too."""
    name = str(field.get_attribute("name"))
    if name.startswith("date_of_birth"):
        field.fill(BORN[name.rpartition("_")[2].capitalize()])
    elif name == "email":
        field.fill(canaries.address(f"{name}, {round_name}"))
    elif name == "phone":
        field.fill(canaries.number())
    else:
        field.fill(canaries.words(f"{name}, {round_name}"))


def ask_the_long_way(page: Page, canaries: Canaries) -> str:
    """Through the error state and two rounds of Change; the reference."""
    page.goto(FORM)
    fill_everything(page, canaries, "first")
    button(page, "Check your answers").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    on_to(page, "Your agreement")
    page.get_by_label("I agree that the clinic keeps these answers").check()
    button(page, "Check your answers").click()
    expect(heading(page, "Check your answers")).to_be_visible()
    button(page, "Change your answers").click()
    fill_everything(page, canaries, "edited")
    button(page, "Check your answers").click()
    button(page, "Change your answers").click()
    on_to(page, "Your agreement")
    page.get_by_label(HONEYPOT).fill("")
    take_time(page)  # else it is kept as spam, and nobody is written to
    button(page, "Check your answers").click()
    button(page, "Send request").click()
    return reference(page)


def ask_like_a_robot(page: Page, canaries: Canaries) -> None:
    """The field for automatic senders stays filled in."""
    page.goto(FORM)
    fill_everything(page, canaries, "robot")
    page.get_by_label("I agree that the clinic keeps these answers").check()
    button(page, "Check your answers").click()
    button(page, "Send request").click()
    reference(page)


def send_what_is_refused(page: Page, canaries: Canaries, origin: str) -> None:
    """Too much, from elsewhere, as files, without a token, and in an address."""
    send = page.request.post
    ours = {"Origin": origin}
    assert send(FORM, form={"questions": canaries.words("far too much") * 200_000}, headers=ours).status == 413
    assert (
        send(FORM, form={"full_name": canaries.words("foreign")}, headers={"Origin": "http://elsewhere.test"}).status
        == 403
    )
    assert send(FORM, form={"full_name": canaries.words("without a token")}, headers=ours).status == 400
    file = FilePayload(name="notes.txt", mimeType="text/plain", buffer=canaries.words("a file").encode() * 1000)
    assert send(FORM, multipart={"main_reason": file}, headers=ours).status == 400
    assert page.request.get(f"/search/?q={quote(canaries.words('search'))}").ok
    assert page.request.get(f"/unknown/?full_name={quote(canaries.words('query of an unknown page'))}").status == 404


def work_through(page: Page, canaries: Canaries, sent: str) -> None:
    """Staff look for the request by name, open it, write notes and close it."""
    page.goto("/admin/education/consultationrequest/")
    page.get_by_role("searchbox").fill(canaries.marker + f"{canaries.names.index('full_name, edited') + 1:03}")
    button(page, "Search").click()
    page.get_by_role("link", name=sent).click()
    expect(page.get_by_text(canaries.marker).first).to_be_visible()
    note = page.get_by_role("textbox", name="Note")
    note.fill(canaries.words("note that is too long") * 400)
    button(page, "Add note").click()
    expect(page.get_by_role("alert").get_by_text("characters long")).to_be_visible()
    note.fill(canaries.words("note"))
    button(page, "Add note").click()
    page.get_by_text("Close it or mark it as spam…").click()
    page.get_by_label("Why is it closed?").select_option("Sent twice")
    button(page, "Close").click()
    expect(button(page, "Reopen")).to_be_visible()


def add_and_withdraw(page: Page, canaries: Canaries) -> None:
    """At the receipt: something added, then all of it taken back."""
    page.get_by_text("Add something to my request").click()
    page.get_by_label("What would you like to add?").fill(canaries.words("added at the receipt"))
    button(page, "Add this").click()
    expect(page.get_by_text("We have added your words.")).to_be_visible()
    page.get_by_text("Withdraw my request").click()
    page.get_by_label("The e-mail address or telephone number that you gave us").fill(canaries.number())
    button(page, "Withdraw and destroy my answers").click()
    expect(heading(page, "Your request is withdrawn")).to_be_visible()


def hand_over(page: Page, sent: str) -> None:
    """Copied for the chart, printed, exported as a file, and the person's own copy."""
    page.goto("/admin/education/consultationrequest/?status=closed")
    page.get_by_role("link", name=sent).click()
    record = page.url
    button(page, "Copy for the chart").click()
    expect(button(page, "Copy")).to_be_visible()
    page.goto("/admin/education/consultationrequest/export/")
    confirm_if_asked(page)
    page.get_by_label("Received from").fill("2020-01-01")
    page.get_by_label("What is it for?").select_option("A clinical audit or an inspection")
    with page.expect_download() as download:
        button(page, "Download the file").click()
    assert download.value.suggested_filename.endswith(".csv")
    download.value.delete()
    page.goto(record)
    page.get_by_role("link", name="Export or erase this person").click()
    expect(page).not_to_have_url(record)
    confirm_if_asked(page)
    page.get_by_label(sent, exact=True).check()
    with page.expect_download() as download:
        button(page, "Download everything as text").click()
    download.value.delete()


def back_up(site: Site) -> None:
    manage(site.data_dir, "seal_keys", "recovery")
    manage(site.data_dir, "backup", str(site.data_dir / "backups" / "by-hand.backup"))


def purge(site: Site, sent: str) -> None:
    """Its day has come: not even the sealed bytes stay in the pages that the database no longer uses."""
    sent = stored(sent)
    ((sealed,),) = site.rows("SELECT sealed FROM education_consultationrequest WHERE reference = ?", sent)
    middle = sealed[len(sealed) // 2 :][:64]
    database = sorted(site.data_dir.glob("clinic.sqlite3*"))
    assert any(middle in path.read_bytes() for path in database)
    site.change("UPDATE education_consultationrequest SET delete_after = '2020-01-01' WHERE reference = ?", sent)
    manage(site.data_dir, "purge_requests")
    assert not site.rows("SELECT 1 FROM education_consultationrequest WHERE reference = ?", sent)
    assert not any(middle in path.read_bytes() for path in database)


def test_no_canary_is_in_any_file(visit: Visits, site: Site, at_the_desk: Desk) -> None:
    began = time.time()
    canaries = Canaries()
    patient = visit(site)
    sent = ask_the_long_way(patient, canaries)
    ask_like_a_robot(patient, canaries)
    add_and_withdraw(patient, canaries)
    send_what_is_refused(patient, canaries, site.origin)
    assert until(site.has_worked_off_everything)  # only then is the request found by a name
    desk = at_the_desk()
    work_through(desk, canaries, sent)
    hand_over(desk, sent)
    back_up(site)
    assert until(site.has_worked_off_everything)
    purge(site, sent)
    files = list(written(site, began))
    assert any("clinic.sqlite3-wal" in where for where, _ in files)
    assert any("/mail/" in where for where, _ in files)
    assert any("by-hand.backup" in where for where, _ in files)
    finds = search(files, canaries.marker, canaries.digits, *BORN_WORDS)
    assert not finds, "\n".join(f"{canaries.name_of(f.excerpt)}: {f.form} in {f.where}" for f in finds)
    in_the_open = search(files, CLINIC["name"])
    assert "clinic.sqlite3" in " ".join(find.where for find in in_the_open), "The search finds nothing at all."


@pytest.mark.parametrize(
    ("form", "write"),
    [
        ("plain", lambda words: f"a name: {words}".encode()),
        ("plain", lambda words: words.upper().encode()),
        ("plain", lambda words: quote(words).encode()),
        ("base64", lambda words: base64.b64encode(f"x{words}y".encode())),
        ("base64", lambda words: base64.b64encode(f"xx{words}yy".encode())),
        ("base64", lambda words: base64.b64encode(f"xxx{words}yyy".encode())),
        ("UTF-16", lambda words: words.encode("utf-16")),
        ("hexadecimal", lambda words: words.encode().hex().encode()),
    ],
)
def test_the_search_would_find_a_canary(tmp_path: Path, form: str, write: Callable[[str], bytes]) -> None:
    canaries = Canaries()
    (tmp_path / "leak").write_bytes(write(canaries.words("name")))
    assert [find.form for find in search(files_at(tmp_path.rglob("*")), canaries.marker)] == [form]


def test_a_find_names_its_field() -> None:
    canaries = Canaries()
    canaries.words("name")
    leak = iter([("file", f"... {canaries.words('reason')} ...".encode())])
    assert [canaries.name_of(find.excerpt) for find in search(leak, canaries.marker)] == ["reason"]
