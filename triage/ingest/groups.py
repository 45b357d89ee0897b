"""The named groups of a pattern, column-wise. Text behind the last fixed part is cut off, not matched: far faster."""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

#: Everything to the end of the line, as the last part of a pattern.
TAIL = re.compile(r"\(\?P<(\w+)>\.\*\)\$\Z")
#: Names of columns that no group with a name can have: the text, and what polars calls a first group without a name.
_TEXT, _HEAD = "0", "1"


def groups_of(text: pl.Series, pattern: str) -> pl.DataFrame:
    """A column for each named group of `pattern`, null in rows that it does not match.

    Parameters
    ----------
    text : polars.Series of String
        The rows.
    pattern : str
        A Rust regex that begins with ``^``. Where it ends with ``(?P<name>.*)$``, that group holds all the rest, line
        breaks too.

    Examples
    --------
    >>> groups_of(pl.Series(["7: a", "b"]), r"^(?P<n>[0-9]): (?P<rest>.*)$").rows()
    [('7', 'a'), (None, None)]
    """
    groups, tail = _expressions(pattern)
    found = pl.DataFrame({_TEXT: text}).with_columns(groups).unnest("g")
    return found.drop(_TEXT) if tail is None else found.select(pl.exclude(_TEXT, _HEAD), tail)


@lru_cache(1024)
def _expressions(pattern: str) -> tuple[pl.Expr, pl.Expr | None]:
    """What finds the groups, and what cuts off the rest. To make the first takes longer than to search a few lines."""
    tail = TAIL.search(pattern)
    if tail is None or not pattern.startswith("^"):
        return pl.col(_TEXT).str.extract_groups(pattern).alias("g"), None
    head = f"^({pattern[1 : tail.start()]})"
    rest = pl.col(_TEXT).str.strip_prefix(pl.col(_HEAD)).alias(tail[1])
    return pl.col(_TEXT).str.extract_groups(head).alias("g"), rest
