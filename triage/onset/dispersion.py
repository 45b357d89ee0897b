"""How much more counts vary than Poisson counts would: bursts, retries and cycles bring lines in groups.

The dispersion is variance over mean of the counts in blocks of time, at least 1. Lines that come in groups show it in
blocks longer than a group lasts, so it is estimated for blocks of several widths, and the worst case counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from triage.onset.bins import Booleans, Floats, Integers, Rows

#: Each width of blocks is so many times the one before.
STEP = 2
#: Fewest blocks that a window is cut into, for a dispersion to be read from them: a rate that wanders more slowly is
#: not told from a change. Fewer would be safer there, and miss more changes elsewhere.
FEWEST_BLOCKS = 16
#: Weight, in degrees of freedom, of what narrower blocks and other units say, where wide blocks are few.
PRIOR_FREEDOM = 12.0
#: The width is chosen that has the largest bound, exceeded with this chance.
CAUTION = 0.05
#: Fewest units from which it is read what is usual in these logs.
FEWEST_UNITS = 10
#: One unit counts at most so many degrees of freedom there.
MOST_FREEDOM = 20.0
_TINY = 1e-9


def rough_dispersion(counts: Floats) -> Floats:
    """A quick estimate from differences of neighbouring bins, which one or two changes of rate do not disturb.

    Parameters
    ----------
    counts : ndarray, shape (units, bins)

    Returns
    -------
    ndarray, shape (units,)
        At least 1.
    """
    found = np.ones(len(counts))
    while counts.shape[1] >= 2 * FEWEST_BLOCKS:
        squares = np.diff(counts, axis=1) ** 2
        kept = _but_two(squares)
        found = np.maximum(found, kept / np.maximum(2 * counts.mean(axis=1), _TINY))
        whole = counts.shape[1] // 4 * 4
        counts = counts[:, :whole].reshape(len(counts), -1, 4).sum(axis=2)
    return found


def _but_two(squares: Floats) -> Floats:
    """Mean of each row without its two largest: a burst that ends makes two large differences."""
    unit, total = np.arange(len(squares)), squares.sum(axis=1)
    for _ in range(2):
        place = squares.argmax(axis=1)
        total -= squares[unit, place]
        squares[unit, place] = -1.0
    found: Floats = total / (squares.shape[1] - 2)
    return found


@dataclass(frozen=True, eq=False)
class Dispersion:
    """Variance over mean of each unit, and how well it is known.

    Attributes
    ----------
    value : ndarray
        As estimated; in truth it is at least 1.
    freedom : ndarray
        Degrees of freedom of the estimate: that of a variance estimated from ``freedom + 1`` normal values. 0 where
        nothing is known, such as for lines that all came in one second.
    """

    value: Floats
    freedom: Floats

    @property
    def bound(self) -> Floats:
        """What the dispersion exceeds with a chance of `CAUTION` only."""
        freedom = np.maximum(self.freedom, 1e-3)
        lowest = 2 * special.gammaincinv(freedom / 2, CAUTION)
        found: Floats = np.maximum(self.value, 1.0) * freedom / np.maximum(lowest, _TINY)
        return found

    def leaning_on(self, narrower: Dispersion) -> Dispersion:
        """Combined with the estimate from narrower blocks, or with what is usual if that is more (as in Smyth 2004)."""
        prior = np.minimum(PRIOR_FREEDOM, narrower.freedom)
        expected = np.maximum(narrower.value, self.usual())
        freedom = prior + self.freedom
        value = (prior * expected + self.freedom * self.value) / np.maximum(freedom, _TINY)
        return Dispersion(np.where(freedom > 0, value, narrower.value), freedom)

    def usual(self) -> float:
        """The middle one of all units' dispersions; 1 where there are too few units."""
        known = np.flatnonzero(self.freedom > 3)
        if len(known) < FEWEST_UNITS:
            return 1.0
        order = known[np.argsort(self.value[known], kind="stable")]
        weight = np.cumsum(np.minimum(self.freedom[order], MOST_FREEDOM))
        return max(1.0, float(self.value[order[np.searchsorted(weight, weight[-1] / 2)]]))

    def or_larger(self, other: Dispersion, allowed: Booleans) -> Dispersion:
        """The other where it is allowed and has the larger bound."""
        wins = allowed & (other.bound > self.bound)
        return Dispersion(np.where(wins, other.value, self.value), np.where(wins, other.freedom, self.freedom))


def dispersion_within(rows: Rows, cuts: Integers) -> Dispersion:
    """Dispersion of each unit's counts around a constant rate before, in and after a window.

    Blocks of 1, 2, 4 … seconds, up to twice the window or twice the time outside of it, whichever is less.

    Parameters
    ----------
    rows : Rows
        Counts per second.
    cuts : ndarray of int, shape (units, 4)
        Seconds at which the time before the window begins, the window begins, the window ends, and the time after it
        ends.
    """
    part = 3 * rows.unit + (rows.second >= cuts[rows.unit, 1]) + (rows.second >= cuts[rows.unit, 2])
    block, count = rows.second - cuts[:, :3].ravel()[part], rows.count.astype(np.float64)
    length = np.diff(cuts, axis=1).astype(np.float64)
    lines: Floats = np.bincount(part, weights=count, minlength=length.size).astype(np.float64, copy=False)
    inside, whole = length[:, 1], length.sum(axis=1)
    widest = np.minimum(2 * np.minimum(inside, whole - inside), whole / FEWEST_BLOCKS)
    part, block, count = _summed(part, block, count)
    best = wider = _estimate(part, count, lines, length.ravel())
    width = STEP
    while width <= widest.max(initial=0.0):
        part, block, count = _summed(part, block // STEP, count)
        wider = _estimate(part, count, lines, length.ravel() / width).leaning_on(wider)
        best = best.or_larger(wider, width <= widest)
        width *= STEP
    return Dispersion(np.maximum(best.value, 1.0), best.freedom)


def _summed(part: Integers, block: Integers, count: Floats) -> tuple[Integers, Integers, Floats]:
    """Counts of the same part and block, which stand side by side, added up."""
    if not len(block):
        return part, block, count
    first = np.flatnonzero(np.r_[True, (np.diff(block) != 0) | (np.diff(part) != 0)])
    return part[first], block[first], np.add.reduceat(count, first)


def _estimate(part: Integers, count: Floats, lines: Floats, blocks: Floats) -> Dispersion:
    """Dispersion of each unit's three parts together, from counts of blocks; most blocks are empty and not listed.

    Parameters
    ----------
    part, count : ndarray
        Which part a block belongs to, and its lines.
    lines, blocks : ndarray, shape (3 * units,)
        Lines and number of blocks of each part.
    """
    blocks = np.maximum(blocks, 1.0)
    squares = np.bincount(part, weights=count**2, minlength=len(lines))
    excess, free, spread = (
        each.reshape(-1, 3).sum(axis=1)
        for each in (
            squares - lines**2 / blocks,
            lines * (1 - 1 / blocks),
            lines**2 * (1 - 1 / blocks) / blocks,
        )
    )
    known = free > _TINY
    value = excess / np.maximum(free, _TINY)
    # A variance of n blocks with few lines in each is known less well: 2 / n + 1 / lines, in relative terms.
    noise = spread / np.maximum(free, _TINY) ** 2 + np.maximum(value, 1.0) / (2 * np.maximum(free, _TINY))
    return Dispersion(np.where(known, value, 1.0), np.where(known, 1 / np.maximum(noise, _TINY), 0.0))
