"""Where a source changes its format: from counts over fixed stretches of lines, so that chunks do not matter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from triage.ingest.formats import PLAIN

#: Lines of a stretch; a format holds in it if it reads this share of its lines.
STRETCH, HOLDS = 16, 0.8
#: A format that holds for fewer lines than this, or a smaller share of them, is a few strays.
LEAST_LINES, LEAST_SHARE = 16, 0.01
#: Lines of a record behind which what follows is no part of it, but lines that no format knows.
LONGEST_TRACE = 1000
#: A source with more changes than this goes to and fro: the shares of its formats say that.
MOST = 4
SCHEMA = pl.Schema({
    "stretch": pl.UInt32(), "format": pl.String(), "count": pl.UInt32(), "first": pl.UInt32(), "last": pl.UInt32(),
})  # fmt: skip


def tally(lines: pl.DataFrame, reader: pl.Series, begins: pl.Series, names: Sequence[str]) -> pl.DataFrame:
    """Lines of each format in each stretch.

    Parameters
    ----------
    lines : polars.DataFrame
        ``line``, without blank lines.
    reader : polars.Series of int
        Which format claims each line, by its place in `names`; null where none does.
    begins : polars.Series of bool
        Where records begin. Further lines of a record count only if no stack trace is as long.

    Returns
    -------
    polars.DataFrame
        The columns of `SCHEMA`; tallies of several chunks can be put end to end.
    """
    frame = lines.select("line", reader.alias("reader"))
    if not begins.all():
        place = pl.int_range(pl.len())
        frame = frame.filter(begins | (place - pl.when(begins).then(place).forward_fill() > LONGEST_TRACE))
    counted = frame.group_by((pl.col("line") // STRETCH).alias("stretch"), "reader").agg(*_extent(pl.len()))
    named = pl.col("reader").replace_strict(dict(enumerate(names)), default=PLAIN.name, return_dtype=pl.String)
    return counted.select("stretch", named.alias("format"), "count", "first", "last").cast(SCHEMA)


def _extent(count: pl.Expr, first: str = "line", last: str = "line") -> tuple[pl.Expr, ...]:
    return count.alias("count"), pl.col(first).min().alias("first"), pl.col(last).max().alias("last")


def turns(tallies: Sequence[pl.DataFrame]) -> tuple[str, ...]:
    """A note on which format holds from which line on, where that changes for good a few times.

    Parameters
    ----------
    tallies : sequence of polars.DataFrame
        What `tally` gave of each chunk.
    """
    if len({name for tally in tallies for name in tally["format"].unique()}) < 2:
        return ()
    every = pl.concat(tallies).group_by("stretch", "format").agg(*_extent(pl.col("count").sum(), "first", "last"))
    every = every.sort("stretch", "format")
    runs = _runs(every)
    if not 1 <= len(runs) - 1 <= MOST:
        return ()
    begins = [int(every["first"].min()), *(_begin(every, *pair) for pair in pairwise(runs.to_dicts()))]  # type: ignore[arg-type]
    told = ", ".join(f"{name} from line {begin}" for name, begin in zip(runs["format"], begins, strict=True))
    return (f"the format changes midway: {told}",)


def _runs(every: pl.DataFrame) -> pl.DataFrame:
    """Runs of stretches in which one format holds: ``format``, ``start`` and ``stop`` (stretches), ``count``."""
    whole = pl.col("count").sum().over("stretch")
    runs = every.filter(pl.col("count") >= HOLDS * whole).select(
        "format", pl.col("stretch").alias("start"), pl.col("stretch").alias("stop"), "count"
    )
    least = max(LEAST_LINES, LEAST_SHARE * float(every["count"].sum()))
    return _merged(_merged(runs).filter(pl.col("count") >= least))


def _merged(runs: pl.DataFrame) -> pl.DataFrame:
    """Neighbours of one format put together."""
    return (
        runs.with_columns(pl.col("format").rle_id().alias("run"))
        .group_by("run", maintain_order=True)
        .agg(pl.col("format", "start").first(), pl.col("stop").last(), pl.col("count").sum())
        .drop("run")
    )


def _begin(every: pl.DataFrame, old: dict[str, Any], new: dict[str, Any]) -> int:
    """The line from which the new format holds: its first one behind the last line of the old one."""
    between = every.filter(pl.col("stretch").is_between(old["stop"], new["start"]))
    last = between.filter(pl.col("format") == old["format"])["last"].max()
    ours = between.filter(pl.col("format") == new["format"])
    behind = ours.filter(pl.col("first") > (last or 0))
    return int((behind if len(behind) else ours)["first"].min())  # type: ignore[arg-type]
