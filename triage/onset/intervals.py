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

#: Points of time at which a profile is worked out, at most: all of the search first, then what is left of it.
MOST_POINTS = 1024
#: What the first pass may leave out of the posterior.
_LEFT_OUT = 1e-4


@dataclass(frozen=True)
class Interval:
    """A time and its bounds, in nanoseconds from any zero: ``earliest <= at <= latest``.

    `ramp` says that the rate changes in proportion to time from then on, instead of at once.
    """

    at: int
    earliest: int
    latest: int
    ramp: bool = False


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
        counts = np.bincount(inside, weights=self.count, minlength=len(edges) - 1).astype(np.float64, copy=False)
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
        signed = stretch.profile(times) * (1 if rise else -1)
        density = posterior(np.where(signed > 0, signed / dispersion, -np.inf))
        first, last = shortest(density, mass)
        best, width = int(times[np.argmax(density)]), int(step)
        low, high = int(times[first]), int(times[last])
        if mass > coverage:  # between two points of the first pass there may be a better one
            low, high = max(stretch.searched, low - width), min(stretch.stop - 1, high + width)
    # Lines are counted by whole seconds, and a step within one is seen at its start or at its end.
    margin = nanoseconds(width)
    earliest = max(nanoseconds(low) - margin, nanoseconds(stretch.searched))
    return Interval(nanoseconds(best), earliest, min(nanoseconds(high) + margin, nanoseconds(stretch.stop)))


def posterior(log_likelihood: Floats) -> Floats:
    """Probability of each point, all alike beforehand."""
    best = log_likelihood.max()
    density: Floats = np.exp(log_likelihood - best) if np.isfinite(best) else np.ones_like(log_likelihood)
    found: Floats = density / density.sum()
    return found


def shortest(density: Floats, mass: float) -> tuple[int, int]:
    """First and last index of the smallest set of cells that holds `mass`."""
    order = np.argsort(-density, kind="stable")
    held = np.cumsum(density[order])
    chosen = order[: int(np.searchsorted(held, mass)) + 1]
    return int(chosen.min()), int(chosen.max())
