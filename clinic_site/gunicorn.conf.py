"""How gunicorn serves the site. GUNICORN_CMD_ARGS may add to it, for example `--workers 4` on a larger machine."""

import ctypes
import gc
import os
import shutil
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.urls import get_resolver

from clinic_site.edge.server.stopping import reset_nobody_at_stop
from clinic_site.env import Env
from clinic_site.logs import FORMATTERS
from clinic_site.supervisor import STOP_SECONDS, end_with_parent

_env = Env(os.environ)
_host = _env.text("HOST", "127.0.0.1")
bind = f"{f'[{_host}]' if ':' in _host else _host}:{_env.number('PORT', 8000, low=1, high=65535)}"
worker_class = "clinic_site.edge.server.worker.EdgeWorker"
asgi_loop = "uvloop"
asgi_lifespan = "on"
http_parser = "python"  # the other one needs a compiler, which a clinic's machine may not have
workers = 2
worker_connections = 1000  # at this limit, the connection that has been idle longest is closed
preload_app = True  # the site is loaded once, and the workers share its memory
timeout = 30
graceful_timeout = STOP_SECONDS - 4  # the supervisor waits a little longer before it kills
keepalive = 5
accesslog = None  # an IP address and a time are already more than a clinic should keep about a reader
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # nosec B108  no disk to wait for
forwarded_allow_ips = ""  # which proxies to trust is set in one place: TRUSTED_PROXIES in settings.py

LARGE_BLOCK = 262_144  # bytes
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # in glibc's malloc.h


def on_starting(server: Any) -> None:
    """Load what the first visitor would wait for, then freeze it: the garbage collector would unshare its memory."""
    for _ in get_resolver().reverse_dict:
        break
    for counted in Path(settings.METRICS_DIR).glob("*.db"):
        counted.unlink(missing_ok=True)  # by the processes of the last run: figures begin at nought
    gc.collect()
    gc.freeze()
    reset_nobody_at_stop(server)
    on_reload(server)


def on_reload(server: Any) -> None:
    """gunicorn's own lines name the addresses of visitors and what they sent."""
    for handler in server.log.error_log.handlers:
        handler.setFormatter(FORMATTERS[settings.LOG_FORMAT]())


def on_exit(server: Any) -> None:
    if settings.METRICS_PORT:
        shutil.rmtree(settings.METRICS_DIR, ignore_errors=True)


def pre_fork(server: Any, worker: Any) -> None:
    connections.close_all()  # two processes must never use one connection


def post_fork(server: Any, worker: Any) -> None:
    end_with_parent(worker.ppid)
    _give_back_large_blocks()


def _give_back_large_blocks() -> None:
    """What a password's hash or a large body took goes back to the system when it is done. By itself glibc keeps it:
    each large block that is freed raises the size from which a block counts as large.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # elsewhere than on Linux with glibc, nothing has to be done or can be
        libc.mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)
        libc.mallopt(M_TRIM_THRESHOLD, LARGE_BLOCK)
        libc.mallopt(M_ARENA_MAX, 1)


def post_worker_init(worker: Any) -> None:
    # Ctrl-C reaches every process of the terminal, and gunicorn's master signals its workers as well. A worker that is
    # told twice at once hangs until it is killed.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
