"""Read sources into records: choose a plan per source, cut into chunks, read each, put the results together."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from triage.errors import InputError, UsageError
from triage.ingest.chunk_reader import ChunkReader
from triage.ingest.chunks import cut
from triage.ingest.clock import check_clock, moved
from triage.ingest.compression import FEED
from triage.ingest.context import Context
from triage.ingest.cutting import clean_starts
from triage.ingest.decode import as_utf8, encoding_of, ends_in_returns, with_newlines, zeros_before
from triage.ingest.documents import Document, is_document
from triage.ingest.engine import Cluster, Engine
from triage.ingest.format_names import TABLES as TEXT_TABLES
from triage.ingest.held import Held, Records
from triage.ingest.how import How
from triage.ingest.ingested import Ingested
from triage.ingest.journal import Journal, is_journal
from triage.ingest.keeping import NO_TRAITS, Compared, Fetch, Keep, extent, traits
from triage.ingest.ledger import Ledger, SourceLedger
from triage.ingest.names import place_of
from triage.ingest.options import Progress, ReadOptions
from triage.ingest.overlaps import overlaps
from triage.ingest.overrides import check_matched, check_services, value_for
from triage.ingest.parquet import MAGIC, read_parquet
from triage.ingest.plan import Plan
from triage.ingest.planning import make_plan
from triage.ingest.read_as import SetFormat, check_read_as
from triage.ingest.sample import head_of, sample_of
from triage.ingest.schema import empty_records
from triage.ingest.skew import skews
from triage.ingest.sources import Source, find_sources
from triage.ingest.spans import in_parts
from triage.ingest.streams import Stream, open_streams
from triage.ingest.turns import turns
from triage.ingest.zones import Zones, check_patterns, check_zones, zone_for

#: Formats that have columns.
TABLES = {"parquet", *TEXT_TABLES}
#: Of so many lines of a binary file one may look like text.
CHANCE = 8
READ_SO_FAR = ": what came before it was read"

Logs = str | Path | Iterable[str | Path]


def read_logs(logs: Logs, **how: Any) -> Ingested:
    """Read every line of every source.

    Parameters
    ----------
    logs : path, glob, directory, URL, ``-`` or a list of them
        What to read.
    **how
        The attributes of `ReadOptions`: ``tz``, ``since``, ``engine``, ``chunk_bytes`` and so on.

    Raises
    ------
    InputError
        If nothing is there to read, or no line of it is a log record.
    UsageError
        If columns were named and no source is a table, or one has no such column.
    """
    held = Held(limit=sys.maxsize)

    def records() -> Records:
        return held.records(empty_records())

    ledger = read_into(held.take, logs, ReadOptions(**how), lambda *of: records().slice(*of))
    return Ingested(records().frame(), ledger)


def read_into(keep: Keep, logs: Logs, options: ReadOptions, fetch: Fetch | None = None) -> Ledger:
    """Read as `read_logs` does, and hand over what is kept of each chunk, in order, instead of holding it.

    Parameters
    ----------
    keep : callable
        Called with what is kept of each chunk.
    fetch : callable, optional
        Gives so many of the records kept so far, from one on. Without it sources are not compared with each other for
        lines that several hold and for clocks that differ.
    """
    zones = check_zones(options.tz)
    names, shifts = check_services(options.services), check_clock(options.clock)
    told = check_read_as(options.read_as, options.formats)
    sources, notes = find_sources(logs)
    used: set[str] = set()
    read = SourceReader(zones, names, shifts, told, options, fetch is not None)
    if isinstance(options.engine, Cluster):
        compared = options.engine.read_sources(read, sources, keep, used)
    else:
        compared = [one for source in sources for one in read(source, keep, used)]
    rows = [one.row for one in compared]
    found = [row.source for row in rows]
    check_patterns(zones, found)
    check_matched("services", names, found)
    check_matched("clock", shifts, found)
    check_matched("read_as", told, found)
    if options.columns and not any(row.format in TABLES for row in rows):
        raise UsageError("columns: none of the logs is a table: give a frame, a Parquet file or a CSV with a header")
    clocks = skews(compared) if fetch else ()
    notes = (*notes, *(overlaps(compared, fetch) if fetch else ()), *(clock.note for clock in clocks))
    idle = [
        f"no line is of the format {one.name!r}: check its pattern" for one in options.formats if one.name not in used
    ]
    ledger = Ledger(tuple(rows), (*notes, *idle), clocks)
    ledger.check()
    _refuse_nothing(ledger)
    return ledger


def _refuse_nothing(ledger: Ledger) -> None:
    """Raise where no source gave a single record: there is nothing to go on with.

    A few bytes of an image or a program read as text by chance: they are no records.
    """
    if ledger.records or ledger.untimed * CHANCE > ledger.undecodable:
        return
    row = ledger.sources[0]
    where = row.source if len(ledger.sources) == 1 else f"{len(ledger.sources)} files, the first {row.source}"
    damage = next((note for s in ledger.sources if not s.lines for note in s.notes), None)
    damage = damage or next((note for s in ledger.sources for note in s.notes if note.endswith(READ_SO_FAR)), None)
    if damage:
        raise InputError(f"{where}: nothing could be read: {damage.removesuffix(READ_SO_FAR)}")
    if ledger.undecodable:
        raise InputError(f"{where}: not text but binary data: give log files, plain or packed")
    raise InputError(f"{where}: empty: no line to read: check that the export has finished")


@dataclass(frozen=True)
class SourceReader:
    """Reads all of a source; holds nothing of this process but its engine, so it can be sent to another with one."""

    zones: Zones
    names: Mapping[str, str]
    shifts: Mapping[str, float]
    formats: Mapping[str, str]
    options: ReadOptions
    compare: bool

    def __call__(self, source: Source, keep: Keep, used: set[str]) -> Iterator[Compared]:
        """Hand over what is kept of each chunk, add the formats that lines have to `used`, and say the rest."""
        for stream in open_streams(source, min(FEED, max(self.options.chunk_bytes, 64))):
            name = stream.name
            place = place_of(name, stream.path).called(value_for(name, self.names))
            shift = value_for(name, self.shifts) or 0.0
            told = SetFormat.of(value_for(name, self.formats), self.options.formats)
            how = How(source, zone_for(name, self.zones), place, shift, told, self.options, self.compare)
            row, found = _read_stream(stream, how, keep, used)
            yield Compared(row, pl.concat([NO_TRAITS, *found]), stream.modified)

    def on(self, engine: Engine, progress: Progress | None = None) -> SourceReader:
        """The same on another engine."""
        return replace(self, options=replace(self.options, engine=engine, progress=progress))


def _read_stream(raw: Stream, how: How, keep: Keep, used: set[str]) -> tuple[SourceLedger, list[pl.DataFrame]]:
    """Read one stream: its ledger, and what it is compared by; names of formats that lines have are added to `used`."""
    head = head_of(raw.blocks)
    if head.startswith(MAGIC):
        return _read_parquet(raw, head, how, keep)
    text = _Text(raw, head)
    context = Context(how.zone, _not_after(raw.modified, how.options.since))
    sample = sample_of(text.sample, text.file)
    plan = _planned(raw.name, sample, context, how)
    size = how.options.chunk_bytes
    again = (text.sample[at : at + size] for at in range(0, len(text.sample), size))
    told = _told(chain(again, text.rest), raw.name, how.options.progress)
    chunks = cut(told, partial(clean_starts, plan), size, text.skip)
    reader = ChunkReader(raw.name, plan, how.place, how.shift, how.options.each, how.compare)
    row = SourceLedger(raw.name, plan.name, text.encoding, plan.zone)
    tallies: list[pl.DataFrame] = []
    found: list[pl.DataFrame] = []
    zone_missing = False
    parts = in_parts(raw, how.source, how.options.engine, reader, text.skip) if text.plain else None
    for result in how.options.engine.map(reader, chunks) if parts is None else parts:
        keep(result.kept)
        row = row.add(result.counts, result.notes).spanning(result.times)
        tallies += [result.tally] if result.tally is not None else []
        found += [result.traits] if result.traits is not None else []
        zone_missing = zone_missing or result.zone_missing
    has = {name for one in tallies for name in one["format"].unique()}
    used.update(has, plan.nested_names)
    notes = [*plan.notes, *(how.format_notes(plan, has) if tallies else []), *turns(tallies)]
    notes += [f"{raw.damage}{READ_SO_FAR if row.lines else ''}"] if raw.damage else []
    notes += [*how.notes, *text.notes, *([raw.changed] if raw.changed else [])]
    notes += [f"times without a zone were read as {how.zone}"] if zone_missing else []
    sureness = round(plan.choice.sureness, 4) if row.lines else None
    row = row.add({}, notes)
    return replace(row, time_zone_assumed=zone_missing, sureness=sureness, detail=_detail(plan, raw)), found


def _read_parquet(raw: Stream, head: bytes, how: How, keep: Keep) -> tuple[SourceLedger, list[pl.DataFrame]]:
    blocks = _told(chain((head,), raw.blocks), raw.name, how.options.progress)
    records, row = read_parquet(raw.name, blocks, how.zone, how.options.columns)
    records = records.with_columns(moved(pl.col("timestamp"), how.shift), *how.place.columns())
    kept = how.options.each(records)
    keep(kept)
    row = row.add({}, [*how.notes, *how.format_notes(None)])
    return row.spanning(extent(records)), [traits(kept.records)] if how.compare else []


def _planned(name: str, sample: pl.Series, context: Context, how: How) -> Plan:
    try:
        return make_plan(sample, context, how.options.columns, tuple(how.options.formats), how.told)
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from error


class _Text:
    """A stream as UTF-8 with a newline behind each line: its beginning, and the rest.

    Attributes
    ----------
    skip : int
        Where it begins in the source, in bytes.
    file : Path or None
        The file in which the same bytes stand, plain or packed.
    plain : bool
        Whether these are the source's own bytes from `skip` on.
    """

    def __init__(self, raw: Stream, head: bytes) -> None:
        self._zeros, head = zeros_before(head, raw.blocks)
        self.encoding, mark = encoding_of(head)
        self.skip = self._zeros + mark
        blocks = as_utf8(chain((head[mark:],), raw.blocks), self.encoding)
        self.sample, self.rest = head_of(blocks), blocks
        self.file = raw.path if self.encoding == "utf-8" else None
        self.plain = self.encoding == "utf-8" and not self._zeros
        self._document: Document | Journal | None = None
        self._returns = ends_in_returns(self.sample)
        if self._returns:
            self.sample, self.rest, self.file = self.sample.replace(b"\r", b"\n"), with_newlines(blocks), None
        elif is_document(self.sample) or is_journal(self.sample):
            kind = Document if is_document(self.sample) else Journal
            self._document = kind(chain((self.sample,), blocks))
            self.rest = iter(self._document)
            self.sample, self.skip, self.file = head_of(self.rest), 0, None
        self.plain = self.plain and not self._returns and not self._document

    @property
    def notes(self) -> tuple[str, ...]:
        """What was made of it; known once it is read."""
        told = [f"the {self._zeros:,} zero bytes that it begins with were left out"] if self._zeros else []
        told += ["lines end with a carriage return alone"] if self._returns else []
        return (*told, *(self._document.notes if self._document else ()))


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
    read = lines = 0
    for block in blocks:
        if progress:
            read, lines = read + len(block), lines + block.count(b"\n")
            progress(name, read, lines)
        yield block


def _not_after(modified: datetime | None, since: datetime | None) -> datetime:
    """The moment that no time without a year can lie after: a day after the file was written.

    With `since` it is most of a year after that, so that what lies shortly before it is not taken for the next year's.
    """
    return since + timedelta(days=330) if since else (modified or datetime.now(UTC)) + timedelta(days=1)
