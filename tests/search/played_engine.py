"""A server that speaks as much of OpenSearch as the site uses, and finds words as simply as can be."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.played import HERE, Quiet, running


class PlayedEngine(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(HERE, Handler)
        self.indexes: dict[str, dict[str, Any]] = {}  # documents by their id
        self.aliases: dict[str, str] = {}
        self.away = False
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def documents(self, name: str) -> dict[str, Any]:
        return self.indexes.get(self.aliases.get(name, name), {})

    def answer(self, method: str, path: str, body: str) -> tuple[int, Any]:
        self.asked.append(f"{method} {path}")
        first, _, rest = path.strip("/").partition("/")
        if first == "_alias":
            return (200 if rest in self.aliases else 404), {}
        if rest in ("_count", "_search") and first not in self.aliases:
            return 404, {"error": {"type": "index_not_found_exception"}, "status": 404}
        if method == "DELETE" or path.endswith("/_alias"):
            return 404, {"error": {}, "status": 404}
        return self.done(first, rest, body)

    def done(self, name: str, verb: str, body: str) -> tuple[int, Any]:
        verb, _, last = verb.partition("/")
        if verb == "":
            self.indexes[name] = {}
        elif verb == "_alias":
            self.aliases[last] = name
        elif verb == "_doc":
            self.documents(name)[last] = json.loads(body)
        elif verb == "_bulk":
            lines = [json.loads(line) for line in body.splitlines()]
            self.indexes[name] |= {head["index"]["_id"]: read for head, read in zip(*[iter(lines)] * 2, strict=True)}
            return 200, {"items": [{"index": {"status": 201}} for _ in lines[::2]], "errors": False}
        elif verb == "_count":
            return 200, {"count": len(self.documents(name))}
        elif verb == "_search":
            return 200, {"hits": {"hits": list(self.found(name, json.loads(body)["query"]["bool"]["must"]["match"]))}}
        return 200, {}

    def found(self, name: str, asked: dict[str, dict[str, str]]) -> Iterator[dict[str, Any]]:
        ((field, match),) = asked.items()
        end = "" if field == "_edgengrams" else r"\b"
        many = all if match.get("operator") == "and" else any
        for pk, document in self.documents(name).items():
            if many(re.search(rf"\b{word}{end}", document["words"]) for word in match["query"].split()):
                yield {"_id": pk, "_score": 1.0, "fields": {"pk": [pk]}}


class Handler(Quiet):
    server: PlayedEngine
    protocol_version = "HTTP/1.1"

    def any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.server.away:
            self.close_connection = True
            return
        status, said = self.server.answer(self.command, urlsplit(self.path).path, body)
        answer = b"" if self.command == "HEAD" else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = any  # noqa: N815


@contextmanager
def played() -> Iterator[PlayedEngine]:
    with running(PlayedEngine()) as server:
        yield server
