"""What a service is told when it starts: which one it is, in which version, and where the others listen."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any

_KINDS: dict[str, Callable[[str], Any]] = {"str": str, "int": int, "float": float, "bool": "True".__eq__}


@dataclass(frozen=True)
class Settings:
    """One running copy of one service.

    Attributes
    ----------
    service, version, instance : str
        Which service, in which version; `instance` tells copies of a service apart.
    port, admin_port : int
        Where it answers customers, and where it tells the operators its counters.
    postgres_port, redis_port, inventory_port, payments_port : int
        Where what it needs listens; all on the loopback address.
    bank_port : int
        Where the bank answers; 0 for a shop that asks none.
    bank_seconds : float
        How long the bank takes, in the middle.
    payments_timeout : float
        Seconds that `checkout` waits for `payments`.
    queue : bool
        Whether there is a worker that writes to customers.
    clock_ahead : float
        Seconds by which the clock of the service's host is ahead.
    local_times : bool
        Whether `payments` leaves the offset of its zone out of its log.
    """

    service: str
    version: str
    instance: str
    port: int
    admin_port: int
    postgres_port: int
    redis_port: int
    inventory_port: int
    payments_port: int
    bank_port: int = 0
    bank_seconds: float = 0.06
    payments_timeout: float = 3.0
    queue: bool = False
    clock_ahead: float = 0.0
    local_times: bool = False


def from_arguments(arguments: Sequence[str] | None = None) -> Settings:
    """Read the settings from the command line, or from `arguments`."""
    parser = argparse.ArgumentParser(prog="shop")
    parser.add_argument("service", choices=("checkout", "inventory", "payments", "bank", "worker"))
    for one in fields(Settings)[1:]:
        name, required = f"--{one.name.replace('_', '-')}", one.default is MISSING
        parser.add_argument(name, type=_KINDS[str(one.type)], required=required, default=one.default)
    return Settings(**vars(parser.parse_args(arguments)))


def as_arguments(settings: Settings) -> list[str]:
    """Write the settings as the command line that `from_arguments` reads.

    >>> told = Settings("payments", "1.18.2", "payments-1", 1, 2, 3, 4, 5, 6)
    >>> from_arguments(as_arguments(told)) == told
    True
    """
    options = {name: value for name, value in vars(settings).items() if name != "service"}
    pairs = ((f"--{name.replace('_', '-')}", str(value)) for name, value in options.items())
    return [settings.service, *(word for pair in pairs for word in pair)]
