"""The most telling change of rate in each unit: a step that lasts, or a burst or lull that ends.

A change is a window of bins whose rate differs from that of all other bins. Windows looked at, by family:

- from the first line to the end, and from the last line to the end (one window each);
- from any edge to the end (steps);
- of lengths that grow geometrically, from any edge (bursts and lulls, as in circular binary segmentation; Olshen,
  Venkatraman, Lucito and Wellner 2004).

The chance of a false alarm is divided between the windows beforehand: each has a weight, and all weights add up to
at most 1. A p-value divided by the window's weight then holds whichever window is picked (a weighted Bonferroni
bound). Windows of one length share the weight of their length, so that a long change pays little for the many places
a short one could be in (Walther 2010; Rivera and Walther 2013).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from triage.onset.bins import Bins, Booleans, Floats, Integers
from triage.onset.dispersion import rough_dispersion
from triage.onset.likelihood import step_profile, window_llr

#: Parts of the false alarm chance by family; they add up to 1.
FIRST_LINE, LAST_LINE, STEP_UP, STEP_DOWN, BURST, LULL = 0.30, 0.10, 0.20, 0.10, 0.20, 0.10
GROWTH = 1.5
#: Windows that overlap are alike: as many as this count as different ones, for each length of a window that goes into
#: the time searched, and for each doubling of a step's distance from the nearer end. Fitted to simulated counts.
DIFFERENT_WINDOWS = 4.0
DIFFERENT_STEPS = 4.0
#: A window whose own start has less evidence than this, in nats, is told by its end instead.
START_EVIDENCE = 3.0
#: A rise is told by its end where that has so many times the evidence of its start (see `Bins.ends`).
END_EVIDENCE = 4.0
#: Lines before a rise that have more evidence than this, in nats, of having begun after a silence are its beginning.
FIRST_LINE_EVIDENCE = 7.0
#: Whole numbers up to this one are exact with 24 binary digits.
EXACT = 2.0**24


@dataclass(frozen=True, eq=False)
class Found:
    """The change found in each unit; arrays of one entry a unit.

    Attributes
    ----------
    start, stop : ndarray of int
        Bins of the window: ``start <= bin < stop``.
    rise : ndarray of bool
        Whether the rate is higher inside.
    before, inside, total : ndarray
        Lines before the window, in it and in all.
    llr : ndarray
        Poisson log-likelihood ratio of the window, in nats.
    weight : ndarray
        Log of the window's part of the false alarm chance; -inf where there was nothing to look at.
    rough : ndarray
        The dispersion assumed in picking the window.
    """

    start: Integers
    stop: Integers
    rise: Booleans
    before: Floats
    inside: Floats
    total: Floats
    llr: Floats
    weight: Floats
    rough: Floats

    @property
    def score(self) -> Floats:
        """What the best window was picked by: the higher, the smaller its p-value."""
        return self.llr / self.rough + self.weight

    @classmethod
    def concat(cls, parts: list[Found]) -> Found:
        """All units of several blocks."""
        return cls(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)))

    def only(self, units: Integers | Booleans) -> Found:
        """Some of the units."""
        return Found(*(getattr(self, f.name)[units] for f in fields(Found)))

    def put(self, units: Integers, other: Found) -> Found:
        """The same with some of the units replaced."""
        arrays = [getattr(self, f.name).copy() for f in fields(Found)]
        for array, f in zip(arrays, fields(Found), strict=True):
            array[units] = getattr(other, f.name)
        return Found(*arrays)


def scan(counts: Floats, bins: Bins) -> Found:
    """The most telling window of each unit.

    Parameters
    ----------
    counts : ndarray, shape (units, bins)
        Lines in bins, whole numbers.
    """
    edges = bins.edges
    cumulative = np.zeros((len(counts), bins.count + 1))
    np.cumsum(counts, axis=1, out=cumulative[:, 1:])
    search = _Search(cumulative, edges, bins.searched, rough_dispersion(counts), bins.ends)
    best = search.nothing()
    for found in (search.first_line(counts), search.last_line(counts), *search.steps(counts), *search.windows()):
        best = _choose(found.score > best.score, found, best)
    return search.told_by_first_line(search.told_by_start(search.sharpened(best)), counts)


@dataclass(frozen=True, eq=False)
class _Search:
    """A block of units and the families of windows in it.

    `cumulative` has shape (units, bins + 1), `edges` (bins + 1,) and `rough` (units,); `searched` is the first bin in
    which a change may begin; `ends` is that of the bins.
    """

    cumulative: Floats
    edges: Floats
    searched: int
    rough: Floats
    ends: bool = False

    @property
    def last(self) -> int:
        return len(self.edges) - 1

    def nothing(self) -> Found:
        units = len(self.cumulative)
        start, never = np.full(units, self.last), np.full(units, -np.inf)
        return self.found(start, start, never, np.ones(units, dtype=bool))

    def found(self, start: Integers, stop: Integers, weight: Floats | float, rise: Booleans | bool) -> Found:
        """One window a unit, of weight 0 where it is no change in the direction asked for."""
        unit = np.arange(len(self.cumulative))
        total = self.cumulative[:, -1]
        before = self.cumulative[unit, start]
        inside = self.cumulative[unit, stop] - before
        time, whole = self.edges[stop] - self.edges[start], self.edges[-1] - self.edges[0]
        higher = inside * whole > total * time
        wanted = np.broadcast_to(rise, start.shape)
        possible = (start >= self.searched) & (start < stop) & (higher == wanted)
        llr = window_llr(inside, time, total, whole)
        weights = np.where(possible, weight, -np.inf)
        return Found(start, stop, wanted, before, inside, total, llr, weights, self.rough)

    def first_line(self, counts: Floats) -> Found:
        """From the first line to the end."""
        start = np.argmax(counts > 0, axis=1)
        return self.found(start, np.full(len(counts), self.last), np.log(FIRST_LINE), True)

    def last_line(self, counts: Floats) -> Found:
        """From after the last line, but not before the search begins, to the end."""
        start = np.maximum(self.last - np.argmax(counts[:, ::-1] > 0, axis=1), self.searched)
        stop = np.full(len(counts), self.last)
        return self.found(np.minimum(start, stop), stop, np.log(LAST_LINE), False)

    def steps(self, counts: Floats) -> list[Found]:
        """The best step up and the best step down."""
        starts = np.arange(self.searched, self.last)
        if not len(starts):
            return []
        near = np.minimum(starts, self.last - starts)
        group = np.floor(np.log2(near)) * np.where(starts < self.last - starts, 1, -1)
        groups = len(np.unique(group))
        signed = step_profile(counts, self.edges)[:, self.searched : self.last]
        stop = np.full(len(counts), self.last)
        return [
            self.found(starts[np.argmax(way * signed, axis=1)], stop, np.log(part / groups / DIFFERENT_STEPS), way > 0)
            for way, part in ((1, STEP_UP), (-1, STEP_DOWN))
        ]

    def windows(self) -> list[Found]:
        """The best burst and the best lull of each length."""
        places = self.last - 1 - self.searched
        lengths = _lengths(places)
        cumulative = self._whole()
        found = []
        for length in lengths:
            end = self.searched + length
            sums = cumulative[:, end : self.last] - cumulative[:, self.searched : self.last - length]
            different = len(lengths) * max(1.0, DIFFERENT_WINDOWS * places / length)
            for start, part, rise in ((sums.argmax(axis=1), BURST, True), (sums.argmin(axis=1), LULL, False)):
                begin = start + self.searched
                found.append(self.found(begin, begin + length, np.log(part / different), rise))
        return found

    def _whole(self) -> npt.NDArray[np.floating[Any]]:
        """Lines up to each edge, in half the room where that holds them all exactly: it is half the time to search."""
        few = self.cumulative[:, -1].max(initial=0.0) < EXACT
        return self.cumulative.astype(np.float32) if few else self.cumulative

    def sharpened(self, best: Found) -> Found:
        """Windows that end early, with start and stop moved to where they fit best, up to a length away."""
        chosen = np.flatnonzero((best.stop < self.last) & (best.llr + best.weight > 0))
        if not len(chosen):
            return best
        part = _Search(self.cumulative[chosen], self.edges, self.searched, self.rough[chosen])
        now = best.only(chosen)
        length = now.stop - now.start
        start = part._fit(now.start - length, now.stop - 1, now.stop, now.rise)
        stop = part._fit(start + 1, now.stop + length, start, now.rise)
        new = part.found(start, stop, now.weight, now.rise)
        return best.put(chosen, _choose(new.score > now.score, new, now))

    def _fit(self, low: Integers, high: Integers, other: Integers, rise: Booleans) -> Integers:
        """The edge between `low` and `high` that fits best, the window's other edge being `other`."""
        unit, edge = np.arange(len(low)), np.arange(len(self.edges))
        total, whole = self.cumulative[:, -1:], self.edges[-1] - self.edges[0]
        inside = np.abs(self.cumulative - self.cumulative[unit, other][:, None])
        time = np.abs(self.edges - self.edges[other][:, None])
        llr = window_llr(inside, time, total, whole)
        allowed = (edge >= np.maximum(low, self.searched)[:, None]) & (edge <= np.minimum(high, self.last)[:, None])
        right_way = (inside * whole > total * time) == rise[:, None]
        fits: Integers = np.argmax(np.where(allowed & right_way, llr, -1.0), axis=1)
        return fits

    def told_by_start(self, best: Found) -> Found:
        """Windows whose start shows no change, or little, become the step at their stop, in the other direction."""
        unit = np.arange(len(self.cumulative))
        before, time = self.cumulative[unit, best.start], self.edges[best.start] - self.edges[0]
        upto, whole = before + best.inside, self.edges[best.stop] - self.edges[0]
        rose = best.inside * time > before * (whole - time)
        evidence = window_llr(best.inside, whole - time, upto, whole) / best.rough
        untold = (rose != best.rise) | (evidence < START_EVIDENCE)
        if self.ends:
            after, later = best.total - before, self.edges[-1] - self.edges[best.start]
            end_evidence = window_llr(best.inside, whole - time, after, later) / best.rough
            untold |= best.rise & (end_evidence > END_EVIDENCE * np.maximum(evidence, START_EVIDENCE))
        blunt = (best.stop < self.last) & untold
        end = np.full(len(unit), self.last)
        return _choose(blunt, self.found(best.stop, end, best.weight, ~best.rise), best)

    def told_by_first_line(self, best: Found, counts: Floats) -> Found:
        """Rises before which the lines had begun, after a silence, become the window from the first line to the end."""
        first = self.first_line(counts)
        time, silent = self.edges[best.start] - self.edges[0], self.edges[first.start] - self.edges[0]
        evidence = window_llr(best.before, time - silent, best.before, time) / best.rough
        return _choose(best.rise & np.isfinite(first.weight) & (evidence > FIRST_LINE_EVIDENCE), first, best)


def _choose(which: Booleans, yes: Found, no: Found) -> Found:
    return Found(*(np.where(which, getattr(yes, f.name), getattr(no, f.name)) for f in fields(Found)))


def _lengths(places: int) -> list[int]:
    """Lengths of windows from 1 to half of the places, each GROWTH times the one before, as whole numbers."""
    lengths, length = [], 1.0
    while length <= places / 2:
        lengths.append(round(length))
        length = max(length * GROWTH, lengths[-1] + 1)
    return lengths
