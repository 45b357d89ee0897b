"""Tables as text, with a header line: comma-, semicolon- or tab-separated values, as log stores export them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from triage.ingest import timestamps
from triage.ingest.columns import folded
from triage.ingest.context import Context
from triage.ingest.formats.base import Reading
from triage.ingest.formats.plain import with_level
from triage.ingest.levels import numbers, steps_of
from triage.ingest.quoting import fields_of, goes_on
from triage.ingest.schema import FIELDS, conform
from triage.ingest.spellings import DATED

NAMES = {",": "csv", "\t": "tsv", ";": "csv (semicolon)"}
#: What stands where there is no value.
EMPTY = ("", "-", "(empty)", "null")

#: Labels, where a column holds them as JSON.
LABELS = {
    "service_name": ("service_name", "service", "app", "container", "job"),
    "severity_text": ("level", "detected_level"),
    "host_name": ("host", "hostname", "pod", "instance"),
}
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
    headed : bool
        Whether the first row names the columns; else they are known.
    """

    name: str
    separator: str
    columns: tuple[str, ...]
    roles: Roles = ()
    utc: bool = False
    headed: bool = True
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
        how = "the first row names the columns and is counted as untimed; " if self.headed else ""
        return f"{how}read were {taken}"[:500]

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
        frame = cells.with_columns(time.utc.alias("timestamp"))
        used = {places[0] for field, places in roles.items() if field in FIELDS} | set(roles["timestamp"])
        frame = frame.select("timestamp", *self._taken(roles), attributes_of(self.columns, used))
        missing = time.zone_missing and not self.utc
        return Reading(with_level(conform(frame, FIELDS)), claimed, missing, time.year_missing, time.notes)

    def _taken(self, roles: dict[str, tuple[int, ...]]) -> list[pl.Expr]:
        """The fields but for the time, each from the first of its columns that has a value."""
        taken = {field: [present(i) for i in places] for field, places in roles.items() if field in FIELDS}
        del taken["timestamp"]
        taken["body"] = [_with_stack(pl.coalesce(*taken["body"], f"field_{roles['body'][0]}"), roles.get("stack"))]
        taken["severity_text"] = [_level(self.columns[i], f"field_{i}") for i in roles.get("severity_text", ())]
        for field, names in LABELS.items():
            found = [
                pl.col(f"field_{i}").str.json_path_match(f"$.{name}") for name in names for i in roles.get("labels", ())
            ]
            taken[field] = [*taken.get(field, ()), *found]
        fields = {field: pl.coalesce(values) for field, values in taken.items() if values}
        if "severity_text" in fields:
            fields["severity_number"] = numbers(fields["severity_text"])
        return [value.alias(field) for field, value in fields.items()]


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
