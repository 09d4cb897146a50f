"""A clinic at work, as a trial and as it runs for patients: production mode behind nginx with TLS, real cookies,
somebody logged in for each role."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.cast import PASSWORD
from tests.faults.furnish import code
from tests.faults.nginx import Proxy, in_front_of
from tests.faults.visitor import Visitor
from tests.server import Launcher, Run, copied, free_port, manage

RECENT = 120  # seconds: well within the time after which the site asks for a password again, and past that of a code


@dataclass
class Site:
    """`port` is where visitors come in: nginx, or the site itself in a trial."""

    run: Run
    data_dir: Path
    port: int
    proxy: Proxy | None = None
    known: dict[str, tuple[Visitor, float]] = field(default_factory=dict)  # and when they logged in

    @property
    def is_production(self) -> bool:
        return self.proxy is not None

    def visitor(self, address: str = "127.0.0.1") -> Visitor:
        return Visitor(self.port, address)

    def staff(self, username: str) -> Visitor:
        """Somebody who logged in a moment ago with both factors. Not anew each time: a code works once."""
        visitor, since = self.known.get(username, (None, 0.0))
        if visitor is None or time.monotonic() - since > RECENT:
            visitor = self.log_in(username)
            self.known[username] = visitor, time.monotonic()
        return visitor

    def log_in(self, username: str, address: str = "127.0.0.1") -> Visitor:
        visitor = self.visitor(address)
        asked = visitor.send("/accounts/login/", {"login": username, "password": PASSWORD})
        assert (asked.status, asked.location) == (302, "/accounts/2fa/authenticate/"), asked.body
        done = visitor.send("/accounts/2fa/authenticate/", {"code": code()})
        if done.status != 302:  # the code ran out on its way
            done = visitor.send("/accounts/2fa/authenticate/", {"code": code()})
        assert (done.status, done.location) == (302, "/admin/"), done.body
        return visitor


def variables(data_dir: Path) -> dict[str, str]:
    """What production needs to be told. The secret is the one that `prepare` made up for this run."""
    return {
        "CLINIC_MODE": "production",
        "SITE_URL": "https://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECRET_KEY_FILE": str(data_dir / "keys" / "secret_key"),
        "EMAIL_URL": f"smtp+tls://site:a-password@127.0.0.1:{free_port()}",
        "MAIL_FROM": "site@clinic.test",
        "STAFF_MAIL": "desk@clinic.test",
        "TRUSTED_PROXIES": "127.0.0.1",
    }


def furnished(prepared: Path, folder: Path) -> None:
    """The data folder of both."""
    copied(prepared, folder)
    words = ("shell", "--no-imports", "-c", "from tests.faults.furnish import furnish; furnish()")
    manage(folder, *words, **variables(folder))


@contextmanager
def in_production(launcher: Launcher, original: Path, name: str, **more: str) -> Iterator[Site]:
    data_dir = copied(original, launcher.folder / name)
    run = launcher.serve(data_dir, **variables(data_dir) | more).up()
    with in_front_of(run.port, launcher.folder / f"{name}-nginx") as proxy:
        yield Site(run, data_dir, proxy.port, proxy)


@contextmanager
def in_trial(launcher: Launcher, original: Path, name: str, **more: str) -> Iterator[Site]:
    data_dir = copied(original, launcher.folder / name)
    run = launcher.serve(data_dir, **more).up()
    yield Site(run, data_dir, run.port)
