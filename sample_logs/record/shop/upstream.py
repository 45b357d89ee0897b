"""Calls from one service to another, with a time limit and, where wanted, a circuit breaker."""

from __future__ import annotations

import http.client
import json
import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

from . import logs
from .web import ServiceError

log = logging.getLogger("upstream")


class UpstreamError(ServiceError):
    """The other service answered with an error, or not at all."""

    status = 502


class UpstreamTimeout(UpstreamError):  # noqa: N818
    """The other service did not answer in time."""

    status = 504


class CircuitOpen(UpstreamError):  # noqa: N818
    """The other service failed so often that it is not asked for a while."""

    status = 503


@dataclass(frozen=True)
class Reply:
    """What the other service answered, with a status below 500."""

    status: int
    body: dict[str, Any]


class Breaker:
    """Opens after `limit` failures in a row, and closes again after `rest` seconds."""

    def __init__(self, limit: int = 5, rest: float = 10.0) -> None:
        self._limit = limit
        self._rest = rest
        self._failures = 0
        self._open_until = 0.0
        self._lock = threading.Lock()

    def check(self, name: str) -> None:
        """Raise `CircuitOpen` while it is open."""
        if time.monotonic() < self._open_until:
            raise CircuitOpen(f"circuit to {name} is open")

    def note(self, name: str, failed: bool) -> None:
        """Count an outcome."""
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            if self._failures < self._limit:
                return
            self._failures, self._open_until = 0, time.monotonic() + self._rest
        log.warning("circuit opened", extra={"fields": {"upstream": name, "seconds": self._rest}})


class Upstream:
    """Another service, as one of its callers sees it."""

    def __init__(self, name: str, port: int, timeout: float, breaker: Breaker | None = None) -> None:
        self._name = name
        self._port = port
        self._timeout = timeout
        self._breaker = breaker

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Reply:
        """Ask once; once more if the connection was refused or cut, as happens while a version is replaced."""
        if self._breaker:
            self._breaker.check(self._name)
        try:
            reply = self._checked(method, path, body)
        except UpstreamError:
            if self._breaker:
                self._breaker.note(self._name, failed=True)
            raise
        if self._breaker:
            self._breaker.note(self._name, failed=False)
        return reply

    def _checked(self, method: str, path: str, body: dict[str, Any] | None) -> Reply:
        where = path.partition("?")[0]
        try:
            reply = self._again(method, path, body)
        except TimeoutError:
            raise UpstreamTimeout(f"{self._name} gave no answer to {method} {where} in {self._timeout} s") from None
        except (OSError, http.client.HTTPException) as error:
            raise UpstreamError(f"{self._name} cut off {method} {where}: {type(error).__name__}") from None
        if reply.status >= 500:
            raise UpstreamError(f"{self._name} answered {reply.status} to {method} {where}")
        return reply

    def _again(self, method: str, path: str, body: dict[str, Any] | None) -> Reply:
        try:
            return self._ask(method, path, body)
        except ConnectionError as error:
            log.warning("asking again", extra={"fields": {"upstream": self._name, "reason": type(error).__name__}})
            time.sleep(0.1)
            return self._ask(method, path, body)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self._timeout)
        try:
            payload = json.dumps(body) if body is not None else None
            connection.request(method, path, payload, {"X-Trace-Id": logs.trace.get()})
            answer = connection.getresponse()
            return Reply(answer.status, json.loads(answer.read()))
        finally:
            connection.close()
