"""Compare two sets of logs, or two windows of an incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import polars as pl

from triage.comparison.comparison import Comparison, Side
from triage.comparison.differ import Records, differ, extent_of
from triage.errors import InputError, UsageError
from triage.ingest.clock import Shift
from triage.ingest.format_files import Formats
from triage.ingest.moments import moment
from triage.ingest.options import Progress
from triage.ingest.zones import Zones
from triage.onset.series import SECOND, Window, count_series
from triage.patterns.corrections import Given
from triage.reading import Gathered, describe_templates
from triage.settings import Moment, Settings, make_settings, named_logs

#: Names of logs shown.
SHOWN = 3


def compare(
    logs_a: Any,
    logs_b: Any,
    *,
    tz: Zones = "UTC",
    services: Mapping[str, str] | None = None,
    clock: Mapping[str, Shift] | None = None,
    formats: Formats = None,
    engine: Any = None,
    progress: Progress | None = None,
    columns: Mapping[str, str] | None = None,
    corrections: Given = None,
) -> Comparison:
    """Read two sets of logs and say what B has that A has not, and the other way about.

    Templates are mined from both together, so that a template is the same in both. What is told is more than chance
    brings to logs whose lines come in bursts and waves; `Comparison.quiet` where there is nothing.

    Parameters
    ----------
    logs_a, logs_b : path, glob, directory, list of them, or a pandas, polars or Arrow frame
        What to read: the baseline, and what is compared with it.
    tz, services, clock, formats, engine, progress, columns, corrections
        As for `triage.load`, for both sets.

    Raises
    ------
    TriageError
        One line that says what arrived, what was wanted and what to try.
    """
    named = [named_logs(logs) for logs in (logs_a, logs_b)]
    settings = [
        make_settings(
            logs, tz, services=services, clock=clock, columns=columns, formats=formats, corrections=corrections
        )
        for logs in named
    ]
    gathered, ledgers, ends = Gathered(settings[0]), [], [0]
    for logs in named:
        ledgers.append(gathered.read(logs, engine, progress))
        ends.append(gathered.inside)
    names = [_name(one) for one in settings]
    records, texts = gathered.patterns()
    parts_of = [records.lazy(begin, end - begin) for begin, end in pairwise(ends)]
    sets = [_timed(part, name) for part, name in zip(parts_of, names, strict=True)]
    templates = describe_templates(pl.concat(sets), texts, settings[0].corrections)
    counts = [_count(part) for part in sets]
    sets = [heard(part, templates) for part in sets]
    told = [f"correction: {one.rule.kind}: {one.rule.says}: {one.note}" for one in gathered.corrected if one.note]
    for count, part, name in zip(counts, sets, names, strict=True):
        if not (left := _count(part)):
            raise InputError(f"{name}: all {count} records are of muted templates: take a mute out")
        if left < count:
            told.append(f"{name}: {count - left} records of muted templates are not compared")
    note = (*gathered.notes, *told, *_without_services(sets))
    if _without_services(sets):
        sets = [part.with_columns(pl.lit(None, pl.String).alias("service_name")) for part in sets]
    parts = [_whole(part) for part in sets]
    sides = [
        Side(name, *_span(part), 0, count, end - begin - count, ledger)
        for name, part, count, (begin, end), ledger in zip(names, parts, counts, pairwise(ends), ledgers, strict=True)
    ]
    compared = differ(parts[0], parts[1], (sides[0], sides[1]), templates)
    return replace(compared, notes=(*note, *compared.notes))


def compare_windows(
    records: pl.LazyFrame,
    templates: pl.DataFrame,
    baseline: tuple[Moment, Moment],
    window: tuple[Moment, Moment],
    zone: str = "UTC",
) -> Comparison:
    """Compare two windows of records that have their templates (see `Incident.compare`)."""
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
        Side(_shown(w), *_span(part), 0, int(part.counts["count"].sum())) for w, part in zip(asked, parts, strict=True)
    ]
    return differ(parts[0], parts[1], (sides[0], sides[1]), templates)


def _count(records: pl.LazyFrame) -> int:
    return int(records.select(pl.len()).collect().item())


def heard(records: pl.LazyFrame, templates: pl.DataFrame) -> pl.LazyFrame:
    """The records whose templates are not muted."""
    muted = templates.filter("muted")["template_id"]
    return records.filter(~pl.col("template_id").is_in(muted.implode())) if len(muted) else records


def _name(settings: Settings) -> str:
    names = list(settings.logs)
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _timed(records: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """Records that carry a time.

    Raises
    ------
    InputError
        If there are none.
    """
    count, timed = records.select(pl.len(), pl.col("timestamp").count()).collect().row(0)
    if not timed:
        hint = "rates need times: give logs whose lines begin with a date and time, or a frame with a timestamp column"
        raise InputError(f"{name}: none of the {count} records has a timestamp: {hint}")
    return records.filter(pl.col("timestamp").is_not_null())


def _without_services(sets: list[pl.LazyFrame]) -> tuple[str, ...]:
    """A note where the sets have no service in common: then names of files were taken for services."""
    names = [set(part.select(pl.col("service_name").unique()).collect()["service_name"].to_list()) for part in sets]
    if names[0] & names[1]:
        return ()
    shown = [", ".join(sorted(map(str, each))[:SHOWN]) for each in names]
    return (f"the sets have no service in common ({shown[0]}; {shown[1]}): compared without regard to services",)


def _whole(records: pl.LazyFrame) -> Records:
    """All records of a set, with the whole seconds that they span."""
    counts = count_series(records).counts
    known = extent_of(counts)
    low, high = (int(value) for value in known.select(pl.col("first").min(), pl.col("last").max() + 1).row(0))
    return Records(records, counts, known, low, high)


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


def _span(part: Records) -> tuple[datetime, datetime]:
    window = Window(part.low * SECOND, part.high * SECOND)
    return window.start, window.end
