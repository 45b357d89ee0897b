"""logfmt: ``key=value`` pairs, quoted where they hold blanks."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from triage.ingest import timestamps
from triage.ingest.formats.base import Context, Reading, claims_nothing
from triage.ingest.formats.jsonlines import KEYS
from triage.ingest.levels import numbers
from triage.ingest.schema import FIELDS, conform

VALUE = r'("(?:[^"\\]|\\.)*"|[^\s"]*)'
#: At least three pairs, nothing else before the third.
SHAPE = rf"^\s*(?:[A-Za-z_@][\w.@/-]*={VALUE}\s+){{2}}[A-Za-z_@][\w.@/-]*="


@dataclass(frozen=True)
class Logfmt:
    """Lines that are key=value pairs and hold a time under one of the usual names."""

    name: str = "logfmt"
    multiline: bool = False
    follower: str | None = None

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        shaped = text.str.contains(SHAPE).fill_null(False)
        if not shaped.any():
            return claims_nothing(text)
        frame = pl.DataFrame({"text": text})
        values = {field: pl.coalesce(_value(key) for key in keys) for field, keys in KEYS.items()}
        found = frame.select(text=pl.col("text"), **values)
        time = timestamps.parse(found["timestamp"], context.zone, context.year)
        claimed = shaped & found["timestamp"].is_not_null()
        fields = found.with_columns(
            time.utc.alias("timestamp"),
            numbers(pl.col("severity_text")).alias("severity_number"),
            pl.coalesce("body", "text").alias("body"),
        )
        return Reading(conform(fields, FIELDS), claimed, time.zone_missing, time.year_missing)


def _value(key: str) -> pl.Expr:
    escaped = key.replace(".", r"\.")
    raw = pl.col("text").str.extract(rf"(?:^|\s){escaped}={VALUE}", 1)
    inner = raw.str.strip_prefix('"').str.strip_suffix('"').str.replace_all(r"\"", '"', literal=True)
    return pl.when(~inner.is_in(["", "-"])).then(inner)


LOGFMT = Logfmt()
