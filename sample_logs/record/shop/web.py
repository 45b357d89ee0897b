"""The HTTP side of every service: a request comes in, an answer goes out, a line goes to the log."""

from __future__ import annotations

import datetime as dt
import json
import logging
import socketserver
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from . import logs
from .tally import Tally

LARGEST_BODY = 1 << 16

log = logging.getLogger("http")


class ServiceError(Exception):
    """What a service cannot do; `status` is what the caller is told."""

    status = 500


@dataclass(frozen=True)
class Request:
    """A request: `path` has no query in it."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def route(self) -> tuple[str, ...]:
        """Method and path as one tuple, for `match`."""
        return (self.method, *self.path.strip("/").split("/"))


@dataclass(frozen=True)
class Answer:
    """An answer: a status and an object that is sent as JSON."""

    status: int
    body: dict[str, Any]


App = Callable[[Request], Answer]
Journal = Callable[[Request, Answer, float], None]


def unwritten(request: Request, answer: Answer, milliseconds: float) -> None:
    """Keep no journal: for what operators ask every few seconds."""


class Server(ThreadingHTTPServer):
    """Serves one app; a new version can listen beside the old one until that has finished.

    Parameters
    ----------
    port : int
        Port on the loopback address.
    app : callable
        From Request to Answer; what it raises is logged and becomes an answer.
    journal : callable
        Called after every answer with the request, the answer and the milliseconds it took.
    """

    daemon_threads = False  # closing waits for the requests underway
    allow_reuse_port = True
    request_queue_size = 128

    def __init__(self, port: int, app: App, journal: Journal = unwritten) -> None:
        self.app = app
        self.journal = journal
        self.tally = Tally()
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self) -> None:
        """Bind without asking the resolver for the name of the host, as the parent does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]


class Handler(BaseHTTPRequestHandler):
    """Turns one HTTP/1.0 request into a call of the app."""

    server: Server
    raised: BaseException | None = None

    def do_GET(self) -> None:
        """Answer a request."""
        began, at = time.monotonic(), dt.datetime.now(dt.UTC)
        logs.trace.set(self.headers.get("X-Trace-Id") or "-")
        request = self._request()
        answer = self._ask(request)
        self._send(answer)
        self.server.journal(request, answer, round(1000 * (time.monotonic() - began), 1))
        self.server.tally.note(request.path, at, self.raised)

    do_POST = do_DELETE = do_HEAD = do_PUT = do_GET  # noqa: N815

    def _request(self) -> Request:
        url = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY)
        body = json.loads(self.rfile.read(length)) if length else {}
        return Request(self.command, url.path, dict(parse_qsl(url.query)), body)

    def _ask(self, request: Request) -> Answer:
        try:
            return self.server.app(request)
        except Exception as error:
            log.exception("%s %s failed", request.method, request.path)
            self.raised = error
            return Answer(error.status if isinstance(error, ServiceError) else 500, {"error": str(error)})

    def _send(self, answer: Answer) -> None:
        payload = json.dumps(answer.body).encode()
        try:
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)
        except ConnectionError:
            log.warning("caller went away before the answer")

    def log_message(self, format: str, *args: object) -> None:
        """Leave out the line of the standard library: the journal has one in the style of the service."""
