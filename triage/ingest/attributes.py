"""Columns as the JSON text of ``attributes``."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl


def as_attributes(frame: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """One JSON object a row from the columns `names`, without those that are null; null where all are.

    Examples
    --------
    >>> as_attributes(pl.DataFrame({"a": ["x", None], "b": [None, None]}, schema={"a": str, "b": str}), "ab").to_list()
    ['{"a":"x"}', None]
    """
    text = frame.select(pl.struct(names).struct.json_encode().alias("attributes"))["attributes"]
    absent = [name for name in names if frame[name].null_count()]
    if not absent:
        return text
    # A quote inside a value is escaped, so that these match names alone.
    null = rf'"(?:{"|".join(map(re.escape, absent))})":null'
    bare = text.str.replace_all(f",{null}", "").str.replace(rf"^\{{{null},?", "{")
    return bare.to_frame().select(pl.when(pl.col("attributes") != "{}").then("attributes"))["attributes"]
