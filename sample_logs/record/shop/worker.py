"""`worker`: writes to customers what became of their orders, one job of a queue in Redis after the other."""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from pathlib import Path
from typing import Any

import redis

from .settings import Settings
from .web import Answer, Request

QUEUE = "confirmations"
LETTER = "To: {to}\nSubject: Your order {order}\n\nThank you. {pieces} pieces are on their way to you.\n\n"
GAUGE_SECONDS = 30.0

log = logging.getLogger("worker")


class Worker:
    """The one copy of the service: it looks into its queue a few times a second."""

    errand_seconds = 0.2

    def __init__(self, settings: Settings) -> None:
        self._redis: Any = redis.Redis(host="127.0.0.1", port=settings.redis_port, decode_responses=True)
        self._spool = Path(f"mail-{settings.instance}.txt")
        self._sent, self._told_at = 0, time.monotonic()
        self._last: dt.datetime | None = None
        log.info("worker %s waits for jobs in %s", settings.version, QUEUE)

    def answer(self, request: Request) -> Answer:
        """Answer nobody: its work comes by the queue."""
        return Answer(404, {"error": "no such resource"})

    def journal(self, request: Request, answer: Answer, milliseconds: float) -> None:
        """Write nothing."""

    def counters(self) -> dict[str, Any]:
        """Give how many letters were written, and when the last one was (UTC)."""
        return {"sent": self._sent, "last_sent": self._last.isoformat() if self._last else None}

    def errand(self) -> None:
        """Do the jobs that are there."""
        while text := self._redis.lpop(QUEUE):
            self._write(json.loads(text))
        if time.monotonic() - self._told_at >= GAUGE_SECONDS:
            log.info("queue %s: %d waiting", QUEUE, self._redis.llen(QUEUE))
            self._told_at = time.monotonic()

    def _write(self, job: dict[str, Any]) -> None:
        began = time.monotonic()
        with self._spool.open("a", encoding="utf-8") as spool:
            spool.write(LETTER.format(**job))
        self._sent += 1
        self._last = dt.datetime.now(dt.UTC)
        log.info("confirmation of %s sent in %.1f ms", job["order"], 1000 * (time.monotonic() - began))
