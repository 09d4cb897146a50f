"""Production mode behind nginx with TLS: what visitors and staff get there."""

import pytest

from education.accounts.roles import ROLES
from tests.faults.furnish import SIGNED
from tests.faults.production import Site
from tests.faults.visitor import Visitor


def test_patients_read_over_https_and_are_sent_there(production: Site) -> None:
    assert production.proxy
    visitor = production.visitor()
    for path in ("/", SIGNED, "/request-a-consultation/"):
        page = visitor.get(path)
        assert page.status == 200
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert visitor.cookies == {}
    plain = Visitor(production.proxy.plain_port).get(SIGNED, Host="evil.test")
    assert (plain.status, plain.location) == (301, f"https://127.0.0.1{SIGNED}")
    assert "Strict-Transport-Security" not in plain.headers


@pytest.mark.parametrize("role", ROLES)
def test_each_role_logs_in_with_both_factors(either: Site, role: str) -> None:
    page = either.staff(role).get("/admin/")
    assert page.status == 200
    assert role in page.body


def test_cookies_are_for_https_only(production: Site) -> None:
    for name, line in production.staff("editor").given.items():
        assert "Secure" in line, name
        assert "SameSite" in line, name
        assert "HttpOnly" in line, name
