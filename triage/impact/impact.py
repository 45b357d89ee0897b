"""What an incident did to services and operations, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ServiceImpact:
    """Records and error records of one service, before the onset and since; the service is None where none is named."""

    service: str | None
    records_before: int
    records_since: int
    errors_before: int
    errors_since: int


@dataclass(frozen=True)
class OperationImpact:
    """Requests for one route, as one service logs them; `sources` are the files whose lines were counted."""

    service: str | None
    method: str
    route: str
    requests_before: int
    failing_before: int
    requests_since: int
    failing_since: int
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Failing:
    """The failing lines that came with the onset.

    Attributes
    ----------
    count : int
        How many.
    first, last : datetime
        The first and the last of them.
    longest_pause : float
        The longest time between two of them, in seconds; 0 for a single one.
    lasts : bool
        Whether they still come when the logs end: the time from the last one to the end of the logs is no longer than
        the longest pause.
    """

    count: int
    first: datetime
    last: datetime
    longest_pause: float
    lasts: bool


@dataclass(frozen=True)
class Impact:
    """Figures before the onset and since; without an onset all of them are in those since the logs begin.

    Attributes
    ----------
    start, end : datetime
        The window of the logs.
    since : datetime
        The onset, or `start` without one.
    services : tuple of ServiceImpact
        Those with most error records since first.
    operations : tuple of OperationImpact
        Those with most failing requests since first; empty where no line gives method, path and status of a request.
    failing : Failing or None
        None where no failing lines came with the onset.
    """

    start: datetime
    end: datetime
    since: datetime
    services: tuple[ServiceImpact, ...]
    operations: tuple[OperationImpact, ...]
    failing: Failing | None
