"""Windows of records that have their templates, as the two sides of a comparison."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from triage.comparison.comparison import Comparison, Side
from triage.comparison.differ import Records, differ, extent_of
from triage.comparison.muted import corrections_without_effect, heard
from triage.errors import InputError, UsageError
from triage.ingest.moments import moment
from triage.onset.series import SECOND, Window, count_series
from triage.patterns import Outcome
from triage.settings import Moment


def compare_windows(
    records: pl.LazyFrame,
    templates: pl.DataFrame,
    baseline: tuple[Moment, Moment],
    window: tuple[Moment, Moment],
    zone: str = "UTC",
    corrected: tuple[Outcome, ...] = (),
) -> Comparison:
    """Compare two windows of records that have their templates (see `Incident.compare`).

    Parameters
    ----------
    records : polars.LazyFrame
        Of the incident.
    templates : polars.DataFrame
        What `reading.describe_templates` gives.
    baseline, window : pair of str or datetime
        From, and up to but not including.
    zone : str
        Of texts that carry none.
    corrected : tuple of Outcome
        What became of each correction of the templates.
    """
    asked = [_window(given, name, zone) for given, name in ((baseline, "baseline"), (window, "window"))]
    if max(asked[0].start_ns, asked[1].start_ns) < min(asked[0].end_ns, asked[1].end_ns):
        raise UsageError(
            f"baseline ({_shown(asked[0])}) and window ({_shown(asked[1])}) overlap: give two that lie apart"
        )
    records = heard(records, templates)
    counts = count_series(records).counts
    if not len(counts):
        raise InputError("all records are of muted templates: take a mute out")
    known = extent_of(counts)
    parts = [
        _part(records, counts, known, given, name) for given, name in zip(asked, ("baseline", "window"), strict=True)
    ]
    sides = [
        Side(_shown(w), *span_of(part), 0, int(part.counts["count"].sum()))
        for w, part in zip(asked, parts, strict=True)
    ]
    compared = differ(parts[0], parts[1], (sides[0], sides[1]), templates)
    muted = templates.filter("muted")
    said = [f"{int(muted['count'].sum()):,} records of muted templates are not compared"] if len(muted) else []
    notes = (*compared.notes, *corrections_without_effect(corrected), *said)
    return replace(compared, notes=notes, corrected=corrected)


def _part(records: pl.LazyFrame, counts: pl.DataFrame, known: pl.DataFrame, window: Window, name: str) -> Records:
    """The records of a window, which ends where the logs end.

    Raises
    ------
    UsageError
        If it holds none.
    """
    low, high = window.start_ns // SECOND, -(-window.end_ns // SECOND)
    inside = counts.filter(pl.col("second").is_between(low, high, closed="left"))
    first, last = (int(value) for value in known.select(pl.col("first").min(), pl.col("last").max()).row(0))
    if not len(inside):
        logs = _shown(Window(first * SECOND, (last + 1) * SECOND))
        raise UsageError(f"{name}: no record lies in {_shown(window)}: the logs span {logs}")
    low, high = max(low, first), min(high, last + 1)
    second = pl.col("timestamp").dt.epoch("ns") // SECOND
    scan = records.filter(second.is_between(low, high, closed="left"))
    return Records(scan, inside, known, low, high)


def _window(given: Any, name: str, zone: str) -> Window:
    """A pair of times as a window.

    Raises
    ------
    UsageError
        If it is none.
    """
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise UsageError(f"{name}: got {str(given)[:60]!r}, wanted a pair of times, the earlier one first")
    low, high = (moment(value, name, zone) for value in given)
    if low is None or high is None or low >= high:
        raise UsageError(f"{name}: got {str(given)[:60]!r}, wanted a pair of times, the earlier one first")
    return Window.between(low, high)


def _shown(window: Window) -> str:
    return f"{window.start.isoformat()} to {window.end.isoformat()}".replace("+00:00", "Z")


def span_of(part: Records) -> tuple[datetime, datetime]:
    """The times of a set."""
    window = Window(part.low * SECOND, part.high * SECOND)
    return window.start, window.end
