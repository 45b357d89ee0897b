"""What the guide shows of an incident in a window: each part worked out when first asked for, and once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from triage.display import common_folder
from triage.errors import UsageError
from triage.incident import Incident
from triage.patterns import error_records
from triage.report.words import day_of
from triage.widgets.times import Times

#: Columns of a sparkline.
SPARK = 24
#: Part of the whole time that is shown to each side of a time.
AROUND = 0.06


class View:
    """An incident seen through a window.

    Parameters
    ----------
    incident : Incident
    window : pair of datetime or None
        From, and up to but not including; None for all of it.
    before : View, optional
        The one shown last: what is the same of it is taken over.
    """

    def __init__(self, incident: Incident, window: tuple[datetime, datetime] | None, before: View | None) -> None:
        self.incident, self.window = incident, window
        if before and before.incident is incident:
            self._take(before, "summary", "sparks", "_errors")
        elif before and before.incident.table is incident.table:
            self._take(before, "sparks", "_errors")
            if before.window == window:
                self._take(before, "counts", "errors")

    def _take(self, before: View, *names: str) -> None:
        self.__dict__.update({name: before.__dict__[name] for name in names if name in before.__dict__})

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The incident's summary."""
        return self.incident.summary()

    @cached_property
    def counts(self) -> dict[str, int]:
        """Records of each template in the window."""
        if self.window is None:
            return dict(self.incident.templates.select("template_id", "count").iter_rows())
        return _counted(self._within(self.incident.scan()))

    @cached_property
    def errors(self) -> dict[str, int]:
        """Error records of each template in the window."""
        return _counted(self._within(self._errors.lazy()))

    @cached_property
    def _errors(self) -> pl.DataFrame:
        """Template and time of all error records: to find them takes longer than to count them."""
        found = error_records(self.incident.facts.heard).select("template_id", "timestamp")
        return found.collect(engine="streaming")

    @cached_property
    def sparks(self) -> dict[str, list[int]]:
        """Records of each template over the whole time, in `SPARK` parts of equal length."""
        start, end = self.incident.window
        width = max(1, int((end - start).total_seconds() * 1e9) // SPARK + 1)
        place = ((pl.col("timestamp").dt.epoch("ns") - int(start.timestamp() * 1e9)) // width).clip(0, SPARK - 1)
        found = self.incident.scan().group_by("template_id", place.cast(pl.UInt8).alias("part")).len()
        sparks: dict[str, list[int]] = {}
        for template, part, count in found.collect(engine="streaming").iter_rows():
            sparks.setdefault(template, [0] * SPARK)[part] = count
        return sparks

    @cached_property
    def folder(self) -> str:
        """What all sources lie in, up to a slash; empty where there is nothing to leave out before their names."""
        return common_folder([source.source for source in self.incident.ledger.sources])

    def of_group(self, template_ids: Iterable[str]) -> int:
        """Error records of a group's templates in the window."""
        return sum(self.errors.get(one, 0) for one in template_ids)

    def holds(self, begin: str, end: str | None = None) -> bool:
        """Whether something that began, and may have lasted until a time, both in RFC 3339, reaches into the window."""
        if self.window is None:
            return True
        since, until = datetime.fromisoformat(begin), datetime.fromisoformat(end or begin)
        return since < self.window[1] and until >= self.window[0]

    def around(self, time: str) -> tuple[datetime, datetime]:
        """The window around a time in RFC 3339, as far as there are records.

        Raises
        ------
        UsageError
            If there are none.
        """
        start, end = self.incident.window
        side = max(timedelta(seconds=30), (end - start) * AROUND)
        at = datetime.fromisoformat(time)
        window = max(start, at - side), min(end + timedelta(seconds=1), at + side)
        if window[0] >= window[1]:
            span = Times("UTC", day_of(self.summary)).span(start, end, utc=True)
            raise UsageError(f"no line lies around it: the logs are of {span}; choose a time in them")
        return window

    def _within(self, records: pl.LazyFrame) -> pl.LazyFrame:
        if self.window is None:
            return records
        return records.filter(pl.col("timestamp").is_between(*self.window, closed="left"))


def _counted(records: pl.LazyFrame) -> dict[str, int]:
    return dict(records.group_by("template_id").len().collect(engine="streaming").iter_rows())
