"""Log-likelihood ratios of a change of rate, for counts that are Poisson with a constant rate on each side.

All in nats and for exposures in any unit of time. Counts that vary more than Poisson counts are the business of
`dispersion`: divide by the dispersion (quasi-likelihood; Wedderburn 1974, McCullagh and Nelder 1989, chapter 9).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from triage.onset.bins import Floats

_TINY = 1e-300


def window_llr(inside: npt.ArrayLike, e_inside: npt.ArrayLike, total: npt.ArrayLike, e_total: npt.ArrayLike) -> Floats:
    """Log-likelihood ratio of one rate inside a window and another outside, against one rate for all.

    Parameters
    ----------
    inside, total : array_like
        Lines in the window, and in all.
    e_inside, e_total : array_like
        Time in the window, and in all.

    Returns
    -------
    ndarray
        At least 0, and 0 for a window of no time or of all.

    Examples
    --------
    Four lines in the last tenth, none before: ``4 * log(10)``.

    >>> float(window_llr(4, 1, 4, 10).round(3))
    9.21
    """
    a, n = np.asarray(inside, dtype=np.float64), np.asarray(total, dtype=np.float64)
    e_a, e_n = np.asarray(e_inside, dtype=np.float64), np.asarray(e_total, dtype=np.float64)
    return np.maximum(_surprise(a, e_a) + _surprise(n - a, e_n - e_a) - _surprise(n, e_n), 0.0)


def _surprise(n: Floats, exposure: Floats) -> Floats:
    """What does not cancel of a Poisson log-likelihood at its maximum: ``n log(n / exposure)``, 0 for no lines."""
    found: Floats = n * (np.log(np.maximum(n, 1.0)) - np.log(np.maximum(exposure, _TINY)))
    return found


def step_profile(counts: Floats, edges: Floats) -> Floats:
    """Signed log-likelihood ratio of a step in rate at each edge.

    Parameters
    ----------
    counts : ndarray, shape (..., bins)
        Lines in bins.
    edges : ndarray, shape (bins + 1,)
        Times of the bins' edges.

    Returns
    -------
    ndarray, shape (..., bins + 1)
        Positive where the rate after the edge is the higher one, negative where it is the lower; 0 at both ends.
    """
    before = np.zeros((*counts.shape[:-1], counts.shape[-1] + 1))
    np.cumsum(counts, axis=-1, out=before[..., 1:])
    total = before[..., -1:]
    time, whole = edges - edges[0], edges[-1] - edges[0]
    llr = window_llr(before, time, total, whole)
    return np.where(before * whole <= total * time, llr, -llr)


def rate_bounds(lines: npt.ArrayLike, time: npt.ArrayLike, coverage: float = 0.90) -> tuple[Floats, Floats]:
    """Bounds of a Poisson rate: equal tails under Jeffreys' prior.

    Without lines the lower bound is 0 and the upper one is the rate at which so long a silence has the probability of
    one tail (the "rule of three": 3.0 / time for 90 %); so a ratio of rates is never infinite.

    Parameters
    ----------
    lines, time : array_like
        Lines seen, and the time in which they were.
    coverage : float
        Probability that the bounds hold the rate.

    Returns
    -------
    tuple of ndarray
        Lower and upper bound, per unit of `time`; 0 and infinite where there was no time.

    Examples
    --------
    >>> low, high = rate_bounds([0, 10], [60, 60])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.097], [0.05, 0.272])
    """
    n, e = np.asarray(lines, dtype=np.float64), np.asarray(time, dtype=np.float64)
    tail = (1 - coverage) / 2
    low = np.where(n > 0, special.gammaincinv(n + 0.5, tail), 0.0)
    high = np.where(n > 0, special.gammaincinv(n + 0.5, 1 - tail), -np.log(tail))
    seen = e > 0
    span = np.where(seen, e, 1.0)
    return np.where(seen, low / span, 0.0), np.where(seen, high / span, np.inf)
