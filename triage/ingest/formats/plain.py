"""Lines without any timestamp: each is a record of its own unless it plainly continues the one above."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from triage.ingest.formats.base import Context, Reading
from triage.ingest.levels import HEAD_PATTERN, numbers
from triage.ingest.multiline import continues
from triage.ingest.schema import FIELDS, conform


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
