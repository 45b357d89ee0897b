"""The timeline of a summary: its bins, and a table of it for readers without the plot."""

from __future__ import annotations

from datetime import datetime, timedelta

from triage.report.page import TimeRow
from triage.report.words import Summary, change_name, clock, day_of, moment

#: Rows of the table; bins are summed to fit.
ROWS = 30


def bin_starts(timeline: Summary) -> list[datetime]:
    """When each bin begins (UTC)."""
    width = timedelta(seconds=timeline["bin_seconds"])
    if not timeline["from"]:
        return []
    begin = moment(timeline["from"])
    return [begin + width * place for place in range(len(timeline["errors"]))]


def ungrouped(timeline: Summary) -> list[int]:
    """Errors of each bin that belong to none of the groups shown."""
    grouped = [sum(counts) for counts in zip(*(group["counts"] for group in timeline["groups"]), strict=True)]
    if not grouped:
        return list(timeline["errors"])
    return [max(0, errors - within) for errors, within in zip(timeline["errors"], grouped, strict=True)]


def in_order(summary: Summary) -> list[Summary]:
    """Changes by time: the order of the table, and their numbers in the plot."""
    return sorted(summary["changes"], key=lambda change: (moment(change["time"]), change["id"]))


def time_rows(summary: Summary) -> tuple[TimeRow, ...]:
    """The timeline as a table."""
    timeline = summary["timeline"]
    starts = bin_starts(timeline)
    step = max(1, -(-len(starts) // ROWS))
    width = timedelta(seconds=timeline["bin_seconds"]) * step
    rows = []
    for place in range(0, len(starts), step):
        begin = starts[place]
        rows.append(
            TimeRow(
                time=clock(begin.isoformat(), day_of(summary)),
                lines=f"{sum(timeline['lines'][place : place + step]):,}",
                errors=f"{sum(timeline['errors'][place : place + step]):,}",
                marks=", ".join(_marks(begin, begin + width, summary)),
            )
        )
    return tuple(rows)


def _marks(begin: datetime, end: datetime, summary: Summary) -> list[str]:
    """What lies between two times: the onset's interval or a part of it, and changes by number."""
    onset = summary["incident_onset"]
    met = onset and moment(onset["earliest"]) < end and moment(onset["latest"]) >= begin
    changes = [
        f"{number} {change_name(change)}"
        for number, change in enumerate(in_order(summary), 1)
        if begin <= moment(change["time"]) < end
    ]
    return [*(["onset"] if met else []), *changes]
