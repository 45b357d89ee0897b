"""Times as numbers: since 1970, and the labels of TAI64N."""

from __future__ import annotations

import polars as pl

from triage.ingest.schema import UTC_NS

#: Seconds that programs add when they write TAI labels: the leap seconds since 1972 are left out.
TAI_AHEAD = 10


def epoch(text: pl.Series) -> pl.Series:
    """Epoch seconds, milliseconds, microseconds or nanoseconds, told apart by size; years 1990 to 2100.

    Examples
    --------
    >>> epoch(pl.Series(["1700000000.5", "1700000000500", "12"])).dt.epoch("ms").to_list()
    [1700000000500, 1700000000500, None]
    """
    part = pl.col("t")
    text = text.cast(pl.String)
    if text.str.contains("e", literal=True).any():
        text = _written_out(text)
    frame = text.to_frame("t").select(
        part.str.extract(r"^(\d{9,19})(?:\.|$)", 1).cast(pl.Int64, strict=False).alias("n"),
        part.str.extract(r"^\d+\.(\d{1,9})", 1).alias("f"),
    )
    number, chain = pl.col("n"), pl.lit(None, pl.Int64)
    for scale in (1, 1_000, 1_000_000, 1_000_000_000):
        low, high = 631_152_000 * scale, 4_102_444_800 * scale
        unit = 1_000_000_000 // scale
        nanos = pl.col("f").str.pad_end(9, "0").cast(pl.Int64).fill_null(0) // scale
        chain = pl.when((number >= low) & (number < high)).then(number * unit + nanos).otherwise(chain)
    return frame.select(chain.cast(UTC_NS).alias(text.name))[text.name]


def _written_out(text: pl.Series) -> pl.Series:
    """Seconds such as ``1.7002e+09`` with all their digits."""
    part = pl.col("t").str.extract_groups(r"^1\.([0-9]+)e\+?0?9$").struct.field("1")
    whole, rest = part.str.slice(0, 9).str.pad_end(9, "0"), part.str.slice(9)
    done = pl.when(part.is_not_null()).then(pl.format("1{}.{}", whole, rest).str.strip_chars_end("."))
    return text.to_frame("t").select(done.otherwise("t").alias("t"))["t"]


def tai64n(text: pl.Series) -> pl.Series:
    """TAI64N labels of multilog and its like: ``@``, 16 hexadecimal digits of seconds, 8 of nanoseconds.

    Examples
    --------
    >>> tai64n(pl.Series(["@400000004a32392b2aa21dac"])).dt.epoch("s").to_list()
    [1244805409]
    """
    seconds = pl.col("t").str.slice(2, 15).str.to_integer(base=16, strict=False) - TAI_AHEAD
    nanos = pl.col("t").str.slice(17, 8).str.to_integer(base=16, strict=False)
    return pl.DataFrame({"t": text}).select((seconds * 1_000_000_000 + nanos).cast(UTC_NS).alias(text.name))[text.name]
