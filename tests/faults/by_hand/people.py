"""The people of a stranger's run: who use the site in a browser while somebody else runs it."""

import re
import socket
import ssl
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from allauth.mfa.totp.internal import auth as totp

from tests.faults.asking import ANSWERS, FORM, TOKEN
from tests.faults.by_hand.machines import NAMES
from tests.faults.meanwhile import Meanwhile
from tests.faults.visitor import CSRF, Visitor
from tests.faults.wire import HttpsPort
from tests.screens import form_data

PASSWORD = "four words that nobody knows"


class Person(Visitor):
    """Somebody with a browser, who trusts the played authority."""

    def __init__(self, name: str, folder: Path, machine: str = "") -> None:
        super().__init__(HttpsPort(443))
        self.name, self.machine = name, machine or NAMES[name]
        self.trusts = ssl.create_default_context(cafile=str(folder / "world/ca.crt"))

    @property
    def host(self) -> str:
        return self.name

    def connected(self) -> socket.socket:
        plain = socket.create_connection((self.machine, 443), 30)
        return self.trusts.wrap_socket(plain, server_hostname=self.name)

    def sets_up(self, link: str) -> None:
        """Chooses a password and an authenticator app, by the link of `create_staff`."""
        path = link.partition(self.name)[2]
        assert self.send(path, {"password": PASSWORD}).status == 302
        app = "/accounts/2fa/totp/activate/"
        page = self.get(app).body  # each time with another secret
        shown, token = re.search(r'class="secret">([^<]+)', page), CSRF.search(page)
        assert shown
        assert token
        secret = re.sub(r"\s", "", shown[1])
        assert self.post(app, {"csrfmiddlewaretoken": token[1], "code": _code(secret)}).status == 302
        asked = self.get("/admin/").location
        assert self.send(asked, {"code": _code(secret, later=1)}).status == 302
        assert self.get("/admin/").status == 200

    def fills_in_the_profile(self) -> None:
        path = "/admin/education/clinicprofile/1/change/"
        page = self.get(path)
        data = form_data(page.body, "clinicprofile_form")
        typed = {"name": "Clinic by the Quillwater", "telephone": "212 555 0100", "email": "desk@quillwater.test"}
        typed |= {"opening_hours": "Monday to Friday, 9 to 5", "reply_promise": "We call within two working days."}
        data |= {name: [words] for name, words in typed.items()} | {"_save": ["Save"]}
        assert self.post(path, data).status == 302

    def asks(self, name: str) -> str:
        found = TOKEN.search(self.get(FORM).body)
        assert found, "the form is closed"
        sent = self.post(FORM, {**ANSWERS, "full_name": name, "token": found[1]})
        assert sent.status == 303, sent.body
        return sent.location


def _code(secret: str, later: int = 0) -> str:
    """What the app shows now, or when it changes next."""
    counter = int(time.time()) // 30 + later
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


class TwoVisitors(Meanwhile):
    """Who read and ask all the while, as far as they can; what failed."""

    def __init__(self, person: Callable[[], Person]) -> None:
        self.person, self.read, self.failed = person, 0, 0
        self.receipts: list[str] = []
        super().__init__(partial(self._go, asks=False), partial(self._go, asks=True))

    def _go(self, asks: bool) -> None:
        while not self.enough.wait(8 if asks else 0.2):
            try:
                if asks:
                    self.receipts.append(self.person().asks("Ana"))
                else:
                    assert self.person().get("/").status == 200
                    self.read += 1
            except (OSError, AssertionError) as error:
                sys.stdout.write(f"FAILED: {error!r:.300}\n")
                self.failed += 1
