"""What goes on in threads of their own until a block ends."""

import threading
from collections.abc import Callable
from typing import Self


class Meanwhile:
    """Each of these is called once, in a thread, and returns when `enough` is set."""

    def __init__(self, *does: Callable[[], None]) -> None:
        self.enough = threading.Event()
        self.threads = [threading.Thread(target=one) for one in does]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.enough.set()
        for thread in self.threads:
            thread.join()
