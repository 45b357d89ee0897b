"""Read logs: sources to chunks to records, with the ledger. Each chunk is read alone; results are put end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from triage.errors import InputError
from triage.ingest import multiline
from triage.ingest.chunks import CHUNK_BYTES, Chunk, cut
from triage.ingest.compression import FEED
from triage.ingest.context import Context
from triage.ingest.decode import as_utf8, encoding_of, ends_in_returns, lines_of, with_newlines
from triage.ingest.engine import Engine, default_engine
from triage.ingest.exceptions import exceptions
from triage.ingest.formats import LineFormat
from triage.ingest.ledger import Ledger, SourceLedger
from triage.ingest.names import pod_of, service_of
from triage.ingest.plan import Plan, make_plan
from triage.ingest.schema import RECORDS, conform, empty_records
from triage.ingest.sources import find_sources
from triage.ingest.streams import Stream, open_streams
from triage.ingest.zones import Zones, check_patterns, check_zones, zone_for

#: What the choice of formats is made from, whatever size the chunks have.
SAMPLE_BYTES, SAMPLE_LINES = 256 << 10, 2000

#: What a note on damage ends with.
READ_SO_FAR = ": what came before it was read"

Progress = Callable[[str, int], None]
Keep = Callable[[pl.DataFrame], None]


@dataclass(frozen=True)
class Ingested:
    """Records of all sources, in the order of the sources and of their lines, and the ledger."""

    records: pl.DataFrame
    ledger: Ledger


@dataclass(frozen=True)
class ChunkResult:
    """What came of one chunk."""

    records: pl.DataFrame
    counts: dict[str, int]
    notes: tuple[str, ...] = ()
    zone_missing: bool = False
    used: frozenset[str] = frozenset()


def read_logs(
    logs: str | Path | Iterable[str | Path],
    *,
    tz: Zones = "UTC",
    since: datetime | None = None,
    formats: Sequence[LineFormat] = (),
    engine: Engine | None = None,
    chunk_bytes: int = CHUNK_BYTES,
    progress: Progress | None = None,
) -> Ingested:
    """Read every line of every source.

    Parameters
    ----------
    logs : path, glob, directory, ``-`` or a list of them
        What to read.
    tz : str or mapping
        Zone of times that carry none; a mapping goes from a source pattern to its zone.
    since : datetime, optional
        Gives the year of times without one.
    formats : sequence of LineFormat
        Formats of the user's own, tried before the built-in ones.
    engine : Engine, optional
        Where chunks are read; a thread for each processor if not given.
    chunk_bytes : int
        Size of a chunk in bytes. The records do not depend on it.
    progress : callable, optional
        Called with a source's name and the bytes read of it.

    Raises
    ------
    InputError
        If nothing is there to read, or no line of it is a log record.
    """
    frames: list[pl.DataFrame] = []
    ledger = read_into(
        frames.append,
        logs,
        tz=tz,
        since=since,
        formats=formats,
        engine=engine,
        chunk_bytes=chunk_bytes,
        progress=progress,
    )
    return Ingested(pl.concat(frames) if frames else empty_records(), ledger)


def read_into(
    keep: Keep,
    logs: str | Path | Iterable[str | Path],
    *,
    tz: Zones = "UTC",
    since: datetime | None = None,
    formats: Sequence[LineFormat] = (),
    engine: Engine | None = None,
    chunk_bytes: int = CHUNK_BYTES,
    progress: Progress | None = None,
) -> Ledger:
    """Read as `read_logs` does, and hand over the records of each chunk, in order, instead of holding them.

    Parameters
    ----------
    keep : callable
        Called with each frame of records.
    """
    zones = check_zones(tz)
    sources, notes = find_sources(logs)
    feed = min(FEED, max(chunk_bytes, 64))
    rows = []
    used: set[str] = set()
    for source in sources:
        for stream in open_streams(source, feed):
            zone = zone_for(stream.name, zones)
            how = _How(zone, since, tuple(formats), engine or default_engine(), chunk_bytes, progress)
            rows.append(_read_stream(stream, how, keep, used))
    check_patterns(zones, [row.source for row in rows])
    idle = [f"no line is of the format {one.name!r}: check its pattern" for one in formats if one.name not in used]
    ledger = Ledger(tuple(rows), (*notes, *idle))
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


@dataclass(frozen=True)
class _How:
    """How a stream is read."""

    zone: str
    since: datetime | None
    formats: tuple[LineFormat, ...]
    engine: Engine
    chunk_bytes: int
    progress: Progress | None


def _read_stream(raw: Stream, how: _How, keep: Keep, used: set[str]) -> SourceLedger:
    """Read one stream; the names of the formats that claimed a line are added to `used`."""
    head = _head(raw.blocks)
    encoding, skip = encoding_of(head)
    stream = as_utf8(chain((head[skip:],), raw.blocks), encoding)
    sample = _head(stream)
    if returns := ends_in_returns(sample):
        sample, stream = sample.replace(b"\r", b"\n"), with_newlines(stream)
    plan = make_plan(_sample(sample), Context(how.zone, _not_after(raw.modified, how.since)), how.formats)
    reader = ChunkReader(raw.name, plan)
    again = (sample[at : at + how.chunk_bytes] for at in range(0, len(sample), how.chunk_bytes))
    told = _told(chain(again, stream), raw.name, how.progress)
    row = SourceLedger(raw.name, plan.name, encoding, plan.zone)
    zone_missing = False
    for result in how.engine.map(reader, cut(told, plan.clean_starts, how.chunk_bytes, skip)):
        keep(result.records)
        row = row.add(result.counts, result.notes)
        used.update(result.used)
        zone_missing = zone_missing or result.zone_missing
    notes = [*plan.notes, f"{raw.damage}{READ_SO_FAR if row.lines else ''}"] if raw.damage else [*plan.notes]
    notes += ["lines end with a carriage return alone"] if returns else []
    notes += [f"times without a zone were read as {how.zone}"] if zone_missing else []
    return replace(row.add({}, notes), time_zone_assumed=zone_missing, detail=_detail(plan, raw))


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
        return ChunkResult(records, counts, notes, done.zone_missing, done.used)

    def _finish(self, records: pl.DataFrame) -> pl.DataFrame:
        records = exceptions(multiline.pretty(records, self.plan.context))
        return conform(
            records.with_columns(
                pl.lit(self.source).alias("source"),
                pl.col("service_name").fill_null(pl.lit(service_of(self.source), pl.String)),
                pl.col("host_name").fill_null(pl.lit(pod_of(self.source), pl.String)),
            ),
            RECORDS,
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
