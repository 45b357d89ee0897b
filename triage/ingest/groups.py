"""The named groups of a pattern, column-wise. Text behind the last fixed part is cut off, not matched: far faster."""

from __future__ import annotations

import re

import polars as pl

#: Everything to the end of the line, as the last part of a pattern.
TAIL = re.compile(r"\(\?P<(\w+)>\.\*\)\$\Z")
#: How polars names a first group without a name; no named group can be called so.
_HEAD = "1"


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
    tail = TAIL.search(pattern)
    if tail is None or not pattern.startswith("^"):
        return text.str.extract_groups(pattern).struct.unnest()
    head = f"^({pattern[1 : tail.start()]})"
    found = text.str.extract_groups(head).struct.unnest()
    both = pl.DataFrame({"text": text, "head": found[_HEAD]})
    rest = both.select(pl.col("text").str.strip_prefix(pl.col("head")).alias(tail[1]))
    return pl.concat([found.drop(_HEAD), rest], how="horizontal")
