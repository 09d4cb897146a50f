"""gunicorn's asgi worker, which by itself closes no slow connection and knows no limit to their number."""

import asyncio
import resource
import socket
from typing import Any

from gunicorn.workers import gasgi

from clinic_site.edge.app import Edge
from clinic_site.edge.server.protocol import EdgeProtocol

SWEEP_SECONDS = 1
LAST_ANSWERS_SECONDS = 0.5


class EdgeWorker(gasgi.ASGIWorker):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: dict[EdgeProtocol, None] = {}
        self.now = 0.0
        self.leaving = False

    def load_wsgi(self) -> None:
        super().load_wsgi()
        if not isinstance(self.asgi, Edge):
            raise SystemExit("This configuration serves clinic_site.asgi: gunicorn -c … clinic_site.asgi")

    def init_process(self) -> None:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        super().init_process()

    async def _serve(self) -> None:
        self.now = self.loop.time()
        sweeping = self.loop.create_task(self._sweep())
        try:
            await super()._serve()
        finally:
            sweeping.cancel()

    def handle_exit_signal(self) -> None:
        """Leave in two steps. Whoever has just been told that the connection stays may be sending on it already: for a
        moment it does stay, and every answer says that it is the last.
        """
        self.leaving = True
        self.loop.call_later(LAST_ANSWERS_SECONDS, super().handle_exit_signal)

    async def _shutdown(self) -> None:
        """Take in who has knocked already, and shut the door at once: whoever came between would be turned away."""
        knocked = [connection for listener in self.sockets for connection in waiting_at(listener.sock)]
        for server in self.servers:
            server.close()
        for connection in knocked:
            await self.loop.connect_accepted_socket(lambda: EdgeProtocol(self), connection)
        await super()._shutdown()

    async def _sweep(self) -> None:
        while True:
            self.now = self.loop.time()
            for connection in [found for found in self.connections if 0 < found.deadline < self.now]:
                connection.cut()
            await asyncio.sleep(SWEEP_SECONDS)

    def welcome(self, connection: EdgeProtocol) -> None:
        """Take a connection in. When there are as many as may be, the one that has waited longest makes room."""
        if len(self.connections) >= self.worker_connections:
            for other in self.connections:
                if other.waiting:
                    del self.connections[other]
                    other.transport.abort()
                    break
        self.connections[connection] = None


def waiting_at(listener: socket.socket) -> list[socket.socket]:
    """The connections that the kernel holds and nobody has taken yet."""
    found = []
    while True:
        try:
            found.append(listener.accept()[0])
        except OSError:
            return found


gasgi.ASGIProtocol = EdgeProtocol  # gunicorn has no setting for the class of its connections
