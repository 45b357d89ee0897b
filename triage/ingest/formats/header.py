"""Which table a text is: its header line, and which of the columns are the time, the message and the other fields."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from triage.ingest import timestamps
from triage.ingest.columns import COLUMNS, Columns, candidates, check_present, folded, unique
from triage.ingest.context import Context
from triage.ingest.formats.fields import STACKS, TIME_NAME
from triage.ingest.formats.table import EMPTY, NAMES, Table
from triage.ingest.levels import numbers, steps_of
from triage.ingest.orders import find_layouts
from triage.ingest.quoting import fields_of
from triage.ingest.spellings import DATED

#: A header stands in one of so many first lines, and is no longer than this.
HEADER_LINES, HEADER_CHARS = 3, 20_000
#: Share of rows that must be rows of the table, and of a column's values that must be times or levels.
ENOUGH = 0.5
UTC_NAME = re.compile(r"\b(?:UTC|GMT)\b|(?:UTC|Utc|_utc)$")


def find_table(
    text: pl.Series, context: Context, given: Columns | None = None, separators: Sequence[str] = tuple(NAMES)
) -> Table | None:
    """The table whose header stands among the first of a sample's lines; None if it is no table of log records.

    Parameters
    ----------
    given : mapping, optional
        From fields to columns, as the caller named them.
    separators : sequence of str
        What may stand between values.

    Raises
    ------
    UsageError
        If a column that was named is not in the header.
    """
    for at, line in enumerate(text.head(HEADER_LINES).to_list()):
        for separator in sorted(separators, key=lambda mark: -line.count(mark)):
            names = _names(line, separator)
            if len(names) < 2 or not (given or (_times(names, None) and candidates(names, "body"))):
                continue
            table = _fitted(Table(NAMES[separator], separator, names), text[at + 1 :], context, given)
            if table:
                return table
    return None


def _names(line: str, separator: str) -> tuple[str, ...]:
    """The names that a header holds, each once; none if a name is a number or too long to be one."""
    if separator not in line or len(line) > HEADER_CHARS:
        return ()
    try:
        cells = next(csv.reader([line], delimiter=separator))
    except csv.Error:
        return ()
    names = [cell.strip() for cell in cells]
    return () if any(len(name) > 200 or name[:1].isdigit() for name in names) else tuple(unique(names))


def _times(names: Sequence[str], given: Columns | None) -> list[tuple[str, ...]]:
    """Columns, or pairs of them, that may be the time."""
    if given and "timestamp" in given:
        return [(given["timestamp"],)]
    by_name = {folded(name): name for name in reversed(names)}
    pair = [(by_name["date"], by_name["time"])] if {"date", "time"} <= by_name.keys() else []
    usual = [(name,) for name in candidates(names, "timestamp", given)]
    return [*pair, *usual, *((name,) for name in names if TIME_NAME.search(name[:60]) and (name,) not in usual)]


def _fitted(table: Table, text: pl.Series, context: Context, given: Columns | None) -> Table | None:
    """The table with its roles, if the rows below its header are rows of it."""
    rows = table.rows(text)
    cells = fields_of(rows, table.separator, len(table.columns))
    cells.columns = list(table.columns)
    cells = cells.filter(cells.to_series(len(table.columns) - 1).is_not_null())
    if len(cells) < ENOUGH * len(rows) or not len(cells):
        return None
    check_present(table.columns, given, "the table")
    stamp = next((names for names in _times(table.columns, given) if _is_time(cells, names, context)), None)
    roles = _roles(cells, stamp or (), given)
    if not stamp or not roles["body"]:
        return None
    place = {name: at for at, name in enumerate(table.columns)}
    found = tuple((field, tuple(place[name] for name in names)) for field, names in roles.items() if names)
    return replace(table, roles=found, utc=_says_utc(table.columns, stamp))


def _says_utc(columns: Sequence[str], stamp: tuple[str, ...]) -> bool:
    """Whether the header says that times are UTC, or is that of CloudWatch Logs Insights, whose times are."""
    return any(UTC_NAME.search(name[:200]) for name in stamp) or {"@timestamp", "@message"} <= set(columns)


def _roles(cells: pl.DataFrame, stamp: tuple[str, ...], given: Columns | None) -> dict[str, tuple[str, ...]]:
    """The columns of each field."""
    roles: dict[str, tuple[str, ...]] = {"timestamp": stamp}
    for field in COLUMNS:
        if field != "timestamp":
            roles[field] = tuple(name for name in candidates(cells.columns, field, given) if name not in stamp)
    roles["severity_text"] = tuple(name for name in roles["severity_text"] if _is_level(cells[name]))
    stacks = {folded(name) for name in STACKS}
    roles["stack"] = tuple(name for name in cells.columns if folded(name) in stacks and name not in roles["body"])
    roles["labels"] = tuple(name for name in cells.columns if folded(name) == "labels")
    return roles


def _is_time(cells: pl.DataFrame, names: tuple[str, ...], context: Context) -> bool:
    stamp = cells.select(pl.concat_str(names, separator=" ").alias("t"))["t"]
    stamp = stamp.filter(stamp.is_not_null() & ~stamp.str.strip_chars().is_in(EMPTY))
    context, _ = find_layouts(stamp, context)
    return timestamps.parse(stamp, context, DATED).utc.count() >= max(1, ENOUGH * len(stamp))


def _is_level(cell: pl.Series) -> bool:
    """Whether the values of a column are levels: its name may also mean other things."""
    steps = steps_of(folded(cell.name))
    words = cell.filter(~cell.is_in(EMPTY)).replace(steps).to_frame("w").select(numbers(pl.col("w")))
    return words.to_series().count() >= ENOUGH * max(1, len(words))
