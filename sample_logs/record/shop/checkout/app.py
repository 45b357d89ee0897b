"""The answers of `checkout`."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

from ..settings import Settings
from ..upstream import Breaker, Upstream
from ..web import Answer, Request, ServiceError
from .orders import Orders
from .releases import RELEASES
from .store import Store

access = logging.getLogger("checkout.access")
log = logging.getLogger("checkout.app")


class Checkout:
    """One running copy of the service."""

    errand_seconds = 10.0

    def __init__(self, settings: Settings) -> None:
        self._store = Store(settings.redis_port)
        # Customers browse much more than they buy: only browsing is cut short while `inventory` is in trouble.
        self._browsing = Upstream("inventory", settings.inventory_port, 1.5, Breaker())
        self._in_carts = Upstream("inventory", settings.inventory_port, 1.5)
        self._payments = Upstream("payments", settings.payments_port, settings.payments_timeout)
        self._asks_once = RELEASES[settings.version].asks_once
        self._orders = Orders(settings, self._store, self._payments)
        log.info("starting", extra={"fields": {"version": settings.version}})

    def answer(self, request: Request) -> Answer:
        """Answer a customer."""
        match request.route:
            case "GET", "":
                return Answer(200, {"welcome": True, "suggestions": self._store.flag("suggestions")})
            case "GET", "health":
                return Answer(200, {"ok": True})
            case "GET", "api", "items":
                return self._page(request.query.get("page", "1"))
            case "GET", "api", "items", sku:
                return self._passed_on(self._browsing, f"/items/{sku}")
            case "GET", "api", "search":
                return self._search(request.query.get("q", ""))
            case "GET", "api", "cart", cart:
                return self._cart(cart)
            case "POST", "api", "cart", cart:
                return self._add(cart, **request.body)
            case "POST", "api", "checkout":
                return self._orders.place(**request.body)
            case "GET", "api", "orders", order:
                return self._passed_on(self._payments, f"/orders/{order}")
        log.warning("no such page", extra={"fields": {"path": request.path}})
        return Answer(404, {"error": "no such page"})

    def journal(self, request: Request, answer: Answer, milliseconds: float) -> None:
        """Write the line of one answer."""
        told = {"method": request.method, "path": request.path, "status": answer.status, "duration_ms": milliseconds}
        access.info("request", extra={"fields": told})

    def counters(self) -> dict[str, Any]:
        """Give nothing: its troubles are those of others."""
        return {}

    def errand(self) -> None:
        """Do what is due every few seconds: read the flags, so that a flip is seen on a quiet night too."""
        self._store.flag("suggestions")

    def _passed_on(self, upstream: Upstream, path: str) -> Answer:
        reply = upstream.call("GET", path)
        return Answer(reply.status, reply.body)

    def _page(self, number: str) -> Answer:
        if not number.isdecimal() or number == "0":
            return Answer(400, {"error": "page is a number from 1"})
        kept = self._store.cached(number)
        if kept:
            return Answer(200, kept)
        reply = self._browsing.call("GET", f"/items?page={number}")
        self._store.keep(number, reply.body)
        return Answer(200, reply.body)

    def _search(self, words: str) -> Answer:
        found = self._browsing.call("GET", f"/search?{urlencode({'q': words})}").body
        if self._store.flag("suggestions") and not found["items"]:
            log.info("suggestion made", extra={"fields": {"words": words}})
            found["suggestion"] = words.split()[-1] if words else "lamp"
        return Answer(200, found)

    def _add(self, cart: str, sku: str, quantity: int) -> Answer:
        self._store.add(cart, sku, quantity)
        log.info("cart changed", extra={"fields": {"cart": cart, "sku": sku, "quantity": quantity}})
        return Answer(200, {"cart": cart})

    def _cart(self, cart: str) -> Answer:
        lines = self._store.cart(cart)
        if self._asks_once and lines:
            return Answer(200, {"cart": cart, "lines": self._priced(lines)})
        return Answer(200, {"cart": cart, "lines": [self._line(sku, quantity) for sku, quantity in lines.items()]})

    def _line(self, sku: str, quantity: int) -> dict[str, Any]:
        """Describe a line of a cart, without a price where it is not to be had."""
        try:
            price = self._in_carts.call("GET", f"/items/{sku}").body.get("price_cents")
        except ServiceError as error:
            log.warning("cart line without price", extra={"fields": {"sku": sku, "reason": str(error)}})
            price = None
        return {"sku": sku, "quantity": quantity, "price_cents": price}

    def _priced(self, lines: dict[str, int]) -> list[dict[str, Any]]:
        """Describe the lines of a cart, since 5.9.0 with one question for all of their prices."""
        items = self._in_carts.call("GET", f"/items?{urlencode({'skus': ','.join(lines)})}").body["items"]
        prices = {item["sku"]: item["price_cents"] for item in items}
        return [{"sku": sku, "quantity": n, "price_cents": prices[sku]} for sku, n in lines.items()]
