"""The answers of `payments`."""

from __future__ import annotations

import logging
from typing import Any

import redis

from ..pool import Pool, connector
from ..settings import Settings
from ..upstream import Upstream
from ..web import Answer, Request, ServiceError
from . import charges
from .releases import RELEASES

POOL_SIZE = 6
USES_A_MINUTE = 6
REFUSED = "0002"  # how the bank marks the cards that it refuses, in this shop

log = logging.getLogger("payments")


class Payments:
    """One running copy of the service."""

    errand_seconds = 30.0

    def __init__(self, settings: Settings) -> None:
        self._release = RELEASES[settings.version]
        self._bank = Upstream("bank", settings.bank_port, 2.0) if settings.bank_port else None
        self._pool = Pool(connector(settings.postgres_port, "payments"), POOL_SIZE)
        self._redis: Any = redis.Redis(host="127.0.0.1", port=settings.redis_port, decode_responses=True)
        log.info("starting", extra={"fields": {"version": settings.version, "pool": POOL_SIZE}})
        log.info("fee table loaded", extra={"fields": {"table": self._release.fee.__name__}})

    def answer(self, request: Request) -> Answer:
        """Answer a request of another service."""
        match request.route:
            case "POST", "charges":
                return self._charge(**request.body)
            case "GET", "orders", order:
                found = charges.order(self._pool, order)
                return Answer(200, found) if found else Answer(404, {"error": f"no order {order}"})
        return Answer(404, {"error": "no such resource"})

    def journal(self, request: Request, answer: Answer, milliseconds: float) -> None:
        """Write the line of one answer."""
        told = {"method": request.method, "path": request.path, "status": answer.status, "ms": milliseconds}
        log.info("request", extra={"fields": told})

    def counters(self) -> dict[str, Any]:
        """Give the counters of the pool."""
        return self._pool.counters()

    def errand(self) -> None:
        """Do what is due every few seconds."""
        try:
            log.info("settled", extra={"fields": {"charges": self._redis.getset("charges", 0) or 0}})
        except redis.RedisError as error:
            raise ServiceError(f"no counter in Redis: {error}") from None

    def _charge(self, order: str, card: str, amount: int) -> Answer:
        told = {"order": order, "amount": f"{amount / 100:.2f}"}
        reason = self._why_not(card)
        if reason:
            log.warning("charge declined", extra={"fields": told | {"card": card, "reason": reason}})
            return Answer(402, {"error": f"card declined: {reason}"})
        due, fee = self._release.amount(amount, card), self._release.fee(amount)
        if not charges.charge(self._pool, charges.Charge(order, card, due, fee), self._bank):
            log.warning("order was charged before", extra={"fields": told})
            return Answer(200, {"order": order, "repeated": True})
        self._redis.incr("charges")
        log.info("charge accepted", extra={"fields": told | {"fee": f"{fee / 100:.2f}"}})
        return Answer(201, {"order": order})

    def _why_not(self, card: str) -> str | None:
        if card.endswith(REFUSED):
            return "refused by bank"
        used, _ = self._redis.pipeline().incr(f"card:{card}").expire(f"card:{card}", 60).execute()
        return "used too often" if used > USES_A_MINUTE else None
