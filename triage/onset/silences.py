"""Silences: whether one is news, and how far into it the lines next to it may reach."""

from __future__ import annotations

import numpy as np

from triage.onset.bins import Booleans, Integers, Rows

#: How many lines, or groups of lines, next to a silence tell the rate there.
NEAREST = 8
#: Mean position of lines, from 0 (the silence) to 1, from which their rate is taken to grow in proportion to time:
#: between 1/2, for a constant rate, and 2/3.
GROWING = 7 / 12


def usual_silence(rows: Rows, cuts: Integers) -> Booleans:
    """Whether each window is told by a silence, in it or before it, that is no longer than other gaps between lines.

    Jobs that run every so often keep still in between, more regularly than independent lines would.

    Parameters
    ----------
    rows : Rows
        Counts per second.
    cuts : ndarray of int, shape (units, 4)
        Start of the time before the window, start and end of the window, end of the time after it, in seconds.
    """
    units = len(cuts)
    part = (rows.second >= cuts[rows.unit, 1]).astype(np.int64) + (rows.second >= cuts[rows.unit, 2])
    lines = np.bincount(3 * rows.unit + part, minlength=3 * units).reshape(units, 3)
    length = np.diff(cuts, axis=1)
    never = np.iinfo(np.int64).max
    silent = np.where(lines[:, 1] == 0, length[:, 1], np.where(lines[:, 0] == 0, length[:, 0], never))
    # The gap around a silent window is that window itself.
    other = (rows.unit[1:] == rows.unit[:-1]) & ~((part[:-1] == 0) & (part[1:] == 2))
    longest = np.zeros(units, dtype=np.int64)
    np.maximum.at(longest, rows.unit[1:][other], np.diff(rows.second)[other])
    found: Booleans = silent <= longest
    return found


def waiting_time(lines: float, time: float, dispersion: float, coverage: float, *, growing: bool = False) -> float:
    """How long before the first of some lines their cause may have begun, with a probability of `coverage`.

    At a constant rate that began at an unknown time, the first of n lines divides the time up to the last one as the
    smallest of n - 1 uniform numbers does. Where the rate grows in proportion to time, their squares do.

    Parameters
    ----------
    lines : float
        Lines seen.
    time : float
        From the first of them to the last.
    dispersion : float
        Lines come in so many groups fewer.
    coverage : float
        Wanted probability.
    growing : bool
        Whether the rate grows from nothing.

    Returns
    -------
    float
        In the unit of `time`; infinite for a single line, which shows no rate.

    Examples
    --------
    One hundred and one lines in 100 s: it began at most about ln(10) seconds before the first, with 90 %.

    >>> round(waiting_time(101, 100.0, 1.0, 0.9), 2)
    2.33
    """
    groups = max(lines - 1, 0.0) / dispersion
    if groups < 1e-3:
        return float("inf")
    smallest = -np.expm1(np.log1p(-coverage) / groups)
    share = np.sqrt(smallest) if growing else smallest
    return float(time * share / (1 - share)) if share < 1 else float("inf")


def silence_before(second: Integers, count: Integers, dispersion: float, coverage: float) -> float:
    """How long before the first line the lines may have begun, in seconds, from the gaps that follow it.

    Parameters
    ----------
    second, count : ndarray of int
        Seconds with lines, in order, and how many lines.
    dispersion : float
        Variance over mean of the counts.
    coverage : float
        Wanted probability.
    """
    lines = np.cumsum(count)
    since = second - second[0]
    growing = bool(since[-1] > 0 and (since * count).sum() / lines[-1] > GROWING * since[-1])
    near = min(int(np.searchsorted(lines, NEAREST * dispersion)), len(lines) - 1)
    chosen = (near,) if growing else (near, len(lines) - 1)
    return max(waiting_time(lines[k], since[k] + 1.0, dispersion, coverage, growing=growing) for k in chosen)
