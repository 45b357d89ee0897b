"""Records that stand in both sets: the same logs given twice, or dumps that overlap."""

from __future__ import annotations

import polars as pl

#: Fewer are a few lines that any two programs may write in the same second.
FEWEST = 20


def shared_records(a: pl.LazyFrame, b: pl.LazyFrame) -> int:
    """How many records of B stand in A as well, with the same time and text; 0 for a few that may be chance.

    Parameters
    ----------
    a, b : polars.LazyFrame
        Records of both sets: ``timestamp``, ``raw``, ``body``.
    """
    at = pl.col("timestamp")
    spans = [part.select(at.min().alias("low"), at.max().alias("high")).collect().row(0) for part in (a, b)]
    low, high = max(span[0] for span in spans), min(span[1] for span in spans)
    if low > high:
        return 0
    key = (pl.coalesce("raw", "body").hash() ^ at.hash()).alias("key")  # one number each: there may be millions
    left, right = (part.filter(at.is_between(low, high)).select(key) for part in (a, b))
    joined = right.join(left.unique(), on="key", how="semi").select(pl.len())
    found = int(joined.collect(engine="streaming").item())
    count = int(b.select(pl.len()).collect().item())
    return found if found >= min(FEWEST, count) else 0
