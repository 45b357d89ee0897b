"""Rows of a pandas, polars or Arrow frame, told by what the object can do, so that pandas is not imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from triage.changes.wording import complaint, show


def is_frame(source: object) -> bool:
    """Whether a source is a frame and not a list of rows."""
    return isinstance(source, pl.LazyFrame) or hasattr(source, "__arrow_c_stream__") or _is_pandas(source)


def _is_pandas(source: object) -> bool:
    # `iloc` first: asking a LazyFrame for its columns would work them out, and warn of it.
    return all(hasattr(source, name) for name in ("iloc", "columns", "to_dict"))


def frame_rows(frame: Any) -> list[Mapping[str, Any]]:
    """Each row as a mapping from column name to value.

    Raises
    ------
    ChangesError
        If two columns share a name, or the frame cannot be had.
    """
    if _is_pandas(frame):
        # Not through Arrow, which refuses the columns of mixed types that hand-made frames have.
        return _pandas_rows(frame)
    try:
        table = frame.collect() if isinstance(frame, pl.LazyFrame) else pl.DataFrame(frame)
    except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
        reason = show(str(error).partition("\n")[0])
        raise complaint("changes", f"a frame that says {reason}", "its rows", "a list of dicts") from None
    return list(table.to_dicts())


def _pandas_rows(frame: Any) -> list[Mapping[str, Any]]:
    names = [str(name) for name in getattr(frame, "columns", ())]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise complaint("changes", f"the column {show(name)} twice", "it once", "renaming one of them")
    return [dict(zip(names, row.values(), strict=True)) for row in frame.to_dict("records")]
