"""A bucket as a second place."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from education.consultations import erasures
from education.health import backups, inspection
from education.health.copies import actions
from tests.faults.bucket import Bucket
from tests.health.copies.test_second_place import kept
from tests.health.planted import Site

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.s3]  # as tests.health.conftest.site


@pytest.fixture
def bucket(site: Site, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    port = urlsplit(os.environ["TEST_MEDIA_STORAGE_URL"]).port
    assert port
    here = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_DEFAULT_REGION": "us-east-1"}
    for name, value in (here | {"AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{port}"}).items():
        monkeypatch.setenv(name, value)
    made = Bucket(port, f"clinic-{secrets.token_hex(4)}")
    site.settings.BACKUP_SECOND_PLACE = f"s3://{made.name}/backups"
    return made


def held(bucket: Bucket) -> dict[str, bytes]:
    return {name: bucket.read(name) for name in bucket.files()}


def test_what_is_kept_here_is_kept_in_the_bucket(site: Site, bucket: Bucket) -> None:
    here: Path = site.settings.BACKUP_DIR
    large = kept(here, "clinic-1.backup", 29, os.urandom(9_000_000))  # in two parts
    bucket.write("backups/clinic-20200101-0200.backup", "past its time")
    bucket.write("clinic-20200101-0200.backup", "of somebody else")
    for listed in ("AAAA2222 2026-01-31\n", "AAAA2222 2026-01-31\nBBBB3333 2026-02-01\n"):
        (here / erasures.FILE).write_text(listed)
        actions.bring_up_to_date()
    assert inspection.findings()["second place for backups"] == ""
    assert held(bucket) == {
        "clinic-20200101-0200.backup": b"of somebody else",
        "backups/clinic-1.backup": large.read_bytes(),
        "backups/clinic-x.backup": (here / "clinic-x.backup").read_bytes(),
        f"backups/{erasures.FILE}": listed.encode(),
    }


def test_a_bucket_that_is_not_there_is_said(site: Site, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    site.settings.BACKUP_SECOND_PLACE = "s3://no-such/backups"
    actions.bring_up_to_date()
    assert "s3://no-such/backups refuses (404)." in inspection.findings()["second place for backups"]
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    actions.bring_up_to_date()
    words = inspection.findings()["second place for backups"]
    assert "s3://no-such/backups can't be reached (EndpointConnectionError)." in words
    assert backups.problem() == ""
