"""How much the counts of a unit vary when nothing changes: in both sets, or as the baseline and its crowd show it."""

from __future__ import annotations

import numpy as np

from triage.comparison.rhythm import in_rhythm
from triage.onset.bins import Integers, Rows
from triage.onset.dispersion import FEWEST_UNITS, PRIOR_FREEDOM, Dispersion, dispersion_within

#: The dispersion that so many of the units stay below is that of the crowd.
CROWD = 0.9


def spread_in_both(rows: Rows, cuts: Integers) -> Dispersion:
    """Dispersion in both sets; for units that go with the rhythm of all lines, what that leaves of it.

    Parameters
    ----------
    rows : Rows
        Lines on the joint axis.
    cuts : ndarray of int, shape (units, 4)
        0, the end of A, and twice the end of B.
    """
    return _beside_rhythm(rows, in_rhythm(rows, cuts), cuts)


def spread_in_baseline(rows: Rows, cuts: Integers) -> Dispersion | None:
    """Dispersion in A, and at least that of the crowd there; None where there is no crowd.

    What is new in B may have come in one go. By itself that tells no outbreak from one of those groups of lines that
    come now and then; that it is many times larger than groups of lines were in A does.
    """
    early, end = rows.second < cuts[rows.unit, 1], cuts[:, 1]
    plain, even = (
        Rows(rows.units, rows.unit[early], each.second[early], rows.count[early])
        for each in (rows, in_rhythm(rows, cuts))
    )
    found = _beside_rhythm(plain, even, np.column_stack([np.zeros_like(end), end // 2, end, end]))
    known = found.freedom > 3
    if known.sum() < FEWEST_UNITS:
        return None
    crowd = np.quantile(found.value[known], CROWD)
    return Dispersion(np.maximum(found.value, crowd), found.freedom + PRIOR_FREEDOM)


def _beside_rhythm(rows: Rows, even: Rows, cuts: Integers) -> Dispersion:
    """Dispersion on the clock on which it is less: not all that a log tells of goes with its rhythm."""
    plain, beside = (dispersion_within(each, cuts) for each in (rows, even))
    less = beside.bound < plain.bound
    value, freedom = np.where(less, beside.value, plain.value), np.where(less, beside.freedom, plain.freedom)
    return Dispersion(value, freedom)
