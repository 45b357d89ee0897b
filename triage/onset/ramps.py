"""Ramps: a rate that is constant at first and then grows or falls in proportion to time."""

from __future__ import annotations

import numpy as np

from triage.onset.bins import Floats
from triage.onset.intervals import Interval, Stretch, nanoseconds, posterior, shortest

#: Times at which a ramp may begin, and cells of time in which lines are counted, at most.
STARTS, CELLS = 128, 256


def ramp_interval(stretch: Stretch, dispersion: float, coverage: float) -> tuple[float, Interval]:
    """Evidence of a ramp that lasts to the end of a stretch, and when it begins.

    Rates are those that give the lines seen before the ramp and in it, which is the likeliest or close to it.

    Parameters
    ----------
    stretch : Stretch
        Lines around the change.
    dispersion : float
        Variance over mean of the counts.
    coverage : float
        Probability that the interval holds the time at which the ramp begins.

    Returns
    -------
    tuple of float and Interval
        Log-likelihood ratio against a constant rate, over the dispersion, and the time.
    """
    cells = np.unique(np.linspace(stretch.start, stretch.stop, CELLS + 1).astype(np.int64))
    starts = np.unique(np.linspace(stretch.searched, stretch.stop - 1, STARTS).astype(np.int64))
    llr = _profile(stretch, cells.astype(np.float64), starts.astype(np.float64)) / dispersion
    density = posterior(llr)
    first, last = shortest(density, coverage)
    best = int(np.argmax(density))
    margin = max(1.0, float(np.diff(starts).max(initial=1)))
    earliest = max(float(starts[first]) - margin, float(stretch.searched))
    latest = min(float(starts[last]) + margin, float(stretch.stop))
    return float(llr[best]), Interval(nanoseconds(float(starts[best])), nanoseconds(earliest), nanoseconds(latest))


def _profile(stretch: Stretch, cells: Floats, starts: Floats) -> Floats:
    """Log-likelihood ratio of a ramp from each start, shape (starts,)."""
    inside = np.searchsorted(cells, stretch.second, side="right") - 1
    counts = np.bincount(inside, weights=stretch.count, minlength=len(cells) - 1)
    total, whole = counts.sum(), stretch.stop - stretch.start
    begun = np.searchsorted(stretch.second, starts)
    before = np.r_[0, np.cumsum(stretch.count)][begun].astype(np.float64)
    flat, rest = starts - stretch.start, stretch.stop - starts
    rate = before / np.maximum(flat, 1.0)
    slope = 2 * (total - before - rate * rest) / rest**2
    # Expected lines by a time t: rate * t, and slope / 2 * (t - start) ** 2 once the ramp has begun.
    since = np.maximum(cells[None, :] - starts[:, None], 0.0)
    expected = np.diff(rate[:, None] * (cells - stretch.start) + slope[:, None] / 2 * since**2, axis=1)
    constant = total / whole * np.diff(cells)
    # Where a rate would have to fall below nothing, the ramp does not fit at all.
    ratio = np.where(counts > 0, np.maximum(expected, 1e-9) / constant, 1.0)
    found: Floats = (counts * np.log(ratio)).sum(axis=1)
    return np.where((expected.min(axis=1) < -1e-9) | (flat <= 0), -np.inf, found)
