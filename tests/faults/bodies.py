"""Bodies that are far too large, whoever sends them, and what a site holds or writes because of them."""

import contextlib
import socket
from pathlib import Path

from tests.faults.wire import HOST
from tests.server import Run

FORM = b"POST /request-a-consultation/ HTTP/1.1\r\n"
MULTIPART = b"Content-Type: multipart/form-data; boundary=x\r\n"
URLENCODED = b"Content-Type: application/x-www-form-urlencoded\r\n"
HUGE = 300_000_000
PIECE = b"x" * 1_000_000
SENT = 100  # pieces: twice what may be held


def declared(kind: bytes) -> bytes:
    return FORM + HOST + kind + b"Content-Length: %d\r\n\r\n" % HUGE


def chunked(kind: bytes) -> bytes:
    return FORM + HOST + kind + b"Transfer-Encoding: chunked\r\n\r\n"


BODIES = {
    "urlencoded": (declared(URLENCODED), PIECE),
    "multipart": (declared(MULTIPART), PIECE),
    "chunked": (chunked(MULTIPART), b"%x\r\n%s\r\n" % (len(PIECE), PIECE)),
}


def send_on(connection: socket.socket, head: bytes, piece: bytes, pieces: int = SENT) -> None:
    """More than may be held, whatever the other side says."""
    with contextlib.suppress(OSError):
        connection.sendall(head)
        for _ in range(pieces):
            connection.sendall(piece)


def written(site: Run, folder: Path) -> int:
    """Bytes of the data folder, and of every open file that has no name any more.

    Without the pages that are kept on disk: after a start more of them come by themselves.
    """
    total = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):  # gone meanwhile
            total += file.stat().st_size if file.is_file() and folder / "pages" not in file.parents else 0
    for pid in site.members():
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                total += link.stat().st_size if "(deleted)" in str(link.readlink()) else 0
    return total


def memory(site: Run) -> int:
    """Bytes that all processes of the site have in memory."""
    pages = 0
    for pid in site.members():
        pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096
