"""`make test CACHE=redis`: the tests with log-ins counted on a Redis of their own, which is gone after the run.

`python -m tests.redis -m tests.postgres tests/accounts` runs what follows -m with it.
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from redis import Redis, RedisError

from clinic_site.bootstrap import end_with_parent, redis_program
from tests.server import ROOT, free_port, until


class Server:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"redis://127.0.0.1:{self.port}"
        self.client = Redis(port=self.port)
        self.start()

    def start(self) -> None:
        options = ["--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), *options], executable=redis_program(),
            stdout=subprocess.DEVNULL, start_new_session=True, preexec_fn=end_with_parent,
        )  # fmt: skip
        assert until(self.answers)

    def answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except (OSError, RedisError):
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def holds(self) -> str:
        """What the site holds there."""
        return " ".join(key.decode() for key in self.client.scan_iter())


def main(arguments: list[str]) -> int:
    end_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is ended then, too
    with tempfile.TemporaryDirectory(prefix="clinic-redis-") as name:
        server = Server(Path(name))
        try:
            tests = os.environ | {"TEST_CACHE_URL": server.address}
            command = [sys.executable, *arguments]
            return subprocess.run(command, cwd=ROOT, env=tests, preexec_fn=end_with_parent).returncode
        except KeyboardInterrupt:
            return 130
        finally:
            server.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
