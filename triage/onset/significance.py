"""How often chance alone would look like this: p-values of windows, and q-values over all units tested."""

from __future__ import annotations

import numpy as np
from scipy import special

from triage.onset.bins import Booleans, Floats
from triage.onset.dispersion import Dispersion

#: The dispersion is not known but estimated. These quantiles of a chi-squared variable stand for how low it may have
#: come out, each with the chance of a value between it and the one before.
_QUANTILES = np.array([0.3, 0.1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6])
_CHANCES = -np.diff(np.r_[1.0, _QUANTILES[:-1], 0.0])
#: Nearly Poisson: groups of one line.
_MOST_GROUPS = 1e9


def log_tail(inside: Floats, total: Floats, share: Floats, dispersion: Floats) -> Floats:
    """Log of the chance that a window holds so many of the lines, or more, if the rate never changed.

    Lines come in groups, at a constant rate of groups, with sizes such that counts have variance `dispersion` times
    their mean (negative binomial: compound Poisson with logarithmic sizes). Given the total, the count of a window is
    then beta-binomial whatever the rate; binomial for a dispersion of 1.

    Parameters
    ----------
    inside, total : ndarray
        Lines in the window and in all.
    share : ndarray
        The window's part of the time, between 0 and 1.
    dispersion : ndarray
        At least 1.

    Returns
    -------
    ndarray
        An upper bound, close where it is small: the first term over 1 minus the ratio of terms. `inside` is not 0.
    """
    groups = total / np.maximum(dispersion - 1, total / _MOST_GROUPS + 1e-300)
    alpha, beta = share * groups, (1 - share) * groups
    others = total - inside
    first, every = _log_term(inside, total, alpha, beta), _log_term(total, total, alpha, beta)
    ratio = np.maximum(alpha + inside, inside + 1) / (inside + 1) * others / np.maximum(others + beta - 1, 1e-300)
    terms = np.minimum(others + 1, 1 / np.maximum(1 - ratio, 1e-12))
    # Few groups: terms may grow, to one in between or to that of all lines inside. Markov's inequality is then the
    # closer bound.
    middle = (total * (alpha - 1) - beta + 1) / np.where(np.abs(groups - 2) < 1e-9, 1e-9, groups - 2)
    peak = _log_term(np.clip(np.ceil(middle), inside, total), total, alpha, beta)
    largest = np.maximum(np.maximum(first, every), peak)
    bound = np.where(ratio < 1, first + np.log(terms), largest + np.log(others + 1))
    found: Floats = np.minimum(np.minimum(bound, np.log(share * total / inside)), 0.0)
    return found


def _log_term(inside: Floats, total: Floats, alpha: Floats, beta: Floats) -> Floats:
    """Log of the chance of just so many lines inside (beta-binomial)."""
    found: Floats = (
        log_choose(total, inside)
        + _log_rising(alpha, inside)
        + _log_rising(beta, total - inside)
        - _log_rising(alpha + beta, total)
    )
    return found


def log_choose(n: Floats, k: Floats) -> Floats:
    """Log of the number of ways to choose k of n."""
    found: Floats = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return found


def _log_rising(a: Floats, n: Floats) -> Floats:
    """Log of ``a (a + 1) … (a + n - 1)``."""
    found: Floats = special.gammaln(a + n) - special.gammaln(a)
    return found


def log_p_values(
    inside: Floats, total: Floats, share: Floats, rise: Booleans, weight: Floats, dispersion: Dispersion
) -> Floats:
    """Log p-values of windows picked from many.

    The tail is averaged over what the dispersion may be, given its estimate; divided by the window's weight
    (see `scan`).

    Parameters
    ----------
    inside, total, share : ndarray
        As for `log_tail`.
    rise : ndarray of bool
        Whether the window holds too many lines, or too few.
    weight : ndarray
        Log of the window's part of the false alarm chance.
    dispersion : Dispersion
    """
    many, part = np.where(rise, inside, total - inside), np.where(rise, share, 1 - share)
    freedom = np.maximum(dispersion.freedom, 1e-3)[:, None]
    low = np.maximum(2 * special.gammaincinv(freedom / 2, _QUANTILES), 1e-300)
    values = np.clip(dispersion.value[:, None] * freedom / low, 1.0, 1e12)
    tails = log_tail(many[:, None], total[:, None], part[:, None], values)
    found: Floats = special.logsumexp(tails, axis=1, b=_CHANCES) - weight
    return np.minimum(0.0, found)


def q_values(p: Floats) -> Floats:
    """False discovery rates at which each would just be reported (Benjamini and Hochberg 1995).

    Examples
    --------
    >>> q_values(np.array([0.01, 0.5, 0.02])).round(3).tolist()
    [0.03, 0.5, 0.03]
    """
    order = np.argsort(p, kind="stable")[::-1]
    rank = np.arange(len(p), 0, -1)
    found = np.empty(len(p))
    found[order] = np.minimum(1.0, np.minimum.accumulate(p[order] * len(p) / rank))
    return found
