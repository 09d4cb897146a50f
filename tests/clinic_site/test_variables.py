"""One list of variables, told three times; and a production that starts only when nothing is missing."""

import ast
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import django
import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import override_settings

from clinic_site.env import EnvError
from tests.clinic_site.production import COMPLETE
from tests.server import environment

ROOT = Path(__file__).resolve().parent.parent.parent
READERS = {
    *("raw", "text", "needed", "choice", "flag", "number", "names", "url", "zone"),
    *("web_address", "header", "second_place"),
}
WEB_SERVER_AND_WORKER = """\
import django
django.setup()
from clinic_site import urls
from clinic_site.edge import build
from education import worker
"""
NEEDED = sorted(set(COMPLETE) - {"CLINIC_MODE"})


def read_by(path: Path) -> set[str]:
    """Names handed to a reader of clinic_site/env.py."""
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    readers = (node for node in calls if isinstance(node.func, ast.Attribute) and node.func.attr in READERS)
    first = (node.args[0] for node in readers if node.args)
    return {node.value for node in first if isinstance(node, ast.Constant) and str(node.value).isupper()}


def read(tmp_path: Path, **values: str) -> dict[str, Any]:
    """The settings with these variables and no others of ours."""
    with mock.patch.dict(os.environ, {"CLINIC_DATA_DIR": str(tmp_path), **values}, clear=True):
        return runpy.run_path(str(ROOT / "clinic_site" / "settings.py"))


def refused(tmp_path: Path, **values: str) -> str:
    """What it says when it does not start."""
    with pytest.raises(EnvError) as error:
        read(tmp_path, **values)
    return str(error.value)


def test_settings_example_and_manual_list_the_same_variables() -> None:
    settings = read_by(ROOT / "clinic_site" / "settings.py")
    example = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    manual = (ROOT / "clinic_site" / "deploy" / "README.md").read_text()
    assert settings == example
    assert settings == set(re.findall(r"^\| `([A-Z_]+)` \|", manual, re.M))


def test_the_manual_says_what_two_clinics_on_one_machine_must_not_share() -> None:
    """Places, keys and addresses, but for a mail server, and for a CDN that is only told more than it has to know."""
    manual = (ROOT / "clinic_site" / "deploy" / "README.md").read_text()
    told = set(re.findall(r"`([A-Z_]+)`", manual.partition("must not be shared")[2].partition("\n\n")[0]))
    own = re.compile(r"(DIR|PORT|URL|KEY|FILE|PLACE|HOSTS)$")
    known = read_by(ROOT / "clinic_site" / "settings.py") - {"EMAIL_URL", "CDN_PURGE_URL"}
    assert told == {name for name in known if own.search(name)}


def test_no_other_file_reads_the_environment() -> None:
    allowed = {"env.py", "settings.py", "gunicorn.conf.py", "bootstrap.py", "manage.py", "wsgi.py", "asgi.py"}
    sources = [*(ROOT / "clinic_site").rglob("*.py"), *(ROOT / "education").rglob("*.py"), ROOT / "manage.py"]
    reads = re.compile(r"\bos\.environ\b|\bgetenv\b|from os import")
    assert [str(path) for path in sources if reads.search(path.read_text()) and path.name not in allowed] == []
    assert read_by(ROOT / "clinic_site" / "gunicorn.conf.py") == {"HOST", "PORT"}


def test_a_trial_needs_nothing(tmp_path: Path) -> None:
    assert read(tmp_path)["TRIAL"]


def test_a_network_of_proxies_is_one(tmp_path: Path) -> None:
    assert read(tmp_path, **COMPLETE, TRUSTED_PROXIES="172.18.0.0/16")["TRUSTED_PROXIES"] == ["172.18.0.0/16"]


def test_a_complete_production_starts(tmp_path: Path) -> None:
    found = read(tmp_path, **COMPLETE)
    assert not found["TRIAL"]
    assert found["STAFF_MAIL"] == ["desk@clinic.test", "second@clinic.test"]


@pytest.mark.parametrize("name", NEEDED)
def test_production_refuses_what_is_missing_or_a_placeholder(tmp_path: Path, name: str) -> None:
    without = {key: value for key, value in COMPLETE.items() if key != name}
    assert refused(tmp_path, **without).startswith(f"{name} is not set. ")
    assert refused(tmp_path, **{**COMPLETE, name: "<change-me>"}).startswith(f"{name} still holds a placeholder")


def test_the_example_file_as_it_stands_is_refused(tmp_path: Path) -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    assert "placeholder" in refused(tmp_path, **values)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "http://clinic.test"),
        ("SITE_URL", "https://"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "clinic.test, *"),
        ("SECRET_KEY", "short"),
        ("STAFF_SECRET_KEY", "short"),
        ("STAFF_SECRET_KEY", COMPLETE["SECRET_KEY"]),
        ("EMAIL_URL", "pigeon://loft"),
        ("EMAIL_URL", "consolemail://"),
        ("DATABASE_URL", "nonsense"),
        ("TIME_ZONE", "Nowhere/Land"),
        ("CLINIC_MODE", "test"),
        ("CLINIC_ROLE", "everything"),
        ("PORT", "0"),
        ("STAFF_MFA", "no"),
        ("INTAKE_LIMIT_PER_HOUR", "many"),
        ("TRUSTED_PROXIES", "127.0.0.1, nonsense"),
        ("BACKUP_SECOND_PLACE", "backups"),
        ("CDN_PURGE_URL", "api.fastly.com/service/1/purge"),
        ("CDN_PURGE_URL", "https://u:p@cdn.test/purge"),
        ("CDN_PURGE_HEADER", "secret"),
        ("CDN_PURGE_HEADER", "Key: secret\nX: y"),
    ],
)
def test_production_refuses_what_makes_no_sense(tmp_path: Path, name: str, value: str) -> None:
    assert refused(tmp_path, **{**COMPLETE, name: value}).startswith(name)


def test_the_keys_lie_in_the_data_folder_or_where_they_are_put(tmp_path: Path) -> None:
    assert read(tmp_path / "data")["SEAL_KEY_DIR"] == tmp_path / "data" / "keys"
    apart = read(tmp_path / "data", SEAL_KEY_DIR=str(tmp_path / "apart" / "keys"))
    assert apart["SEAL_KEY_DIR"] == tmp_path / "apart" / "keys"
    assert apart["SECRET_KEY"] == (tmp_path / "apart" / "keys" / "secret_key").read_text().strip()


def test_the_staff_have_a_secret_of_their_own_or_use_the_one_of_the_site(tmp_path: Path) -> None:
    more = {**COMPLETE, "SECRET_KEY_FALLBACKS": "a former one"}
    assert read(tmp_path, **more)["STAFF_SECRETS"] == [COMPLETE["SECRET_KEY"], "a former one"]
    more |= {"STAFF_SECRET_KEY": "s" * 50, "STAFF_SECRET_KEY_FALLBACKS": "the staff's former one"}
    found = read(tmp_path, **more)
    assert found["STAFF_SECRETS"] == ["s" * 50, "the staff's former one"]
    assert found["SECRET_KEY_FALLBACKS"] == ["a former one"]


PRIVATE = ["seal_private_0123456789abcdef.pem", "index_key", "audit_key", "before-restore-1/index_key", "copy of a key"]


@pytest.mark.parametrize("private", PRIVATE)
@pytest.mark.parametrize("where", ["apart", "data/keys"])
def test_the_public_side_starts_only_where_it_can_read_no_private_key(tmp_path: Path, private: str, where: str) -> None:
    settings = {"CLINIC_ROLE": "public", "SEAL_KEY_DIR": str(tmp_path / "apart")}
    for public in ("seal_public_0123456789abcdef.pem", "recovery_public_01", "secret_key"):
        (tmp_path / "apart").mkdir(exist_ok=True)
        (tmp_path / "apart" / public).write_text("s" * 50)
    assert not read(tmp_path / "data", **settings)["SEAL_CAN_OPEN"]
    found = tmp_path / where / private
    found.parent.mkdir(parents=True, exist_ok=True)
    found.write_text("key")
    line = refused(tmp_path / "data", **settings)
    assert line.startswith(f"SEAL_KEY_DIR would let the public side read {found}. ")
    assert "Give it a folder with nothing but seal_public_….pem" in line
    for role in ("all", "staff", "worker"):
        assert read(tmp_path / "data", **settings | {"CLINIC_ROLE": role})["SEAL_CAN_OPEN"]
    with mock.patch("os.access", lambda path, mode: path != found):  # a file of another user
        assert not read(tmp_path / "data", **settings)["SEAL_CAN_OPEN"]


def test_a_secret_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(COMPLETE["SECRET_KEY"])
    without = {key: value for key, value in COMPLETE.items() if key != "SECRET_KEY"}
    found = read(tmp_path, **without, SECRET_KEY_FILE=str(tmp_path / "secret"))
    assert found["SECRET_KEY"] == COMPLETE["SECRET_KEY"]


def test_a_trial_answers_on_this_machine_only(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "clinic.test"):
        line = refused(tmp_path, HOST=host)
        assert line.startswith(f"HOST is '{host}'")
        assert "CLINIC_TRIAL_ANYWHERE=yes" in line
    assert read(tmp_path, HOST="0.0.0.0", CLINIC_TRIAL_ANYWHERE="yes")["HOST"] == "0.0.0.0"
    assert read(tmp_path, HOST="[::1]")["HOST"] == "::1"


@pytest.mark.parametrize(
    ("name", "plain", "encrypted"),
    [
        ("EMAIL_URL", "smtp://u:p@mail.clinic.test:25", "smtp+ssl://u:p@mail.clinic.test:465"),
        ("DATABASE_URL", "postgres://u:p@db.test/x", "postgres://u:p@db.test/x?sslmode=verify-full"),
        ("DATABASE_URL", "postgres://u:p@db.test/x?sslmode=prefer", "postgres://u:p@127.0.0.1/x"),
        ("CACHE_URL", "redis://cache.test:6379/0", "rediss://cache.test:6379/0"),
        ("MEDIA_STORAGE_URL", "s3+http://u:p@media.test:9000/x", "s3://u:p@media.test:9000/x?region=eu-north-1"),
        ("SEARCH_URL", "http://search.test:9200", "https://search.test:9200"),
        ("HEARTBEAT_URL", "http://u:p@watch.test/1", "https://u:p@watch.test/1"),
        ("CDN_PURGE_URL", "http://u:p@cdn.test/purge", "https://cdn.test/purge"),
    ],
)
def test_production_sends_nothing_unencrypted_to_another_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, plain: str, encrypted: str
) -> None:
    monkeypatch.setattr("clinic_site.env.find_spec", lambda name: name)  # as if requirements-scale.txt were installed
    line = refused(tmp_path, **{**COMPLETE, name: plain})
    assert line.startswith(f"{name} would send what it carries unencrypted over the network. ")
    assert ":p@" not in line
    assert not read(tmp_path, **{**COMPLETE, name: encrypted})["TRIAL"]


def mail_server(tmp_path: Path, address: str) -> list[Any]:
    """Whom Django would speak with, told by this address."""
    named = read(tmp_path, **{**COMPLETE, "EMAIL_URL": address})
    with override_settings(**{name: named[name] for name in named if name.startswith(("EMAIL_", "MAILERS"))}):
        server: Any = EmailMessage().get_connection() if django.VERSION < (6, 1) else mail.mailers.default
    return [server.host, server.port, server.username, server.password, server.use_tls, server.use_ssl, server.timeout]


def test_mail_goes_to_the_server_that_is_named(tmp_path: Path) -> None:
    said = mail_server(tmp_path, "smtp+tls://desk:a%2Fb@mail.clinic.test:587")
    assert said == ["mail.clinic.test", 587, "desk", "a/b", True, False, 20]


def test_a_mail_server_on_the_same_machine_needs_no_encryption(tmp_path: Path) -> None:
    assert mail_server(tmp_path, "smtp://localhost:25")[:2] == ["localhost", 25]


@pytest.mark.thorough
def test_what_no_variable_asks_for_is_not_loaded(tmp_path: Path) -> None:
    """It would take memory in each process: for a bucket and a search engine a sixth of all that a process has."""
    for name in ("boto3", "opensearchpy", "psycopg", "redis", "storages"):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name} is loaded')")
    own = environment(
        tmp_path / "data", 8000, PYTHONPATH=f"{tmp_path}:{ROOT}", DJANGO_SETTINGS_MODULE="clinic_site.settings"
    )
    done = subprocess.run([sys.executable, "-c", WEB_SERVER_AND_WORKER], env=own, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.returncode == 0
