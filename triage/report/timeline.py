"""The timeline of a summary: its bins, and a table of it for readers without the plot."""

from __future__ import annotations

from datetime import datetime, timedelta

from triage.hypotheses.words import duration
from triage.report.page import TimeRow
from triage.report.words import Summary, change_name, clock, day_of, moment, spark

#: Rows of the table and cells of the strip; bins are summed to fit.
ROWS, CELLS = 30, 60


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


def leading_change(summary: Summary) -> str | None:
    """The id of the change that the first hypothesis is about; None where it is about none."""
    first = summary["hypotheses"][0] if summary["hypotheses"] else None
    return first["change_id"] if first else None


def time_rows(summary: Summary) -> tuple[TimeRow, ...]:
    """The timeline as a table."""
    timeline = summary["timeline"]
    starts = bin_starts(timeline)
    step = max(1, -(-len(starts) // ROWS))
    width = timedelta(seconds=timeline["bin_seconds"]) * step
    changes = _numbered(summary)
    rows = []
    for place in range(0, len(starts), step):
        begin = starts[place]
        rows.append(
            TimeRow(
                time=clock(begin.isoformat(), day_of(summary)),
                lines=f"{sum(timeline['lines'][place : place + step]):,}",
                errors=f"{sum(timeline['errors'][place : place + step]):,}",
                marks=", ".join(_marks(begin, begin + width, summary, changes)),
            )
        )
    return tuple(rows)


#: A change with its number and its time.
Numbered = tuple[int, datetime, Summary]


def _numbered(summary: Summary) -> list[Numbered]:
    return [(number, moment(change["time"]), change) for number, change in enumerate(in_order(summary), 1)]


def _between(begin: datetime, end: datetime, changes: list[Numbered]) -> list[tuple[int, Summary]]:
    return [(number, change) for number, time, change in changes if begin <= time < end]


def _marks(begin: datetime, end: datetime, summary: Summary, numbered: list[Numbered]) -> list[str]:
    """What lies between two times: the onset's interval or a part of it, and changes by number."""
    changes = [f"{number} {change_name(change)}" for number, change in _between(begin, end, numbered)]
    return [*(["onset"] if _has_onset(begin, end, summary) else []), *changes]


def text_strip(summary: Summary) -> tuple[str, ...]:
    """The timeline in four lines of text: errors as blocks, the onset, the changes by number, the scale."""
    timeline = summary["timeline"]
    starts = bin_starts(timeline)
    if not starts:
        return ()
    step = max(1, -(-len(starts) // CELLS))
    cell = timedelta(seconds=timeline["bin_seconds"]) * step
    begins = starts[::step]
    onset = "".join("▲" if _has_onset(begin, begin + cell, summary) else " " for begin in begins)
    numbered = _numbered(summary)
    changes = "".join(_digit(_between(begin, begin + cell, numbered)) for begin in begins)
    first, last = (clock(time.isoformat(), day_of(summary)) for time in (starts[0], begins[-1] + cell))
    return (
        f"errors   {spark(timeline['errors'], CELLS)}".rstrip(),
        f"onset    {onset}".rstrip(),
        f"changes  {changes}".rstrip(),
        f"         {first} to {last}, {duration(cell)} a mark",
    )


def _has_onset(begin: datetime, end: datetime, summary: Summary) -> bool:
    onset = summary["incident_onset"]
    return bool(onset) and moment(onset["earliest"]) < end and moment(onset["latest"]) >= begin


def _digit(changes: list[tuple[int, Summary]]) -> str:
    """The number of the change in one cell; a plus where there are more, or its number has two digits."""
    if not changes:
        return " "
    number = changes[0][0]
    return str(number) if len(changes) == 1 and number < 10 else "+"
