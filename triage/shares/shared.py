"""What was found to be shared, and what was looked at without finding anything."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

LINE = pl.Struct({"source": pl.String, "line": pl.UInt32, "text": pl.String})
#: Columns of the table of findings.
FOUND: dict[str, pl.DataType] = {
    **dict.fromkeys(("error_group", "service", "unit", "of", "key", "value", "kind"), pl.String()),
    **dict.fromkeys(("bad", "bad_all", "failing"), pl.Int64()),
    "against": pl.String(),
    **dict.fromkeys(("other", "other_all"), pl.Int64()),
    **dict.fromkeys(("lift", "lift_low", "lift_high", "p_value", "q_value"), pl.Float64()),
    "also": pl.List(pl.String()),
    "statement": pl.String(),
    "lines": pl.List(LINE),
}


@dataclass(frozen=True)
class Alike:
    """A key by whose values failing units do not differ from others.

    Attributes
    ----------
    values : int
        How many values were compared.
    most : float
        The largest ratio, either way, that is compatible with the data (90 %).
    """

    error_group: str | None
    service: str | None
    key: str
    values: int
    most: float
    statement: str


@dataclass(frozen=True, eq=False)
class Shared:
    """Values that failing lines have more often than others.

    Attributes
    ----------
    frame : polars.DataFrame
        A row a finding (`FOUND`).
    alike : tuple of Alike
        Instances, hosts, zones that fail alike.
    tested : int
        Values that were tested.
    left_out : tuple of str
        Keys that were not, because nearly every unit has a value of its own.
    max_q : float
        Findings are kept up to this false discovery rate.
    """

    frame: pl.DataFrame
    alike: tuple[Alike, ...] = ()
    tested: int = 0
    left_out: tuple[str, ...] = ()
    max_q: float = 0.01
