"""A sample of the lines of each unit: one of so many, the same ones in every run."""

from __future__ import annotations

import polars as pl

from triage.onset.series import UNIT

_KNUTH, _WORD = 2_654_435_761, 1 << 32


def sample_lines(
    records: pl.LazyFrame, units: pl.DataFrame, most: int, *, alone: pl.Expr | None = None
) -> dict[tuple[object, ...], pl.DataFrame]:
    """Lines of each unit in order of time, about `most` of them, picked by their line's number and not by their order.

    Parameters
    ----------
    records : polars.LazyFrame
        ``timestamp``, ``template_id``, ``service_name``, ``body``, ``source``, ``line``; ``attributes``, if any.
    units : polars.DataFrame
        ``template_id``, ``service_name``, ``unit`` (a number) and ``lines`` (how many it has). Units of one number are
        sampled together.
    alone : polars.Expr, optional
        Of `units`: those of which only lines with attributes are wanted.

    Returns
    -------
    dict
        From the number of a unit, in a tuple, to its ``unit``, ``template_id``, ``timestamp``, ``source``, ``line``,
        ``body`` and ``attributes``.
    """
    each = ((pl.col("lines") + most - 1) // most).cast(pl.UInt64)
    alone = pl.lit(False) if alone is None else alone
    wanted = units.select(*UNIT, "unit", each.alias("each"), alone.alias("alone"))
    if "attributes" not in records.collect_schema():
        records = records.with_columns(attributes=pl.lit(None, pl.String))
    # Multiplied and cut, so that a pattern of lines meets no pattern of the sample (Knuth, TAOCP 3, 6.4).
    scattered = pl.col("line").cast(pl.UInt64) * _KNUTH % _WORD // 4096
    picked = (
        records.join(wanted.lazy(), on=UNIT, nulls_equal=True)
        .filter(pl.col("timestamp").is_not_null(), scattered % pl.col("each") == 0)
        .filter(pl.col("attributes").is_not_null() | ~pl.col("alone"))
        .select("unit", "template_id", "timestamp", "source", "line", "body", "attributes")
        .collect()
    )
    return picked.sort("timestamp", "source", "line").partition_by("unit", as_dict=True)
