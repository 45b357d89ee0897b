"""Placing an order: stock first, then money."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from ..settings import Settings
from ..upstream import Reply, Upstream, UpstreamError
from ..web import Answer
from .discount import discount
from .releases import RELEASES
from .store import Store

TRIES = 2
PAUSE = 0.2
CENTS_A_PIECE = 1999

log = logging.getLogger("checkout.orders")


class Orders:
    """What becomes of carts."""

    def __init__(self, settings: Settings, store: Store, payments: Upstream) -> None:
        self._store = store
        self._inventory = Upstream("inventory", settings.inventory_port, 3.0)
        self._payments = payments
        self._release = RELEASES[settings.version]
        self._queued = settings.queue

    def place(self, cart: str, card: str) -> Answer:
        """Reserve what is in a cart, charge the card, and name the order."""
        lines = self._store.cart(cart)
        if not lines:
            return Answer(400, {"error": f"cart {cart} is empty"})
        order = cart.replace("c-", "ord-")
        reserved = self._reserve(order, lines)
        if reserved.status >= 400:
            log.info("order refused", extra={"fields": {"order": order, "reason": reserved.body["error"]}})
            return Answer(reserved.status, reserved.body)
        amount = CENTS_A_PIECE * sum(lines.values())
        if self._store.flag("bulk-discount", cart):
            amount -= discount(amount, sum(lines.values()))
        paid = self._payments.call("POST", "/charges", {"order": order, "card": card, "amount": amount})
        if paid.status >= 400:
            log.warning("payment declined", extra={"fields": {"order": order, "reason": paid.body["error"]}})
            return Answer(paid.status, paid.body)
        if self._queued:
            job = {"order": order, "to": f"{cart}@customers.example", "pieces": sum(lines.values())}
            self._store.enqueue(self._release.queue, json.dumps(job))
        log.info("order placed", extra={"fields": {"order": order, "lines": len(lines), "amount_cents": amount}})
        return Answer(201, {"order": order} | self._delivery(lines))

    def _reserve(self, order: str, lines: dict[str, int]) -> Reply:
        for attempt in range(1, TRIES + 1):
            try:
                return self._inventory.call("POST", "/reservations", {"order": order, "lines": lines})
            except UpstreamError as error:
                if attempt == TRIES:
                    raise
                log.warning("reserving again", extra={"fields": {"order": order, "reason": str(error)}})
                time.sleep(PAUSE)
        raise AssertionError("the loop above returns or raises")

    def _delivery(self, lines: dict[str, int]) -> dict[str, Any]:
        """Since 5.8.0: say in how many days an order comes, a day more for every ten pieces."""
        return {"days": 2 + sum(lines.values()) // 10} if self._release.tells_delivery else {}
