"""What differs between the versions of `inventory`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..pool import Pool
from .holds import expire, hold
from .items import by_meaning, by_name, by_popularity, by_price
from .reservations import reserve


@dataclass(frozen=True)
class Release:
    """The parts of the service that one version or another replaced."""

    search: Callable[[Pool, str], list[dict[str, Any]]]
    reserve: Callable[[Pool, str, str, int], str]
    expire: Callable[[Pool], int] | None


RELEASES = {
    "2.3.1": Release(by_name, reserve, None),
    "2.3.2": Release(by_price, reserve, None),
    "2.3.3": Release(by_meaning, reserve, None),
    "2.5.0": Release(by_popularity, reserve, None),
    "2.4.0": Release(by_price, hold, expire),
}
