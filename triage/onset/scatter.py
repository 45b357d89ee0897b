"""Dispersion of counts around a rhythm, in blocks of time of the clock.

What makes counts vary lasts so many minutes by the clock, however many lines are due then: a run of a nightly job is
large or small as a whole. In rescaled time, where it fills the day, its lines would seem to come one by one.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from triage.onset.bins import Bins, Floats, Integers, Rows
from triage.onset.dispersion import FEWEST_BLOCKS, STEP, Dispersion
from triage.onset.rescaled import Clock
from triage.onset.rhythms import Rhythm

_TINY = 1e-9


def dispersion_around(
    rows: Rows, bins: Bins, parts: Iterable[tuple[Rhythm, Clock]], unit: Integers, cuts: Integers
) -> Dispersion:
    """Dispersion around rhythms whose level differs before, in and after a window; unknown for units without one.

    Parameters
    ----------
    rows : Rows
        Lines by the clock.
    bins : Bins
        The grid.
    parts : iterable of Rhythm and Clock
        Some units at a time.
    unit : ndarray of int
        The units, ascending.
    cuts : ndarray of int, shape (units, 4)
        See `dispersion.dispersion_within`, in rescaled time.
    """
    value, freedom = np.ones(len(unit)), np.zeros(len(unit))
    for part, clock in parts:
        place = np.searchsorted(unit, part.units)
        lines = part.grid.counts(rows.only(part.units), bins).reshape(len(place), -1)[:, : part.grid.count]
        found = _of_block(lines, clock, cuts[place])
        value[place], freedom[place] = found.value, found.freedom
    return Dispersion(value, freedom)


def _of_block(lines: Floats, clock: Clock, cuts: Integers) -> Dispersion:
    """Of units that have clocks; blocks of 1, 2, 4 … cells, as wide as in `dispersion.dispersion_within`."""
    low, high = clock.edges[:, :-1, None], clock.edges[:, 1:, None]
    # Cells in which the level changes belong to neither side.
    side = (low >= cuts[:, None, :3]) & (high <= cuts[:, None, 1:])
    expected, excess = np.zeros((2, len(lines), 3, lines.shape[1]))
    for number in range(3):
        here = side[:, :, number]
        time = np.where(here, np.diff(clock.edges, axis=1), 0.0)
        came = np.where(here, lines, 0.0)
        rate = came.sum(axis=1) / np.maximum(time.sum(axis=1), _TINY)
        expected[:, number] = rate[:, None] * time
        excess[:, number] = came - expected[:, number]
    inside = side[:, :, 1].sum(axis=1)
    widest = np.minimum(2 * np.minimum(inside, lines.shape[1] - inside), lines.shape[1] / FEWEST_BLOCKS)
    best = wider = _estimate(expected, excess)
    width = STEP
    while width <= widest.max(initial=0.0):
        expected, excess = _paired(expected), _paired(excess)
        wider = _estimate(expected, excess).leaning_on(wider)
        best = best.or_larger(wider, width <= widest)
        width *= STEP
    return best


def _paired(values: Floats) -> Floats:
    """Sums of two neighbours each."""
    odd = values.shape[2] % STEP
    padded = np.concatenate([values, np.zeros((*values.shape[:2], odd))], axis=2)
    found: Floats = padded.reshape(*values.shape[:2], -1, STEP).sum(axis=3)
    return found


def _estimate(expected: Floats, excess: Floats) -> Dispersion:
    """Variance over mean in blocks, shape (units, sides, blocks)."""
    lines, squares = expected.sum(axis=2), (expected**2).sum(axis=2)
    free = (lines - squares / np.maximum(lines, _TINY)).sum(axis=1)
    spread = squares.sum(axis=1)
    value = (excess**2).sum(axis=(1, 2)) / np.maximum(free, _TINY)
    noise = spread / np.maximum(free, _TINY) ** 2 + np.maximum(value, 1.0) / (2 * np.maximum(free, _TINY))
    known = free > _TINY
    return Dispersion(np.where(known, value, 1.0), np.where(known, 1 / np.maximum(noise, _TINY), 0.0))
