"""What `triage records` gives: a Parquet file, a JSON object a line, or a table. Memory is bounded by a chunk."""

from __future__ import annotations

import secrets
import sys
from dataclasses import replace
from pathlib import Path

import orjson
import polars as pl
import pyarrow.parquet as pq
from rich.table import Table
from rich.text import Text

from triage import output
from triage.errors import StorageError, UsageError
from triage.escape import terminal_line
from triage.ingest import read_into
from triage.ingest.engines import opened
from triage.ingest.held import Held, Records
from triage.ingest.keeping import Kept
from triage.ingest.schema import empty_records
from triage.reading import Gathered, between, options_of
from triage.settings import Settings

#: Columns of the contract, in its order; the records table has two more for the library's own use.
PRINTED = (
    "timestamp", "observed_timestamp", "severity_number", "severity_text", "body", "service_name", "host_name",
    "trace_id", "span_id", "exception_type", "exception_message", "attributes", "source", "line", "line_count",
    "offset", "length", "template_id",
)  # fmt: skip
#: Bytes of records that are held in memory: what comes out does not need them again.
LIMIT = 64 << 20
#: Records of the table.
RECORD_ROWS = 20


def write_parquet(settings: Settings, path: Path, engine: str | None = None) -> None:
    """Write the records aside and rename, so that a half-written file is never seen."""
    if path.suffix != ".parquet":
        raise UsageError(f"--out {path.name!r}: wanted a name that ends in .parquet")
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "is a directory")
        records = _gathered(settings, engine, path.parent)
        aside = path.with_name(f".{path.name}-{secrets.token_hex(4)}.part")
        try:
            _write_parts(records, aside)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except StorageError as error:
        raise UsageError(f"--out {path}: {error}") from error
    except OSError as error:
        raise UsageError(f"--out {path}: cannot be written: {error.strerror or error}") from error
    output.say(f"{len(records)} records written to {path}")


def _write_parts(every: Records, path: Path) -> None:
    writer = None
    for records in every.frames():
        table = records.select(PRINTED).to_arrow()
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    if writer:
        writer.close()


def _gathered(settings: Settings, engine: str | None, folder: Path | None = None) -> Records:
    """The records of the logs with their templates, beyond a limit in files of a folder of their own in `folder`."""
    gathered = Gathered(settings, limit=LIMIT, folder=folder)
    with output.progress() as tell:
        gathered.read(settings.logs, engine, tell, compare=False)
    _tell_left_out(gathered.inside, gathered.count - gathered.inside)
    records, _ = gathered.patterns()
    output.tell_patterns(gathered.notes, gathered.corrected)
    return records


def _tell_left_out(kept: int, left_out: int) -> None:
    if left_out:
        output.say(f"{left_out} of {kept + left_out} records lie outside the window or carry no time")


def write_ndjson(settings: Settings, engine: str | None = None) -> None:
    """One JSON object a record; times in RFC 3339 UTC, attributes as an object."""
    out = sys.stdout.buffer
    times = ("timestamp", "observed_timestamp")
    columns = [pl.col(c).dt.strftime("%Y-%m-%dT%H:%M:%S%.9fZ") if c in times else pl.col(c) for c in PRINTED]
    for records in _gathered(settings, engine).frames():
        for part in records.select(columns).iter_slices(20_000):
            out.write(b"".join(_as_json(row) + b"\n" for row in part.to_dicts()))
    out.flush()


def _as_json(row: dict[str, object]) -> bytes:
    if row["attributes"] is not None:
        row["attributes"] = orjson.Fragment(row["attributes"])  # type: ignore[arg-type]
    return orjson.dumps(row)


def print_records(settings: Settings, engine: str | None = None) -> None:
    """What became of each source, what was assumed, and a table of the first records."""
    held = Held(LIMIT)
    kept = left_out = 0

    def keep(found: Kept) -> None:
        nonlocal kept, left_out
        held.take(found)
        kept, left_out = kept + found.rows, left_out + found.found - found.rows

    def inside(records: pl.DataFrame) -> Kept:
        return Kept(between(records, settings), len(records))

    with output.progress() as tell, opened(engine) as where:
        how = replace(options_of(settings, where, tell), each=inside)
        ledger = read_into(keep, settings.logs, how, lambda *of: held.records(empty_records()).slice(*of))
    _tell_left_out(kept, left_out)
    screen = output.console()
    output.print_ledger(ledger, screen)
    table = Table("time (UTC)", "level", "service", "message", box=None, pad_edge=False)
    for row in held.records(empty_records()).slice(0, RECORD_ROWS).iter_rows(named=True):
        time = row["timestamp"].strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] if row["timestamp"] else "-"
        message = (row["body"] or "").split("\n", 1)[0][:300]
        cells = (time, row["severity_text"] or "-", row["service_name"] or "-", message)
        table.add_row(*(Text(terminal_line(str(cell)), overflow="ellipsis", no_wrap=True) for cell in cells))
    screen.print()
    screen.print(table)
    if kept > RECORD_ROWS:
        screen.print(f"… {kept - RECORD_ROWS} more records; --format ndjson prints all")
