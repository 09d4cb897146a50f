"""Two hosts whose pictures are in one bucket: served at their own address, in backups, and back after a restore."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.faults.backups import KEY
from tests.faults.bucket import Bucket
from tests.faults.visitor import Visitor
from tests.server import Launcher, copied, manage, run_command

pytestmark = pytest.mark.s3
ADDS_A_PICTURE = "from tests import cast; print(cast.picture().name)"


@pytest.fixture
def bucket() -> Bucket:
    port = urlsplit(os.environ["TEST_MEDIA_STORAGE_URL"]).port
    assert port
    return Bucket(port, secrets.token_hex(6))


def test_pictures_in_a_bucket_are_served_by_each_host_kept_in_backups_and_restored(
    launch: Launcher, data_dir: Path, tmp_path: Path, bucket: Bucket
) -> None:
    settings = {"MEDIA_STORAGE_URL": bucket.address}
    key = KEY.search(manage(data_dir, "seal_keys", "recovery", **settings))
    assert key
    other = copied(data_dir, tmp_path / "other")
    name = manage(data_dir, "shell", "--no-imports", "-c", ADDS_A_PICTURE, **settings).strip()
    assert any(name in stored for stored in bucket.files())
    assert not (data_dir / "media").exists()

    site = Visitor(launch.serve(other, **settings).up().port)
    jpeg, webp, small = (f"pictures/{name}-{version}" for version in ("600.jpg", "480.webp", "480.jpg"))
    shown = site.get(f"/media/{jpeg}")
    assert (shown.status, shown.headers["Content-Type"], shown.content) == (200, "image/jpeg", bucket.read(jpeg))
    assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "img-src 'self' data:;" in f"{site.get('/').headers['Content-Security-Policy']};"

    backup, kept = tmp_path / "clinic-1.backup", bucket.read(webp)
    manage(data_dir, "backup", str(backup), **settings)
    bucket.empty()
    assert site.get(f"/media/{webp}").status == 404
    manage(tmp_path / "new", "restore", str(backup), typed=f"{key[1]}\n", **settings)
    assert site.get(f"/media/{webp}").content == kept != b""

    bucket.delete()
    away = site.get(f"/media/{small}")
    assert (away.status, away.headers["Cache-Control"]) == (503, "no-store")
    assert site.get("/").status == 200
    said = run_command(other, "doctor", **settings).stdout
    assert "WRONG pictures: The bucket of MEDIA_STORAGE_URL refuses (" in said
    assert "hidden" not in said
