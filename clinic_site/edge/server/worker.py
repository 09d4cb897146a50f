"""gunicorn's asgi worker with deadlines for slow connections and a limit to their number, which it does not have."""

import asyncio
import resource
from typing import Any

from clinic_site.edge.app import Edge
from clinic_site.edge.server.gunicorn_internals import Worker
from clinic_site.edge.server.protocol import EdgeProtocol

SWEEP_SECONDS = 1
DRAIN_SECONDS = 0.5


class EdgeWorker(Worker):
    """`now` is the event loop's time at the last sweep: exact enough for deadlines, and free to read."""

    connection_class = EdgeProtocol

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: dict[EdgeProtocol, None] = {}  # oldest first
        self.now = 0.0
        self.draining = False

    def load_wsgi(self) -> None:
        super().load_wsgi()
        if not isinstance(self.asgi, Edge):
            raise SystemExit("This configuration serves clinic_site.asgi: gunicorn -c … clinic_site.asgi")

    def init_process(self) -> None:
        """Allow as many open files as this user may have: each connection is one."""
        _, hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard_limit, hard_limit))
        super().init_process()

    def handle_exit_signal(self) -> None:
        """Drain first. A client that was just told "keep-alive" may be sending its next request already: for a moment
        connections stay open, and every response says that it is the last.
        """
        self.draining = True
        self.loop.call_later(DRAIN_SECONDS, super().handle_exit_signal)

    async def look_after_connections(self) -> None:
        """Once a second, cut each connection whose deadline has passed."""
        while True:
            self.now = self.loop.time()
            for connection in [found for found in self.connections if 0 < found.deadline < self.now]:
                connection.cut()
            await asyncio.sleep(SWEEP_SECONDS)

    def admit(self, connection: EdgeProtocol) -> None:
        """Take a connection in. At the limit, the one that has been idle longest makes room."""
        if len(self.connections) >= self.worker_connections:
            for other in self.connections:
                if other.awaits_request:
                    del self.connections[other]
                    other.transport.abort()
                    break
        self.connections[connection] = None
