"""Wrong passwords slow down whoever types them, and nobody else; the owner is told once."""

from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from education.accounts.log_in import throttle
from education.accounts.models import User
from education.audit.models import AuditEvent
from education.core import sealing
from education.outbox.models import OutboxMessage
from tests.cast import PASSWORD, staff
from tests.queries import asked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_half_minute")]
SECRET = "JBSWY3DPEHPK3PXP"
SLOWED = "There were too many wrong attempts. Type a code of your second step too, or wait 5 minutes."
MISMATCH = "This username and password don’t belong together."
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def anna() -> User:
    user = staff("anna", "editor")
    User.objects.update(email="anna@clinic.test")
    totp.TOTP.activate(user, SECRET)
    return User.objects.get()


def code() -> str:
    return str(totp.format_hotp_value(totp.hotp_value(SECRET, next(totp.yield_hotp_counters_from_time()))))


def typed(password: str = PASSWORD, *, client: Client | None = None, name: str = "anna", **more: str) -> Any:
    where = {key: more.pop(key) for key in ("REMOTE_ADDR",) if key in more}
    return (client or Client()).post("/accounts/login/", {"login": name, "password": password, **more}, **where)


def counted(name: str = "anna", **where: str) -> None:
    """A wrong password, as the form counts it, without the page that says so: most of the time goes into pages."""
    request = RequestFactory().post("/accounts/login/", **where)
    request.user = AnonymousUser()
    throttle.Attempt(request, name)


def attack(times: int = 6, *, name: str = "anna", addresses: int = 1) -> Any:
    """The last of them is typed into the form."""
    where = [{"REMOTE_ADDR": f"203.0.113.{7 + number % addresses}"} for number in range(times)]
    for origin in where[:-1]:
        counted(name, **origin)
    return typed("a wrong one", name=name, **where[-1])


def is_in(client: Client) -> bool:
    return client.get("/admin/jsi18n/").status_code == 200  # made faster than the desk


def test_the_number_of_minutes_stands_once() -> None:
    assert f"wait {settings.LOG_IN_PAUSE_MINUTES} minutes" in SLOWED


def test_who_types_wrong_passwords_is_slowed_down_even_with_the_right_one(anna: User) -> None:
    for _ in range(5):
        assert MISMATCH in typed("a wrong one", **ELSEWHERE).content.decode()
    assert SLOWED in typed("a wrong one", **ELSEWHERE).content.decode()
    client = Client()
    assert SLOWED in typed(client=client, **ELSEWHERE).content.decode()
    assert not is_in(client)


def test_the_owner_somewhere_else_notices_nothing(anna: User) -> None:
    attack(10)
    assert typed(REMOTE_ADDR="198.51.100.1")["Location"].startswith("/accounts/2fa/authenticate/")


def test_wrong_names_typed_at_the_address_that_all_staff_share_keep_nobody_out(anna: User) -> None:
    for number in range(12):
        counted(f"anna-{number}", REMOTE_ADDR="198.51.100.1")
    assert typed(REMOTE_ADDR="198.51.100.1")["Location"].startswith("/accounts/2fa/authenticate/")


def test_many_names_tried_from_one_address_are_slowed_together(anna: User) -> None:
    for number in range(19):
        counted(f"somebody-{number}", REMOTE_ADDR="198.51.100.1")
    pages = [typed(name=name, REMOTE_ADDR="198.51.100.1").content.decode() for name in ("the-20th", "the-21st")]
    assert [SLOWED in page for page in pages] == [False, True]


def test_many_addresses_are_slowed_together_and_the_owner_gets_in_with_password_and_code(anna: User) -> None:
    attack(26, addresses=13)
    client = Client()
    page = typed(client=client, REMOTE_ADDR="198.51.100.1").content.decode()
    assert SLOWED in page
    assert 'name="code"' in page
    assert typed(client=client, code=code(), REMOTE_ADDR="198.51.100.1")["Location"] == "/admin/"
    assert is_in(client)


def test_also_from_the_address_of_the_attack(anna: User) -> None:
    attack(10)
    client = Client()
    assert typed(client=client, code=code(), **ELSEWHERE)["Location"] == "/admin/"
    assert is_in(client)


@pytest.mark.parametrize(("password", "right"), [(PASSWORD, False), ("a wrong one", True)])
def test_while_slowed_a_wrong_code_reads_like_a_wrong_password(anna: User, password: str, right: bool) -> None:
    attack()
    client = Client()
    page = typed(password, client=client, code=code() if right else "000000", **ELSEWHERE).content.decode()
    assert "This username, password and code don’t belong together." in page
    assert not is_in(client)


def test_wrong_passwords_use_up_no_attempt_at_the_second_factor(anna: User) -> None:
    attack()
    for _ in range(8):
        typed("a wrong one", code="000000", **ELSEWHERE)
    assert typed(code=code(), REMOTE_ADDR="198.51.100.1")["Location"] == "/accounts/2fa/authenticate/"
    client = Client()
    attack(26, addresses=13)
    typed(client=client, code=code(), REMOTE_ADDR="198.51.100.2")
    assert is_in(client)


def test_a_known_device_is_let_through_while_everything_else_is_slowed(anna: User) -> None:
    known = Client()
    typed(client=known)
    known.post("/accounts/2fa/authenticate/", {"code": code()})
    assert is_in(known)
    known.post("/accounts/logout/")
    for number in range(40):  # from the address of the device too, and more than an address may post in a minute
        counted(REMOTE_ADDR=f"203.0.113.{number % 9}")
        typed("a wrong one", REMOTE_ADDR="127.0.0.1")
    assert typed(REMOTE_ADDR="127.0.0.1").status_code == 429
    assert typed(client=known)["Location"].startswith("/accounts/2fa/authenticate/")


def test_a_device_is_known_only_after_a_second_factor_and_until_the_password_changes(anna: User) -> None:
    client = Client()
    typed(client=client)
    assert "device" not in client.cookies
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    cookie = client.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert cookie["max-age"] > 100 * 86_400
    client.post("/accounts/logout/")
    anna.set_password("five wholly unrelated words now")
    anna.save()
    attack(26, addresses=13)
    assert SLOWED in typed(client=client).content.decode()


def test_the_cookie_of_a_known_device_opens_nothing(anna: User) -> None:
    owner, thief = Client(), Client()
    typed(client=owner)
    owner.post("/accounts/2fa/authenticate/", {"code": code()})
    thief.cookies["device"] = owner.cookies["device"].value
    assert thief.get("/admin/")["Location"].startswith("/accounts/login/")
    assert typed(client=thief)["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(thief)


def test_a_cookie_that_somebody_made_up_is_no_known_device(anna: User) -> None:
    client = Client()
    client.cookies["device"] = "eyJkZXZpY2UiOiJ4IiwiYWNjb3VudHMiOnsiMSI6IngifX0:1:x"
    attack()
    assert SLOWED in typed(client=client, **ELSEWHERE).content.decode()


def test_wrong_passwords_typed_elsewhere_do_not_keep_the_owner_from_confirming(anna: User) -> None:
    client = Client()
    client.force_login(anna)
    for _ in range(15):
        counted(REMOTE_ADDR="127.0.0.1")
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD})["Location"] == "/admin/"


def test_wrong_passwords_typed_into_an_open_session_are_limited_too(anna: User) -> None:
    client = Client()
    client.force_login(anna)
    for _ in range(6):
        page = client.post("/accounts/reauthenticate/", {"password": "a wrong one"}).content.decode()
    assert "Too many wrong attempts. Wait 5 minutes, then try again." in page
    assert typed(REMOTE_ADDR="198.51.100.1")["Location"].startswith("/accounts/2fa/authenticate/")


def test_the_owner_is_told_once_of_a_bout(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    attack(30, addresses=10)
    mail = OutboxMessage.objects.get()
    assert sealing.open_sealed(bytes(mail.recipient), bound_to=mail.key)["to"] == "anna@clinic.test"
    assert "Many wrong passwords were typed for your account, anna" in mail.body
    assert "a wrong one" not in mail.body
    assert "/setup/" not in mail.body
    assert AuditEvent.objects.filter(verb="log_in_slowed", about=f"staff:{anna.pk}").count() == 1
    cache.clear()  # long after
    attack()
    assert OutboxMessage.objects.count() == 2


def test_a_name_that_nobody_has_gets_the_same_words_and_the_same_work(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: passwords hashed, and queries."""
    hashed: list[int] = []
    encode = Argon2PasswordHasher.encode
    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given))
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *given: hashed.append(1) or verify(*given))

    def seen(name: str, address: str) -> list[tuple[bool, bool, int, int]]:
        found = []
        for number in range(9):
            hashed.clear()
            code = {"code": "000000"} if number == 8 else {}
            with CaptureQueriesContext(connection) as queries:
                page = typed("a wrong one", name=name, REMOTE_ADDR=address, **code).content.decode()
            found.append((MISMATCH in page, SLOWED in page, len(hashed), len(queries)))
        return found

    Client().get("/accounts/login/")  # the first page reads what all of them share
    known, unknown = seen("anna", "203.0.113.7"), seen("nobody", "203.0.113.8")
    first_slowed = 5  # the mail to the owner is one more row there
    del known[first_slowed], unknown[first_slowed]
    assert [step[:3] for step in known] == [step[:3] for step in unknown]
    assert all(abs(one[3] - other[3]) <= 1 for one, other in zip(known, unknown, strict=True)), (known, unknown)


def test_a_log_in_asks_the_database_little(anna: User) -> None:
    """All its counts are read together, and written together: before it was a hundred statements."""
    Client().get("/accounts/login/")
    assert asked(lambda: typed("a wrong one")) <= 24
    assert asked(typed) <= 40
