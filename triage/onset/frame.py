"""Changes as a table: what kind each is, when it happened and how the rate changed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from triage.onset.bins import Bins, Floats, Rows
from triage.onset.detector import Claims, Context, Detector
from triage.onset.detectors import DETECTORS
from triage.onset.intervals import Interval, Stretch, step_interval
from triage.onset.likelihood import rate_bounds
from triage.onset.on_the_clock import Dated, on_the_clock
from triage.onset.rescaled import Clock
from triage.onset.series import SECOND, TIME, UNIT
from triage.onset.trial import Trial

MINUTE = 60.0
NO_CLOCKS: Mapping[int, Clock] = MappingProxyType({})
#: Coverage of the bounds of a rate.
RATE_COVERAGE = 0.90
#: Lines that show a change.
SHOWN = pl.List(pl.Struct({"source": pl.String, "line": pl.UInt32}))
_TYPES: tuple[tuple[str, pl.DataType], ...] = (
    ("template_id service_name kind shape", pl.String()),
    ("at earliest latest until", TIME),
    ("before before_low before_high after after_low after_high", pl.Float64()),
    ("llr dispersion p_value q_value", pl.Float64()),
    ("count_before count_after", pl.Int64()),
    ("given parameter", pl.String()),
    ("part_before part_after", pl.Float64()),
    ("part_unit", pl.String()),
    ("shown", SHOWN),
    ("rhythm", pl.String()),
)
ONSETS = pl.Schema({name: dtype for names, dtype in _TYPES for name in names.split()})


def describe(
    trial: Trial, rows: Rows, bins: Bins, coverage: float, min_effect: float, clocks: Mapping[int, Clock] = NO_CLOCKS
) -> pl.DataFrame:
    """The table of changes, by time.

    Parameters
    ----------
    trial : Trial
        The changes to be described.
    rows : Rows
        All units' lines.
    bins : Bins
        The grid.
    coverage : float
        Wanted of the intervals.
    min_effect : float
        Changes whose larger rate is less than so many times the smaller one are left out. Half a line is added to
        each side, so the ratio is never infinite.
    clocks : mapping, optional
        For units whose lines are in rescaled time, the way back. The rate before a change is then that of the times of
        other periods at which it came.
    """
    if not len(trial.unit):
        return ONSETS.to_frame()
    kinds = _kinds(_claims(trial, rows, bins))
    contexts = list(_contexts(trial, rows, bins, coverage, clocks))
    dated = [_dated(kind, context, bins) for kind, context in zip(kinds, contexts, strict=True)]
    firsts, lasts = (_relative(rows.units[trial.unit][name], bins) for name in ("first", "last"))
    for k, unit in enumerate(trial.unit):
        if int(unit) in clocks:
            dated[k] = on_the_clock(dated[k], contexts[k], clocks[int(unit)], (firsts[k], lasts[k]))
    intervals, ends = [each.interval for each in dated], [each.end for each in dated]
    sides = np.array([each.sides for each in dated])
    times = {name: [getattr(interval, name) for interval in intervals] for name in ("at", "earliest", "latest")}
    columns: dict[str, Any] = {
        "kind": [kind.kind for kind in kinds],
        "shape": [_shape(*each) for each in zip(contexts, intervals, strict=True)],
        **{name: _times(values, bins) for name, values in (*times.items(), ("until", ends))},
        **_rates(sides, trial.dispersion),
        "llr": trial.found.llr / trial.dispersion,
        "dispersion": trial.dispersion,
        "p_value": trial.p,
        "q_value": trial.q,
        "rhythm": pl.Series([clocks[u].cycle if u in clocks else None for u in trial.unit.tolist()], dtype=pl.String),
    }
    frame = rows.units[trial.unit].select(UNIT).with_columns(**{k: pl.Series(v) for k, v in columns.items()})
    frame = frame.with_columns(pl.lit(None).alias(name) for name in ONSETS.names() if name not in frame.columns)
    kept = frame.filter(pl.Series(_effect(sides) >= min_effect)).cast(ONSETS)
    return kept.select(ONSETS.names()).sort("at", *UNIT)


def _shape(context: Context, interval: Interval) -> str:
    """How a rate changed: for a while (*burst*, *lull*), more and more (*ramp*), or at once and for good (*step*)."""
    if not context.lasts:
        return "burst" if context.rise else "lull"
    return "ramp" if interval.ramp else "step"


def _relative(times: pl.Series, bins: Bins) -> list[int]:
    """Nanoseconds from the start of the grid."""
    return [int(time) - bins.start * SECOND for time in times.dt.epoch("ns")]


def _times(nanoseconds: Sequence[int | None], bins: Bins) -> pl.Series:
    values = [None if each is None else each + bins.start * SECOND for each in nanoseconds]
    return pl.Series(values, dtype=pl.Int64).cast(TIME)


def _claims(trial: Trial, rows: Rows, bins: Bins) -> Claims:
    found, units = trial.found, rows.units[trial.unit]
    first, last = (np.array(_relative(units[name], bins)) for name in ("first", "last"))
    lasts = found.stop == bins.count
    return Claims(found.rise, lasts, found.before, found.inside, first < 0, last >= bins.seconds * SECOND)


def _kinds(claims: Claims) -> list[Detector]:
    """The first detector that claims each change."""
    claimed = np.stack([detector.claims(claims) for detector in DETECTORS])
    assert claimed.any(axis=0).all(), "the last two detectors claim every rise and every fall"
    return [DETECTORS[index] for index in claimed.argmax(axis=0)]


def _dated(kind: Detector, context: Context, bins: Bins) -> Dated:
    interval = kind.date(context)
    end = _end(context, interval, bins)
    return Dated(interval, end, _sides(context, interval, end, bins))


def _contexts(trial: Trial, rows: Rows, bins: Bins, coverage: float, clocks: Mapping[int, Clock]) -> Iterator[Context]:
    edges, units, found = bins.edges.astype(np.int64), rows.units[trial.unit], trial.found
    first, last = (_relative(units[name], bins) for name in ("first", "last"))
    for k, unit in enumerate(trial.unit):
        second, count = rows.of(int(unit))
        clock = clocks.get(int(unit))
        quiet = bins.quiet if bins.baseline else 0
        yield Context(
            second,
            count,
            first_ns=int(second[0]) * SECOND if clock else first[k],
            last_ns=int(second[-1]) * SECOND if clock else last[k],
            searched=math.ceil(clock.there(quiet)) if clock else quiet,
            start=int(edges[found.start[k]]),
            stop=int(edges[found.stop[k]]),
            lasts=bool(found.stop[k] == bins.count),
            silent=bool(found.inside[k] == 0),
            rise=bool(found.rise[k]),
            dispersion=float(trial.dispersion[k]),
            coverage=coverage,
        )


def _end(context: Context, interval: Interval, bins: Bins) -> int | None:
    """When a change that did not last ended, in nanoseconds."""
    if context.lasts:
        return None
    begun = interval.at // SECOND
    stretch = Stretch.cut(context.second, context.count, begun, bins.seconds, begun + 1)
    return step_interval(stretch, not context.rise, context.dispersion, context.coverage).at


def _sides(context: Context, interval: Interval, end: int | None, bins: Bins) -> tuple[float, float, float, float]:
    """Lines before and seconds before, lines after and seconds after."""
    lines = np.r_[0, np.cumsum(context.count)]
    # The last line of all belongs to the time before the silence, even if that begins within its second.
    cut = interval.at // SECOND + (1 if context.silent else 0)
    quiet = context.searched if bins.baseline else cut
    stop = bins.seconds if end is None else end // SECOND
    before, upto, until = lines[np.searchsorted(context.second, (quiet, cut, stop))]
    time_before = float(quiet) if bins.baseline else interval.at / SECOND
    return float(before), time_before, float(until - upto), max(stop - interval.at / SECOND, 1.0)


def _rates(sides: Floats, dispersion: Floats) -> dict[str, Floats]:
    """Rates a minute, with bounds for as many lines as there are groups of them."""
    columns: dict[str, Floats] = {}
    for name, lines, seconds in (("before", *sides[:, :2].T), ("after", *sides[:, 2:].T)):
        minutes = np.maximum(seconds, 1.0) / MINUTE
        low, high = rate_bounds(lines / dispersion, minutes / dispersion, RATE_COVERAGE)
        columns |= {name: lines / minutes, f"{name}_low": low, f"{name}_high": high, f"count_{name}": lines}
    return columns


def _effect(sides: Floats) -> Floats:
    """How many times the larger rate is the smaller one."""
    before, after = ((lines + 0.5) / np.maximum(seconds, 1.0) for lines, seconds in (sides[:, :2].T, sides[:, 2:].T))
    found: Floats = np.maximum(after / before, before / after)
    return found
