"""When a change happened: the most likely second, and an interval that holds the true time with a stated probability.

The time of a step has a posterior under a uniform prior on time: proportional to the likelihood ratio of a step there,
with rates at their best and counts discounted by their dispersion. Where one side has no lines at all, the exact time
of the nearest line bounds the change, and waiting times give the other end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triage.onset.bins import Floats, Integers
from triage.onset.likelihood import step_profile
from triage.onset.series import SECOND

#: Points of time at which a profile is worked out, at most, in each of two passes: all of the search, then what is left.
MOST_POINTS = 1024
#: What the first pass may leave out of the posterior.
_LEFT_OUT = 1e-4


@dataclass(frozen=True)
class Interval:
    """A time and its bounds, in nanoseconds from any zero: ``earliest <= at <= latest``."""

    at: int
    earliest: int
    latest: int


def nanoseconds(seconds: float) -> int:
    """Seconds as whole nanoseconds."""
    return round(seconds * SECOND)


@dataclass(frozen=True, eq=False)
class Stretch:
    """Lines of one unit in a stretch of time that holds one step.

    Attributes
    ----------
    second, count : ndarray of int
        Seconds with lines, in order, and how many.
    start, stop : int
        The stretch, in whole seconds.
    searched : int
        The second from which on the step may be.
    """

    second: Integers
    count: Integers
    start: int
    stop: int
    searched: int

    @classmethod
    def cut(cls, second: Integers, count: Integers, start: int, stop: int, searched: int) -> Stretch:
        """The part of a unit's lines from `start` up to `stop`."""
        low, high = np.searchsorted(second, (start, stop))
        return cls(second[low:high], count[low:high], start, stop, searched)

    def profile(self, times: Floats) -> Floats:
        """Signed log-likelihood ratio of a step at whole seconds (see `likelihood.step_profile`)."""
        edges = np.unique(np.r_[self.start, times, self.stop])
        inside = np.searchsorted(edges, self.second, side="right") - 1
        counts = np.bincount(inside, weights=self.count, minlength=len(edges) - 1)
        return step_profile(counts, edges)[np.searchsorted(edges, times)]


def step_interval(stretch: Stretch, rise: bool, dispersion: float, coverage: float) -> Interval:
    """Time of a step: the second that fits best, and the shortest set of likely seconds, filled in.

    Parameters
    ----------
    stretch : Stretch
        Lines around the step.
    rise : bool
        Direction of the step.
    dispersion : float
        Variance over mean of the counts.
    coverage : float
        Probability that the interval holds the time of the step.
    """
    low, high = stretch.searched, stretch.stop - 1
    for mass in (1 - _LEFT_OUT, coverage):
        step = max(1, -(-(high - low) // MOST_POINTS))
        times = np.arange(low, high + step, step).clip(max=stretch.stop).astype(np.float64)
        density = _density(stretch.profile(times) * (1 if rise else -1) / dispersion)
        first, last = _shortest(density, mass)
        best, width = int(times[np.argmax(density)]), int(step)
        low, high = int(times[first]), int(times[last])
        if mass > coverage:  # between two points of the first pass there may be a better one
            low, high = max(stretch.searched, low - width), min(stretch.stop - 1, high + width)
    # Lines are counted by whole seconds: a step nearest to a whole second is up to half a second away from it.
    margin = nanoseconds(width / 2)
    earliest = max(nanoseconds(low) - margin, nanoseconds(stretch.searched))
    return Interval(nanoseconds(best), earliest, min(nanoseconds(high) + margin, nanoseconds(stretch.stop)))


def _density(signed: Floats) -> Floats:
    """Posterior of each point; all alike where no point shows a step in the direction asked for."""
    logs = np.where(signed > 0, signed, -np.inf) if signed.max() > 0 else np.zeros_like(signed)
    density = np.exp(logs - logs.max())
    return density / density.sum()


def _shortest(density: Floats, mass: float) -> tuple[int, int]:
    """First and last index of the smallest set of cells that holds `mass`."""
    order = np.argsort(-density, kind="stable")
    held = np.cumsum(density[order])
    chosen = order[: int(np.searchsorted(held, mass)) + 1]
    return int(chosen.min()), int(chosen.max())


#: How many lines next to a silence tell the rate there, where lines grow more or fewer from there on.
NEAREST_LINES = 8


def waiting_time(lines: float, time: float, dispersion: float, coverage: float) -> float:
    """How long a silence may last, with a probability of `coverage`, before the next line comes.

    The rate is not known but seen in `lines` lines within `time` after one of them: the wait for one more has a Lomax
    distribution (gamma posterior of the rate, exponential wait), here with as many lines as there are groups.

    Returns
    -------
    float
        In the unit of `time`; infinite for a single line, which shows no rate.

    Examples
    --------
    One hundred lines in 100 s: the next one comes within about ln(10) s with 90 %.

    >>> round(waiting_time(101, 100.0, 1.0, 0.9), 2)
    2.33
    """
    groups = max(lines - 1, 0.0) / dispersion
    exponent = -np.log1p(-coverage) / groups if groups > 0 else np.inf
    return float(time * np.expm1(exponent)) if exponent < 700 else np.inf


def silence(second: Integers, count: Integers, dispersion: float, coverage: float) -> float:
    """How long before the first line the lines may have begun, in seconds, from the gaps that follow it.

    The longer of two waits: one from all the lines, one from the first few, for lines that come ever faster.
    """
    lines = np.cumsum(count)
    waits = [waiting_time(lines[-1], second[-1] - second[0] + 1, dispersion, coverage)]
    if lines[-1] > NEAREST_LINES:
        near = int(np.searchsorted(lines, NEAREST_LINES))
        waits.append(waiting_time(lines[near], second[near] - second[0] + 1, dispersion, coverage))
    return max(waits)
