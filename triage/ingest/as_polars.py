"""A pandas, polars or Arrow table as one of polars; columns that polars cannot hold, or not show, as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from triage.errors import InputError
from triage.ingest.columns import unique

#: Indexes of pandas that hold times, whether they have a name or not.
TIMES = {"DatetimeIndex", "PeriodIndex"}
#: Types of pandas that polars takes for the numbers that they are kept as.
NUMBERED = ("period", "interval")
#: What converting raises: of polars, pyarrow and pandas, whose errors have no base of their own.
REFUSED = (TypeError, ValueError, OverflowError, KeyError, NotImplementedError, pl.exceptions.PolarsError)


def is_frame(logs: object) -> bool:
    """Whether `logs` is a pandas, polars or Arrow table."""
    return type(logs).__name__ in {"DataFrame", "LazyFrame", "Table", "RecordBatch"}


def as_polars(frame: Any) -> pl.DataFrame:
    """The table with the same columns; of those that share a name all but the first have their place behind it.

    Raises
    ------
    InputError
        If a lazy frame cannot be collected, or the table is damaged.
    """
    if isinstance(frame, pl.LazyFrame):
        try:
            table = frame.collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise InputError(f"the frame cannot be collected ({_reason(error)}): collect it to see more") from error
    elif isinstance(frame, pl.DataFrame):
        table = frame
    else:
        try:
            table = _converted(frame)
        except REFUSED as error:
            raise InputError(f"the frame cannot be read ({_reason(error)}): give columns of one type each") from error
    return table.with_columns(
        _as_text(name, table[name].to_list()) if _is_odd(dtype) else pl.col(name).dt.to_string("iso")
        for name, dtype in table.schema.items()
        if _is_odd(dtype) or dtype == pl.Duration
    )


def _converted(frame: Any) -> pl.DataFrame:
    columns = _of_pandas(frame) if hasattr(frame, "iloc") else zip(frame.schema.names, frame.columns, strict=True)
    found = [(str(name), _column(values)) for name, values in columns]
    names = unique([name for name, _ in found])
    return pl.DataFrame([column.alias(name) for name, (_, column) in zip(names, found, strict=True)])


def _of_pandas(frame: Any) -> Iterable[tuple[str, Any]]:
    """Names and columns, an index first if it has a name or is of times."""
    columns = [(_joined(name), frame.iloc[:, place]) for place, name in enumerate(frame.columns)]
    known = {name for name, _ in columns}
    for level in range(frame.index.nlevels):
        values = frame.index.get_level_values(level)
        name = str(values.name) if values.name is not None else "timestamp" if type(values).__name__ in TIMES else None
        if name is not None and name not in known:
            columns.insert(level, (name, values.to_series(index=frame.index)))
    return columns


def _joined(name: Any) -> str:
    """A column's name; of several levels, as a path."""
    return ".".join(str(part) for part in name if str(part)) if isinstance(name, tuple) else str(name)


def _column(values: Any) -> pl.Series:
    """A column of pandas or Arrow, as text if polars has no type for it or its values are of several."""
    if hasattr(values, "iloc"):
        if str(values.dtype).startswith(NUMBERED):
            return _as_text("", values.tolist())
        held = values.dropna() if str(values.dtype) == "object" else ()
        if len({type(value) for value in held}) > 1:
            return _as_text("", [None if value is None or value != value else value for value in values.tolist()])
    elif "interval" in str(values.type) or "decimal256" in str(values.type):  # polars panics
        return _as_text("", values.to_pylist())
    try:
        column = pl.from_pandas(values) if hasattr(values, "iloc") else pl.from_arrow(values)
        return column if isinstance(column, pl.Series) else column.to_series()
    except REFUSED:
        return _as_text("", values.tolist() if hasattr(values, "iloc") else values.to_pylist())


def _as_text(name: str, values: Iterable[Any]) -> pl.Series:
    return pl.Series(name, [_shown(value) for value in values], dtype=pl.String)


def _shown(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
    return text.decode("utf-8", "replace")


def _is_odd(dtype: pl.DataType) -> bool:
    """Whether a column is, or holds, what neither is text nor has a shape in JSON."""
    if isinstance(dtype, pl.List | pl.Array):
        return _is_odd(dtype.inner)  # type: ignore[arg-type]
    if isinstance(dtype, pl.Struct):
        return any(_is_odd(field.dtype) for field in dtype.fields)  # type: ignore[arg-type]
    return type(dtype).__name__ in {"Binary", "Object", "Extension", "Map", "Unknown"}


def _reason(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:160]
