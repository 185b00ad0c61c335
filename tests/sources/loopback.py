"""A web server on this machine that answers as it is told, and remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Reply:
    """What the server says.

    Attributes:
        pause: Seconds before it says so.
        length: What it claims to send; by default what it sends. None claims nothing.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: float = 0.0
    length: int | None = -1


@dataclass(frozen=True)
class Asked:
    """What the server was asked; names of headers in lower case."""

    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]


Script = Callable[[Asked], Reply]
NOT_FOUND = Reply(404, b"Resource not found.", {"Content-Type": "text/plain"})


class Loopback:
    """The server; ``routes`` says what stands under a path, a list one reply after the other."""

    def __init__(self) -> None:
        self.routes: dict[str, Reply | list[Reply] | Script] = {}
        self.otherwise: Script = lambda _: NOT_FOUND
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._server.server_port}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        found = self.routes.get(asked.path)
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if isinstance(found, Reply):
            return found
        return (found or self.otherwise)(asked)

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.01)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving() -> Iterator[Loopback]:
    server = Loopback()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


def _handler(server: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True)), headers)
            reply = server.reply(asked)
            time.sleep(reply.pause)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.length is not None:
                self.send_header("Content-Length", str(len(reply.body) if reply.length < 0 else reply.length))
            else:
                self.send_header("Connection", "close")
            self.end_headers()
            try:
                self.wfile.write(reply.body)
            except OSError:
                return  # the client had enough
            if reply.length != -1:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
