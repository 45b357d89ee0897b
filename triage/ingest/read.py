"""Read logs: sources to chunks to records, with the ledger. Each chunk is read alone; results are put end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from triage.errors import InputError, UsageError
from triage.ingest import multiline
from triage.ingest.chunks import Chunk, cut
from triage.ingest.columns import Columns
from triage.ingest.compression import FEED
from triage.ingest.context import Context
from triage.ingest.decode import as_utf8, encoding_of, ends_in_returns, lines_of, with_newlines
from triage.ingest.documents import Document, is_document
from triage.ingest.formats.table import NAMES as TABLE_NAMES
from triage.ingest.ingested import Ingested
from triage.ingest.journal import Journal, is_journal
from triage.ingest.ledger import Ledger, SourceLedger
from triage.ingest.names import pod_of, service_of
from triage.ingest.options import Progress, ReadOptions
from triage.ingest.parquet import MAGIC, read_parquet
from triage.ingest.plan import Plan, make_plan
from triage.ingest.schema import RECORDS, conform, empty_records
from triage.ingest.sources import find_sources
from triage.ingest.streams import Stream, open_streams
from triage.ingest.zones import check_patterns, check_zones, zone_for

#: What the choice of formats is made from, whatever size the chunks have.
SAMPLE_BYTES, SAMPLE_LINES = 256 << 10, 2000
#: Formats that have columns.
TABLES = {"parquet", *TABLE_NAMES.values()}

#: What a note on damage ends with.
READ_SO_FAR = ": what came before it was read"

Logs = str | Path | Iterable[str | Path]
Keep = Callable[[pl.DataFrame], None]


@dataclass(frozen=True)
class ChunkResult:
    """What came of one chunk."""

    records: pl.DataFrame
    counts: dict[str, int]
    notes: tuple[str, ...] = ()
    zone_missing: bool = False


def read_logs(logs: Logs, **how: Any) -> Ingested:
    """Read every line of every source.

    Parameters
    ----------
    logs : path, glob, directory, URL, ``-`` or a list of them
        What to read.
    **how
        The attributes of `ReadOptions`: ``tz``, ``since``, ``engine``, ``chunk_bytes``, ``progress``, ``columns``.

    Raises
    ------
    InputError
        If nothing is there to read, or no line of it is a log record.
    UsageError
        If columns were named and no source is a table, or one has no such column.
    """
    frames: list[pl.DataFrame] = []
    ledger = read_into(frames.append, logs, ReadOptions(**how))
    return Ingested(pl.concat(frames) if frames else empty_records(), ledger)


def read_into(keep: Keep, logs: Logs, options: ReadOptions) -> Ledger:
    """Read as `read_logs` does, and hand over the records of each chunk, in order, instead of holding them.

    Parameters
    ----------
    keep : callable
        Called with each frame of records.
    """
    zones = check_zones(options.tz)
    sources, notes = find_sources(logs)
    feed = min(FEED, max(options.chunk_bytes, 64))
    rows = []
    for source in sources:
        for stream in open_streams(source, feed):
            rows.append(_read_stream(stream, zone_for(stream.name, zones), options, keep))
    check_patterns(zones, [row.source for row in rows])
    if options.columns and not any(row.format in TABLES for row in rows):
        raise UsageError("columns: none of the logs is a table: give a frame, a Parquet file or a CSV with a header")
    ledger = Ledger(tuple(rows), notes)
    ledger.check()
    _refuse_nothing(ledger)
    return ledger


def _refuse_nothing(ledger: Ledger) -> None:
    """Raise where no source gave a single record: there is nothing to go on with."""
    if ledger.records or ledger.untimed:
        return
    row = ledger.sources[0]
    where = row.source if len(ledger.sources) == 1 else f"{len(ledger.sources)} files, the first {row.source}"
    damage = next((note for s in ledger.sources if not s.lines for note in s.notes), None)
    damage = damage or next((note for s in ledger.sources for note in s.notes if note.endswith(READ_SO_FAR)), None)
    if damage:
        raise InputError(f"{where}: nothing could be read: {damage.removesuffix(READ_SO_FAR)}")
    if ledger.undecodable:
        raise InputError(f"{where}: not text but binary data: give log files, plain or compressed with gzip or zstd")
    raise InputError(f"{where}: empty: no line to read: check that the export has finished")


def _read_stream(raw: Stream, zone: str, options: ReadOptions, keep: Keep) -> SourceLedger:
    head = _head(raw.blocks)
    if head.startswith(MAGIC):
        blocks = _told(chain((head,), raw.blocks), raw.name, options.progress)
        records, row = read_parquet(raw.name, blocks, zone, options.columns)
        keep(_placed(records, raw.name))
        return row
    encoding, skip = encoding_of(head)
    text = _Text(as_utf8(chain((head[skip:],), raw.blocks), encoding), skip)
    context = Context(zone, _not_after(raw.modified, options.since))
    plan = _planned(raw.name, _sample(text.sample), context, options.columns)
    size = options.chunk_bytes
    again = (text.sample[at : at + size] for at in range(0, len(text.sample), size))
    told = _told(chain(again, text.rest), raw.name, options.progress)
    row = SourceLedger(raw.name, plan.name, encoding, zone)
    zone_missing = False
    for result in options.engine.map(ChunkReader(raw.name, plan), cut(told, plan.clean_starts, size, text.skip)):
        keep(result.records)
        row = row.add(result.counts, result.notes)
        zone_missing = zone_missing or result.zone_missing
    notes = [*plan.notes, f"{raw.damage}{READ_SO_FAR if row.lines else ''}"] if raw.damage else [*plan.notes]
    notes += [f"times without a zone were read as {zone}"] if zone_missing else []
    return replace(row.add({}, [*notes, *text.notes]), time_zone_assumed=zone_missing, detail=_detail(plan, raw))


def _planned(name: str, sample: pl.Series, context: Context, columns: Columns | None) -> Plan:
    try:
        return make_plan(sample, context, columns)
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from error


class _Text:
    """A stream of UTF-8 with a newline behind each line: its beginning, and the rest.

    Attributes
    ----------
    skip : int
        Where it begins in the source, in bytes.
    """

    def __init__(self, blocks: Iterator[bytes], skip: int) -> None:
        self.sample, self.rest, self.skip = _head(blocks), blocks, skip
        self._document: Document | Journal | None = None
        self._returns = ends_in_returns(self.sample)
        if self._returns:
            self.sample, self.rest = self.sample.replace(b"\r", b"\n"), with_newlines(blocks)
        elif is_document(self.sample) or is_journal(self.sample):
            kind = Document if is_document(self.sample) else Journal
            self._document = kind(chain((self.sample,), blocks))
            self.rest = iter(self._document)
            self.sample, self.skip = _head(self.rest), 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What was made of it; known once it is read."""
        told = ("lines end with a carriage return alone",) if self._returns else ()
        return (*told, *self._document.notes) if self._document else told


def _detail(plan: Plan, raw: Stream) -> dict[str, Any]:
    return {
        "compression": raw.compression,
        "formats": [{"format": name, "share": round(share, 4)} for name, share in plan.shares],
    }


def _head(blocks: Iterator[bytes]) -> bytes:
    """The first blocks, up to the sample's size."""
    got: list[bytes] = []
    while sum(map(len, got)) < SAMPLE_BYTES and (block := next(blocks, b"")):
        got.append(block)
    return b"".join(got)


def _sample(head: bytes) -> pl.Series:
    """Text of the first whole lines that are neither blank nor binary."""
    at = head.rfind(b"\n")
    lines = lines_of(head[: at + 1] if at >= 0 else head, 1, 0)
    return lines.filter(pl.col("status") == "text")["text"].head(SAMPLE_LINES)


def _told(blocks: Iterable[bytes], name: str, progress: Progress | None) -> Iterator[bytes]:
    read = 0
    for block in blocks:
        read += len(block)
        if progress:
            progress(name, read)
        yield block


def _not_after(modified: datetime | None, since: datetime | None) -> datetime:
    """The moment that no time without a year can lie after: a day after the file was written.

    With `since` it is most of a year after that, so that what lies shortly before it is not taken for the next year's.
    """
    return since + timedelta(days=330) if since else (modified or datetime.now(UTC)) + timedelta(days=1)


@dataclass(frozen=True)
class ChunkReader:
    """Reads one chunk of a source; holds nothing but its plan, so it can be sent to another process."""

    source: str
    plan: Plan

    def __call__(self, chunk: Chunk) -> ChunkResult:
        """Records and counts of a chunk."""
        lines = lines_of(chunk.data, chunk.first_line, chunk.offset)
        text = lines.filter(pl.col("status") == "text")
        counts = {"lines": len(lines), "blank": int((lines["status"] == "blank").sum())}
        counts["undecodable"] = len(lines) - len(text) - counts["blank"]
        notes = _byte_notes(lines)
        if not len(text):
            return ChunkResult(empty_records(), counts, notes)
        done = self.plan.classify(text)
        begins = multiline.starts(done.lines["inner"], done.claimed, done.multiline)
        records = self._finish(multiline.join(done.lines, begins))
        counts["continuations"] = len(text) - len(records)
        counts["untimed"] = records["timestamp"].null_count()
        counts["records"] = len(records) - counts["untimed"]
        notes = (*notes, *done.notes)
        if done.year_missing and self.plan.context.not_after:
            last = f"{self.plan.context.not_after:%Y-%m-%d}"
            notes = (*notes, f"times without a year got the latest year that does not put them after {last}")
        return ChunkResult(records, counts, notes, done.zone_missing)

    def _finish(self, records: pl.DataFrame) -> pl.DataFrame:
        records = multiline.exceptions(multiline.pretty(records, self.plan.context))
        return conform(_placed(records.with_columns(pl.lit(self.source).alias("source")), self.source), RECORDS)


def _placed(records: pl.DataFrame, source: str) -> pl.DataFrame:
    """Records with the service and the host that the source's path names, where they name none themselves."""
    return records.with_columns(
        pl.col("service_name").fill_null(pl.lit(service_of(source), pl.String)),
        pl.col("host_name").fill_null(pl.lit(pod_of(source), pl.String)),
    )


def _byte_notes(lines: pl.DataFrame) -> tuple[str, ...]:
    """One sentence each for kinds of damage, without counts: counts would differ between ways of cutting."""
    notes = []
    if (lines["replaced"] & (lines["status"] == "text")).any():
        notes.append(
            "some lines are not UTF-8: read as Windows-1252 where that makes sense, else each such byte is shown as "
            "\N{REPLACEMENT CHARACTER}"
        )
    if (lines["status"] == "undecodable").any():
        notes.append("some lines are not text and were left out, counted as undecodable")
    return tuple(notes)
