"""The services of the shop: started, replaced by a new version, and doubled."""

from __future__ import annotations

import http.client
import json
import shutil
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .programs import Command, Program, Programs, free_port
from .shop.settings import Settings, as_arguments

FIRST_VERSIONS = {"inventory": "2.3.1", "payments": "1.18.2", "checkout": "5.7.4"}
ZONES = {"payments": "America/New_York"}  # the others have UTC
OTHERS_VERSIONS = {"bank": "31", "worker": "1.2.0"}


@dataclass(frozen=True)
class Parts:
    """What of the shop there is.

    Attributes
    ----------
    checkouts : int
        Copies of `checkout`.
    others : tuple of str
        Of ``bank`` and ``worker``.
    versions : dict
        In which the three services begin, where that is not the first one.
    settings : dict
        What of `Settings` a service has in another way, by service.
    sales : int
        Of the past, in the database.
    room : int or None
        Kilobytes that Redis may use beyond what it has at the beginning; None where there is no limit.
    """

    checkouts: int = 1
    others: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    sales: int = 0
    room: int | None = None


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
    parts : Parts
        Which of them there are.
    """

    def __init__(
        self, programs: Programs, directory: Path, logs: Path, postgres_port: int, redis_port: int, parts: Parts
    ) -> None:
        self._programs, self._directory, self._logs, self._parts = programs, directory, logs, parts
        self._versions = OTHERS_VERSIONS | FIRST_VERSIONS | parts.versions
        self._ports = {service: free_port() for service in (*parts.others, *FIRST_VERSIONS)}
        self._shared = {"postgres_port": postgres_port, "redis_port": redis_port, "queue": "worker" in parts.others}
        self._shared |= {f"{name}_port": self._ports.get(name, 0) for name in ("inventory", "payments", "bank")}
        self._running: dict[str, Running] = {}
        self._counted: list[Counted] = []
        # A copy, because tracebacks name the files: they shall not tell where this project lies.
        shutil.copytree(
            Path(__file__).parent / "shop", directory / "shop", ignore=shutil.ignore_patterns("__pycache__")
        )
        for service in self._ports:
            self._start(self._first(service, f"{service}-1", self._ports[service]))
        for _ in range(1, parts.checkouts):
            self.add_checkout()

    @property
    def checkouts(self) -> tuple[int, ...]:
        """Ports of the copies of `checkout`."""
        return tuple(one.settings.port for one in self._of("checkout"))

    def deploy(self, service: str, version: str, only: str | None = None) -> None:
        """Start a new version beside the old one, on the same port; stop the old one when the new one answers.

        One copy after the other, or `only` one of them.
        """
        for one in self._of(service):
            if only in {None, one.settings.instance}:
                self._replace(one, replace(one.settings, version=version))

    def configure(self, service: str, **settings: Any) -> None:
        """Start every copy of a service anew with other settings, as `deploy` does."""
        for one in self._of(service):
            self._replace(one, replace(one.settings, **settings))

    def stop(self, service: str) -> None:
        """End every copy of a service, at once."""
        for one in self._of(service):
            self._counted.append(_count(one))
            one.program.kill()
            del self._running[one.settings.instance]

    def add_checkout(self) -> None:
        """Start one more copy of `checkout`, in the version of the first."""
        version, number = self._running["checkout-1"].settings.version, len(self.checkouts) + 1
        self._start(replace(self._first("checkout", f"checkout-{number}", free_port()), version=version))

    def counted(self) -> tuple[Counted, ...]:
        """Give the counters of every copy that ever ran; those that run still are asked now."""
        return (*self._counted, *(_count(one) for one in self._running.values()))

    def _of(self, service: str) -> list[Running]:
        return [one for one in self._running.values() if one.settings.service == service]

    def _first(self, service: str, instance: str, port: int) -> Settings:
        told = self._shared | self._parts.settings.get(service, {})
        return Settings(service, self._versions[service], instance, port, free_port(), **told)

    def _replace(self, old: Running, settings: Settings) -> None:
        self._start(replace(settings, admin_port=free_port()))
        self._counted.append(_count(old))
        old.program.stop()

    def _start(self, settings: Settings) -> None:
        service, instance = settings.service, settings.instance
        arguments = [sys.executable, "-m", "shop", *as_arguments(settings)]
        command = Command(
            f"{service} {settings.version}", arguments, self._log(service, instance), self._directory,
            ZONES.get(service, "UTC"),
        )  # fmt: skip
        program = self._programs.start(command, lambda: _ask(settings.admin_port) is not None)
        self._running[instance] = Running(settings, program)

    def _log(self, service: str, instance: str) -> Path:
        """The file of a log; that of the bank stays with the bank."""
        if service == "bank":
            return self._directory / "bank.log"
        log = self._logs / service / f"{instance if service == 'checkout' else service}.log"
        log.parent.mkdir(exist_ok=True)
        return log


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
