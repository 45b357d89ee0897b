"""Times of lines: rates that wander, follow the day and grow, and lines that come in groups or by the clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import signal

Times = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
Rng = np.random.Generator

DAY = 86400.0
#: Points at which a rate is given; between them it is interpolated.
STEPS = 600


def log_uniform(rng: Rng, low: float, high: float) -> float:
    """A number between two, all scales alike."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


@dataclass(frozen=True, eq=False)
class Pace:
    """A rate that changes in time, as a factor of a usual rate.

    Attributes
    ----------
    grid, level : ndarray
        Seconds since the window's start, and the factor there.
    """

    grid: Times
    level: Times

    def times(self, rng: Rng, per_second: float) -> Times:
        """Independent times at this pace, in order; `per_second` is the usual rate."""
        steps = np.diff(self.grid) * (self.level[1:] + self.level[:-1]) / 2
        sums = np.concatenate([[0.0], np.cumsum(steps)])
        count = rng.poisson(per_second * sums[-1])
        found: Times = np.sort(np.interp(rng.uniform(0, sums[-1], count), sums, self.grid))
        return found

    def after(self, start: float, factor: float, rise: float, until: float) -> Pace:
        """Only what a growth to `factor` times the rate adds, from `start` on and fully after `rise` seconds."""
        grid = np.unique(np.concatenate([self.grid, [start, min(start + rise, self.grid[-1]), until]]))
        grid = grid[(grid >= self.grid[0]) & (grid <= self.grid[-1])]
        strength = np.clip((grid - start) / max(rise, 1e-6), 0, 1) * (grid < until)
        return Pace(grid, np.interp(grid, self.grid, self.level) * strength * (factor - 1))


def draw_pace(rng: Rng, seconds: float, day_second: float, calm: float = 1.0) -> Pace:
    """A pace with a daily rhythm, a trend, and a part that wanders (log-normal, first-order autoregressive).

    Parameters
    ----------
    rng : numpy.random.Generator
    seconds, day_second : float
        Length of the window, and the time of day at which it begins.
    calm : float
        Multiplies how far the rate wanders.
    """
    grid = np.linspace(0, seconds, STEPS)
    rhythm = 1 + rng.uniform(0, 0.6) * np.sin(2 * np.pi * (grid + day_second - rng.uniform(0, DAY)) / DAY)
    trend = 1 + rng.uniform(-0.15, 0.15) * grid / seconds
    memory, spread = log_uniform(rng, 5, 3600), calm * log_uniform(rng, 0.04, 0.5)
    keep = float(np.exp(-seconds / STEPS / memory))
    noise = rng.normal(size=STEPS) * np.sqrt(1 - keep**2)
    noise[0] = rng.normal()
    wander = signal.lfilter([1.0], [1.0, -keep], noise)
    return Pace(grid, rhythm * trend * np.exp(spread * wander))


def grouped(rng: Rng, pace: Pace, per_second: float, seconds: float) -> Times:
    """Lines in groups, such as retries or what one item brings."""
    size, spread = rng.uniform(2, 15), log_uniform(rng, 0.2, max(0.5, min(90.0, seconds / 20)))
    parents = pace.times(rng, per_second / size)
    times = np.repeat(parents, rng.geometric(1 / size, len(parents)))
    times = times + rng.exponential(spread, len(times))
    return np.sort(times[times < seconds])


def regular(rng: Rng, per_second: float, seconds: float) -> Times:
    """Lines of a job that runs by the clock, some lines a run."""
    many = int(rng.integers(1, 8))
    every = max(1.0, many / max(per_second, 1e-9))
    every = min([1, 5, 10, 15, 30, 60, 300, 600, 900, 3600, 21600, 86400], key=lambda tidy: abs(np.log(every / tidy)))
    starts = np.arange(rng.uniform(0, every), seconds, every) if seconds else np.zeros(0)
    times = np.repeat(starts, many) + rng.uniform(0, min(3.0, every / 2), many * len(starts))
    return np.sort(times[times < seconds])


def background(rng: Rng, pace: Pace, per_second: float, seconds: float) -> Times:
    """Lines of one of the three kinds."""
    kind = rng.choice(3, p=[0.5, 0.3, 0.2])
    if kind == 0:
        return pace.times(rng, per_second)
    return grouped(rng, pace, per_second, seconds) if kind == 1 else regular(rng, per_second, seconds)
