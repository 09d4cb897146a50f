"""`make test MEDIA=s3`: the tests about buckets, with one that is made for the run and gone after it.

`python -m tests.s3 --postgres` runs all that run on PostgreSQL with pictures in the bucket, or those that are named.
"""

import logging
import os
import subprocess
import sys
from pathlib import Path

from moto.server import ThreadedMotoServer

from clinic_site.bootstrap import end_with_parent
from tests.faults.bucket import Bucket
from tests.server import ROOT

ABOUT_BUCKETS = (
    "tests/images",
    "tests/clinic/test_profile.py",
    "tests/health/copies/test_bucket.py",
    "tests/faults/test_bucket.py",
)


ON_POSTGRES = "--postgres"


def main(arguments: list[str]) -> int:
    end_with_parent()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        bucket = Bucket(server.get_host_and_port()[1], "pictures")
        named = any(Path(word.partition("::")[0]).exists() for word in arguments)
        tests = os.environ | {"TEST_MEDIA_STORAGE_URL": bucket.address}
        runner = "tests.postgres" if ON_POSTGRES in arguments else "pytest"
        words = [word for word in arguments if word != ON_POSTGRES]
        which = [] if named or ON_POSTGRES in arguments else ABOUT_BUCKETS
        command = [sys.executable, "-m", runner, *which, *words]
        return subprocess.run(command, cwd=ROOT, env=tests, preexec_fn=end_with_parent).returncode
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
