"""Entries of ``journalctl -o verbose``: a line with the time, below it a field a line."""

from __future__ import annotations

import re

import polars as pl

from triage.ingest.context import Context
from triage.ingest.formats.fields import Row, row_of, updated
from triage.ingest.formats.stores import journald

HEAD = r"^\[s=[0-9a-f]+;i=[^\n]{1,200}\]\n +[A-Z_]"
FIELD = re.compile(r" {4}([A-Z_][A-Z0-9_]*)=(.*)")


def unfolded(records: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Give such records the fields that their further lines name."""
    chosen = records.select("body").with_row_index("row").filter(pl.col("body").str.contains(HEAD))
    if not len(chosen):
        return records
    return updated(records, chosen["row"], [_row(body) for body in chosen["body"].to_list()], context)


def _row(body: str) -> Row | None:
    """The fields of one entry; what is no field goes on the one above. None if it has no message."""
    entry: dict[str, str] = {}
    name = None
    for line in body.split("\n")[1:]:
        if (field := FIELD.fullmatch(line)) is not None:
            name = field[1]
            entry[name] = field[2]
        elif name is not None:
            entry[name] += "\n" + line.removeprefix(" " * len(f"    {name}="))
    return row_of(journald(dict(entry)), body) if "MESSAGE" in entry else None
