"""A stop under load: whoever has a connection is answered, whoever comes later is refused, and nobody is reset.

The kernel takes connections in before the site does, and by then a reader has often sent the request. When a socket
that listens is closed, the kernel resets all that wait there. So before gunicorn's master stops, it lets nobody new in
and waits until its workers have taken those who were. Where somebody else goes on listening on the same socket, such as
systemd, nobody is reset, and the socket stays as it is.
"""

import ctypes
import socket
import struct
import sys
import time
from typing import Any

WAIT_SECONDS = 2.0  # for the workers to take what waits: workers that hang may not hold up the stop
TICK_SECONDS = 0.05
SO_ATTACH_FILTER = 26  # Linux; Python has no name for it
# The filter sees each packet from its TCP header on. It drops packets that ask for a new connection. Their sender tries
# again after a second, and is then refused, or finds the next server. All other packets pass, as some connections are
# only half made.
NOBODY_NEW = (
    (0x30, 0, 0, 13),  # load byte 13, the flags
    (0x54, 0, 0, 0b10010),  # of these, ACK and SYN
    (0x15, 0, 1, 0b00010),  # SYN without ACK?
    (0x06, 0, 0, 0),  # yes: drop it
    (0x06, 0, 0, 0xFFFFFFFF),  # no: keep all of it
)
UNACCEPTED = struct.Struct("24xI")  # tcpi_unacked in TCP_INFO of a socket that listens


def reset_nobody_at_stop(arbiter: Any) -> None:
    """`arbiter` is gunicorn's master. It has no hook before it stops."""
    stop = arbiter.stop

    def prepared_stop(graceful: bool = True) -> None:
        is_only_one = not arbiter.systemd and arbiter.reexec_pid == arbiter.master_pid == 0
        if is_only_one and sys.platform == "linux":
            drain([listener.sock for listener in arbiter.LISTENERS if listener.sock.family != socket.AF_UNIX])
        stop(graceful)

    arbiter.stop = prepared_stop


def drain(listeners: list[socket.socket]) -> None:
    """Let nobody new in, and wait until the workers have taken whoever was let in."""
    for listener in listeners:
        let_nobody_new_in(listener)
    deadline = time.monotonic() + WAIT_SECONDS
    while any(map(unaccepted, listeners)) and time.monotonic() < deadline:
        time.sleep(TICK_SECONDS)


def let_nobody_new_in(listener: socket.socket) -> None:
    steps = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in NOBODY_NEW))
    program = struct.pack("HL", len(NOBODY_NEW), ctypes.addressof(steps))
    listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)


def unaccepted(listener: socket.socket) -> int:
    """How many connections the kernel holds that no worker has taken yet."""
    found: int = UNACCEPTED.unpack(listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, UNACCEPTED.size))[0]
    return found
