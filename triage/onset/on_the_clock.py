"""A change that was dated in rescaled time, told in that of the clock."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from triage.onset.detector import Context
from triage.onset.intervals import Interval, nanoseconds
from triage.onset.rescaled import Clock
from triage.onset.series import SECOND

#: A cell whose rate is so many times that of its neighbour is a steep one.
STEEP = 3.0


@dataclass(frozen=True)
class Dated:
    """A change with its time.

    Attributes
    ----------
    interval : Interval
        When it began.
    end : int or None
        When it ended, in nanoseconds, if it did.
    sides : tuple of float
        Lines before and the seconds they came in, lines after and theirs.
    """

    interval: Interval
    end: int | None
    sides: tuple[float, float, float, float]


def on_the_clock(dated: Dated, context: Context, clock: Clock, exact: tuple[int, int]) -> Dated:
    """The same in time of the clock.

    The seconds before become those in which as many lines would have come at the times of day of the change: so the
    rate before is what is usual at that time, in lines that come each minute.

    Parameters
    ----------
    dated : Dated
        In rescaled time.
    context : Context
        What it was dated from.
    clock : Clock
        Of the unit.
    exact : tuple of int
        Nanoseconds of the unit's first and last line.
    """
    lines = dict(zip((context.last_ns, context.first_ns), reversed(exact), strict=True))

    def back(ns: int) -> int:
        return round(clock.back(ns / SECOND)) * SECOND

    found = _past_steep_cells(dated.interval, clock)
    at = lines.get(found.at, back(found.at))
    # Lines are known by their second, wherever in rescaled time that is: a margin of less would be too little.
    earliest = min(back(found.earliest), back(found.earliest + SECOND) - SECOND)
    latest = max(back(found.latest), back(found.latest - SECOND) + SECOND)
    least, most = back(context.searched * SECOND), int(clock.real[-1]) * SECOND
    earliest = at if found.earliest == found.at else min(at, max(earliest, least))
    latest = at if found.latest == found.at else max(at, min(latest, most))
    end = None if dated.end is None else max(back(dated.end), at + SECOND)
    before, time_before, after, time_after = dated.sides
    real = max(((most if end is None else end) - at) / SECOND, 1.0)
    sides = (before, time_before * real / time_after, after, real)
    return Dated(Interval(at, earliest, latest, found.ramp), end, sides)


def _past_steep_cells(interval: Interval, clock: Clock) -> Interval:
    """The interval with what a cell hides: where the rate rises or falls steeply there, it may do so anywhere in it.

    The first lines of a job that are not due yet must not seem to be missing.
    """
    edges = clock.edges[0]
    rates = np.diff(edges) / np.diff(clock.real)
    early, late = interval.at - interval.earliest, interval.latest - interval.at
    first, last = (
        min(int(np.searchsorted(edges, time / SECOND, side="right")) - 1, len(rates) - 1)
        for time in (interval.earliest, interval.latest)
    )
    earliest, latest = interval.earliest, interval.latest
    if early and first > 0 and _steep(rates[first - 1], rates[first]):
        earliest = max(0, nanoseconds(edges[first]) - early)
    if late and last + 1 < len(rates) and _steep(rates[last], rates[last + 1]):
        latest = min(nanoseconds(edges[-1]), nanoseconds(edges[last + 1]) + late)
    return replace(interval, earliest=earliest, latest=latest)


def _steep(one: float, other: float) -> bool:
    return max(one, other) > STEEP * min(one, other)
