"""Changes of rate found against rhythms: looked for in rescaled time, and told in that of the clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from triage.onset.bins import Bins, Integers, Rows, dense_blocks
from triage.onset.dispersion import Dispersion
from triage.onset.rescaled import Clock, clocks, clocks_without, put
from triage.onset.rhythms import Rhythm, find_rhythms
from triage.onset.scan import Found, scan
from triage.onset.scatter import dispersion_around
from triage.onset.trial import Trial, try_all


@dataclass(frozen=True, eq=False)
class Against:
    """Changes that are significant, and the time they are told in.

    Attributes
    ----------
    trial : Trial
        The changes.
    rows : Rows
        All units' lines, those with a clock in its time.
    clocks : dict
        The clock of each unit with a change that follows a rhythm.
    followed : dict
        How many units follow each cycle, by its name.
    weekends : float or None
        See `find.Onsets`.
    """

    trial: Trial
    rows: Rows
    clocks: dict[int, Clock] = field(default_factory=dict)
    followed: dict[str, int] = field(default_factory=dict)
    weekends: float | None = None


def find_changes(rows: Rows, bins: Bins, max_q: float) -> Against:
    """The changes of all units that are significant."""
    rhythms = find_rhythms(rows, bins)
    if not rhythms:
        trial = try_all(Found.concat([scan(block, bins) for block in dense_blocks(rows, bins)]), rows, bins)
        return Against(trial.only(trial.q <= max_q), rows)
    scaled, quiet = _rescaled(rows, bins, _clocks(rows, bins, rhythms))

    def around(unit: Integers, cuts: Integers) -> Dispersion:
        some = [rhythm.only(np.isin(rhythm.units, unit)) for rhythm in rhythms]
        return dispersion_around(rows, bins, _clocks(rows, bins, some), unit, cuts)

    trial = try_all(_scan(scaled, bins, quiet), scaled, bins, around)
    followed: Counter[str] = Counter()
    for rhythm in rhythms:
        followed[rhythm.grid.cycle.name] += len(rhythm.units)
    weekends = next((rhythm.weekends.level for rhythm in rhythms if rhythm.weekends), None)
    first = trial.only(trial.q <= max_q)
    return replace(_sharper(first, rows, scaled, bins, rhythms), followed=dict(followed), weekends=weekends)


def _clocks(rows: Rows, bins: Bins, rhythms: list[Rhythm]) -> Iterator[tuple[Rhythm, Clock]]:
    """Clocks of all units, some at a time: together they may be more than memory holds."""
    return chain.from_iterable(clocks(rows, bins, rhythm) for rhythm in rhythms)


def _rescaled(rows: Rows, bins: Bins, parts: Iterable[tuple[Rhythm, Clock]]) -> tuple[Rows, Integers]:
    """All rows by their clocks, and seconds at the start of each unit's time in which no change is looked for."""
    quiet = np.full(len(rows.units), bins.quiet)

    def each() -> Iterator[tuple[Integers, Clock]]:
        for part, clock in parts:
            if bins.baseline:
                end = clock.rescaled(np.arange(len(part.units)), np.full(len(part.units), bins.quiet))
                quiet[part.units] = np.clip(np.ceil(end).astype(np.int64), 1, bins.seconds - 1)
            yield part.units, clock

    return put(rows, each()), quiet


def _scan(rows: Rows, bins: Bins, quiet: Integers) -> Found:
    """The most telling change of each unit; those whose search begins in the same bin at once."""
    first = np.maximum(1, -(-quiet // bins.width))
    order, parts = [], []
    for start in np.unique(first):
        units = np.flatnonzero(first == start)
        here = replace(bins, quiet=int(start) * bins.width)
        some = rows if len(units) == len(first) else rows.only(units)
        parts += [scan(block, here) for block in dense_blocks(some, here)]
        order.append(units)
    return Found.concat(parts).only(np.argsort(np.concatenate(order), kind="stable"))


def _sharper(trial: Trial, rows: Rows, scaled: Rows, bins: Bins, rhythms: list[Rhythm]) -> Against:
    """The changes anew, against rhythms that are learnt without them, where they stay significant.

    What a change brings to other periods blurs it: a surge of one day is part of what the others expect. How
    significant it is, is not asked again: that would be to choose what it is compared with.
    """
    edges = bins.edges.astype(np.int64)
    spans = np.stack([edges[trial.found.start], edges[trial.found.stop]], axis=1)
    place = np.full(len(rows.units), -1)
    place[trial.unit] = np.arange(len(trial.unit))
    before: list[tuple[Rhythm, Clock]] = []
    after: list[tuple[Rhythm, Clock]] = []
    for rhythm in rhythms:
        some = rhythm.only(place[rhythm.units] >= 0)
        before += clocks(rows, bins, some)
        after += clocks_without(rows, bins, some, spans[place[some.units]])
    if not before:
        return Against(trial, scaled)
    units = np.sort(np.concatenate([part.units for part, _ in after]))
    anew, quiet = _rescaled(rows, bins, after)
    new = _try(anew, units, bins, quiet, rows, after)
    at = place[units]
    same = (new.p <= trial.p.max()) & (new.found.rise == trial.found.rise[at])
    sharper = np.zeros(len(rows.units), dtype=bool)
    sharper[units[same]] = True
    known = {int(unit): clock.row(k) for part, clock in before for k, unit in enumerate(part.units)}
    known |= {int(unit): clock.row(k) for part, clock in after for k, unit in enumerate(part.units) if sharper[unit]}
    spread = trial.dispersion.copy()
    spread[at[same]] = new.dispersion[same]
    found = trial.found.put(at[same], new.found.only(same))
    return Against(replace(trial, found=found, dispersion=spread), _joined(scaled, anew, sharper), known)


def _try(
    anew: Rows, units: Integers, bins: Bins, quiet: Integers, rows: Rows, parts: list[tuple[Rhythm, Clock]]
) -> Trial:
    some = anew.only(units)

    def around(unit: Integers, cuts: Integers) -> Dispersion:
        every = np.tile([0, bins.seconds // 3, 2 * bins.seconds // 3, bins.seconds], (len(units), 1))
        every[unit] = cuts
        found = dispersion_around(rows, bins, parts, units, every)
        return Dispersion(found.value[unit], found.freedom[unit])

    return try_all(_scan(some, bins, quiet[units]), some, bins, around)


def _joined(rows: Rows, others: Rows, which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Rows:
    """The rows, those of some units from the others."""
    kept, taken = ~which[rows.unit], which[others.unit]
    names = ("unit", "second", "count")
    every = [np.concatenate([getattr(rows, name)[kept], getattr(others, name)[taken]]) for name in names]
    order = np.argsort(every[0], kind="stable")
    return Rows(rows.units, *(each[order] for each in every))
