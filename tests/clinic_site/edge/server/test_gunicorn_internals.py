"""What the edge uses of gunicorn without a promise: after an upgrade, each name that is missing or has changed."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gunicorn
import pytest
from gunicorn.app import wsgiapp
from gunicorn.arbiter import Arbiter
from gunicorn.asgi import protocol
from gunicorn.asgi.parser import PythonProtocol
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.sock import TCPSocket
from gunicorn.workers import gasgi

from clinic_site.edge.server import gunicorn_internals
from clinic_site.edge.server.gunicorn_internals import READ_IN_VERSION, Connection, Worker
from tests.each import of_each

ROOT = Path(__file__).resolve().parents[4]
SERVER = Path(gunicorn_internals.__file__).parent
METHODS = {
    protocol.ASGIProtocol: {
        "__init__": "(self, worker)",
        "connection_made": "(self, transport)",
        "connection_lost": "(self, exc)",
        "data_received": "(self, data)",
        "pause_writing": "(self)",
        "resume_writing": "(self)",
        "_on_headers_complete": "(self)",
        "_feed_callback_parser": "(self, data)",
        "_on_body": "(self, chunk)",
        "_on_message_complete": "(self)",
        "_arm_keepalive_timer": "(self)",
        "_will_close": "(self, request, response_requires_close)",
        "_send_response_start": "(self, status, headers, request, close=False)",
        "_serve_http_request": "(self, request, sockname, peername)",
        "_send_error_response": "(self, status, message, extra_headers=())",
        "_is_websocket_upgrade": "(self, request)",
        "_close_transport": "(self)",
        "_resume_reading": "(self)",
        "_safe_write": "(self, data)",
    },
    protocol.BodyReceiver: {"signal_disconnect": "(self)"},
    gasgi.ASGIWorker: {
        "__init__": "(self, *args, **kwargs)",
        "load_wsgi": "(self)",
        "init_process": "(self)",
        "handle_exit_signal": "(self)",
        "_serve": "(self)",
        "_shutdown": "(self)",
    },
    protocol: {"_get_cached_date_header": "()"},
    TCPSocket: {"__init__": "(self, address, conf, log, fd=None)"},
    wsgiapp: {"run": "(prog=None)"},
    Arbiter: {"stop": "(self, graceful=True)"},
}
ATTRIBUTES = {
    "a connection": (
        *("worker", "log", "app", "transport", "_keepalive", "_closed", "_awaiting_request", "_current_request"),
        *("_callback_parser", "_flow_control", "_request_ready", "_body_receiver", "_response_buffer"),
    ),
    "a connection's parser": ("_state", "_buffer", "is_chunked", "content_length"),
    "a connection's flow control": ("write_paused",),
    "the receiver of a body": ("_complete",),
    "a worker": ("asgi", "loop", "servers", "sockets", "alive", "worker_connections"),
    "a listener": ("sock",),
    "the master": ("systemd", "reexec_pid", "master_pid", "LISTENERS"),
    "gunicorn.asgi.protocol": ("_CACHED_SERVER_HEADER", "ASGIProtocol"),
    "gunicorn.workers.gasgi": ("ASGIProtocol", "ASGIWorker"),
}


class Transport:
    def get_extra_info(self, name: str) -> Any:
        return ("127.0.0.1", 1) if name in ("peername", "sockname") else None

    def set_write_buffer_limits(self, high: int) -> None:
        pass

    def write(self, data: bytes) -> None:
        self.written = data


class Loop:
    def create_task(self, coroutine: Any) -> None:
        coroutine.close()  # nothing is served here


@pytest.fixture
def own() -> Iterator[dict[str, Any]]:
    """One of each, as gunicorn itself makes it."""
    config = Config()
    config.set("http_parser", "python")  # as in gunicorn.conf.py
    worker = gasgi.ASGIWorker(0, 0, [], None, 30, config, Logger(config))
    worker.asgi, worker.loop = None, Loop()  # gunicorn sets both once it runs
    connection = protocol.ASGIProtocol(worker)
    connection.connection_made(Transport())
    listener = TCPSocket.__new__(TCPSocket)  # bound to no address
    listener.sock = None
    yield {
        "a connection": connection,
        "a connection's parser": connection._callback_parser,
        "a connection's flow control": connection._flow_control,
        "the receiver of a body": protocol.BodyReceiver(None, connection),
        "a worker": worker,
        "a listener": listener,
        "the master": Arbiter(SimpleNamespace(cfg=config)),
        "gunicorn.asgi.protocol": protocol,
        "gunicorn.workers.gasgi": gasgi,
    }
    worker.tmp.close()


@of_each([(owner, name, signature) for owner, names in METHODS.items() for name, signature in names.items()])
def test_a_function_is_there_with_the_parameters_it_had(case: tuple[Any, str, str]) -> None:
    owner, name, signature = case
    assert str(inspect.signature(getattr(owner, name))) == signature


@pytest.mark.parametrize("owner", ATTRIBUTES)
def test_every_attribute_is_there(own: dict[str, Any], owner: str) -> None:
    assert [name for name in ATTRIBUTES[owner] if not hasattr(own[owner], name)] == []


def test_what_they_hold_is_what_it_was(own: dict[str, Any]) -> None:
    assert isinstance(own["a connection's parser"], PythonProtocol)
    assert (own["a connection's parser"]._state, bytes(own["a connection's parser"]._buffer)) == ("request_line", b"")
    assert protocol._CACHED_SERVER_HEADER == b"Server: gunicorn/asgi\r\n"
    assert re.fullmatch(rb"Date: [^\r]* GMT\r\n", protocol._get_cached_date_header())
    assert "ASGIProtocol(self)" in inspect.getsource(gasgi.ASGIWorker._serve)  # the name that is given another class


def test_the_version_is_pinned_exactly_and_is_the_one_that_was_read() -> None:
    assert gunicorn.__version__ == READ_IN_VERSION
    assert READ_IN_VERSION in (gunicorn_internals.__doc__ or "")
    assert f"\ngunicorn=={READ_IN_VERSION} " in (ROOT / "requirements.in").read_text()
    for compiled in ("requirements.txt", "requirements-dev.txt"):
        assert f"\ngunicorn=={READ_IN_VERSION} " in (ROOT / compiled).read_text()


@pytest.mark.parametrize("ours", [Connection, Worker])
def test_no_public_name_of_ours_covers_one_of_gunicorns(ours: type) -> None:
    theirs = set(dir(ours.__mro__[1]))
    assert [name for name in vars(ours) if not name.startswith("_") and name in theirs] == []


def named() -> set[str]:
    everything = {name for names in METHODS.values() for name in names}
    return everything.union(*ATTRIBUTES.values())


def own_names(trees: list[ast.Module]) -> Iterator[str]:
    """Methods and attributes that our classes define."""
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.ClassDef):
            yield from (part.name for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef))
            yield from (
                part.target.id
                for part in node.body
                if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
            )


def test_this_list_names_all_that_is_used() -> None:
    """Whatever our classes ask of `self` or `super()` and do not define themselves is gunicorn's."""
    trees = [ast.parse(path.read_text()) for path in SERVER.glob("*.py")]
    attributes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    private = {node.attr for node in attributes if node.attr.startswith("_")}
    assigned = {node.attr for node in attributes if isinstance(node.ctx, ast.Store)}
    of_self = {node.attr for node in attributes if isinstance(node.value, ast.Name) and node.value.id == "self"}
    ours = {name for name in own_names(trees) if not name.startswith("_")}
    assert private - named() == set()
    assert of_self - ours - assigned - named() == set()


def test_no_other_module_reaches_into_gunicorn() -> None:
    for path in (ROOT / "clinic_site").rglob("*.py"):
        if path.name == "gunicorn_internals.py":
            continue
        tree = ast.parse(path.read_text())
        modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        modules += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
        used = {module for module in modules if module.split(".")[0] == "gunicorn"}
        assert used <= ({"gunicorn.app.wsgiapp"} if path.name == "supervisor.py" else set()), path
