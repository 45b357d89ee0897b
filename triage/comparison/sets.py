"""Compare two sets of logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import polars as pl

from triage.comparison.comparison import Comparison, Side
from triage.comparison.differ import Records, differ, extent_of
from triage.comparison.given_names import of_the_set, with_common_services
from triage.comparison.muted import corrections_without_effect, heard, muted_note
from triage.comparison.windows import span_of
from triage.errors import InputError, UsageError
from triage.ingest import Ledger
from triage.ingest.clock import Shift
from triage.ingest.format_files import Formats
from triage.ingest.options import Progress
from triage.ingest.zones import Zones
from triage.onset.series import count_series
from triage.patterns.corrections import Given
from triage.reading import Gathered, describe_templates
from triage.settings import Settings, make_settings, named_logs

#: Names of logs shown.
SHOWN = 3


def compare(
    logs_a: Any,
    logs_b: Any,
    *,
    tz: Zones = "UTC",
    services: Mapping[str, str] | None = None,
    clock: Mapping[str, Shift] | None = None,
    read_as: Mapping[str, str] | None = None,
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
    tz, services, clock, read_as, formats, engine, progress, columns, corrections
        As for `triage.load`, for both sets.

    Raises
    ------
    TriageError
        One line that says what arrived, what was wanted and what to try.
    """
    named = [named_logs(logs) for logs in (logs_a, logs_b)]
    _check_stdin(named)
    how: dict[str, Any] = {"services": services, "clock": clock, "columns": columns, "formats": formats}
    settings = [make_settings(logs, tz, **how, corrections=corrections, read_as=read_as) for logs in named]
    gathered, ledgers, ends = Gathered(settings[0]), [], [0]
    for logs in named:
        ledgers.append(gathered.read(logs, engine, progress))
        ends.append(gathered.inside)
    names = [_name(one) for one in settings]
    records, texts = gathered.patterns()
    slices = [records.lazy(begin, end - begin) for begin, end in pairwise(ends)]
    timed = [_timed(part, name) for part, name in zip(slices, names, strict=True)]
    templates = describe_templates(pl.concat(timed), texts, settings[0].corrections)
    pairs = [_heard(part, templates, name) for part, name in zip(timed, names, strict=True)]
    common, said = with_common_services(
        (pairs[0][0], pairs[1][0]), (_own(settings[0], ledgers[0]), _own(settings[1], ledgers[1]))
    )
    parts = [_whole(part, one.logs) for part, one in zip(common, settings, strict=True)]
    counts = [_count(part) for part in timed]
    sides = [
        Side(name, *span_of(part), 0, count, end - begin - count, ledger)
        for name, part, count, (begin, end), ledger in zip(names, parts, counts, pairwise(ends), ledgers, strict=True)
    ]
    compared = differ(parts[0], parts[1], (sides[0], sides[1]), templates)
    muted = [note for _, notes in pairs for note in notes]
    notes = (*gathered.notes, *corrections_without_effect(gathered.corrected), *muted, *said)
    return replace(compared, notes=(*compared.notes, *notes), corrected=gathered.corrected)


def _check_stdin(named: Sequence[Any]) -> None:
    """Raise a UsageError if both sets are to come from standard input."""
    given = [logs.count("-") if isinstance(logs, list) else 0 for logs in named]
    if all(given):
        raise UsageError(
            "- is both sets: standard input can be read once: write one of the two to a file, and name that"
        )


def _own(settings: Settings, ledger: Ledger) -> dict[str, str]:
    return of_the_set([row.source for row in ledger.sources], settings.logs, settings.services)


def _count(records: pl.LazyFrame) -> int:
    return int(records.select(pl.len()).collect().item())


def _heard(timed: pl.LazyFrame, templates: pl.DataFrame, name: str) -> tuple[pl.LazyFrame, list[str]]:
    """Records of templates that are not muted, and a note on the others.

    Raises
    ------
    InputError
        If all are muted.
    """
    part = heard(timed, templates)
    count, left = _count(timed), _count(part)
    if not left:
        raise InputError(f"{name}: all {count} records are of muted templates: take a mute out")
    return part, muted_note(name, count - left)


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
    if not count:
        raise InputError(f"{name}: there is no record in it: give two sets of logs that hold some")
    if not timed:
        hint = "rates need times: give logs whose lines begin with a date and time, or a frame with a timestamp column"
        raise InputError(f"{name}: none of the {count} records has a timestamp: {hint}")
    return records.filter(pl.col("timestamp").is_not_null())


def _whole(records: pl.LazyFrame, given: tuple[str, ...]) -> Records:
    """All records of a set, with the whole seconds that they span."""
    counts = count_series(records).counts
    known = extent_of(counts)
    low, high = (int(value) for value in known.select(pl.col("first").min(), pl.col("last").max() + 1).row(0))
    return Records(records, counts, known, low, high, given)
