"""Loads the site once, then runs commands of manage.py in copies of itself: to load it takes most of their time.

Started by `tests.copies`, with the number of the socket on which orders come. A copy differs from `python manage.py …`
in two things. The modules are there already; the settings, which the environment decides, it reads anew. And pages that
it keeps for readers are compressed less well.
"""

import atexit
import gc
import json
import os
import runpy
import socket
import sys
import tempfile
import threading
import traceback
from importlib import import_module
from typing import Any, NoReturn

import django
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils.functional import empty
from holidays import country_holidays

from clinic_site.bootstrap import end_with_parent
from clinic_site.edge.page_cache import page

LARGEST = 200_000  # bytes of an order
QUICK = 4  # of the page cache: the best brotli takes longer than to render the page
# What most commands, the web server and the worker load beyond what Django sets up.
MODULES = (
    *("clinic_site.edge.build", "clinic_site.edge.server.stopping", "clinic_site.edge.server.worker"),
    *("clinic_site.supervisor", "clinic_site.urls", "clinic_site.watch", "education.worker"),
    *("education.accounts.log_in.carried", "django.core.cache.backends.db", "django.test"),
    *("gunicorn.app.wsgiapp", "gunicorn.arbiter", "prometheus_client.multiprocess", "uvloop"),
    *("whitenoise.middleware", "whitenoise.storage"),
)
Order = dict[str, Any]


def load() -> None:
    """What does not depend on the settings, or on those alone that are the same for all."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic_site.settings"
    gc.disable()  # as manage.py does; the app enables it
    django.setup()
    for name in MODULES:
        import_module(name)
    MigrationLoader(None, load=False).load_disk()
    country_holidays("US")  # loads all countries
    for _ in get_resolver().reverse_dict:
        break
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in folder.rglob("*.html"):
            get_template(str(path.relative_to(folder)))
    page.BROTLI_QUALITY = QUICK
    gc.collect()
    gc.freeze()


def in_a_copy(orders: socket.socket) -> Order:
    """Waits for orders. Returns in a copy only, with the order that is its own."""
    while True:
        message, files, _, _ = socket.recv_fds(orders, LARGEST, 3)
        if not message:
            sys.exit()
        order = json.loads(message)
        if not (between := os.fork()):
            _fork_for_the_tests()
            _report(orders, files, order)
            return order
        os.waitpid(between, 0)
        for file in files:
            os.close(file)


def _fork_for_the_tests() -> None:
    """Once the process between has ended, the copy is a child of the process that runs the tests."""
    between = os.getpid()
    if os.fork():
        os._exit(0)
    while os.getppid() == between:
        os.sched_yield()
    end_with_parent()


def _report(orders: socket.socket, files: list[int], order: Order) -> None:
    if order["own_session"]:
        os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    orders.send(str(os.getpid()).encode())
    orders.close()


def run(order: Order) -> None:
    os.environ.clear()
    os.environ.update(order["environment"])
    os.umask(order["umask"])
    tempfile.tempdir = None
    sys.argv = ["manage.py", *order["words"]]
    del sys.modules["clinic_site.settings"]
    settings._wrapped = empty
    vars(connections).pop("settings", None)
    connections.__init__()  # models ask for one while they are declared
    gc.disable = lambda: None  # manage.py would, until the site is loaded
    runpy.run_path("manage.py", run_name="__main__")


def status_of(end: SystemExit) -> int:
    if isinstance(end.code, str):
        sys.stderr.write(f"{end.code}\n")
    return end.code if isinstance(end.code, int) else int(end.code is not None)


def run_to_its_end(order: Order) -> NoReturn:
    """As Python ends by itself, but for taking apart all that is in memory: that takes longer than most commands."""
    status = 1
    try:
        run(order)
        status = 0
    except SystemExit as end:
        status = status_of(end)
    except BaseException:
        traceback.print_exc()
    finally:
        threading._shutdown()  # waits for the others
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status & 0xFF)


if __name__ == "__main__":
    load()
    run_to_its_end(in_a_copy(socket.socket(fileno=int(sys.argv[1]))))
