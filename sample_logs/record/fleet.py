"""The services of the shop: started, replaced by a new version, and doubled."""

from __future__ import annotations

import http.client
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .programs import Command, Program, Programs, free_port
from .shop.settings import Settings, as_arguments

FIRST_VERSIONS = {"inventory": "2.3.1", "payments": "1.18.2", "checkout": "5.7.4"}
ZONES = {"inventory": "UTC", "payments": "America/New_York", "checkout": "UTC"}


@dataclass(frozen=True)
class Counted:
    """What one copy of a service had counted when it was last asked."""

    service: str
    version: str
    instance: str
    counters: dict[str, Any]


@dataclass(frozen=True)
class Running:
    """A copy of a service."""

    settings: Settings
    program: Program


class Fleet:
    """The running services.

    Parameters
    ----------
    programs : Programs
        Where they are started.
    directory, logs : Path
        Where the code of the shop is copied to, and where the services' logs go.
    postgres_port, redis_port : int
        Where their stores listen.
    """

    def __init__(self, programs: Programs, directory: Path, logs: Path, postgres_port: int, redis_port: int) -> None:
        self._programs, self._directory, self._logs = programs, directory, logs
        self._ports = {service: free_port() for service in FIRST_VERSIONS}
        self._stores = {"postgres_port": postgres_port, "redis_port": redis_port}
        self._running: dict[str, Running] = {}
        self._counted: list[Counted] = []
        # A copy, because tracebacks name the files: they shall not tell where this project lies.
        shutil.copytree(
            Path(__file__).parent / "shop", directory / "shop", ignore=shutil.ignore_patterns("__pycache__")
        )
        for service, version in FIRST_VERSIONS.items():
            self._start(service, version, f"{service}-1", self._ports[service])

    @property
    def checkouts(self) -> tuple[int, ...]:
        """Ports of the copies of `checkout`."""
        return tuple(one.settings.port for one in self._running.values() if one.settings.service == "checkout")

    def deploy(self, service: str, version: str) -> None:
        """Start a new version beside the old one, on the same port; stop the old one when the new one answers."""
        old = self._running[f"{service}-1"]
        self._start(service, version, old.settings.instance, old.settings.port)
        self._counted.append(_count(old))
        old.program.stop()

    def add_checkout(self) -> None:
        """Start a second copy of `checkout`."""
        self._start("checkout", self._running["checkout-1"].settings.version, "checkout-2", free_port())

    def counted(self) -> tuple[Counted, ...]:
        """Give the counters of every copy that ever ran; those that run still are asked now."""
        return (*self._counted, *(_count(one) for one in self._running.values()))

    def _start(self, service: str, version: str, instance: str, port: int) -> None:
        others = {f"{name}_port": self._ports[name] for name in ("inventory", "payments")}
        settings = Settings(service, version, instance, port, free_port(), **self._stores, **others)
        arguments = [sys.executable, "-m", "shop", *as_arguments(settings)]
        log = self._logs / service / f"{instance if service == 'checkout' else service}.log"
        log.parent.mkdir(exist_ok=True)
        command = Command(f"{service} {version}", arguments, log, self._directory, ZONES[service])
        program = self._programs.start(command, lambda: _ask(settings.admin_port) is not None)
        self._running[instance] = Running(settings, program)


def _count(one: Running) -> Counted:
    told = one.settings
    return Counted(told.service, told.version, told.instance, _ask(told.admin_port) or {})


def _ask(port: int) -> dict[str, Any] | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        counters: dict[str, Any] = json.loads(connection.getresponse().read())
        return counters
    except ConnectionError:
        return None
    finally:
        connection.close()
