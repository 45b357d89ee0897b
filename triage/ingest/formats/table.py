"""Tables as text, with a header line: comma-, semicolon- or tab-separated values, as log stores export them."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from triage.ingest import timestamps
from triage.ingest.columns import COLUMNS, Columns, candidates, check_present, folded
from triage.ingest.context import Context
from triage.ingest.formats.base import Reading
from triage.ingest.formats.fields import STACKS, TIME_NAME
from triage.ingest.levels import numbers, steps_of
from triage.ingest.quoting import fields_of, goes_on
from triage.ingest.schema import FIELDS, conform
from triage.ingest.spellings import DATED

NAMES = {",": "csv", "\t": "tsv", ";": "csv (semicolon)"}
#: A header stands in one of so many first lines, and is no longer than this.
HEADER_LINES, HEADER_CHARS = 3, 20_000
#: Share of rows that must be rows of the table, and of a column's values that must be times or levels.
ENOUGH = 0.5
#: What stands where there is no value.
EMPTY = ("", "-", "(empty)", "null")
UTC_NAME = re.compile(r"\b(?:UTC|GMT)\b|(?:UTC|Utc|_utc)$")

Roles = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Table:
    """A table with the columns that a header names.

    Attributes
    ----------
    roles : tuple of (str, tuple of int)
        The columns, by their place, that each field is taken from: the first that has a value; for the timestamp they
        are put together.
    utc : bool
        Whether the header says that times are UTC.
    """

    name: str
    separator: str
    columns: tuple[str, ...]
    roles: Roles = ()
    utc: bool = False
    multiline: bool = False
    follower: str | None = None

    def goes_on(self, text: pl.Series, line: pl.Series, final: bool = True) -> tuple[pl.Series, int]:
        """Lines inside a quoted field, and how many lines are settled; see `quoting.goes_on`."""
        return goes_on(text, line, self.separator, final)

    def rows(self, text: pl.Series) -> pl.Series:
        """Whole rows of consecutive lines, of which the first begins one."""
        inside, _ = self.goes_on(text, pl.arange(0, len(text), eager=True))
        lines = pl.DataFrame({"text": text, "row": (~inside).cum_sum()})
        return lines.group_by("row", maintain_order=True).agg(pl.col("text").str.join("\n"))["text"]

    @property
    def note(self) -> str:
        """What was read as what, a sentence."""
        named = {field: " or ".join(self.columns[i] for i in places) for field, places in self.roles}
        taken = ", ".join(f"{names} as {field}" for field, names in named.items())
        return f"the first row names the columns and is counted as untimed; read were {taken}"[:500]

    def stamps(self, text: pl.Series) -> pl.Series:
        """The text of the time of whole rows; null where a line is no row."""
        return self._stamps(fields_of(text, self.separator, len(self.columns)))

    def _stamps(self, cells: pl.DataFrame) -> pl.Series:
        places = dict(self.roles)["timestamp"]
        return cells.select(pl.concat_str([f"field_{i}" for i in places], separator=" ").alias("t"))["t"]

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of whole rows."""
        cells = fields_of(text, self.separator, len(self.columns))
        whole = cells.to_series(len(self.columns) - 1).is_not_null()
        roles, stamp = dict(self.roles), self._stamps(cells)
        time = timestamps.parse(stamp, replace(context, zone="UTC") if self.utc else context, DATED)
        claimed = whole & (time.utc.is_not_null() | stamp.str.strip_chars().is_in(EMPTY)).fill_null(False)
        frame = cells.with_columns(text.alias("row"), time.utc.alias("timestamp"))
        used = {places[0] for places in roles.values()} | set(roles["timestamp"])
        frame = frame.select("timestamp", *self._taken(roles), attributes_of(self.columns, used))
        missing = time.zone_missing and not self.utc
        return Reading(conform(frame, FIELDS), claimed, missing, time.year_missing, time.notes)

    def _taken(self, roles: dict[str, tuple[int, ...]]) -> list[pl.Expr]:
        taken = {field: pl.coalesce(present(i) for i in places) for field, places in roles.items() if field in FIELDS}
        del taken["timestamp"]
        taken["body"] = _with_stack(pl.coalesce(taken["body"], "row"), roles.get("stack"))
        if "severity_text" in taken:
            word = pl.coalesce(_level(self.columns[i], f"field_{i}") for i in roles["severity_text"])
            taken["severity_text"] = word
            taken["severity_number"] = numbers(word)
        return [value.alias(field) for field, value in taken.items()]


def present(place: int) -> pl.Expr:
    """The cell of a column, null where it has no value."""
    cell = pl.col(f"field_{place}")
    return pl.when(~cell.is_in(EMPTY)).then(cell)


def attributes_of(columns: Sequence[str], taken: set[int]) -> pl.Expr:
    """Columns that are no field, as JSON, without those that have no value in a row."""
    rest = [(i, name) for i, name in enumerate(columns) if i not in taken]
    if not rest:
        return pl.lit(None, pl.String).alias("attributes")
    joined = pl.concat_str([_pair(i, name) for i, name in rest], separator=",", ignore_nulls=True)
    return pl.when(joined != "").then(pl.concat_str(pl.lit("{"), joined, pl.lit("}"))).alias("attributes")


def _pair(place: int, name: str) -> pl.Expr:
    json = pl.struct(pl.col(f"field_{place}").alias(name)).struct.json_encode()
    return pl.when(present(place).is_not_null()).then(json.str.strip_prefix("{").str.strip_suffix("}"))


def _level(column: str, cell: str) -> pl.Expr:
    word = pl.col(cell)
    return pl.when(~word.is_in(EMPTY)).then(word.replace(steps_of(folded(column))))


def _with_stack(body: pl.Expr, places: tuple[int, ...] | None) -> pl.Expr:
    """The body with a stack trace that has a column of its own."""
    if not places:
        return body
    stack = pl.coalesce(present(i) for i in places)
    new = ~body.str.contains(stack, literal=True).fill_null(True)
    return pl.when(new).then(pl.concat_str(body, stack, separator="\n")).otherwise(body)


def find_table(text: pl.Series, context: Context, given: Columns | None = None) -> Table | None:
    """The table whose header stands among the first of a sample's lines; None if it is no table of log records.

    Parameters
    ----------
    given : mapping, optional
        From fields to columns, as the caller named them.

    Raises
    ------
    UsageError
        If a column that was named is not in the header.
    """
    for at, line in enumerate(text.head(HEADER_LINES).to_list()):
        for separator in sorted(NAMES, key=lambda mark: -line.count(mark)):
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
    names: dict[str, None] = {}
    for place, cell in enumerate(cell.strip() for cell in cells):
        if len(cell) > 200 or cell[:1].isdigit():
            return ()
        names[cell if cell and cell not in names else f"{cell}_{place + 1}"] = None
    return tuple(names)


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
    return roles


def _is_time(cells: pl.DataFrame, names: tuple[str, ...], context: Context) -> bool:
    stamp = cells.select(pl.concat_str(names, separator=" ").alias("t"))["t"]
    return timestamps.parse(stamp, context, DATED).utc.count() >= ENOUGH * len(cells)


def _is_level(cell: pl.Series) -> bool:
    """Whether the values of a column are levels: its name may also mean other things."""
    steps = steps_of(folded(cell.name))
    words = cell.filter(~cell.is_in(EMPTY)).replace(steps).to_frame("w").select(numbers(pl.col("w")))
    return words.to_series().count() >= ENOUGH * max(1, len(words))
