"""What was once possible with a link, a name, a stolen row or a role, tried again on production mode behind nginx."""

import sqlite3
from contextlib import closing
from hashlib import sha256

from education.accounts.roles import ROLES
from tests.cast import PASSWORD
from tests.faults.asking import ANSWERS, FORM, TOKEN
from tests.faults.furnish import EVERYTHING
from tests.faults.production import Site
from tests.faults.visitor import CSRF, Visitor
from tests.server import until

QUEUE = "/admin/education/consultationrequest/"
EVIL = {"Origin": "https://evil.test", "Referer": "https://evil.test/", "Sec-Fetch-Site": "cross-site"}
HERS, HIS = {"full_name": "Ana Attacked", "email": "ana@attacked.test"}, {"email": "mallory@evil.test"}
SOON = 5  # seconds; one is promised, and a machine that runs other tests too is forgiven the rest
WRONG_PASSWORDS = 6  # one more than are looked at


def stored(site: Site, query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(f"file:{site.data_dir}/clinic.sqlite3?mode=ro", uri=True, timeout=60)) as database:
        return database.execute(query).fetchall()


def token_of(visitor: Visitor) -> str:
    found = TOKEN.search(visitor.get(FORM).body)
    assert found
    return found[1]


def asked(site: Site, address: str, name: str) -> int:
    """The number of a request that a patient has just sent from this address, of which nobody else sends one."""
    patient = site.visitor(address)
    sent = patient.post(FORM, ANSWERS | {"full_name": name, "token": token_of(patient)})
    digest = sha256(sent.location.split("/")[2].encode()).hexdigest()
    query = f"SELECT id FROM education_consultationrequest WHERE receipt_hash = '{digest}' AND ingested_at IS NOT NULL"
    assert until(lambda: stored(site, query))
    ((number,),) = stored(site, query)
    return int(number)


def token_from(staff: Visitor) -> dict[str, str]:
    found = CSRF.search(staff.get("/admin/").body)
    assert found
    return {"csrfmiddlewaretoken": found[1]}


def test_nobody_else_owns_what_a_patient_sends(production: Site) -> None:
    """A form of another website brings nothing in; who has the token of a form can't withdraw what was sent by it."""
    mallory, ana = production.visitor("127.0.4.1"), production.visitor("127.0.4.2")
    bait = token_of(mallory)
    page = ana.post(FORM, ANSWERS | HERS | {"token": bait}, **EVIL)
    assert page.status == 403
    assert bait not in page.body
    assert "Ana Attacked" not in page.body

    sent = ana.post(FORM, ANSWERS | HERS | {"token": bait})  # at the worst she has that form all the same
    assert sent.status == 303
    assert mallory.post(FORM, ANSWERS | HERS | HIS | {"token": bait}).location == sent.location
    refused = mallory.post(f"{sent.location}withdraw/", {"withdraw-contact": HIS["email"]})
    assert "Try the other one" in mallory.get(refused.location).body
    assert "Your request is withdrawn" not in ana.get(sent.location).body
    ana.post(f"{sent.location}withdraw/", {"withdraw-contact": HERS["email"]})
    assert "Your request is withdrawn" in ana.get(sent.location).body


def test_wrong_passwords_slow_down_whoever_types_them_and_not_the_owner(production: Site) -> None:
    manager = production.staff("manager")
    mallory = production.visitor("127.0.5.1")
    for _ in range(WRONG_PASSWORDS):
        answer = mallory.send("/accounts/login/", {"login": "manager", "password": "a wrong one"})
    assert "too many wrong attempts" in answer.body
    assert "/2fa/" not in mallory.send("/accounts/login/", {"login": "manager", "password": PASSWORD}).location
    owner = production.visitor("127.0.5.2")
    asked = owner.send("/accounts/login/", {"login": "manager", "password": PASSWORD})
    assert asked.location == "/accounts/2fa/authenticate/"
    assert manager.get("/admin/").status == 200


def test_a_copied_table_of_sessions_opens_nothing(production: Site) -> None:
    staff = production.staff(EVERYTHING)
    (name,) = [name for name in staff.cookies if name.endswith("sessionid")]
    rows = stored(production, "SELECT session_key, session_data FROM education_staffsession")
    assert rows
    for value in {part for row in rows for part in (row[0], row[0][:32], row[1])}:
        thief = Visitor(production.port, cookies={name: value})
        assert thief.get(QUEUE).location.startswith("/accounts/login/")
    assert staff.get(QUEUE).status == 200


def test_a_role_for_oneself_waits_for_a_second_administrator(production: Site) -> None:
    administrator, editor = production.staff("administrator"), production.staff("editor")
    ((number,),) = stored(production, "SELECT id FROM education_user WHERE username = 'administrator'")
    path = f"/admin/education/user/{number}/change/"
    wanted: dict[str, str | list[str]] = {
        "username": "administrator", "email": "", "is_active": "on", "roles": ["administrator", "clinician"]
    }  # fmt: skip
    assert editor.get(path).status == 403
    assert administrator.send(path, wanted).status == 302
    roles = "SELECT name FROM auth_group JOIN education_user_groups ON group_id = auth_group.id WHERE user_id = "
    assert stored(production, f"{roles}{number}") == [("administrator",)]


def test_no_role_reads_more_than_its_own_by_any_address_or_filter(production: Site) -> None:
    """Lists, records, files and print for each role, and filters and numbers that no screen offers."""
    number = asked(production, "127.0.6.1", "Rosa Roles")
    for role in ROLES:
        staff = production.staff(role)
        pages = {path: staff.get(path) for path in (QUEUE, f"{QUEUE}{number}/change/", f"{QUEUE}{number}/person/")}
        pages["print"] = staff.post(f"{QUEUE}{number}/print/", token_from(staff))
        may = [path for path, page in pages.items() if page.status == 200]
        assert may == ([QUEUE, f"{QUEUE}{number}/change/", "print"] if role in ("clinician", "intake") else []), role
        named = [path for path, page in pages.items() if path != QUEUE and "Rosa" in page.body]  # it may be elsewhere
        assert named == [path for path in may if path != QUEUE], role
        for path in ("user/?password__regex=^a", "article/?summary__regex=(a%2B)%2B$", f"article/{2**70}/change/"):
            page = staff.get(f"/admin/education/{path}")
            assert page.status in (302, 400, 403, 404), (role, path)
            assert page.seconds < SOON, (role, path)


def test_unlocking_sends_nothing_that_another_website_brought(production: Site) -> None:
    number, staff = asked(production, "127.0.7.1", "Lo Locked"), production.staff(EVERYTHING)
    note, own = f"{QUEUE}{number}/note/", token_from(staff)
    assert staff.post("/accounts/clock/lock/", own).status == 204
    try:
        page = staff.post(note, own | {"text": "Written elsewhere"}, **EVIL)
        assert page.status == 403
        assert "Written elsewhere" not in page.body
    finally:
        assert staff.post("/accounts/clock/unlock/", own | {"password": PASSWORD}).status == 204
    assert stored(production, f"SELECT count(*) FROM education_sealednote WHERE request_id = {number}") == [(0,)]
    assert staff.get("/admin/").status == 200
