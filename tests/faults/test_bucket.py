"""Two hosts whose pictures are in one bucket: served at their own address, in backups, and back after a restore."""

import os
import secrets
import shutil
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


def test_a_clinic_moves_its_pictures_into_a_bucket_and_back(data_dir: Path, bucket: Bucket) -> None:
    settings = {"MEDIA_STORAGE_URL": bucket.address}
    name = manage(data_dir, "shell", "--no-imports", "-c", ADDS_A_PICTURE).strip()
    folder = data_dir / "media" / "pictures"
    stored = {f"pictures/{path.name}": path.read_bytes() for path in folder.iterdir()}
    half = f"pictures/{name}-480.jpg"
    bucket.write(half, "what came before it was killed")  # and nothing of the others
    said = [manage(data_dir, "copy_pictures", **settings) for _ in range(2)]
    assert f"{len(stored)} copied to the bucket, 0 were there already" in said[0]
    assert f"0 copied to the bucket, {len(stored)} were there already" in said[1]
    assert {file: bucket.read(file) for file in bucket.files()} == stored

    shutil.rmtree(data_dir / "media")
    assert f"{len(stored)} copied to the media folder" in manage(data_dir, "copy_pictures", "--back", **settings)
    assert {f"pictures/{path.name}": path.read_bytes() for path in folder.iterdir()} == stored

    refused = run_command(data_dir, "copy_pictures").stderr
    assert "MEDIA_STORAGE_URL is not set: the pictures are in the media folder, and stay there." in refused
    bucket.delete()
    away = run_command(data_dir, "copy_pictures", **settings)
    assert away.returncode == 1
    assert "Not all were copied" in away.stderr
    assert "hidden" not in away.stderr + away.stdout
