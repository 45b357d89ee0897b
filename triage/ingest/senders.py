"""Lines of several senders that alternate in one stream: each one's put together, where that is plain."""

from __future__ import annotations

import numpy as np
import polars as pl

#: Lines that may stand between two of one sender that belong together.
REACH = 100
NOTE = "lines of several senders alternate: each one's were put together, so the lines of a record need not be adjacent"


def runs(sender: pl.Series) -> pl.Series:
    """For each of consecutive lines, the row of the first one that it is read together with.

    Sorted by it, the lines of a sender stand together; those of two runs have nothing to do with each other.

    Parameters
    ----------
    sender : polars.Series
        Whose line it is; null is a sender like others.

    Examples
    --------
    >>> runs(pl.Series(["a", "b", "a", "b"])).to_list()
    [0, 1, 0, 1]
    """
    row = pl.col("row")
    frame = pl.DataFrame({"sender": sender}).with_row_index("row")
    apart = row - row.shift(1) > REACH
    frame = frame.with_columns(apart.fill_null(True).cum_sum().over("sender").alias("run"))
    return frame.select(row.first().over("sender", "run").alias("first"))["first"]


def clean(sender: pl.Series, free: pl.Series, whole: bool) -> pl.Series:
    """For each of consecutive lines: can the stream be cut above it, so that no sender's record is cut?

    Parameters
    ----------
    sender : polars.Series
        Whose line it is.
    free : polars.Series of bool
        Whether the line surely does not belong to what its sender wrote before.
    whole : bool
        Whether nothing stands above the first line; else what does is not known.
    """
    rows = pl.DataFrame({"sender": sender, "free": free}).with_row_index("row")
    above = rows.select(pl.col("row").cast(pl.Int64).shift(1).over("sender").alias("above"))["above"]
    found = rows.with_columns(above.fill_null(-1)).filter(~pl.col("free"), pl.col("row") - above.fill_null(-1) <= REACH)
    if whole:
        found = found.filter(pl.col("above") >= 0)
    # A line that may go on binds all places between it and the line above of its sender.
    steps = np.zeros(len(rows) + 1, dtype=np.int64)
    np.add.at(steps, found["above"].to_numpy() + 1, 1)
    np.add.at(steps, found["row"].to_numpy() + 1, -1)
    bound = np.cumsum(steps[:-1]) > 0
    # What stands further below than can be seen may go on too.
    unseen = np.arange(len(rows)) >= len(rows) - REACH
    return pl.Series(~(bound | unseen))
