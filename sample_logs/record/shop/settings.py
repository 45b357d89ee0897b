"""What a service is told when it starts: which one it is, in which version, and where the others listen."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass


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


def from_arguments(arguments: Sequence[str] | None = None) -> Settings:
    """Read the settings from the command line, or from `arguments`."""
    parser = argparse.ArgumentParser(prog="shop")
    parser.add_argument("service", choices=("checkout", "inventory", "payments"))
    parser.add_argument("--version", required=True)
    parser.add_argument("--instance", required=True)
    ports = ("--port", "--admin-port", "--postgres-port", "--redis-port", "--inventory-port", "--payments-port")
    for name in ports:
        parser.add_argument(name, type=int, default=0)
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
