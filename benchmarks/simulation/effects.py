"""What a fault does, as a function of time and instance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.simulation.lines import Template
from benchmarks.simulation.pace import Flags, Numbers, Times

NEVER = float("inf")


@dataclass(frozen=True, eq=False)
class Down:
    """A time in which an instance is not there; `hangs` if callers wait for it instead of being refused."""

    instance: int
    start: float
    end: float
    hangs: bool = False
    fault: bool = False


@dataclass(frozen=True, eq=False)
class Effect:
    """A fault in one service; seconds since the window's start.

    Attributes
    ----------
    service : int
    starts : ndarray
        When it begins on each instance; infinite where it never does.
    until : float
        When it ends.
    rise : float
        Seconds until its full strength.
    share : float
        Of requests that fail in this service.
    calls : float
        Share of calls to this service that fail at the caller.
    errors : tuple of Template
        What the failing service writes; for `calls`, the texts that callers write.
    factor : float
        Of the time that work takes here.
    keep : float
        Share of what comes to jobs, or of requests that come in at all, that goes on.
    bad_share : float or None
        New share of bad outcomes of jobs.
    load : float
        Factor of all requests.
    """

    service: int
    starts: Times
    until: float = NEVER
    rise: float = 0.0
    share: float = 0.0
    calls: float = 0.0
    errors: tuple[Template, ...] = ()
    factor: float = 1.0
    keep: float = 1.0
    keeps_requests: float = 1.0
    bad_share: float | None = None
    load: float = 1.0

    def strength(self, times: Times, instances: Numbers) -> Times:
        """Between 0 (not there) and 1 (in full)."""
        since = times - self.starts[instances]
        grown = np.clip(since / self.rise, 0.0, 1.0) if self.rise > 0 else 1.0
        found: Times = np.where((since >= 0) & (times < self.until), grown, 0.0)
        return found

    @property
    def start(self) -> float:
        """When it begins anywhere."""
        return float(self.starts.min())


def down_at(downs: list[Down], times: Times, instances: Numbers) -> tuple[Flags, Flags, Flags]:
    """Whether the instance is not there at a time, whether callers wait for it, and whether the fault is to blame."""
    dead, hangs, fault = (np.zeros(len(times), dtype=bool) for _ in range(3))
    for down in downs:
        inside = (instances == down.instance) & (times >= down.start) & (times < down.end)
        dead |= inside
        hangs |= inside & down.hangs
        fault |= inside & down.fault
    return dead, hangs, fault
