"""Time in which lines of a rhythm come at a constant rate: busy hours are longer in it, and quiet ones shorter.

A Poisson process is one of constant rate on the scale of its expected counts (the time-rescaling theorem; Brown,
Barbieri, Ventura, Kass and Frank 2002). So all that looks for changes of a constant rate finds changes against the
rhythm there; what it finds is put back on the clock afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from triage.onset.bins import Bins, Booleans, Floats, Integers, Rows
from triage.onset.cycles import Grid
from triage.onset.rhythms import Rhythm, blocks

#: What inside of a change still counts in learning, where nothing outside of it shows that phase.
INSIDE = 1e-3


@dataclass(frozen=True, eq=False)
class Clock:
    """Rescaled time of some units; both times begin at 0 and end at the same second.

    Attributes
    ----------
    cycle : str
        Name of the cycle.
    cell : int
        Seconds of a cell, in which the rate is taken for constant.
    real : ndarray, shape (cells + 1,)
        Seconds at the edges of cells.
    edges : ndarray, shape (units, cells + 1)
        Rescaled time there.
    """

    cycle: str
    cell: int
    real: Floats
    edges: Floats

    @classmethod
    def of(cls, rates: Floats, grid: Grid) -> Clock:
        """The clock of rates (see `expected_rates`)."""
        real = np.minimum(np.arange(grid.count + 1) * grid.cell, grid.seconds).astype(np.float64)
        edges = np.zeros((len(rates), grid.count + 1))
        np.cumsum(rates.reshape(len(rates), -1)[:, : grid.count] * np.diff(real), axis=1, out=edges[:, 1:])
        return cls(grid.cycle.name, grid.cell, real, edges * (grid.seconds / edges[:, -1:]))

    def rescaled(self, unit: Integers, second: Integers) -> Floats:
        """Rescaled time of seconds, each of the unit beside it."""
        number = np.minimum(second // self.cell, len(self.real) - 2)
        low, high = self.edges[unit, number], self.edges[unit, number + 1]
        past = (second - self.real[number]) / (self.real[number + 1] - self.real[number])
        found: Floats = low + (high - low) * past
        return found

    def row(self, unit: int) -> Clock:
        """The clock of one unit."""
        return replace(self, edges=self.edges[unit : unit + 1])

    def there(self, second: float) -> float:
        """Rescaled time of a second of the first unit."""
        return float(np.interp(second, self.real, self.edges[0]))

    def back(self, second: float) -> float:
        """The second at which the first unit's rescaled time is so much."""
        return float(np.interp(second, self.edges[0], self.real))


def clocks(rows: Rows, bins: Bins, rhythm: Rhythm) -> Iterator[tuple[Rhythm, Clock]]:
    """Clocks of the units of a rhythm, a block of them at a time."""
    for part in _blocks(rhythm):
        lines = part.lines(part.grid.counts(rows.only(part.units), bins))
        yield part, Clock.of(part.rates(lines, part.grid.time[None]), part.grid)


def clocks_without(rows: Rows, bins: Bins, rhythm: Rhythm, changed: Integers) -> Iterator[tuple[Rhythm, Clock]]:
    """The same, learnt from what is outside of a change, or else from what is inside as it would be without one.

    Parameters
    ----------
    changed : ndarray of int, shape (units of the rhythm, 2)
        Start and end of a change in rescaled time.
    """
    done = 0
    for part, clock in clocks(rows, bins, rhythm):
        spans = changed[done : done + len(part.units)]
        done += len(part.units)
        inside = (clock.edges[:, 1:] > spans[:, :1]) & (clock.edges[:, :-1] < spans[:, 1:])
        lines = part.lines(part.grid.counts(rows.only(part.units), bins))
        weight, seen = _weights(inside, lines, clock, part)
        yield part, Clock.of(part.rates(lines * weight, seen), part.grid)


def _weights(inside: Booleans, lines: Floats, clock: Clock, part: Rhythm) -> tuple[Floats, Floats]:
    """What to multiply lines with, and the time that they are seen in, shape (units, periods, phases)."""
    grid = part.grid
    flat = lines.reshape(len(lines), -1)[:, : grid.count]
    time = np.diff(clock.edges, axis=1)
    rate = [
        np.where(where, flat, 0.0).sum(axis=1) / np.maximum(np.where(where, time, 0.0).sum(axis=1), 1e-9)
        for where in (inside, ~inside)
    ]
    ratio = np.where(rate[0] > 0, rate[1] / np.maximum(rate[0], 1e-300), 0.0)
    shape = (len(lines), grid.shape[0] * grid.shape[1])
    weight, seen = np.ones(shape), np.ones(shape)
    weight[:, : grid.count] = np.where(inside, INSIDE * ratio[:, None], 1.0)
    seen[:, : grid.count] = np.where(inside, INSIDE * (ratio[:, None] > 0), 1.0)
    return weight.reshape(lines.shape), seen.reshape(lines.shape) * grid.time


def _blocks(rhythm: Rhythm) -> Iterator[Rhythm]:
    for places in blocks(np.arange(len(rhythm.units)), rhythm.grid.shape[0] * rhythm.grid.shape[1]):
        yield rhythm.only(places)


def put(rows: Rows, parts: Iterable[tuple[Integers, Clock]]) -> Rows:
    """All rows, those of some units in the rescaled time of their clocks."""
    changed = np.zeros(len(rows.units), dtype=bool)
    unit, second, count = [], [], []
    for units, clock in parts:
        changed[units] = True
        some = _on_clock(rows.only(units), clock)
        unit.append(units[some[0]])
        second.append(some[1])
        count.append(some[2])
    kept = ~changed[rows.unit]
    every = [np.concatenate([a[kept], *b]) for a, b in ((rows.unit, unit), (rows.second, second), (rows.count, count))]
    order = np.argsort(every[0], kind="stable")
    return Rows(rows.units, *(each[order] for each in every))


def _on_clock(rows: Rows, clock: Clock) -> tuple[Integers, Integers, Integers]:
    """Units, seconds and lines in rescaled time; the lines of a second spread evenly over what it becomes."""
    start, end = clock.rescaled(rows.unit, rows.second), clock.rescaled(rows.unit, rows.second + 1)
    pieces = np.clip(np.minimum(rows.count, (end - start).astype(np.int64)), 1, None)
    row = np.repeat(np.arange(len(pieces)), pieces)
    piece = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    place = start[row] + (piece + 0.5) / pieces[row] * (end - start)[row]
    second = np.minimum(place.astype(np.int64), int(clock.real[-1]) - 1)
    lines = rows.count[row] // pieces[row] + (piece < rows.count[row] % pieces[row])
    unit = rows.unit[row]
    first = np.flatnonzero(np.r_[True, (np.diff(second) != 0) | (np.diff(unit) != 0)][: len(unit)])
    return unit[first], second[first], np.add.reduceat(lines, first) if len(first) else lines
