"""What the checks may look at: the onset, the trouble around it, the changes and the way back to raw lines."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar, cast

import polars as pl

from triage.changes import Change
from triage.hypotheses.evidence import Line, raw_begin
from triage.hypotheses.origins import Origin
from triage.hypotheses.restarts import Restart
from triage.hypotheses.versions import Versions
from triage.hypotheses.words import same_service
from triage.ingest.held import Records
from triage.onset.incident_onset import MEMBER, IncidentOnset, leading
from triage.onset.trouble import BROKEN
from triage.replacing import replace_keeping

T = TypeVar("T")
#: Changes longer ago than this before the logs begin are not considered.
REACH_BACK = timedelta(hours=48)
#: Lines that show one onset, at most; kinds of onsets that show in lines that came.
MOST_LINES, CAME = 3, ("new", "surge", "slower", "shifted", "mix shift")
#: What an onset is of.
UNIT = {"template_id": pl.String, "service_name": pl.String}


@dataclass(frozen=True)
class Facts:
    """Everything known about an incident, before any hypothesis.

    Attributes
    ----------
    start, end : datetime
        The window of the logs.
    onset : IncidentOnset or None
        Of the incident; one that is not sure is the likeliest sign of one.
    troubles : polars.DataFrame
        Onsets with ``trouble`` and ``failing`` (see `onset.trouble`).
    records : Records
        With ``template_id``.
    muted : tuple of str
        Ids of templates that have no part in this; nor have their records, which are in `records`.
    services : frozenset of str
        Keys (`words.service_key`) of the services that have records.
    restarts : tuple of Restart
        Restarts that the logs show.
    versions : Versions
        Versions of services that the logs show, and when other ones came.
    """

    start: datetime
    end: datetime
    onset: IncidentOnset | None
    troubles: pl.DataFrame
    origins: tuple[Origin, ...]
    changes: tuple[Change, ...]
    records: Records
    restarts: tuple[Restart, ...] = ()
    symptom: str | None = None
    services: frozenset[str] = field(default=frozenset())
    muted: tuple[str, ...] = ()
    versions: Versions = field(default_factory=Versions)

    @property
    def sure_onset(self) -> IncidentOnset | None:
        """The onset, if it is sure enough to be called one."""
        return self.onset if self.onset and self.onset.sure else None

    @property
    def heard(self) -> pl.LazyFrame:
        """The records but for those of muted templates."""
        lazy = self.records.lazy()
        return lazy.filter(~pl.col("template_id").is_in(self.muted)) if self.muted else lazy

    @cached_property
    def near(self) -> tuple[Change, ...]:
        """The changes in reach, by time: an older one, or one after the logs end, says nothing of this incident."""
        inside = [c for c in self.changes if self.start - REACH_BACK <= c.time <= self.end]
        return tuple(sorted(inside, key=lambda c: (c.time, c.id)))

    @cached_property
    def reach(self) -> timedelta:
        """The time over which changes are listed: from the first in reach, or of the logs, to the end of the logs."""
        first = min([self.start, *(change.time for change in self.near)])
        return max(self.end - first, timedelta(hours=1))

    @cached_property
    def event(self) -> pl.DataFrame:
        """Those of `troubles` that are the incident's event."""
        return self.onset.of(self.troubles) if self.onset else self.troubles.clear()

    @cached_property
    def came(self) -> pl.DataFrame:
        """Those onsets of `event` whose lines speak of trouble and came with it, or more often: ``UNIT`` of each."""
        return self.event.filter("adverse", pl.col("kind").is_in(["new", "surge"])).select(*UNIT)

    @cached_property
    def apart(self) -> pl.DataFrame:
        """Failing lines that came with an onset of their own, apart from the event: other trouble, by time."""
        others = self.onset.apart(self.troubles) if self.onset else self.troubles
        came = others.filter("adverse", pl.col("kind").is_in(["new", "surge", *BROKEN]), pl.col("trouble") >= MEMBER)
        return came.sort("at", "template_id")

    def with_symptom(self, symptom: str | None) -> Facts:
        """The same with another symptom, which nothing that is remembered depends on."""
        return replace_keeping(self, symptom=symptom)

    def origin_of(self, service: str | None) -> tuple[int, Origin] | None:
        """Position (0 is first) and origin of a service, if it has trouble."""
        found = ((place, origin) for place, origin in enumerate(self.origins) if same_service(origin.service, service))
        return next(found, None)

    def trouble_lines(self, service: str | None, limit: int = 3) -> tuple[Line, ...]:
        """Raw lines of the onset that says when a service's trouble began, and of its worst, one each before a second.

        Of lines that came, the first ones since the onset; of lines that stopped, the last ones before it; of each
        `MOST_LINES` at most.
        """
        return self.remember(("lines", service, limit), lambda: self._trouble_lines(service, limit))

    def remember(self, key: Hashable, find: Callable[[], T]) -> T:
        """What `find` gave the first time for this key: thousands of changes of one service ask for the same.

        It may depend on all facts but the symptom.
        """
        if key not in self._found:
            self._found[key] = find()
        return cast(T, self._found[key])

    @cached_property
    def _found(self) -> dict[Hashable, object]:
        return {}

    def _trouble_lines(self, service: str | None, limit: int) -> tuple[Line, ...]:
        own = self.event.filter(pl.col("service_name").eq_missing(pl.lit(service, pl.String)))
        if not len(own):
            return ()
        first = leading(own.sort("at", "template_id"))["template_id"]
        worst = own.sort(
            [pl.col("template_id") == first, "trouble", "at", "template_id"], descending=[True, True, False, False]
        )
        found = []
        for row in worst.unique(list(UNIT), keep="first", maintain_order=True).head(limit).iter_rows(named=True):
            rows = self._around.get((row["template_id"], row["service_name"]), [])
            found.append(rows[:limit] if row["kind"] in CAME else rows[-limit:])
        turns = [rows[turn] for turn in range(limit) for rows in found if turn < len(rows)]
        return lines_at(self.records, turns[:limit])

    @cached_property
    def _around(self) -> dict[tuple[str | None, str | None], list[int]]:
        """The rows of the lines that show each onset of the event: of lines that came the first, else the last."""
        time, came = pl.col("timestamp"), pl.col("kind").is_in(CAME)
        # One unit may have several onsets: its rate, and what its lines say.
        ordered = self.event.sort("adverse", "at", descending=[True, False])
        first = ordered.unique(list(UNIT), keep="first", maintain_order=True)
        shown = first.filter(pl.col("shown").list.len() > 0) if "shown" in first.columns else first.head(0)
        first = first.join(shown, on=list(UNIT), how="anti", nulls_equal=True)
        event = first.lazy().select(*UNIT, came.alias("came"), "earliest", "latest")
        lines = self.records.lazy().select(*UNIT, "timestamp", "source", "line").with_row_index("row")
        lines = lines.join(event, on=list(UNIT), nulls_equal=True).filter(
            pl.when("came").then(time >= pl.col("earliest")).otherwise(time <= pl.col("latest"))
        )
        # Which time they reach to is found first: there may be millions of them, and all would be put in order.
        reach = pl.when(pl.col("came").first()).then(time.bottom_k(MOST_LINES).max())
        edges = lines.group_by(*UNIT).agg(reach.otherwise(time.top_k(MOST_LINES).min()).alias("edge"))
        near = lines.join(edges.collect(engine="streaming").lazy(), on=list(UNIT), nulls_equal=True).filter(
            pl.when("came").then(time <= pl.col("edge")).otherwise(time >= pl.col("edge"))
        )
        found = self._shown(shown)
        rows = near.collect(engine="streaming").sort("timestamp", "source", "line")
        for template, service, began, row in rows.select(*UNIT, "came", "row").iter_rows():
            held = found.setdefault((template, service), [])
            if began and len(held) == MOST_LINES:
                continue
            held.append(row)
            del held[:-MOST_LINES]
        return found

    def _shown(self, onsets: pl.DataFrame) -> dict[tuple[str | None, str | None], list[int]]:
        """The rows of the lines that show what lines say since an onset."""
        if not len(onsets):
            return {}
        places = onsets.select(*UNIT, "shown").explode("shown").unnest("shown")
        near = self.records.lazy().select("source", "line", "timestamp").with_row_index("row")
        near = near.filter(pl.col("line").is_in(places["line"].unique().to_list()))
        rows = near.join(places.lazy(), on=["source", "line"]).collect(engine="streaming")
        ordered = rows.sort("timestamp", "source", "line").group_by(*UNIT, maintain_order=True).agg("row")
        return {(template, service): held for template, service, held in ordered.iter_rows()}


def lines_at(records: Records, rows: Sequence[int]) -> tuple[Line, ...]:
    """Raw lines of records by their numbers."""
    ordered = sorted(set(rows))
    found = dict(zip(ordered, to_lines(records.take(ordered)), strict=True)) if ordered else {}
    return tuple(found[row] for row in rows)


def to_lines(records: pl.DataFrame) -> tuple[Line, ...]:
    """Raw lines of records, each cut where it is very long."""
    rows = records.select("source", "line", raw_begin()).iter_rows()
    return tuple(Line(source, int(line), text or "") for source, line, text in rows)
