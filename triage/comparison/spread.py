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
    return _beside_rhythm(clocks(rows, cuts), cuts)


def spread_in_baseline(rows: Rows, cuts: Integers) -> Dispersion | None:
    """Dispersion in A, and at least that of the crowd there; None where there is no crowd.

    What is new in B may have come in one go. By itself that tells no outbreak from one of those groups of lines that
    come now and then; that it is many times larger than groups of lines were in A does.
    """
    early, end = rows.second < cuts[rows.unit, 1], cuts[:, 1]
    kept = [Rows(rows.units, rows.unit[early], each.second[early], rows.count[early]) for each in clocks(rows, cuts)]
    found = _beside_rhythm(kept, np.column_stack([np.zeros_like(end), end // 2, end, end]))
    known = found.freedom > 3
    if known.sum() < FEWEST_UNITS:
        return None
    crowd = np.quantile(found.value[known], CROWD)
    return Dispersion(np.maximum(found.value, crowd), found.freedom + PRIOR_FREEDOM)


def clocks(rows: Rows, cuts: Integers) -> list[Rows]:
    """Lines on the usual clock, on that of the rhythm of all units, and on that of the units that go with this one."""
    first = in_rhythm(rows, cuts, np.ones(len(cuts), dtype=bool))
    plain, even = (dispersion_within(each, cuts).bound for each in (rows, first))
    return [rows, first, in_rhythm(rows, cuts, even < plain)]


def _beside_rhythm(clocked: list[Rows], cuts: Integers) -> Dispersion:
    """Dispersion on the clock on which it is least: not all that a log tells of goes with its rhythm."""
    found = [dispersion_within(rows, cuts) for rows in clocked]
    best, unit = np.argmin([each.bound for each in found], axis=0), np.arange(len(cuts))
    value, freedom = (np.stack([getattr(each, name) for each in found])[best, unit] for name in ("value", "freedom"))
    return Dispersion(value, freedom)
