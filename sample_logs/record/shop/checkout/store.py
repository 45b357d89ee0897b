"""Carts, cached pages and feature flags, all in Redis."""

from __future__ import annotations

import json
import logging
import threading
import time
import zlib
from typing import Any

import redis

CACHED_SECONDS = 20
CART_SECONDS = 1800
FLAG_SECONDS = 2.0

log = logging.getLogger("checkout.flags")


class Store:
    """The shop's Redis, as `checkout` uses it."""

    def __init__(self, port: int) -> None:
        self._redis: Any = redis.Redis(host="127.0.0.1", port=port, decode_responses=True)
        self._flags: dict[str, str] = {}
        self._flags_read = 0.0
        self._lock = threading.Lock()

    def add(self, cart: str, sku: str, quantity: int) -> None:
        """Put an item into a cart."""
        self._redis.pipeline().hincrby(f"cart:{cart}", sku, quantity).expire(f"cart:{cart}", CART_SECONDS).execute()

    def cart(self, cart: str) -> dict[str, int]:
        """Give the quantity of every item in a cart; none for a cart that is not there."""
        return {sku: int(quantity) for sku, quantity in self._redis.hgetall(f"cart:{cart}").items()}

    def cached(self, page: str) -> dict[str, Any] | None:
        """Give a page that was kept, or None."""
        text = self._redis.get(f"page:{page}")
        found: dict[str, Any] | None = json.loads(text) if text else None
        return found

    def keep(self, page: str, body: dict[str, Any]) -> None:
        """Keep a page for a while."""
        self._redis.set(f"page:{page}", json.dumps(body), ex=CACHED_SECONDS)

    def enqueue(self, queue: str, job: str) -> None:
        """Put a job behind the others of a queue."""
        self._redis.rpush(queue, job)

    def flag(self, name: str, who: str = "") -> bool:
        """Tell whether a feature is on for somebody; a flip is seen within `FLAG_SECONDS`.

        A flag is "on", "off", or a share of all who ask, such as "25%".
        """
        with self._lock:
            if time.monotonic() - self._flags_read > FLAG_SECONDS:
                self._read_flags()
            state = self._flags.get(name, "off")
        return zlib.crc32(who.encode()) % 100 < int(state[:-1]) if state.endswith("%") else state == "on"

    def _read_flags(self) -> None:
        flags: dict[str, str] = self._redis.hgetall("flags")
        for name, state in flags.items():
            if self._flags and self._flags.get(name, "off") != state:
                told = {"on": state == "on"} if state in {"on", "off"} else {"share": state}
                log.info("flag changed", extra={"fields": {"flag": name, **told}})
        self._flags, self._flags_read = flags, time.monotonic()
