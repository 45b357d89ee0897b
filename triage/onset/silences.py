"""A silence is news only if it is longer than the unit's other silences: jobs that run every so often keep still in between."""

from __future__ import annotations

import numpy as np

from triage.onset.bins import Booleans, Integers, Rows


def usual_silence(rows: Rows, cuts: Integers) -> Booleans:
    """Whether each window is told by a silence, in it or before it, that is no longer than other gaps between lines.

    Parameters
    ----------
    rows : Rows
        Counts per second.
    cuts : ndarray of int, shape (units, 4)
        Start of the time before the window, start and end of the window, end of the time after it, in seconds.
    """
    units = len(cuts)
    segment = (rows.second >= cuts[rows.unit, 1]).astype(np.int64) + (rows.second >= cuts[rows.unit, 2])
    lines = np.bincount(3 * rows.unit + segment, minlength=3 * units).reshape(units, 3)
    length = np.diff(cuts, axis=1)
    silent = np.where(lines[:, 1] == 0, length[:, 1], np.where(lines[:, 0] == 0, length[:, 0], np.iinfo(np.int64).max))
    same = rows.unit[1:] == rows.unit[:-1]
    # The gap around a silent window is that window.
    other = same & ~((segment[:-1] == 0) & (segment[1:] == 2))
    longest = np.zeros(units, dtype=np.int64)
    np.maximum.at(longest, rows.unit[1:][other], np.diff(rows.second)[other])
    found: Booleans = silent <= longest
    return found
