"""Rates of two sets: which units have more lines a minute in one than in the other, by more than chance brings.

The covered time of a set is laid behind that of the other, so that the second set is a window of one axis and what
onsets know of windows holds here: counts vary more than Poisson counts do, by a dispersion that is estimated in both
sets for blocks of many widths, and the chance of so many lines in the window follows from it (`onset.dispersion`,
`onset.significance`).

Tested is not that rates are the same, which they never are, but that the ratio lies in a range of no interest (McCarthy
and Smyth, Bioinformatics 25, 2009). Traffic comes and goes: where most templates of a service went up or down together,
that range reaches to their common factor, and the service as a whole is told instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import special

from triage.comparison.cover import Cover
from triage.comparison.spread import spread_in_baseline, spread_in_both
from triage.onset.bins import Booleans, Floats, Integers, Rows
from triage.onset.dispersion import Dispersion, dispersion_within
from triage.onset.series import UNIT
from triage.onset.significance import log_p_values
from triage.onset.silences import usual_silence
from triage.onset.trial import FEWEST_SECONDS

#: Ratios of rates up to this are of no interest.
SAME = 1.25
#: Smallest ratio that is reported.
LEAST_RATIO = 1.5
#: Fewest units with so many lines in both sets that show how a service as a whole changed.
FEWEST_COMPANIONS, FEWEST_LINES = 8, 20
#: Lines that most of them have in a set that is too short for so many.
FEWEST_IN_SHORT = 3
#: Coverage of the intervals of ratios.
COVERAGE = 0.90
#: What is new lasts, if it goes on to the end of B for this share of its time.
LASTING = 1 / 16
HALF = np.log(0.5)

Covers = dict[str | None, tuple[Cover, Cover]]


@dataclass(frozen=True, eq=False)
class Rates:
    """Units with their lines and times in both sets, and what the test says; arrays of one entry a unit.

    Attributes
    ----------
    rows : Rows
        Lines on the joint axis: the covered time of set A, then that of set B.
    lines, seconds : ndarray, shape (units, 2)
        In A and in B.
    dispersion : ndarray
        Variance over mean of the counts.
    ratio, low, high : ndarray
        Rate in B over that in A, half a line added to each, and bounds of 90 %.
    factor : ndarray
        The common factor of the unit's service, 1 where none is known.
    p : ndarray
        P-value; 1 where the ratio is of no interest.
    """

    rows: Rows
    lines: Floats
    seconds: Floats
    dispersion: Floats
    ratio: Floats
    low: Floats
    high: Floats
    factor: Floats
    p: Floats

    @property
    def traffic(self) -> float:
        """The middle one of the ratios of all units that have lines enough; 1 where there are too few."""
        return _everywhere(self.lines, self.ratio)

    @property
    def notable(self) -> Booleans:
        """Whether the ratio is large enough to be reported."""
        found: Booleans = np.maximum(self.ratio, 1 / self.ratio) >= LEAST_RATIO
        return found


def joint_rows(counts: tuple[pl.DataFrame, pl.DataFrame], covers: Covers) -> tuple[Rows, Floats]:
    """The lines of both sets on one axis, and the covered seconds of A and B for each unit.

    Parameters
    ----------
    counts : pair of polars.DataFrame
        ``template_id``, ``service_name``, ``second``, ``count`` of A and B.
    covers : dict
        For each service that both sets cover, its cover in A and in B; lines of others are left out.
    """
    parts = [_placed(frame, covers, which) for which, frame in enumerate(counts)]
    joint = pl.concat(parts).sort(*UNIT, "second", nulls_last=True)
    units = joint.select(UNIT).unique(maintain_order=True)
    numbered = joint.join(units.with_row_index("unit"), on=UNIT, nulls_equal=True, maintain_order="left")
    columns = (numbered[name].cast(pl.Int64).to_numpy() for name in ("unit", "second", "count"))
    times = {service: (a.seconds, b.seconds) for service, (a, b) in covers.items()}
    seconds = np.array([times[service] for service in units["service_name"]], dtype=np.float64).reshape(-1, 2)
    return Rows(units, *columns), seconds


def _placed(counts: pl.DataFrame, covers: Covers, which: int) -> pl.DataFrame:
    """Counts with seconds of the joint axis, those of no cover left out."""
    found = [counts.clear().cast({"second": pl.Int64})]
    for (service,), part in counts.group_by("service_name"):
        name = None if service is None else str(service)
        if name in covers:
            place = covers[name][which].places(part["second"].to_numpy())
            moved = pl.Series("second", place + (covers[name][0].seconds if which else 0), dtype=pl.Int64)
            found.append(part.with_columns(moved).filter(pl.Series(place >= 0)))
    return pl.concat(found)


def compare_rates(rows: Rows, seconds: Floats, traffic: float | None = None) -> Rates:
    """Test every unit.

    Parameters
    ----------
    rows : Rows
        Lines on the joint axis (see `joint_rows`).
    seconds : ndarray, shape (units, 2)
        Covered time in A and in B.
    traffic : float, optional
        The factor by which all lines became more or fewer; if not given, that of each service's units.
    """
    cuts = np.column_stack([np.zeros(len(seconds)), np.cumsum(seconds, axis=1), seconds.sum(axis=1)]).astype(np.int64)
    lines = _lines(rows, cuts)
    spread, before = spread_in_both(rows, cuts), spread_in_baseline(rows, cuts)
    ratio = _ratio(lines, seconds)
    factor = _common_factor(rows, lines, ratio) if traffic is None else np.full(len(ratio), traffic)
    every = _everywhere(lines, ratio)
    bounds = np.minimum(factor, min(every, 1.0)) / SAME, np.maximum(factor, max(every, 1.0)) * SAME
    tried = [_p_values(lines, seconds, spread, *bounds)]
    if before is not None:
        tried.append(np.where(ratio > 1, _p_values(lines, seconds, before, *bounds), 1.0))
    tried.append(_p_lasting(rows, cuts))
    p = np.minimum(1.0, len(tried) * np.min(tried, axis=0))  # any may tell, so each has its part of the false alarms
    busy = np.bincount(rows.unit, minlength=len(rows.units)) >= FEWEST_SECONDS
    p = np.where(busy & ~usual_silence(rows, cuts), p, 1.0)
    low, high = ratio_bounds(lines, seconds, spread.value)
    return Rates(rows, lines, seconds, spread.value, ratio, low, high, factor, p)


def _lines(rows: Rows, cuts: Integers) -> Floats:
    inside = rows.second >= cuts[rows.unit, 1]
    found = np.bincount(2 * rows.unit + inside, weights=rows.count, minlength=2 * len(cuts))
    return found.reshape(-1, 2).astype(np.float64, copy=False)


def _ratio(lines: Floats, seconds: Floats) -> Floats:
    """Rate in B over rate in A; half a line is added to each, so that it is never 0 or infinite."""
    a, b = ((lines + 0.5) / np.maximum(seconds, 1.0)).T
    found: Floats = b / a
    return found


def _common_factor(rows: Rows, lines: Floats, ratio: Floats) -> Floats:
    """The middle one of the ratios of a service's units, or of all, where a service has too few to tell."""
    steady = _steady(lines)
    found = np.full(len(ratio), _everywhere(lines, ratio))
    services = rows.units["service_name"].fill_null("").to_numpy()
    for service in np.unique(services):
        members = services == service
        found[members] = _middle(ratio[members & steady]) or found[members]
    return found


def _everywhere(lines: Floats, ratio: Floats) -> float:
    """The middle one of the ratios of all units that have lines enough; 1 where there are too few."""
    return _middle(ratio[_steady(lines)]) or 1.0


def _steady(lines: Floats) -> Booleans:
    """Units that show how all changed: those with lines enough in both sets.

    Where one set is too short for that (a minute against a week), those with lines enough in the other, if most of them
    have some lines in both: whatever they have in the short set, so that none is chosen for being frequent there.
    """
    enough: Booleans = lines >= FEWEST_LINES
    both: Booleans = np.asarray(enough.all(axis=1))
    one: Booleans = np.take(enough, int(np.argmax(lines.sum(axis=0))), axis=1)
    if both.sum() >= FEWEST_COMPANIONS or not one.any():
        return both
    return one if np.median(lines[one].min(axis=1)) >= FEWEST_IN_SHORT else both


def _middle(ratio: Floats) -> float | None:
    return float(np.exp(np.median(np.log(ratio)))) if len(ratio) >= FEWEST_COMPANIONS else None


def _p_values(lines: Floats, seconds: Floats, spread: Dispersion, low: Floats, high: Floats) -> Floats:
    """Chance of a ratio so far outside of ``low … high``, in either direction."""
    a, b = lines.T
    time_a, time_b = np.maximum(seconds, 1.0).T
    rise = b * time_a > a * time_b * high
    fall = b * time_a < a * time_b * low
    bound = np.where(rise, high, low)
    share = bound * time_b / (time_a + bound * time_b)
    logs = log_p_values(b, a + b, share, rise, np.full(len(a), HALF), spread)
    return np.where(rise | fall, np.exp(logs), 1.0)


def _p_lasting(rows: Rows, cuts: Integers) -> Floats:
    """Chance that all lines come so late and go on to the end of B, as an onset does; 1 for other units.

    A group of lines that came and went is uneven in the time since its first line, and is no evidence here; one at
    the very end may not have gone yet.
    """
    first = rows.second[np.searchsorted(rows.unit, np.arange(len(cuts)))]
    new = np.flatnonzero((first >= cuts[:, 1]) & (cuts[:, 2] - first >= LASTING * (cuts[:, 2] - cuts[:, 1])))
    kept, begin, end = rows.only(new), first[new], cuts[new, 2]
    late = np.column_stack([np.zeros_like(end), begin, end, end])
    lines = np.bincount(kept.unit, weights=kept.count, minlength=len(new)).astype(np.float64)
    rise = np.ones(len(new), dtype=bool)
    half = np.full(len(new), HALF)
    found = np.ones(len(cuts))
    found[new] = np.exp(log_p_values(lines, lines, (end - begin) / end, rise, half, dispersion_within(kept, late)))
    return found


def ratio_bounds(lines: Floats, seconds: Floats, dispersion: Floats) -> tuple[Floats, Floats]:
    """Bounds of the ratio of two rates: lines come in groups, and the share of B among these has Jeffreys' prior.

    Parameters
    ----------
    lines, seconds : ndarray, shape (units, 2)
        In A and in B.
    dispersion : ndarray
        Lines come in so many groups fewer.

    Examples
    --------
    Twice as many lines in the same time, if there are enough of them:

    >>> low, high = ratio_bounds(np.array([[100.0, 200.0]]), np.array([[60.0, 60.0]]), np.ones(1))
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([1.64], [2.45])
    """
    a, b = (lines / dispersion[:, None] + 0.5).T
    time_a, time_b = np.maximum(seconds, 1.0).T
    tail = (1 - COVERAGE) / 2
    shares = special.betaincinv(b, a, tail), special.betaincinv(b, a, 1 - tail)
    low, high = (np.clip(share, 1e-12, 1 - 1e-12) for share in shares)
    return low / (1 - low) * time_a / time_b, high / (1 - high) * time_a / time_b
