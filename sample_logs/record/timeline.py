"""What is done to the shop while it is recorded: changes, and what happens without anybody having changed anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from . import redis_server
from .fleet import Fleet
from .nginx import Nginx
from .shop import migrations

FIRST_ID = 2041
Role = Literal["innocent", "cause", "cure", "hidden"]


@dataclass(frozen=True)
class Shop:
    """What a change can act upon; `seconds` is the length of the window."""

    fleet: Fleet
    nginx: Nginx
    redis_port: int
    seconds: float
    migrate: Callable[[float], None]


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
    role : str
        ``cause`` of the trouble or of the ``second`` trouble, its ``cure``, ``innocent``; what is ``hidden`` is not in
        the list of changes.
    more : dict
        What else stands in the list.
    """

    at: float
    kind: str
    service: str
    summary: str
    act: Callable[[Shop], None]
    version: str | None = None
    role: Role = "innocent"
    more: dict[str, Any] = field(default_factory=dict)

    def as_(self, role: Role, **more: Any) -> Step:
        """Give the same in another role, with more in its entry."""
        return replace(self, role=role, more=self.more | more)


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
    role: Role = "innocent"
    more: dict[str, Any] = field(default_factory=dict)

    def entry(self) -> dict[str, Any]:
        """Give it as it stands in `changes.json`."""
        version = {"version": self.version} if self.version else {}
        when = {"time": stamp(self.time), "end": stamp(self.end)}
        what = {"kind": self.kind, "service": self.service} | version | {"summary": self.summary}
        return {"id": self.id} | when | what | self.more


def stamp(time: dt.datetime) -> str:
    """Write a time as RFC 3339 in UTC, to the millisecond.

    >>> stamp(dt.datetime(2026, 3, 1, 12, 30, 5, 250_000, tzinfo=dt.UTC))
    '2026-03-01T12:30:05.250Z'
    """
    return time.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def make(step: Step, number: int, shop: Shop) -> Made:
    """Make change `number`, counted from 0, and note when; what is hidden has no number."""
    began = dt.datetime.now(dt.UTC)
    step.act(shop)
    ended = dt.datetime.now(dt.UTC)
    name = "(hidden)" if step.role == "hidden" else f"CHG-{FIRST_ID + number}"
    return Made(name, step.kind, step.service, step.summary, began, ended, step.version, step.role, step.more)


def deploy(at: float, service: str, version: str, what: str, kind: str = "deploy") -> Step:
    """Plan to replace a service by another version of it."""

    def act(shop: Shop) -> None:
        shop.fleet.deploy(service, version)

    return Step(at, kind, service, f"{service} {version}: {what}", act, version)


def canary(at: float, service: str, version: str, instance: str, what: str) -> Step:
    """Plan to replace one copy of a service by a new version."""

    def act(shop: Shop) -> None:
        shop.fleet.deploy(service, version, only=instance)

    step = Step(at, "deploy", service, f"{service} {version} as a canary on {instance}: {what}", act, version)
    return step.as_("innocent", instances=[instance])


def flag(at: float, service: str, name: str, state: str) -> Step:
    """Plan to flip a feature flag: on, off, or on for a share of the customers, such as 25%."""

    def act(shop: Shop) -> None:
        redis_server.set_flag(shop.redis_port, name, state)

    whom = f"on for {state} of the customers" if state.endswith("%") else f"{state} for all customers"
    return Step(at, "flag", service, f"{name} {whom}", act)


def configure(at: float, service: str, summary: str, **settings: Any) -> Step:
    """Plan to edit the configuration of a service, which is started anew for it."""

    def act(shop: Shop) -> None:
        shop.fleet.configure(service, **settings)

    return Step(at, "config", service, summary, act)


def keep_alive(at: float, seconds: int) -> Step:
    """Plan to edit nginx's configuration in a harmless way."""

    def act(shop: Shop) -> None:
        shop.nginx.apply(replace(shop.nginx.config, keepalive=f"{seconds}s"))

    return Step(at, "config", "nginx", f"nginx.conf: keepalive_timeout 15s to {seconds}s, reloaded", act)


def second_checkout(at: float) -> Step:
    """Plan to double `checkout`."""

    def act(shop: Shop) -> None:
        shop.fleet.add_checkout()
        shop.nginx.apply(replace(shop.nginx.config, checkouts=shop.fleet.checkouts))

    return Step(at, "scale", "checkout", "checkout from 1 to 2 instances", act)


def outage(at: float, service: str) -> Step:
    """Plan that a service is gone, of which nobody makes a note."""

    def act(shop: Shop) -> None:
        shop.fleet.stop(service)

    return Step(at, "outage", service, f"{service} is gone", act, role="hidden")


def migration(at: float, lasts: float) -> Step:
    """Plan the migration of the charges, which takes a share of the window."""

    def act(shop: Shop) -> None:
        shop.migrate(lasts * shop.seconds / migrations.BATCHES)

    what = "migration 0042: charges get settled_at, filled in batches"
    return Step(at, "migration", "payments", what, act)
