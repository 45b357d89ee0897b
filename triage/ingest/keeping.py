"""What is kept of records as they are read, a chunk at a time: where the chunk is read, so in several threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from triage.ingest.aside import Aside
from triage.ingest.ledger import SourceLedger
from triage.ingest.schema import UTC_NS, empty_records

#: A frame of what `traits` gives, without rows.
NO_TRAITS = pl.DataFrame(schema={"key": pl.UInt64, "at": pl.Int64, "trace": pl.UInt64})
NO_TIMES = pl.Series("timestamp", dtype=UTC_NS)


class Kept(NamedTuple):
    """Records that are kept of a chunk, and what else was found in it.

    Attributes
    ----------
    aside : Aside or None
        The records, where they stay in a file: then none are in `records`.
    """

    records: pl.DataFrame
    found: Any = None
    aside: Aside | None = None

    @property
    def rows(self) -> int:
        """How many records are kept."""
        return self.aside.count if self.aside else len(self.records)


@dataclass(frozen=True)
class Compared:
    """A source as it is compared with others: its ledger, its records' `traits`, and when its file was last written."""

    row: SourceLedger
    traits: pl.DataFrame
    modified: datetime | None


NOTHING = Kept(empty_records())

#: What is done with the records of a chunk where they are read.
Each = Callable[[pl.DataFrame], Kept]
#: What is done with what was kept of each chunk, in the order of the chunks.
Keep = Callable[[Kept], None]
#: Gives so many of all records kept, from one on.
Fetch = Callable[[int, int], pl.DataFrame]


def as_they_are(records: pl.DataFrame) -> Kept:
    """Keep all records."""
    return Kept(records)


def extent(records: pl.DataFrame) -> pl.Series:
    """The first and the last time of records; none where they have none."""
    times = records["timestamp"]
    return NO_TIMES if times.null_count() == len(times) else pl.Series("timestamp", [times.min(), times.max()], UTC_NS)


def traits(records: pl.DataFrame) -> pl.DataFrame:
    """What sources are compared by: of each record a hash of its text (``key``), its time, a hash of its trace's id."""
    return records.select(
        pl.col("raw").hash().alias("key"),
        pl.col("timestamp").to_physical().alias("at"),
        pl.when(pl.col("trace_id").is_not_null()).then(pl.col("trace_id").hash()).alias("trace"),
    )
