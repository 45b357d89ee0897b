"""Lines without any timestamp: each is a record of its own unless it plainly continues the one above."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from triage.ingest.context import Context
from triage.ingest.formats.base import PatternFormat, Reading
from triage.ingest.levels import HEAD_PATTERN, numbers
from triage.ingest.schema import FIELDS, conform
from triage.ingest.traces import continues


@dataclass(frozen=True)
class Plain:
    """The last resort: claims every line that does not read as a continuation."""

    name: str = "plain"
    multiline: bool = False
    follower: str | None = None

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        level = text.str.slice(0, 60).str.extract(HEAD_PATTERN, 1).str.strip_chars("]:>|")
        frame = pl.DataFrame({"body": text, "severity_text": level})
        frame = frame.with_columns(numbers(pl.col("severity_text")).alias("severity_number"))
        return Reading(conform(frame, FIELDS), ~continues(text))


PLAIN = Plain()


def _level(groups: pl.DataFrame) -> pl.DataFrame:
    level = pl.col("body").str.slice(0, 60).str.extract(HEAD_PATTERN, 1).str.strip_chars("]:>|")
    return groups.with_columns(level.alias("level"))


#: A complete time anywhere in the line, with its zone: for exports of events that put it in some field of theirs.
DATED_INSIDE = PatternFormat(
    "dated-inside",
    r"""^(?P<body>.{0,4000}?[=:"'\[( |](?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))\b.*)$""",
    multiline=False,
    finish=_level,
    syntaxes=("iso-8601",),
    least=0.5,
)
