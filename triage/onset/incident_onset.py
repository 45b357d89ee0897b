"""One onset of the incident from the onsets of many templates: those that belong to one event, the first of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from triage.onset.trouble import BROKEN

#: Onsets this close together, one after the other, are one event.
GAP = timedelta(seconds=60)
#: Trouble that comes so much later, in a service where it had begun and lasts, is the next stage of the same.
STAGE = timedelta(minutes=5)
#: If that had so many times the trouble of an incident.
CLEARLY = 2.0
#: Least trouble, in nats, of an onset that takes part: new lines of normal work come with every deploy.
MEMBER = 1.5
#: Sum of trouble, in nats, from which an event counts as an incident.
ENOUGH = 4.0
#: The same where lines only stop: a new version that words its lines anew makes some vanish as well.
ENOUGH_STOPPED = 10.5
#: A member leads the event if it has this share of the strongest member's trouble.
LEADING_SHARE = 0.25
#: And if its trouble is so many times the root of the largest log-likelihood ratio, or this much in nats.
LEADING_ROOT, LEADING_MOST = 1.1, 10.0
#: An interval that is so many times narrower than another is the sharper one.
SHARPER = 4
#: Where an onset stands in the table.
ROW = "row"


@dataclass(frozen=True)
class IncidentOnset:
    """When the trouble began: ``earliest <= at <= latest``.

    Attributes
    ----------
    units : tuple of (str, str or None)
        Template id and service of each onset of the event; the one that gives the interval first, then by time.
    rows : tuple of int
        Where these onsets stand in the table of them, in its order: a unit may have others there, of another time or
        of what its lines say.
    trouble : float
        How much the event's onsets speak of trouble together, in nats.
    sure : bool
        Whether that is enough to say that there is an incident; else it is the likeliest sign of one.
    """

    at: datetime
    earliest: datetime
    latest: datetime
    units: tuple[tuple[str, str | None], ...] = ()
    rows: tuple[int, ...] = ()
    trouble: float = 0.0
    sure: bool = True

    def of(self, troubles: pl.DataFrame) -> pl.DataFrame:
        """The onsets of the event; `troubles` is the table that it was found in."""
        return troubles[list(self.rows)]

    def apart(self, troubles: pl.DataFrame) -> pl.DataFrame:
        """All other onsets of the table."""
        return troubles.with_row_index(ROW).filter(~pl.col(ROW).is_in(self.rows)).drop(ROW)


def find_incident_onset(troubles: pl.DataFrame) -> IncidentOnset | None:
    """The onset of the event with the most trouble; not a sure one where there is little of it, None without any.

    More traffic alone is no trouble: lines of normal work count only where they stop.

    Parameters
    ----------
    troubles : polars.DataFrame
        Onsets with ``trouble`` and ``adverse`` (see `trouble.with_trouble`).
    """
    come, stop = _events(troubles)
    first = come[0] if come else None
    if first and first.sure:
        return first
    stopped = stop[0] if stop else None
    return stopped if stopped and (stopped.sure or first is None) else first


def find_other_onsets(troubles: pl.DataFrame, onset: IncidentOnset | None) -> tuple[IncidentOnset, ...]:
    """Onsets of other events that are trouble by themselves, in order of time: of other incidents in one window.

    Parameters
    ----------
    troubles : polars.DataFrame
        As for `find_incident_onset`, which gave `onset`.
    """
    if onset is None or not onset.sure:
        return ()
    others = [event for event in _events(troubles)[0] if event.sure and event.rows != onset.rows]
    return tuple(sorted(others, key=lambda event: (event.at, event.units[0][0])))


def _events(troubles: pl.DataFrame) -> tuple[list[IncidentOnset], list[IncidentOnset]]:
    """Events of what comes or breaks, and of lines that only stop; those with the most trouble first.

    Failing lines that come, and requests that break, say more than lines that stop: those may be their consequence.
    """
    bad = troubles.with_row_index(ROW).filter(pl.col("trouble") >= MEMBER)
    bad = bad.sort("at", "template_id", "service_name", "kind")
    come = pl.col("kind").is_in(["new", "surge", *BROKEN])
    return _grouped(bad.filter(come, "adverse"), ENOUGH), _grouped(bad.filter(~come), ENOUGH_STOPPED)


def _grouped(bad: pl.DataFrame, enough: float) -> list[IncidentOnset]:
    """Onsets that follow each other closely as events."""
    if not len(bad):
        return []
    events = bad.with_columns(((pl.col("at").diff() > GAP).fill_null(False)).cum_sum().alias("event"))
    parts: list[pl.DataFrame] = []
    for part in events.partition_by("event", maintain_order=True):
        if parts and _goes_on(parts[-1], part, enough):
            parts[-1] = pl.concat([parts[-1], part])
        else:
            parts.append(part)
    found = [_event(part, enough) for part in parts]
    return sorted(found, key=lambda event: -event.trouble)


def _goes_on(early: pl.DataFrame, late: pl.DataFrame, enough: float) -> bool:
    """Whether an event is the next stage of one shortly before it: that lasts, in one of the same services."""
    lasts = early.filter(pl.col("until").is_null())
    near = late["at"][0] - early["at"][-1] <= STAGE
    shared = set(lasts["service_name"].drop_nulls()) & set(late["service_name"].drop_nulls())
    return bool(near and shared and float(lasts["trouble"].sum()) >= CLEARLY * enough)


def _event(members: pl.DataFrame, enough: float) -> IncidentOnset:
    total = float(members["trouble"].sum())
    leader = leading(members)
    first = (leader["template_id"], leader["service_name"])
    units = (first, *(unit for unit in members.select("template_id", "service_name").iter_rows() if unit != first))
    # Those that may have begun with the leader have one cause with it, which lies in all their intervals.
    same = members.filter(pl.col("earliest") <= leader["at"], pl.col("at") >= leader["at"])
    earliest = min(leader["at"], max(same["earliest"]))
    rows = tuple(sorted(members[ROW].to_list()))
    return IncidentOnset(leader["at"], earliest, leader["latest"], units, rows, total, total >= enough)


def leading(members: pl.DataFrame) -> dict[str, Any]:
    """The onset that says when an event began: the first that is not negligible beside the worst.

    Where that one is vague and may have begun with a later one of the event that is far sharper, the sharper one says
    it: a background that grows by chance over half a minute must not date errors that begin within a second.

    Parameters
    ----------
    members : polars.DataFrame
        Onsets by ``at``, with ``earliest``, ``latest`` and ``trouble``.
    """
    # Beside a flood of lines a handful that came before it, as they do on every day, says little.
    clear = min(LEADING_MOST, LEADING_ROOT * math.sqrt(float(members["llr"].max())))  # type: ignore[arg-type]
    threshold = max(LEADING_SHARE * float(members["trouble"].max()), clear)  # type: ignore[arg-type]
    able = members.filter(pl.col("trouble") >= min(threshold, float(members["trouble"].max())))  # type: ignore[arg-type]
    width = pl.col("latest") - pl.col("earliest")
    first = able.row(0, named=True)
    vague = first["latest"] - first["earliest"]
    sharper = able.filter(pl.col("at") <= first["latest"], width * SHARPER < vague)
    return sharper.row(0, named=True) if len(sharper) else first
