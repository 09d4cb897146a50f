"""Requests that no browser sends: what stands before the empty line, and the status that is due."""

from tests.faults.wire import HOST

ODD = {
    "a length and chunks": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        400,
    ),
    "two lengths": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nContent-Length: 4\r\n", 400),
    "a length of 5,000 digits": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: " + b"9" * 5000 + b"\r\n", 400),
    "a length of 4,000 digits": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: " + b"9" * 4000 + b"\r\n", 413),
    "two hosts": (b"GET / HTTP/1.1\r\n" + HOST + HOST, 400),
    "no host": (b"GET / HTTP/1.1\r\n", 400),
    "another's host": (b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n", 400),
    "a bare line feed": (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\nX: y\r\n", 400),
    "a folded header": (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n", 400),
    "a space before the colon": (b"GET / HTTP/1.1\r\nHost : 127.0.0.1\r\n", 400),
    "TRACE": (b"TRACE / HTTP/1.1\r\n" + HOST, 405),
    "CONNECT": (b"CONNECT 127.0.0.1:80 HTTP/1.1\r\n" + HOST, 405),
    "DELETE": (b"DELETE / HTTP/1.1\r\n" + HOST, 405),
    "another site's address": (b"GET http://elsewhere.example/ HTTP/1.1\r\n" + HOST, 400),
    "a control character": (b"GET /%0d%0aX:y HTTP/1.1\r\n" + HOST, 400),
    "a long address": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST, 414),
    "a long header": (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 20_000 + b"\r\n", 431),
}
