"""Weekends in logs of days: their level, where all lines together have another one then.

A week of logs has one weekend, and nothing to compare it with but what is known of calendars. So it is asked of all
lines at once whether each day of a weekend differs from each other day, and what is found is a level of those days,
not their rhythm: a change within a weekend shows as on other days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triage.onset.bins import Booleans, Floats
from triage.onset.cycles import DAY, HOUR, Grid
from triage.onset.likelihood import window_llr

#: Hours by which clocks of the world are before and after UTC: weekends begin by one of them.
ZONES = range(-12, 15)
#: Fewest days of the week beside a weekend, and part of a day that must be seen to be one of either.
FEWEST_DAYS, MOST_OF_A_DAY = 3, 0.7
#: Each day of a weekend differs from each other day by so many times, at least; and by so many at most.
DIFFERS, AT_MOST = 1.1, 50.0
#: Lines of all, by which a unit's own level of weekends leans on theirs; and times that it may be another one.
LEANING, OTHERWISE = 5.0, 3.0
#: The first day since 1970 was a Thursday: so many days after a Monday.
_THURSDAY = 3
_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Weekends:
    """The cells of weekends.

    Attributes
    ----------
    inside : ndarray of bool, shape (periods, phases)
        Whether a cell is in one.
    level : float
        Rate of all lines in them, where that of other days is 1.
    """

    inside: Booleans
    level: float

    def levels(self, lines: Floats, seen: Floats, rates: Floats) -> Floats:
        """The level of each unit, shape (units,): its own, near that of all, or anywhere from there to none.

        Parameters
        ----------
        lines, rates : ndarray, shape (units, periods, phases)
            As for `expected.expected_rates`, and what it gives.
        seen : ndarray, shape (units or 1, periods, phases)
            As there.
        """
        due = rates * seen
        (came, others), (meant, else_meant) = (
            (np.where(self.inside, each, 0.0).sum(axis=(1, 2)), np.where(self.inside, 0.0, each).sum(axis=(1, 2)))
            for each in (lines, due)
        )
        usual = others / np.maximum(else_meant, _TINY)
        own = (came + LEANING * self.level) / (usual * meant + LEANING)
        low, high = min(self.level / OTHERWISE, 1.0), max(self.level * OTHERWISE, 1.0)
        found: Floats = np.clip(own, low, high)
        return found

    def applied(self, lines: Floats, seen: Floats, rates: Floats, time: Floats) -> Floats:
        """The rates with the level of weekends, 1 on average again."""
        level = self.levels(lines, seen, rates)
        found = np.where(self.inside, level[:, None, None], 1.0) * rates
        mean: Floats = np.einsum("upf,pf->u", found, time) / time.sum()
        return found / np.maximum(mean, _TINY)[:, None, None]


def find_weekends(lines: Floats, rates: Floats, grid: Grid, start: int) -> Weekends | None:
    """The weekends of a window, if all lines together show them.

    Parameters
    ----------
    lines, rates : ndarray, shape (periods, phases)
        All lines, and what their rhythm of the day foretells.
    grid : Grid
        The window.
    start : int
        Epoch second at which it starts.
    """
    due = rates * grid.time
    cells = np.arange(lines.size).reshape(lines.shape) * grid.cell + start
    best, evidence = None, 0.0
    for zone in ZONES:
        day = (cells + zone * HOUR) // DAY
        inside = (day + _THURSDAY) % 7 >= 5
        llr = float(window_llr(lines[inside].sum(), due[inside].sum(), lines.sum(), due.sum()))
        if llr > evidence:
            best, evidence = day, llr
    return None if best is None else _if_apart(best, lines, due)


def _if_apart(day: np.ndarray[tuple[int, ...], np.dtype[np.int64]], lines: Floats, due: Floats) -> Weekends | None:
    """The weekends by these days, if their levels are all apart from those of other days."""
    number = (day - day.min()).ravel()
    came, meant = (np.bincount(number, weights=each.ravel()) for each in (lines, due))
    whole = meant >= MOST_OF_A_DAY * np.median(meant)
    level = came / np.maximum(meant, _TINY)
    ends = (np.arange(len(level)) + int(day.min()) + _THURSDAY) % 7 >= 5
    free, work = level[whole & ends], level[whole & ~ends]
    if not len(free) or len(work) < FEWEST_DAYS:
        return None
    inside = (day + _THURSDAY) % 7 >= 5
    ratio = came[ends].sum() / max(meant[ends].sum(), _TINY) / max(came[~ends].sum() / meant[~ends].sum(), _TINY)
    less, more = free.max() * DIFFERS < work.min(), free.min() > work.max() * DIFFERS
    return Weekends(inside, float(ratio)) if (less or more) and 1 / AT_MOST < ratio < AT_MOST else None
