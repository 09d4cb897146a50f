"""How gunicorn serves the site. GUNICORN_CMD_ARGS may add to it, for example `--workers 4` on a larger machine."""

import gc
import os
import signal
from pathlib import Path
from typing import Any

from django.db import connections
from django.urls import get_resolver

from clinic_site.env import Env
from clinic_site.supervisor import STOP_SECONDS, end_with_parent

_env = Env(os.environ)
_host = _env.text("HOST", "127.0.0.1")
bind = f"{f'[{_host}]' if ':' in _host else _host}:{_env.number('PORT', 8000, low=1, high=65535)}"
worker_class = "clinic_site.edge.server.worker.EdgeWorker"
asgi_loop = "uvloop"
asgi_lifespan = "on"
http_parser = "python"  # the other one is built by a compiler, which a clinic's machine need not have
workers = 2
worker_connections = 1000  # beyond it, whoever has waited longest is let go
preload_app = True  # the site is loaded once and its memory shared
timeout = 30
graceful_timeout = STOP_SECONDS - 4  # the supervisor waits a little longer before it kills
keepalive = 5
accesslog = None  # an address and a time are already more than a clinic should keep about a reader
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  heartbeats; never waits for a disk
forwarded_allow_ips = ""  # whom to believe about https is for TRUSTED_PROXIES in settings.py to say


def on_starting(server: Any) -> None:
    """Load what the first visitor would wait for, then keep the collector off the pages that workers share."""
    for _ in get_resolver().reverse_dict:
        break
    gc.collect()
    gc.freeze()


def pre_fork(server: Any, worker: Any) -> None:
    connections.close_all()  # two processes must never use one connection


def post_fork(server: Any, worker: Any) -> None:
    end_with_parent(worker.ppid)


def post_worker_init(worker: Any) -> None:
    # Ctrl-C reaches every process of the terminal. gunicorn's master tells its workers to stop anyway; told twice at
    # once, a worker waits for itself until it is killed.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
