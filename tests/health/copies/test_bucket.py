"""A bucket as a second place. Amazon's is played by moto, in this process."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from education.consultations import erasures
from education.health import backups, inspection
from education.health.copies import actions
from tests.health.copies.test_second_place import kept
from tests.health.planted import Site

boto3 = pytest.importorskip("boto3")
moto_server = pytest.importorskip("moto.server")
NAME = f"clinic-{secrets.token_hex(4)}"  # in this process others may have buckets, too
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # as tests.health.conftest.site


@pytest.fixture
def bucket(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    server = moto_server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    here = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_DEFAULT_REGION": "us-east-1"}
    for name, value in (here | {"AWS_ENDPOINT_URL_S3": f"http://{host}:{port}"}).items():
        monkeypatch.setenv(name, value)
    site.settings.BACKUP_SECOND_PLACE = f"s3://{NAME}/backups"
    yield boto3.client("s3")
    server.stop()


def held(bucket: Any) -> dict[str, bytes]:
    listed = bucket.list_objects_v2(Bucket=NAME).get("Contents", [])
    return {each["Key"]: bucket.get_object(Bucket=NAME, Key=each["Key"])["Body"].read() for each in listed}


def test_what_is_kept_here_is_kept_in_the_bucket(site: Site, bucket: Any) -> None:
    here: Path = site.settings.BACKUP_DIR
    bucket.create_bucket(Bucket=NAME)
    large = kept(here, "clinic-1.backup", 29, os.urandom(9_000_000))  # in two parts
    bucket.put_object(Bucket=NAME, Key="backups/clinic-20200101-0200.backup", Body=b"past its time")
    bucket.put_object(Bucket=NAME, Key="clinic-20200101-0200.backup", Body=b"of somebody else")
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


def test_a_bucket_that_is_not_there_is_said(site: Site, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site.settings.BACKUP_SECOND_PLACE = "s3://no-such/backups"
    actions.bring_up_to_date()
    assert "s3://no-such/backups refuses (404)." in inspection.findings()["second place for backups"]
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    actions.bring_up_to_date()
    words = inspection.findings()["second place for backups"]
    assert "s3://no-such/backups can't be reached (EndpointConnectionError)." in words
    assert backups.problem() == ""
