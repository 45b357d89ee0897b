"""Cycles of time that rates may follow, the hour, the day and the week, and a window of logs cut along one.

Phases are counted from the start of the window: what recurs, does so wherever counting begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from triage.onset.bins import Bins, Floats, Rows, dense_blocks

HOUR, DAY, WEEK = 3_600, 86_400, 604_800
#: Most cells of a window, with more of which they are wider; and where lines come in a few of them only.
MOST_CELLS, MOST_NARROW = 4096, 1 << 15


@dataclass(frozen=True)
class Cycle:
    """A stretch of time after which rates may recur.

    Attributes
    ----------
    name : str
        As it is told.
    seconds : int
        Its length.
    fewest : float
        So many of it are needed for a rhythm to be seen. People live by days and weeks; an hour is as good as any other
        length, and has to show more often.
    cells : tuple of int
        Widths of the cells that time is cut into, in seconds: the first one with which they are not too many.
    parts : int
        So many parts of one are looked at by themselves in judging whether a rhythm recurs.
    narrow : tuple of int
        Widths of cells for jobs that run by the clock.
    """

    name: str
    seconds: int
    fewest: float
    cells: tuple[int, ...]
    parts: int = 1
    narrow: tuple[int, ...] = ()


_OF_DAYS = (300, 600, 900, 1_800, 3_600)
CYCLES = (
    Cycle("hour", HOUR, 8.0, (60,)),
    Cycle("day", DAY, 2.5, _OF_DAYS, 1, (60, 15)),
    Cycle("week", WEEK, 2.5, _OF_DAYS, 7),
)


def cycles_of(seconds: int) -> list[Cycle]:
    """Cycles that a window of so many seconds is long enough to show.

    The rhythm of the day has those of its hours in it.

    Examples
    --------
    >>> [[cycle.name for cycle in cycles_of(days * DAY)] for days in (0.2, 1, 7, 21)]
    [[], ['hour'], ['day'], ['day', 'week']]
    """
    shown = [cycle for cycle in CYCLES if seconds >= cycle.fewest * cycle.seconds]
    return shown if len(shown) < 2 else [cycle for cycle in shown if cycle.name != "hour"]


@dataclass(frozen=True)
class Grid:
    """A window cut into cells of equal width, of which a cycle has a whole number.

    Attributes
    ----------
    cycle : Cycle
    cell : int
        Seconds of a cell.
    seconds : int
        Of the window.
    """

    cycle: Cycle
    cell: int
    seconds: int

    @classmethod
    def of(cls, cycle: Cycle, seconds: int) -> Grid:
        """The grid of a window: the narrowest cells of which there are not too many."""
        fitting = [cell for cell in cycle.cells if seconds <= cell * MOST_CELLS]
        return cls(cycle, (fitting or cycle.cells[-1:])[0], seconds)

    def finer(self) -> list[Grid]:
        """The same with narrower cells."""
        fitting = [cell for cell in self.cycle.narrow if self.seconds <= cell * MOST_NARROW]
        return [replace(self, cell=cell) for cell in fitting]

    @property
    def count(self) -> int:
        """Cells that begin within the window."""
        return -(-self.seconds // self.cell)

    @property
    def shape(self) -> tuple[int, int]:
        """Periods, the last of which the window may cut off, and cells of a period."""
        phases = self.cycle.seconds // self.cell
        return -(-self.count // phases), phases

    @property
    def time(self) -> Floats:
        """Seconds of the window in each cell, shape (periods, phases)."""
        edges = np.minimum(np.arange(self.shape[0] * self.shape[1] + 1) * self.cell, self.seconds)
        return np.diff(edges).astype(np.float64).reshape(self.shape)

    def counts(self, rows: Rows, bins: Bins) -> Floats:
        """Lines in cells, shape (units, periods, phases)."""
        found = np.zeros((len(rows.units), self.shape[0] * self.shape[1]))
        low = 0
        for block in dense_blocks(rows, replace(bins, width=self.cell)):
            found[low : low + len(block), : self.count] = block
            low += len(block)
        return found.reshape(-1, *self.shape)


def cycle_notes(followed: Mapping[str, int], weekends: float | None = None) -> list[str]:
    """Sentences on what rates were compared with.

    Parameters
    ----------
    followed : mapping
        How many units follow each cycle, by its name.
    weekends : float, optional
        Rate of all lines on weekends, where that of other days is 1.

    Examples
    --------
    >>> cycle_notes({"day": 1})
    ['1 series follows the day: its rate was compared with the same time of other days']
    >>> cycle_notes({"hour": 2}, 0.3)[1]
    'weekends have 0.3 times the lines of other days: taken for usual, as no other week tells'
    """
    notes = []
    for name, count in followed.items():
        said = "1 series follows" if count == 1 else f"{count:,} series follow"
        rates = "its rate was" if count == 1 else "their rates were"
        notes.append(f"{said} the {name}: {rates} compared with the same time of other {name}s")
    if weekends is not None:
        times = f"{weekends:.2g} times the lines of other days"
        notes.append(f"weekends have {times}: taken for usual, as no other week tells")
    return notes
