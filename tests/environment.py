"""Loaded before the settings: tests run on a data folder of their own, whatever the shell says."""

import atexit
import gc
import os
import shutil
import tempfile

URLS = ("DATABASE_URL", "CACHE_URL", "MEDIA_STORAGE_URL")
# With DJANGO, a `make run` in a test would install another Django below the run itself.
OF_THE_SHELL = ("SITE_URL", "SEAL_KEY_DIR", "DJANGO", *URLS)

for name in [name for name in os.environ if name.startswith("CLINIC_") or name in OF_THE_SHELL]:
    del os.environ[name]
for name in URLS:
    if f"TEST_{name}" in os.environ:
        os.environ[name] = os.environ[f"TEST_{name}"]
if "CACHE_URL" in os.environ:  # each process of the run has its own part of Redis: tests empty it
    os.environ["CACHE_URL"] += f"/{os.environ.get('PYTEST_XDIST_WORKER', 'gw0').removeprefix('gw')}"
os.environ["CLINIC_DATA_DIR"] = tempfile.mkdtemp(prefix="clinic-tests-")
atexit.register(shutil.rmtree, os.environ["CLINIC_DATA_DIR"], ignore_errors=True)


gc.set_threshold(20_000, 20, 50)  # as often as usual, it took a fifth of the time


def pytest_collection_finish() -> None:
    """Garbage is never looked for among what was imported."""
    gc.collect()
    gc.freeze()
