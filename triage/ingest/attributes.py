"""Columns as the JSON text of ``attributes``."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl


def joined(first: pl.Expr, second: pl.Expr) -> pl.Expr:
    """Two objects as one, or the one that is there; what is no object, or null, gives way to the other.

    Examples
    --------
    >>> frame = pl.DataFrame({"a": ['{"x":1}', None, '{"x":1}'], "b": ['{"y":2}', '{"y":2}', None]})
    >>> frame.select(joined(pl.col("a"), pl.col("b")))["a"].to_list()
    ['{"x":1,"y":2}', '{"y":2}', '{"x":1}']
    """
    both = pl.format("{},{}", first.str.slice(0, first.str.len_chars() - 1), second.str.slice(1))
    whole = first.str.contains(r'^\{\s*".*\}$') & second.str.starts_with('{"')
    return (
        pl.when(whole.fill_null(False)).then(both).otherwise(pl.coalesce(second, first)).alias(first.meta.output_name())
    )


def as_attributes(frame: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """One JSON object a row from the columns `names`, without those that are null; null where all are.

    Examples
    --------
    >>> frame = pl.DataFrame({"a": ["x", None], "b": [None, None]}, schema={"a": str, "b": str})
    >>> as_attributes(frame, ["a", "b"]).to_list()
    ['{"a":"x"}', None]
    """
    names = [name for name in names if frame[name].null_count() < len(frame)]
    if not names:
        return pl.Series("attributes", [None], dtype=pl.String).new_from_index(0, len(frame))
    text = frame.select(pl.struct(names).struct.json_encode().alias("attributes"))["attributes"]
    absent = [name for name in names if frame[name].null_count()]
    if not absent:
        return text
    # A quote inside a value is escaped, so that these match names alone.
    null = rf'"(?:{"|".join(map(re.escape, absent))})":null'
    bare = text.str.replace_all(f",{null}", "").str.replace(rf"^\{{{null},?", "{")
    return bare.to_frame().select(pl.when(pl.col("attributes") != "{}").then("attributes"))["attributes"]
