"""One step in a sequence of values that are ordered in time: where it is, and what chance alone would give."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from triage.onset.bins import Booleans, Floats, Integers
from triage.onset.intervals import Interval
from triage.onset.significance import log_choose

#: Values next to each other are alike: blocks of so many tell how much.
BLOCKS = (2, 4, 8, 16)
#: Fewest blocks that tell anything.
FEWEST_BLOCKS = 4


@dataclass(frozen=True, eq=False)
class Step:
    """The most telling step of a sequence.

    Attributes
    ----------
    place : int
        How many values come before it.
    llr : float
        Log-likelihood ratio against no step, in nats, over the dispersion.
    log_p : float
        Log of the chance of such a step anywhere, without one.
    dispersion : float
        How many values that stand side by side say as much as one.
    profile : ndarray
        The same log-likelihood ratio at each place from 1 to one less than the number of values; -inf where the step
        would go the other way.
    """

    place: int
    llr: float
    log_p: float
    dispersion: float
    profile: Floats


def share_step(there: Booleans) -> Step | None:
    """The most telling fall of the share of values that are true; None where there is none.

    The chance is that of so many before the step if all orders of the values are alike (hypergeometric).
    """
    n = len(there)
    held = np.cumsum(there)[:-1].astype(np.float64)
    total, before = float(there.sum()), np.arange(1, n, dtype=np.float64)
    if n < 2 or not 0 < total < n:
        return None
    llr = _binomial(held, before) + _binomial(total - held, n - before) - _binomial(total, float(n))
    profile = np.where(held * n > total * before, llr, -np.inf)
    place = int(np.argmax(profile)) + 1
    if not np.isfinite(profile[place - 1]):
        return None
    residuals = there.astype(np.float64)
    residuals[:place] -= residuals[:place].mean()
    residuals[place:] -= residuals[place:].mean()
    spread = _dispersion(residuals)
    tail = _log_hypergeometric(held[place - 1], float(place), total, float(n))
    return Step(
        place, float(profile[place - 1]) / spread, min(0.0, tail / spread + places(n)), spread, profile / spread
    )


def rise_step(values: Floats, least: int) -> Step | None:
    """The most telling rise of the mean of values with a normal spread; None where there is none.

    Parameters
    ----------
    least : int
        Fewest values on each side.
    """
    n = len(values)
    if n < 2 * least + 2:
        return None
    low, high = np.quantile(values, (0.02, 0.98))
    clipped = np.clip(values, low, high) - np.median(values)
    sums, before = np.cumsum(clipped)[:-1], np.arange(1, n, dtype=np.float64)
    total, whole = float(clipped.sum()), float(np.square(clipped - clipped.mean()).sum())
    if whole <= 0:
        return None
    between = np.square(sums - total * before / n) * n / (before * (n - before))
    llr = -0.5 * (n - 2) * np.log(np.maximum(1 - between / whole, 1e-12))
    rises = (sums * n < total * before) & (before >= least) & (n - before >= least)
    profile = np.where(rises, llr, -np.inf)
    place = int(np.argmax(profile)) + 1
    if not np.isfinite(profile[place - 1]):
        return None
    residuals = clipped.copy()
    residuals[:place] -= residuals[:place].mean()
    residuals[place:] -= residuals[place:].mean()
    spread = _dispersion(residuals)
    found = float(profile[place - 1]) / spread
    return Step(place, found, min(0.0, places(n) - found), spread, profile / spread)


def costing(step: Step, price: float) -> Step:
    """A step that is the best of several: `price` is the log of how many there were."""
    return replace(step, log_p=min(0.0, step.log_p + price))


def step_time(step: Step, times: Integers, coverage: float) -> Interval:
    """When a step happened: between two values, of which the second is the first of the time after it.

    Parameters
    ----------
    times : ndarray of int
        Times of the values, in order, in nanoseconds.
    coverage : float
        Probability that the interval holds the time, all times being alike beforehand.
    """
    width = np.diff(times).astype(np.float64) + 1.0
    weight = step.profile + np.log(width)
    density = np.exp(weight - weight.max())
    order = np.argsort(-density / width, kind="stable")
    held = np.cumsum(density[order]) / density.sum()
    chosen = order[: int(np.searchsorted(held, coverage)) + 1]
    at = int(times[step.place])
    return Interval(at, min(at, int(times[chosen.min()])), max(at, int(times[chosen.max() + 1])))


def _binomial(held: Floats | float, of: Floats | float) -> Floats:
    """Log-likelihood of so many of so many, at the share that fits best."""
    some, all_of = np.asarray(held, dtype=np.float64), np.asarray(of, dtype=np.float64)
    found: Floats = special.xlogy(some, some / all_of) + special.xlogy(all_of - some, (all_of - some) / all_of)
    return found


def places(n: int) -> float:
    """Log of how many different places a step may have: one for each doubling of its distance from the nearer end."""
    return float(np.log(max(1.0, 2 * np.log2(n / 2))))


def _log_hypergeometric(held: float, before: float, total: float, n: float) -> float:
    """Log of the chance of at least so many of `total` among the first of `n` values."""
    k = np.arange(held, min(before, total) + 1)
    terms = log_choose(np.full_like(k, before), k) + log_choose(np.full_like(k, n - before), total - k)
    return float(special.logsumexp(terms) - log_choose(np.array([n]), np.array([total]))[0])


def _dispersion(residuals: Floats) -> float:
    """How much more the sums of values side by side vary than those of values apart would; at least 1."""
    variance = float(np.square(residuals).mean())
    if variance <= 0:
        return 1.0
    found = 1.0
    for size in BLOCKS:
        count = len(residuals) // size
        if count < FEWEST_BLOCKS:
            break
        sums = residuals[: count * size].reshape(count, size).sum(axis=1)
        found = max(found, float(np.square(sums).mean()) / (size * variance))
    return found
