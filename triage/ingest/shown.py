"""Lines as a terminal would show them, without what only parts one text from the next."""

from __future__ import annotations

import polars as pl

#: What stands before a text that is one of several: a byte order mark (of files put end to end), a record separator
#: (of JSON, RFC 7464).
MARKS = ("\ufeff", "\x1e")
#: Terminal colours and other sequences, also as text where a logger has escaped them.
ANSI = r"(?:\x1b|\\x1[bB]|\\u001[bB]|\\033|#033)(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])"
#: No line without any of these holds one. With a fourth letter to begin with, looking for them takes ten times as long.
ESCAPES = ["\x1b", "\\x1b", "\\x1B", "\\u001b", "\\u001B", "\\033", "#033"]


def as_shown(text: pl.Series) -> pl.Series:
    """Lines as a terminal shows them: without its sequences, and of a progress bar that overwrites itself the end."""
    for mark in MARKS:
        if text.str.starts_with(mark).any():
            text = text.str.strip_prefix(mark)
    if text.str.contains_any(ESCAPES).any():
        text = text.str.replace_all(ANSI, "")
    return _without_progress(text) if text.str.contains("\r", literal=True).any() else text


def _without_progress(text: pl.Series) -> pl.Series:
    """The last piece of lines whose pieces, parted by carriage returns, differ in nothing but counts and bars."""
    rows = text.to_frame("t").with_row_index("row")
    pieces = rows.filter(pl.col("t").str.contains("\r", literal=True)).with_columns(
        pl.col("t").str.strip_chars("\r").str.split("\r")
    )
    alike = (
        pieces.explode("t")
        .group_by("row", maintain_order=True)
        .agg(pl.col("t").str.replace_all(r"[^A-Za-z]", "").n_unique().alias("kinds"), pl.col("t").last())
        .filter(pl.col("kinds") == 1)
    )
    return rows.update(alike.select("row", "t"), on="row")["t"] if len(alike) else text
