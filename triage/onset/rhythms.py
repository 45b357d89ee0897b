"""Which units follow a cycle of time, told by how well the rest of the periods foretells each one.

A rhythm that is learnt is used where it foretells better than a constant rate does, period after period: an incident
in one of them neither makes a rhythm nor hides one. Units with few lines lean on the rhythm of their service.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from triage.onset.bins import BLOCK_CELLS, Bins, Booleans, Floats, Integers, Rows
from triage.onset.cycles import Grid, cycles_of
from triage.onset.expected import expected_rates, gains
from triage.onset.weekends import Weekends, find_weekends

#: Cells that are taken together: sharp for jobs that run by the clock, wide for a few lines on a smooth day.
WIDTHS = (1, 5, 15, 37)
#: Nats by which a unit's own rhythm must foretell better than a constant rate, and that of its service.
OWN_GAIN, SHARED_GAIN = 4.0, 1.0
#: A period counts at most so many times as much as the middle one.
MOST_OF_ONE = 3.0
#: The gain of all periods over the root of their squares: at least so much, or so much of what is possible.
STEADY_GAIN, STEADY_PART = 2.5, 0.8
#: Fewest lines for a rhythm of its own, and parts of time (see `Cycle.parts`) with lines.
FEWEST_LINES, FEWEST_PARTS = 20, 3


@dataclass(frozen=True, eq=False)
class Rhythm:
    """What some units follow.

    Attributes
    ----------
    grid : Grid
        The window along the cycle.
    units : ndarray of int
        The units, ascending.
    width : ndarray of int
        Cells that are taken together in learning.
    shared : ndarray of bool
        Whether it is the rhythm of the service.
    service : ndarray of int
        Row of `services` of each.
    services : ndarray, shape (services, periods, phases)
        Lines of all units of each service, those of one counting as those of another.
    weekends : Weekends or None
        Days that have a level of their own.
    """

    grid: Grid
    units: Integers
    width: Integers
    shared: Booleans
    service: Integers
    services: Floats
    weekends: Weekends | None

    def only(self, which: Integers | Booleans) -> Rhythm:
        """Some of the units."""
        return replace(
            self,
            units=self.units[which],
            width=self.width[which],
            shared=self.shared[which],
            service=self.service[which],
        )

    def lines(self, own: Floats) -> Floats:
        """Lines that each unit's rhythm is learnt from: its own, or those of its service."""
        return np.where(self.shared[:, None, None], self.services[self.service], own)

    def rates(self, lines: Floats, seen: Floats) -> Floats:
        """See `expected_rates`; each unit with its width."""
        found = np.empty_like(lines)
        for width in np.unique(self.width):
            mine = self.width == width
            each = seen if len(seen) == 1 else seen[mine]
            found[mine] = expected_rates(lines[mine], each, int(width), self.grid.time)
        return found if self.weekends is None else self.weekends.applied(lines, seen, found, self.grid.time)


@dataclass(frozen=True, eq=False)
class _Choice:
    """The best of some ways to foretell, one entry a unit; a width of 0 where none is good enough."""

    width: Integers
    shared: Booleans
    gain: Floats

    @classmethod
    def none(cls, units: int) -> _Choice:
        return cls(np.zeros(units, dtype=np.int64), np.zeros(units, dtype=bool), np.zeros(units))

    def put(self, units: Integers, other: _Choice) -> None:
        self.width[units], self.shared[units], self.gain[units] = other.width, other.shared, other.gain

    def better(self, other: _Choice) -> _Choice:
        wins = other.gain > self.gain
        return _Choice(*(np.where(wins, getattr(other, n), getattr(self, n)) for n in ("width", "shared", "gain")))


def find_rhythms(rows: Rows, bins: Bins) -> list[Rhythm]:
    """The rhythms of units, each unit in at most one of them; none in a window that is too short to show any."""
    grids = [Grid.of(cycle, bins.seconds) for cycle in cycles_of(bins.seconds)]
    if not grids or not len(rows.units):
        return []
    pool = _Pool.of(rows)
    ways = [_way(rows, bins, grid, pool) for grid in grids]
    for grid in [finer for each in grids for finer in each.finer()]:
        gain = np.max([way.choice.gain for way in ways], axis=0)
        sharp = [(way.choice.gain == gain) & (way.choice.width == 1) for way in ways]
        units = np.flatnonzero(np.any(sharp, axis=0))
        if len(units):
            ways.append(_narrower(rows, bins, grid, units, ways[0]))
    best = np.argmax([way.choice.gain for way in ways], axis=0)
    found = []
    for number, way in enumerate(ways):
        units = np.flatnonzero((best == number) & (way.choice.width > 0))
        if len(units):
            width, shared = way.choice.width[units], way.choice.shared[units]
            weekends = _weekends(way, bins) if way.grid.cycle.name == "day" else None
            found.append(Rhythm(way.grid, units, width, shared, pool.service[units], way.services, weekends))
    return found


def blocks(units: Integers, cells: int) -> list[Integers]:
    """Units a block at a time, so that their cells stay few."""
    size = max(1, BLOCK_CELLS // cells)
    return [units[low : low + size] for low in range(0, len(units), size)]


@dataclass(frozen=True, eq=False)
class _Pool:
    """Which service each unit is of, its lines, and how much each of them counts among those of its service.

    Units with many lines count little more than those with some.
    """

    service: Integers
    totals: Floats
    weight: Floats

    @classmethod
    def of(cls, rows: Rows) -> _Pool:
        service = rows.units["service_name"].rank("dense").fill_null(0).cast(int).to_numpy().astype(np.int64)
        totals = np.bincount(rows.unit, weights=rows.count, minlength=len(rows.units)).astype(np.float64)
        return cls(service, totals, totals.mean() / (totals + totals.mean()))

    def lines(self, rows: Rows, grid: Grid) -> Floats:
        """Lines of services in cells, shape (services, periods, phases)."""
        number, cells = int(self.service.max()) + 1, grid.shape[0] * grid.shape[1]
        place = self.service[rows.unit] * cells + rows.second // grid.cell
        lines = np.bincount(place, weights=rows.count * self.weight[rows.unit], minlength=number * cells)
        return lines.reshape(number, *grid.shape).astype(np.float64, copy=False)


@dataclass(frozen=True, eq=False)
class _Way:
    """A grid to foretell by, the choice made for each unit, and the lines of services."""

    grid: Grid
    choice: _Choice
    services: Floats


def _way(rows: Rows, bins: Bins, grid: Grid, pool: _Pool) -> _Way:
    best = _Choice.none(len(rows.units))
    services = pool.lines(rows, grid)
    shared = _shared_rates(services, grid)
    for units in blocks(np.arange(len(rows.units)), services[0].size):
        lines = grid.counts(rows.only(units), bins)
        chosen = _own(lines, grid, pool.totals[units] >= FEWEST_LINES, WIDTHS)
        if shared is not None:
            rates, width = shared[0][pool.service[units]], shared[1][pool.service[units]]
            gain = _steady(*gains(lines, rates, grid.time, grid.cycle.parts), SHARED_GAIN)
            gain = np.where(width > 0, gain, 0.0)
            chosen = chosen.better(_Choice(width, gain > 0, gain))
        best.put(units, chosen)
    return _Way(grid, best, services)


def _narrower(rows: Rows, bins: Bins, grid: Grid, units: Integers, coarse: _Way) -> _Way:
    """The same for some units by narrower cells, in each of which few of them have lines."""
    best = _Choice.none(len(rows.units))
    for some in blocks(units, grid.shape[0] * grid.shape[1]):
        lines = grid.counts(rows.only(some), bins)
        best.put(some, _own(lines, grid, np.ones(len(some), dtype=bool), WIDTHS[:2]))
    return _Way(grid, best, np.zeros((len(coarse.services), *grid.shape)))


def _weekends(way: _Way, bins: Bins) -> Weekends | None:
    lines = way.services.sum(axis=0)
    if not lines.any():
        return None
    chosen = _own(lines[None], way.grid, np.ones(1, dtype=bool), WIDTHS)
    width = int(chosen.width[0])
    rates = expected_rates(lines[None], way.grid.time[None], width, way.grid.time)[0] if width else np.ones_like(lines)
    return find_weekends(lines, rates, way.grid, bins.start)


def _shared_rates(services: Floats, grid: Grid) -> tuple[Floats, Integers] | None:
    """What the rhythm of each service foretells, and the width it is learnt with, 0 where there is none."""
    chosen = _own(services, grid, np.ones(len(services), dtype=bool), WIDTHS)
    if not (chosen.width > 0).any():
        return None
    rates = np.ones_like(services)
    seen = grid.time[None]
    for unit in np.flatnonzero(chosen.width):
        rates[unit] = expected_rates(services[unit : unit + 1], seen, int(chosen.width[unit]), grid.time)[0]
    return rates, chosen.width


def _own(lines: Floats, grid: Grid, able: Booleans, widths: tuple[int, ...]) -> _Choice:
    """The width with which the own lines foretell best."""
    best = _Choice.none(len(lines))
    some = np.flatnonzero(able)
    if not len(some):
        return best
    for width in widths:
        rates = expected_rates(lines[some], grid.time[None], width, grid.time)
        gain = np.zeros(len(lines))
        gain[some] = _steady(*gains(lines[some], rates, grid.time, grid.cycle.parts), OWN_GAIN)
        best = best.better(_Choice(np.full(len(lines), width), np.zeros(len(lines), dtype=bool), gain))
    return best


def _steady(gain: Floats, lines: Floats, least: float) -> Floats:
    """Sum of the gains of parts of time, in which none counts for much more than the others; 0 where it is too little.

    Parts without any lines foretell nothing.
    """
    spoken = lines > 0
    parts = spoken.sum(axis=1)
    size = np.sort(np.where(spoken, np.abs(gain), np.inf), axis=1)
    middle = size[np.arange(len(gain)), np.maximum(parts - 1, 0) // 2]
    most = MOST_OF_ONE * np.where(parts > 0, middle, 0.0)[:, None]
    each = np.where(spoken, np.clip(gain, -most, most), 0.0)
    total = each.sum(axis=1)
    wanted = np.minimum(STEADY_GAIN, STEADY_PART * np.sqrt(parts)) * np.sqrt((each**2).sum(axis=1))
    found: Floats = np.where((parts >= FEWEST_PARTS) & (total >= least) & (total >= wanted), total, 0.0)
    return found
