"""The answers of `inventory`."""

from __future__ import annotations

import logging
from typing import Any

from ..pool import Pool, connector
from ..settings import Settings
from ..web import Answer, Request, ServiceError
from . import items
from .releases import RELEASES

POOL_SIZE = 12

log = logging.getLogger("inventory.api")
stock = logging.getLogger("inventory.stock")


class Inventory:
    """One running copy of the service."""

    errand_seconds = 15.0

    def __init__(self, settings: Settings) -> None:
        self._release = RELEASES[settings.version]
        self._pool = Pool(connector(settings.postgres_port, "inventory"), POOL_SIZE)
        log.info("inventory %s starting, pool of %d connections", settings.version, POOL_SIZE)

    def answer(self, request: Request) -> Answer:
        """Answer a request of another service."""
        match request.route:
            case "GET", "items", sku:
                return self._item(sku)
            case "GET", "items":
                return Answer(200, {"items": items.page(self._pool, int(request.query.get("page", "1")))})
            case "GET", "search":
                return self._search(request.query.get("q", ""))
            case "POST", "reservations":
                return self._reserve(**request.body)
        return Answer(404, {"error": "no such resource"})

    def journal(self, request: Request, answer: Answer, milliseconds: float) -> None:
        """Write the line of one answer."""
        log.info("%s %s %d %.1f ms", request.method, request.path, answer.status, milliseconds)

    def counters(self) -> dict[str, Any]:
        """Give the counters of the pool."""
        return self._pool.counters()

    def errand(self) -> None:
        """Do what is due every few seconds."""
        log.info(self._pool.gauge())
        try:
            if self._release.expire:
                stock.info("%d holds expired", self._release.expire(self._pool))
            stock.info("%d items out of stock", items.out_of_stock(self._pool))
        except ServiceError:
            stock.exception("stock check failed")

    def _item(self, sku: str) -> Answer:
        found = items.item(self._pool, sku)
        return Answer(200, found) if found else Answer(404, {"error": f"no item {sku}"})

    def _search(self, words: str) -> Answer:
        found = self._release.search(self._pool, words)
        if not found:
            stock.info("nothing found for %r", words)
        return Answer(200, {"items": found})

    def _reserve(self, order: str, lines: dict[str, int]) -> Answer:
        for sku, quantity in lines.items():
            outcome = self._release.reserve(self._pool, order, sku, quantity)
            stock.info("order %s: %d x %s %s", order, quantity, sku, outcome)
            if outcome == "out of stock":
                return Answer(409, {"error": f"{sku} is out of stock"})
        return Answer(201, {"order": order})
