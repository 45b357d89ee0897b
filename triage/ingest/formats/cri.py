"""The envelope of Kubernetes' container runtimes: ``time stream P-or-F text``, where P marks a piece of a line."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from triage.ingest import timestamps
from triage.ingest.context import Context
from triage.ingest.formats.base import Opened, Reading
from triage.ingest.groups import groups_of
from triage.ingest.schema import FIELDS, conform
from triage.ingest.spellings import ISO

LINE = (
    r"^(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (?P<stream>stdout|stderr) "
    r"(?P<tag>[PF])(?::\S*)?(?: |$)(?P<inner>.*)$"
)


@dataclass(frozen=True)
class Cri:
    """Takes each line out from behind its prefix."""

    name: str = "cri"

    def open(self, text: pl.Series, context: Context) -> Opened:
        """The outer time, and the text inside."""
        frame = groups_of(text, LINE)
        time = timestamps.parse(frame["time"], context, ISO)
        claimed = frame["time"].is_not_null()
        stream = pl.when(claimed).then(pl.struct("stream").struct.json_encode()).alias("attributes")
        frame = frame.with_columns(time.utc.alias("timestamp"), stream)
        inner = frame.select(pl.when(claimed).then(pl.col("inner")).alias("inner"))["inner"]
        reading = Reading(conform(frame, FIELDS), claimed)
        return Opened(reading, inner, (frame["tag"] == "P").fill_null(False), frame["stream"])


CRI = Cri()
