"""How often each template occurs: counts per second of each (template, service), and when each was first and last seen.

A *unit* is a pair of template and service. Series of chunks are merged by adding counts and widening extents, in any
order and any grouping, so a result does not depend on how the input was cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from triage.errors import UsageError

SECOND = 1_000_000_000
UNIT = ["template_id", "service_name"]
TIME = pl.Datetime("ns", "UTC")
_NAMES: dict[str, pl.DataType] = {"template_id": pl.String(), "service_name": pl.String()}
COUNTS = pl.Schema({**_NAMES, "second": pl.Int64(), "count": pl.UInt32()})
EXTENT = pl.Schema({**_NAMES, "first": TIME, "last": TIME, "count": pl.Int64()})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class Series:
    """Counts and extents of units, in order of unit and time.

    Attributes
    ----------
    counts : polars.DataFrame
        ``template_id``, ``service_name`` (null where unknown), ``second`` (epoch, UTC) and ``count``: a row for each
        second with lines.
    extent : polars.DataFrame
        ``template_id``, ``service_name``, ``first``, ``last`` (exact times) and ``count``: a row a unit.
    """

    counts: pl.DataFrame
    extent: pl.DataFrame


@dataclass(frozen=True)
class Window:
    """A stretch of time, from `start_ns` up to but not including `end_ns`, in nanoseconds since 1970 UTC.

    Raises
    ------
    UsageError
        If it ends before it starts.
    """

    start_ns: int
    end_ns: int

    def __post_init__(self) -> None:
        if self.end_ns < self.start_ns:
            raise UsageError(f"a window from {self.start} to {self.end} ends before it starts: swap the two")

    @classmethod
    def of(cls, series: Series) -> Window:
        """The whole seconds that a series spans; empty for a series without lines."""
        if not len(series.extent):
            return cls(0, 0)
        span = series.extent.select(pl.col("first").min().dt.epoch("ns"), pl.col("last").max().dt.epoch("ns"))
        first, last = span.row(0)
        return cls(first // SECOND * SECOND, (last // SECOND + 1) * SECOND)

    @classmethod
    def between(cls, start: datetime, end: datetime) -> Window:
        """The window between two times that carry a zone."""
        return cls(_nanoseconds(start), _nanoseconds(end))

    @property
    def start(self) -> datetime:
        """The start, to the microsecond."""
        return _EPOCH + timedelta(microseconds=self.start_ns // 1000)

    @property
    def end(self) -> datetime:
        """The end, to the microsecond."""
        return _EPOCH + timedelta(microseconds=self.end_ns // 1000)


def _nanoseconds(time: datetime) -> int:
    if time.tzinfo is None:
        raise UsageError(f"the time {time} has no zone: give one, such as tzinfo=timezone.utc")
    return (time - _EPOCH) // timedelta(microseconds=1) * 1000


def count_series(records: pl.DataFrame | pl.LazyFrame) -> Series:
    """Count records.

    Parameters
    ----------
    records : polars.DataFrame or polars.LazyFrame
        With ``timestamp`` (UTC), ``template_id`` and ``service_name``. Records without a time or a template are left
        out.
    """
    time = pl.col("timestamp").dt.epoch("ns")
    known = (
        records.lazy()
        .select(*(pl.col(name).cast(pl.String) for name in UNIT), time.alias("ns"))
        .filter(pl.col("ns").is_not_null(), pl.col("template_id").is_not_null())
    )
    per_second = known.group_by(*UNIT, (pl.col("ns") // SECOND).alias("second")).agg(
        pl.len().alias("count"), pl.col("ns").min().alias("first"), pl.col("ns").max().alias("last")
    )
    seconds = per_second.collect(engine="streaming")
    times = [pl.from_epoch(name, "ns").dt.replace_time_zone("UTC") for name in ("first", "last")]
    return Series(_ordered(seconds.select(COUNTS.names())), _widest(seconds.select(*UNIT, *times, "count")))


def merge_series(*parts: Series) -> Series:
    """One series of many, the same in whatever order and grouping they are merged."""
    counts = pl.concat([COUNTS.to_frame(), *(part.counts for part in parts)])
    added = counts.group_by(*UNIT, "second").agg(pl.col("count").cast(pl.Int64).sum())
    return Series(_ordered(added), _widest(pl.concat([EXTENT.to_frame(), *(part.extent for part in parts)])))


def _widest(extent: pl.DataFrame) -> pl.DataFrame:
    """One row a unit, in order."""
    total = pl.col("count").cast(pl.Int64).sum()
    return extent.group_by(UNIT).agg(pl.col("first").min(), pl.col("last").max(), total).sort(UNIT).cast(EXTENT)


def _ordered(counts: pl.DataFrame) -> pl.DataFrame:
    """Counts in order of unit and time: by the unit's place in order, for texts are slow to compare."""
    units = counts.select(UNIT).unique().sort(UNIT).with_row_index("unit")
    placed = counts.join(units, on=UNIT, nulls_equal=True)
    return placed.sort("unit", "second").select(COUNTS.names()).cast(COUNTS)
