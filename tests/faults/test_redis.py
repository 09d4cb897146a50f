"""A site whose cache is on Redis, which is killed and comes back: log-in goes on, and so do its limits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import PASSWORD
from tests.faults.asking import NO_LIMIT, form_token, post
from tests.faults.production import Site, in_trial
from tests.redis import Server
from tests.server import Launcher, run_command, until

WRONG_PASSWORDS = 6  # one more than the limit


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    server.kill()


def guess(site: Site, times: int, address: str) -> str:
    """What somebody reads who types wrong passwords."""
    mallory = site.visitor(address)
    for _ in range(times):
        answer = mallory.send("/accounts/login/", {"login": "manager", "password": "a wrong one"})
    return answer.body


def doctor_of(site: Site, address: str) -> str:
    return run_command(site.data_dir, "doctor", CACHE_URL=address).stdout


def test_redis_dies_and_staff_log_in_patients_ask_and_guesses_are_counted(
    redis: Server, launch: Launcher, staffed: Path
) -> None:
    with in_trial(launch, staffed, "on-redis", CACHE_URL=redis.address, **NO_LIMIT) as site:
        site.log_in("editor")
        assert "wrong_password_here" in redis.holds()

        redis.kill()
        assert site.log_in("manager").get("/admin/").status == 200
        assert "too many wrong attempts" in guess(site, WRONG_PASSWORDS, "127.0.7.1")
        slowed = site.visitor("127.0.7.1").send("/accounts/login/", {"login": "manager", "password": PASSWORD})
        assert "/2fa/" not in slowed.location
        assert post(site.port, form_token(site.port), "Ana Ruiz").status == 303
        ready = site.visitor().get("/health/ready")
        assert (ready.status, "not ready" in ready.body) == (200, False)
        assert "Redis does not answer" in site.run.text()
        assert "Traceback" not in site.run.text()
        doctor = doctor_of(site, redis.address)
        assert "WRONG cache: Redis does not answer (ConnectionError)." in doctor
        assert "WRONG worker" not in doctor

        redis.start()
        assert until(lambda: guess(site, 1, "127.0.7.2") and "wrong_password_here" in redis.holds())
