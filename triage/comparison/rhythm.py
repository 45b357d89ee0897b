"""The rhythm of all lines of a set: hours in which everything comes more often.

On a clock that runs with the rhythm, what goes with it comes evenly. The clock says how much the counts of a unit vary
beside the rhythm; a whole set takes as long on it as before, so that rates stay what they are.
"""

from __future__ import annotations

import numpy as np

from triage.onset.bins import Booleans, Floats, Integers, Rows

#: Fewest units, with so many lines in a set, that show a rhythm; most stretches of time to tell it by, and lines in
#: each.
FEWEST_UNITS, FEWEST_LINES, STRETCHES, LINES_EACH = 8, 50, 48, 100
#: A unit counts at most for so many times its mean in a stretch, for one burst is no rhythm; the clock never stands
#: still.
MOST, LEAST = 3.0, 0.1


def in_rhythm(rows: Rows, cuts: Integers, among: Booleans) -> Rows:
    """Lines on the clock of each set's rhythm; units of services that do not cover all of their set stay as they are.

    Parameters
    ----------
    rows : Rows
        Lines on the joint axis.
    cuts : ndarray of int, shape (units, 4)
        0, the end of A, and twice the end of B.
    among : ndarray of bool
        The units that the rhythm is told by.
    """
    if not len(cuts):
        return rows
    whole = (cuts == cuts.max(axis=0)).all(axis=1)
    second = rows.second.copy()
    middle, end = int(cuts[whole, 1].max(initial=0)), int(cuts[whole, 2].max(initial=0))
    for low, high in ((0, middle), (middle, end)):
        chosen = whole[rows.unit] & (rows.second >= low) & (rows.second < high)
        pace = _pace(rows, chosen & among[rows.unit], low, high)
        if pace is not None:
            second[chosen] = low + _moved(second[chosen] - low, pace, high - low)
    return Rows(rows.units, rows.unit, second, rows.count)


def _pace(rows: Rows, chosen: Booleans, low: int, high: int) -> Floats | None:
    """How much faster than on average the lines of all units come in each stretch; None where too few are known."""
    unit, second, count = rows.unit[chosen], rows.second[chosen] - low, rows.count[chosen]
    lines = np.bincount(unit, weights=count, minlength=len(rows.units))
    busy = np.flatnonzero(lines >= FEWEST_LINES)
    stretches = min(STRETCHES, int(lines[busy].sum()) // LINES_EACH, high - low)
    if len(busy) < FEWEST_UNITS or stretches < 2:
        return None
    number = np.full(len(rows.units), -1)
    number[busy] = np.arange(len(busy))
    kept = number[unit] >= 0
    cell = number[unit[kept]] * stretches + second[kept] * stretches // (high - low)
    counts = np.bincount(cell, weights=count[kept], minlength=len(busy) * stretches).reshape(-1, stretches)
    shares = np.minimum(counts / counts.mean(axis=1, keepdims=True), MOST)
    pace: Floats = np.maximum(shares.mean(axis=0), LEAST)
    return pace


def _moved(second: Integers, pace: Floats, length: int) -> Integers:
    """Seconds on the clock of a rhythm, which runs from 0 to `length` as well."""
    edges = np.linspace(0, length, len(pace) + 1)
    clock = np.r_[0.0, np.cumsum(pace)] * length / pace.sum()
    found: Integers = np.interp(second, edges, clock).astype(np.int64).clip(0, length - 1)
    return found
