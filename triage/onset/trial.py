"""The changes found, each with its dispersion and the chance of seeing it without any change of rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from triage.onset.bins import Bins, Booleans, Floats, Integers, Rows
from triage.onset.dispersion import Dispersion, dispersion_within
from triage.onset.scan import Found
from triage.onset.significance import log_p_values, q_values
from triage.onset.silences import usual_silence

Around = Callable[[Integers, Integers], Dispersion]
#: Fewest different seconds with lines in which a change of rate can be seen.
FEWEST_SECONDS = 3


@dataclass(frozen=True, eq=False)
class Trial:
    """Changes with their significance; arrays of one entry a change.

    Attributes
    ----------
    unit : ndarray of int
        Index of the unit among all rows.
    found : Found
        The windows.
    dispersion : ndarray
        Variance over mean of the counts.
    p, q : ndarray
        P-value, and q-value among all units tested.
    """

    unit: Integers
    found: Found
    dispersion: Floats
    p: Floats
    q: Floats

    def only(self, which: Booleans) -> Trial:
        """Some of the changes."""
        return Trial(self.unit[which], self.found.only(which), self.dispersion[which], self.p[which], self.q[which])


def try_all(found: Found, rows: Rows, bins: Bins, around: Around | None = None) -> Trial:
    """Test the change found in each unit.

    What a Poisson bound already calls likely is not looked at further: its p-value is 1. So is that of lines in fewer
    than `FEWEST_SECONDS`: logs begin and end with somebody's lines, and those few would always seem a marvel.
    """
    seconds = np.bincount(rows.unit, minlength=len(rows.units))
    unit = np.flatnonzero((found.llr + found.weight > 0) & (seconds >= FEWEST_SECONDS))
    some = found.only(unit)
    edges = bins.edges.astype(np.int64)
    ends = np.full(len(unit), bins.seconds)
    cuts = np.stack([np.zeros_like(ends), edges[some.start], edges[some.stop], ends], axis=1)
    lines = rows.only(unit)
    dispersion = dispersion_within(lines, cuts)
    if around is not None:
        other = around(unit, cuts)
        dispersion = dispersion.or_larger(other, other.freedom > 0)
    share = (cuts[:, 2] - cuts[:, 1]) / bins.seconds
    p, spread = np.ones(len(rows.units)), np.ones(len(rows.units))
    chance = np.exp(log_p_values(some.inside, some.total, share, some.rise, some.weight, dispersion))
    p[unit] = np.where(usual_silence(lines, cuts), 1.0, chance)
    spread[unit] = dispersion.value
    return Trial(np.arange(len(rows.units)), found, spread, p, q_values(p))
