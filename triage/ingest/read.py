"""Read logs: sources to chunks to records, with the ledger. Each chunk is read alone; results are put end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from triage.errors import InputError
from triage.ingest import multiline
from triage.ingest.chunks import CHUNK_BYTES, Chunk, cut
from triage.ingest.clock import Shift, check_clock, moved, shown_shift
from triage.ingest.compression import FEED
from triage.ingest.context import Context
from triage.ingest.decode import as_utf8, encoding_of, lines_of
from triage.ingest.engine import Engine, SerialEngine
from triage.ingest.ledger import Ledger, SourceLedger
from triage.ingest.names import Place, place_of
from triage.ingest.overlaps import overlaps
from triage.ingest.overrides import check_matched, check_services, value_for
from triage.ingest.plan import Plan, make_plan
from triage.ingest.sample import head_of, sample_of
from triage.ingest.schema import RECORDS, conform, empty_records
from triage.ingest.skew import skews
from triage.ingest.sources import find_sources
from triage.ingest.streams import Stream, open_streams
from triage.ingest.traces import attached
from triage.ingest.turns import tally, turns
from triage.ingest.zones import Zones, check_patterns, check_zones, zone_for

#: What a note on damage ends with.
READ_SO_FAR = ": what came before it was read"

Progress = Callable[[str, int], None]


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
    tally: pl.DataFrame | None = None


def read_logs(
    logs: str | Path | Iterable[str | Path],
    *,
    tz: Zones = "UTC",
    services: Mapping[str, str] | None = None,
    clock: Mapping[str, Shift] | None = None,
    since: datetime | None = None,
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
    services : mapping, optional
        From a source pattern to the name of the service whose lines these are, whatever path and lines say.
    clock : mapping, optional
        From a source pattern to what is added to its times: seconds, a timedelta or a text such as ``-90s``.
    since : datetime, optional
        Gives the year of times without one.
    engine : Engine, optional
        Where chunks are read; in this thread if not given.
    chunk_bytes : int
        Size of a chunk in bytes. The records do not depend on it.
    progress : callable, optional
        Called with a source's name and the bytes read of it.

    Raises
    ------
    InputError
        If nothing is there to read, or no line of it is a log record.
    """
    zones, names, shifts = check_zones(tz), check_services(services), check_clock(clock)
    sources, notes = find_sources(logs)
    feed = min(FEED, max(chunk_bytes, 64))
    done: list[tuple[pl.DataFrame, SourceLedger]] = []
    written: list[datetime | None] = []
    for source in sources:
        for stream in open_streams(source, feed):
            place = place_of(stream.name, stream.path).called(value_for(stream.name, names))
            shift = value_for(stream.name, shifts) or 0.0
            how = _How(
                zone_for(stream.name, zones), place, shift, since, engine or SerialEngine(), chunk_bytes, progress
            )
            done.append(_read_stream(stream, how))
            written.append(stream.modified)
    check_patterns(zones, [row.source for _, row in done])
    check_matched("services", names, [row.source for _, row in done])
    check_matched("clock", shifts, [row.source for _, row in done])
    notes = (*notes, *overlaps([(row.source, frame) for frame, row in done]))
    notes = (*notes, *skews([(row, frame, at) for (frame, row), at in zip(done, written, strict=True)]))
    ledger = Ledger(tuple(row for _, row in done), notes)
    ledger.check()
    _refuse_nothing(ledger)
    frames = [frame for frame, _ in done]
    return Ingested(pl.concat(frames) if frames else empty_records(), ledger)


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
    place: Place
    shift: float
    since: datetime | None
    engine: Engine
    chunk_bytes: int
    progress: Progress | None


def _read_stream(raw: Stream, how: _How) -> tuple[pl.DataFrame, SourceLedger]:
    head = head_of(raw.blocks)
    encoding, skip = encoding_of(head)
    stream = as_utf8(chain((head[skip:],), raw.blocks), encoding)
    sample = head_of(stream)
    plain = raw.path if encoding == "utf-8" and not raw.compression else None
    plan = make_plan(sample_of(sample, plain), Context(how.zone, _not_after(raw.modified, how.since)))
    reader = ChunkReader(raw.name, plan, how.place, how.shift)
    again = (sample[at : at + how.chunk_bytes] for at in range(0, len(sample), how.chunk_bytes))
    told = _told(chain(again, stream), raw.name, how.progress)
    row = SourceLedger(raw.name, plan.name, encoding, how.zone)
    frames: list[pl.DataFrame] = []
    tallies: list[pl.DataFrame] = []
    zone_missing = False
    for result in how.engine.map(reader, cut(told, plan.clean_starts, how.chunk_bytes, skip)):
        frames.append(result.records)
        row = row.add(result.counts, result.notes)
        tallies += [result.tally] if result.tally is not None else []
        zone_missing = zone_missing or result.zone_missing
    notes = [*plan.notes, *turns(tallies)]
    notes += [f"{raw.damage}{READ_SO_FAR if row.lines else ''}"] if raw.damage else []
    notes += [f"the service was set to {how.place.service}"] if how.place.forced else []
    notes += [f"{shown_shift(how.shift)} was added to all times"] if how.shift else []
    notes += [f"times without a zone were read as {how.zone}"] if zone_missing else []
    records = pl.concat(frames) if frames else empty_records()
    row = replace(
        row.add({}, notes).spanning(records["timestamp"]),
        time_zone_assumed=zone_missing,
        sureness=round(plan.choice.sureness, 4) if row.lines else None,
        detail=_detail(plan, raw),
    )
    return records, row


def _detail(plan: Plan, raw: Stream) -> dict[str, Any]:
    choice = plan.choice
    return {
        "compression": raw.compression,
        "share": round(choice.share, 4),
        "runner_up": choice.runner_up,
        "runner_up_share": round(choice.runner_up_share, 4),
        "formats": [{"format": name, "share": round(share, 4)} for name, share in plan.shares],
    }


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
    place: Place
    shift: float = 0.0

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
        within = attached(done.lines["inner"])
        begins = multiline.starts(within, done.claimed, done.multiline)
        records = self._finish(multiline.join(done.lines, begins))
        counts["continuations"] = len(text) - len(records)
        counts["untimed"] = records["timestamp"].null_count()
        counts["records"] = len(records) - counts["untimed"]
        notes = (*notes, *done.notes)
        if done.year_missing and self.plan.context.not_after:
            last = f"{self.plan.context.not_after:%Y-%m-%d}"
            notes = (*notes, f"times without a year got the latest year that does not put them after {last}")
        counted = tally(done.lines["line"], done.reader, within, self.plan.names)
        return ChunkResult(records, counts, notes, done.zone_missing, counted)

    def _finish(self, records: pl.DataFrame) -> pl.DataFrame:
        records = multiline.exceptions(multiline.pretty(records, self.plan.context))
        return conform(
            records.with_columns(
                pl.lit(self.source).alias("source"),
                moved(pl.col("timestamp"), self.shift),
                *self.place.columns(),
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
