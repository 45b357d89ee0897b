"""Log lines that are already a table: a pandas, polars or Arrow frame with columns under some usual name."""

from __future__ import annotations

from typing import Any

import polars as pl

from triage.errors import InputError
from triage.ingest import timestamps
from triage.ingest.context import Context
from triage.ingest.exceptions import exceptions
from triage.ingest.formats.fields import KEYS
from triage.ingest.ledger import Ledger, SourceLedger
from triage.ingest.levels import numbers
from triage.ingest.read import Ingested
from triage.ingest.schema import RECORDS, UTC_NS, conform

#: Fields found under several names, and further ones that have one only.
NAMES = {field: (field, *names) for field, names in KEYS.items()}
LEVEL_NAMES = {"10": "DEBUG", "20": "INFO", "30": "WARN", "40": "ERROR", "50": "FATAL"}
OWN = ("severity_number", "attributes", "source", "line", "line_count", "offset", "length", "raw", "pinned")


def is_frame(logs: object) -> bool:
    """Whether `logs` is a pandas, polars or Arrow table."""
    return type(logs).__name__ in {"DataFrame", "LazyFrame", "Table", "RecordBatch"}


def read_frame(frame: Any, tz: str = "UTC") -> Ingested:
    """Records of a frame, one a row.

    Columns are found by the names that loggers use (``time``, ``level``, ``message``, ``service`` and so on), and
    those of a records table by theirs. What was taken for what is in the ledger's notes.

    Raises
    ------
    InputError
        If no column can be the message; the text lists the columns that came.
    """
    table = _as_polars(frame)
    found = {field: name for field, names in NAMES.items() if (name := _pick(table, names))}
    if "body" not in found:
        raise InputError(
            f"the frame has the columns {', '.join(table.columns[:12]) or '(none)'} and none is a message: "
            "name one 'body' or 'message'"
        )
    own = {name: name for name in OWN if _is_own(table, name)}
    rest = [name for name in table.columns if name not in (*found.values(), *own) and name not in RECORDS]
    text = {field: pl.col(name).cast(pl.String, strict=False) for field, name in found.items() if field != "timestamp"}
    columns = table.select(*own, **text)
    time, zoneless, notes = _times(table[found["timestamp"]] if "timestamp" in found else None, len(table), tz)
    columns = columns.with_columns(time, pl.col("body").fill_null(""))
    columns = columns.with_columns(_defaults(columns, table, rest))
    records = exceptions(conform(columns, RECORDS))
    return Ingested(records, Ledger((_ledger(records, found, tz, zoneless, notes),)))


def _is_own(table: pl.DataFrame, name: str) -> bool:
    """Whether a column is what a records table has under this name."""
    if name not in table.columns:
        return False
    wanted, got = RECORDS[name], table.schema[name]
    return got.is_integer() and table[name].null_count() == 0 if wanted.is_integer() else got == wanted


def _defaults(columns: pl.DataFrame, table: pl.DataFrame, rest: list[str]) -> list[pl.Expr | pl.Series]:
    """What a frame need not have."""
    made: dict[str, Any] = {
        "source": pl.lit("frame"),
        "line": pl.int_range(1, pl.len() + 1),
        "line_count": pl.lit(1),
        "raw": pl.col("body"),
        "attributes": table.select(pl.struct(rest).struct.json_encode().alias("attributes"))["attributes"]
        if rest
        else pl.lit(None, pl.String),
    }
    if "severity_text" in columns.columns:
        # Numbers are as Python's logging counts, from 10 to 50.
        made["severity_number"] = numbers(pl.col("severity_text").replace(LEVEL_NAMES))
    return [value.alias(name) for name, value in made.items() if name not in columns.columns]


def _ledger(
    records: pl.DataFrame, found: dict[str, str], tz: str, zoneless: bool, others: tuple[str, ...]
) -> SourceLedger:
    notes = ["columns read as: " + ", ".join(f"{name} as {field}" for field, name in found.items()), *others]
    if zoneless:
        notes.append(f"times without a zone were read as {tz}")
    untimed = records["timestamp"].null_count()
    counts = {"lines": len(records), "records": len(records) - untimed, "untimed": untimed}
    return SourceLedger("frame", "frame", "", tz, zoneless).add(counts, notes)


def _as_polars(frame: Any) -> pl.DataFrame:
    table = frame.collect() if isinstance(frame, pl.LazyFrame) else frame
    if not isinstance(table, pl.DataFrame):
        try:
            made = pl.from_pandas(_plain(frame)) if hasattr(frame, "iloc") else pl.from_arrow(frame)
        except (TypeError, ValueError, OverflowError) as error:
            reason = (str(error).splitlines() or [""])[0][:160]
            raise InputError(f"the frame cannot be read ({reason}): give columns of one type each") from error
        table = made if isinstance(made, pl.DataFrame) else made.to_frame()
    binary = [name for name, dtype in table.schema.items() if dtype == pl.Binary]
    return table.with_columns(
        pl.Series(name, [_decoded(value) for value in table[name].to_list()], dtype=pl.String) for name in binary
    )


def _plain(frame: Any) -> Any:
    """A pandas frame, its index a column where it has a name or is of times, and mixed columns as text."""
    index = frame.index
    if index.name is not None or type(index).__name__ == "DatetimeIndex":
        name = index.name if index.name is not None else "timestamp"
        frame = frame.reset_index(names=str(name)) if str(name) not in frame.columns else frame
    mixed = [name for name in frame.columns if str(frame[name].dtype) == "object"]
    for name in mixed:
        if len({type(value) for value in frame[name].dropna()}) > 1:
            frame = frame.assign(**{str(name): frame[name].map(lambda v: v if v is None or v != v else str(v))})
    return frame


def _decoded(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "replace")


def _pick(table: pl.DataFrame, names: tuple[str, ...]) -> str | None:
    folded = {name.lower(): name for name in reversed(table.columns)}
    return next((folded[name.lower()] for name in names if name.lower() in folded), None)


def _times(column: pl.Series | None, rows: int, tz: str) -> tuple[pl.Series, bool, tuple[str, ...]]:
    """The timestamp column in UTC, whether a zone had to be assumed, and notes."""
    if column is None:
        return pl.Series("timestamp", [None] * rows, dtype=UTC_NS), False, ()
    column = column.alias("timestamp")
    if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone:
        return column.dt.convert_time_zone("UTC").cast(UTC_NS), False, ()
    if isinstance(column.dtype, pl.Datetime | pl.Date):
        clock = column.cast(pl.Datetime("ns")).to_frame("clock")
        utc = clock.select(timestamps.localized(pl.col("clock"), tz).alias("timestamp"))["timestamp"]
        return utc.cast(UTC_NS), True, ()
    parsed = timestamps.parse(column.cast(pl.String, strict=False), Context(tz))
    return parsed.utc, parsed.zone_missing, parsed.notes
