"""Pieces of one line put together again: container runtimes split long lines and mark all but the last piece."""

from __future__ import annotations

import polars as pl


def glued(lines: pl.DataFrame, follows: pl.Series, separator: str = "") -> pl.DataFrame:
    """Lines with each piece that follows another joined to it.

    Parameters
    ----------
    lines : polars.DataFrame
        Consecutive lines with ``text``, ``inner``, ``last_line``, ``last_place``, ``end``, ``own`` and others.
    follows : polars.Series of bool
        Whether a line is a further piece of the one above.
    separator : str
        What stands between pieces in ``inner``.

    Returns
    -------
    polars.DataFrame
        One row a whole line; ``text`` with the line breaks of the source.
    """
    if not follows.any():
        return lines
    whole = lines.with_columns((~follows).cum_sum().alias("whole"))
    joined = whole.group_by("whole", maintain_order=True).agg(
        pl.exclude("inner", "text", "last_line", "last_place", "end", "own").first(),
        pl.col("inner").str.join(separator),
        pl.col("text").str.join("\n"),
        pl.col("last_line", "last_place", "end").last(),
        pl.col("own").sum(),
    )
    return joined.select(lines.columns)


def pieces(partial: pl.Series, stream: pl.Series) -> pl.Series:
    """For each line: does it follow a piece of the same stream that stands right above?"""
    frame = pl.DataFrame({"partial": partial, "stream": stream})
    above = pl.col("partial").shift(1, fill_value=False) & (pl.col("stream").shift(1) == pl.col("stream"))
    return frame.select((above & pl.col("stream").is_not_null()).fill_null(False).alias("follows"))["follows"]
