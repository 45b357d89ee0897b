"""Run one service: `python -m shop inventory --version 2.3.1 ...`, until SIGTERM."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from typing import Any, Protocol

from .bank import Bank
from .checkout.app import Checkout
from .inventory.app import Inventory
from .logs import configure
from .payments.app import Payments
from .settings import Settings, from_arguments
from .web import Answer, Request, Server
from .worker import Worker

SERVICES: dict[str, Callable[[Settings], Service]] = {
    "checkout": Checkout,
    "inventory": Inventory,
    "payments": Payments,
    "bank": Bank,
    "worker": Worker,
}

log = logging.getLogger("main")


class Service(Protocol):
    """What the services have in common."""

    errand_seconds: float

    def answer(self, request: Request) -> Answer:
        """Answer a request."""

    def journal(self, request: Request, answer: Answer, milliseconds: float) -> None:
        """Write the line of one answer."""

    def counters(self) -> dict[str, Any]:
        """Give what the service counted since it started."""

    def errand(self) -> None:
        """Do what is due every few seconds."""


def run(settings: Settings) -> None:
    """Serve until SIGTERM, then finish the requests underway."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    service = SERVICES[settings.service](settings)
    server = Server(settings.port, service.answer, service.journal)
    # Ready when this one answers: the other port may still be answered by the version before.
    admin = Server(settings.admin_port, lambda _: Answer(200, service.counters() | server.tally.counters()))
    for one in (server, admin):
        threading.Thread(target=one.serve_forever, args=(0.1,), daemon=True).start()
    log.info("listening on 127.0.0.1:%d", settings.port)
    while not stop.wait(service.errand_seconds):
        service.errand()
    log.info("stopping")
    for one in (server, admin):
        one.shutdown()
        one.server_close()
    log.info("stopped")


if __name__ == "__main__":
    told = from_arguments()
    configure(told)
    run(told)
