"""Restarts that the logs show: a service that says it starts, long after the logs begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from triage.changes import Change
from triage.hypotheses.evidence import Line, raw_begin
from triage.hypotheses.words import service_key

#: What programs write when they come up.
COMING_UP = (
    r"(?i)\b(?:starting(?: up)?|booting|listening (?:on|at)|server started|application started"
    r"|ready to (?:accept|serve|handle)|started .{0,60}\bin \d[\d.]* ?(?:ms|s|seconds)\b)"
)
HEAD_CHARS = 300
#: Start-up lines this close together are one restart.
TOGETHER = timedelta(seconds=30)
#: Restarts more than this often mean that the words are part of the service's daily work.
DAILY_WORK = 6
#: A change explains a restart from this long before its recorded time to this long after its end.
EARLY, LATE = timedelta(seconds=30), timedelta(minutes=2)


@dataclass(frozen=True)
class Restart:
    """One restart of a service, with the line that shows it."""

    service: str
    at: datetime
    line: Line


def find_restarts(records: pl.LazyFrame, start: datetime) -> tuple[Restart, ...]:
    """Restarts in order of time; those with which the logs begin are left out.

    Parameters
    ----------
    records : polars.LazyFrame
        Timed records.
    start : datetime
        When the logs begin.
    """
    coming = records.filter(
        pl.col("service_name").is_not_null(),
        pl.col("body").str.slice(0, HEAD_CHARS).str.contains(COMING_UP),
    ).select("service_name", "timestamp", "source", "line", raw_begin())
    lines = coming.collect(engine="streaming").sort("service_name", "timestamp", "source", "line")
    gap = pl.col("timestamp").diff().over("service_name")
    first = lines.filter((gap > TOGETHER) | gap.is_null())
    usual = first.filter(pl.len().over("service_name") <= DAILY_WORK, pl.col("timestamp") > start + TOGETHER)
    rows = usual.select("service_name", "timestamp", "source", "line", "raw").iter_rows()
    found = [Restart(service, at, Line(source, line, raw)) for service, at, source, line, raw in rows]
    return tuple(sorted(found, key=lambda restart: (restart.at, restart.service)))


def unexplained(restarts: Sequence[Restart], changes: Sequence[Change]) -> tuple[Restart, ...]:
    """Restarts that no recorded change of their service explains."""
    named: dict[str, list[Change]] = {}
    for change in changes:
        if key := service_key(change.service):
            named.setdefault(key, []).append(change)

    def explained(restart: Restart) -> bool:
        return any(
            change.time - EARLY <= restart.at <= (change.end or change.time) + LATE
            for change in named.get(service_key(restart.service), ())
        )

    return tuple(restart for restart in restarts if not explained(restart))
