"""The changes that are made to the shop while it is recorded: one of them is bad."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from . import redis_server
from .fleet import Fleet
from .nginx import Nginx

FIRST_ID = 2041


@dataclass(frozen=True)
class Shop:
    """What a change can act upon."""

    fleet: Fleet
    nginx: Nginx
    redis_port: int


@dataclass(frozen=True)
class Step:
    """A change that will be made.

    Attributes
    ----------
    at : float
        When, as a share of the window.
    kind, service, summary : str
        As they will stand in the list of changes.
    act : callable
        Makes it, and returns when it is in force.
    version : str or None
        Of a deploy.
    """

    at: float
    kind: str
    service: str
    summary: str
    act: Callable[[Shop], None]
    version: str | None = None


@dataclass(frozen=True)
class Made:
    """A change that was made, from its first action to its last."""

    id: str
    kind: str
    service: str
    summary: str
    time: dt.datetime
    end: dt.datetime
    version: str | None

    def entry(self) -> dict[str, Any]:
        """Give it as it stands in `changes.json`."""
        version = {"version": self.version} if self.version else {}
        when = {"time": stamp(self.time), "end": stamp(self.end)}
        return (
            {"id": self.id} | when | {"kind": self.kind, "service": self.service} | version | {"summary": self.summary}
        )


def stamp(time: dt.datetime) -> str:
    """Write a time as RFC 3339 in UTC, to the millisecond.

    >>> stamp(dt.datetime(2026, 3, 1, 12, 30, 5, 250_000, tzinfo=dt.UTC))
    '2026-03-01T12:30:05.250Z'
    """
    return time.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def make(step: Step, number: int, shop: Shop) -> Made:
    """Make change `number`, counted from 0, and note when."""
    began = dt.datetime.now(dt.UTC)
    step.act(shop)
    ended = dt.datetime.now(dt.UTC)
    return Made(f"CHG-{FIRST_ID + number}", step.kind, step.service, step.summary, began, ended, step.version)


def deploy(at: float, service: str, version: str, what: str) -> Step:
    """Plan to replace a service by a new version of it."""

    def act(shop: Shop) -> None:
        shop.fleet.deploy(service, version)

    return Step(at, "deploy", service, f"{service} {version}: {what}", act, version)


def flag(at: float, service: str, name: str, on: bool) -> Step:
    """Plan to flip a feature flag."""

    def act(shop: Shop) -> None:
        redis_server.set_flag(shop.redis_port, name, on)

    return Step(at, "flag", service, f"{name} {'on' if on else 'off'} for all customers", act)


def _keep_alive_longer(shop: Shop) -> None:
    shop.nginx.apply(replace(shop.nginx.config, keepalive="65s"))


def _second_checkout(shop: Shop) -> None:
    shop.fleet.add_checkout()
    shop.nginx.apply(replace(shop.nginx.config, checkouts=shop.fleet.checkouts))


STEPS = (
    deploy(0.07, "inventory", "2.3.2", "search shows the cheapest first"),
    flag(0.17, "checkout", "suggestions", on=True),
    Step(0.28, "config", "nginx", "nginx.conf: keepalive_timeout 15s to 65s, reloaded", _keep_alive_longer),
    deploy(0.40, "inventory", "2.4.0", "orders hold stock for 15 minutes"),
    deploy(0.49, "checkout", "5.8.0", "delivery days in the order confirmation"),
    deploy(0.60, "payments", "1.19.0", "fees as a share of the amount"),
    Step(0.76, "scale", "checkout", "checkout from 1 to 2 instances", _second_checkout),
    flag(0.87, "checkout", "suggestions", on=False),
)
