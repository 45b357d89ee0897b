"""A fixed number of database connections that the threads of a service share."""

from __future__ import annotations

import datetime as dt
import logging
import queue
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

import psycopg

from .web import ServiceError

SLOW_WAIT = 0.25

log = logging.getLogger("pool")
Connection = psycopg.Connection[tuple[Any, ...]]


class PoolTimeout(ServiceError):  # noqa: N818 (the name that drivers give it)
    """No connection came free in time."""

    status = 503


def connector(port: int, service: str) -> Callable[[], Connection]:
    """Give a function that opens one connection of `service` to the shop's database."""

    def connect() -> Connection:
        return psycopg.connect(
            host="127.0.0.1", port=port, dbname="shop", user=service, application_name=service, autocommit=True
        )

    return connect


class Pool:
    """Connections to borrow and to give back.

    Parameters
    ----------
    connect : callable
        Opens one connection.
    size : int
        How many connections there are.
    wait : float
        Seconds after which a borrower who got none is told so.
    """

    def __init__(self, connect: Callable[[], Connection], size: int, wait: float = 1.0) -> None:
        self.size = size
        self.wait = wait
        self._connect = connect
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._lent = self._returned = self._timeouts = self._waiting = 0
        self._dry_since: dt.datetime | None = None
        self._first_timeout: tuple[dt.datetime | None, dt.datetime] | None = None
        for _ in range(size):
            self._idle.put(connect())

    def acquire(self) -> Connection:
        """Borrow a connection; raise `PoolTimeout` if none comes free in time."""
        began = time.monotonic()
        with self._lock:
            self._waiting += 1
        try:
            connection = self._idle.get(timeout=self.wait)
        except queue.Empty:
            raise self._timed_out() from None
        finally:
            with self._lock:
                self._waiting -= 1
        self._note_lent()
        waited = time.monotonic() - began
        if waited > SLOW_WAIT:
            log.warning("waited %.2f s for a connection", waited)
        return connection

    def release(self, connection: Connection) -> None:
        """Give a connection back; one that broke is replaced."""
        with self._lock:
            self._returned += 1
            self._dry_since = None
        self._idle.put(self._connect() if connection.closed else connection)

    def lease(self) -> Lease:
        """Borrow for the length of a `with` block."""
        return Lease(self)

    def gauge(self) -> str:
        """Say in one line how much of the pool is in use."""
        return f"pool: {self.size} connections, {self._lent - self._returned} in use, {self._waiting} waiting"

    def counters(self) -> dict[str, Any]:
        """Count what was lent and returned, and say when it first ran dry for good (UTC)."""
        with self._lock:
            dry, failed = self._first_timeout or (None, None)
            return {
                "pool_size": self.size,
                "lent": self._lent,
                "returned": self._returned,
                "timeouts": self._timeouts,
                "dry_since": dry.isoformat() if dry else None,
                "first_timeout": failed.isoformat() if failed else None,
            }

    def _note_lent(self) -> None:
        with self._lock:
            self._lent += 1
            if self._lent - self._returned >= self.size and self._dry_since is None:
                self._dry_since = dt.datetime.now(dt.UTC)

    def _timed_out(self) -> PoolTimeout:
        with self._lock:
            self._timeouts += 1
            if self._first_timeout is None:
                self._first_timeout = (self._dry_since, dt.datetime.now(dt.UTC))
            used, waiting = self._lent - self._returned, self._waiting
        return PoolTimeout(f"no connection after {self.wait:.1f} s: {used} of {self.size} in use, {waiting} waiting")


class Lease:
    """A connection for the length of a `with` block."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def __enter__(self) -> Connection:
        self._connection = self._pool.acquire()
        return self._connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.release(self._connection)
