"""A plain file in parts that can be read each by itself, without the bytes before them.

A stream is cut as it is read. Here many read at once, so places to cut are looked for all over the file first: from
each `step` bytes on, up to the next such place. The newlines are counted on the way: the number of its first line is
all that a part needs from those before it, for its records and for where a source changes its format. That reads the
file twice, the first time as fast as the disk gives it, which costs little beside what reading lines takes.

Places where a stream can be cut differ from those found here, and records do not depend on where that is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from triage.errors import InputError
from triage.ingest.chunk_reader import ChunkReader, ChunkResult
from triage.ingest.chunks import cut, last_clean
from triage.ingest.cutting import clean_starts
from triage.ingest.engine import Engine, Spans
from triage.ingest.guard import LONGEST_LINE
from triage.ingest.plan import Plan
from triage.ingest.sources import Source
from triage.ingest.streams import Stream

#: Bytes looked at for a place to cut, before all up to the next such place are; and bytes read at a time.
LOOK_BYTES, READ_BYTES = 64 << 10, 1 << 20


@dataclass(frozen=True)
class Stretch:
    """Some of a file's bytes, wherever lines begin.

    Attributes
    ----------
    begin : int
        The first byte.
    end : int or None
        The one behind the last; None for the end of the file, however far that is by then.
    first : bool
        Whether the text begins with it.
    """

    begin: int
    end: int | None
    first: bool = False


@dataclass(frozen=True)
class Survey:
    """What was found in a stretch: a place to cut, if any, and the newlines before and behind it (before, if none)."""

    cut: int | None
    before: int
    behind: int


@dataclass(frozen=True)
class Span:
    """A part of a file in which only whole records are: where it begins and ends, and the number of its first line."""

    begin: int
    end: int | None
    first_line: int


def in_parts(
    raw: Stream, source: Source, engine: Engine, reader: ChunkReader, begin: int
) -> Iterable[ChunkResult] | None:
    """What comes of each part of a plain stream, if the engine's workers can read it at any place; else None.

    Parameters
    ----------
    begin : int
        The byte at which its text begins.
    """
    if not isinstance(engine, Spans) or raw.compression or raw.name != source.name:
        return None
    size = raw.size if source.path else source.size()
    if size is None or reader.plan.table:  # of a table only the lines above say whether a line is inside quotes
        return None
    return engine.spans(reader, source, begin, size)


def stretches(begin: int, size: int, step: int) -> list[Stretch]:
    """A file of some size in stretches of `step` bytes, from where its text begins."""
    begins = range(begin, max(size, begin + 1), step)
    return [Stretch(at, at + step if at + step < size else None, at == begin) for at in begins]


def survey(source: Source, plan: Plan, stretch: Stretch) -> Survey:
    """Look for a place to cut in a stretch, and count its newlines. Where the text begins is such a place."""
    with source.open() as raw:
        blocks = _blocks(raw, stretch.begin, stretch.end)
        if stretch.first:
            return Survey(stretch.begin, 0, sum(block.count(b"\n") for block in blocks))
        data = b"".join(blocks)
    at = _place(data[:LOOK_BYTES], plan) or (_place(data, plan) if len(data) > LOOK_BYTES else 0)
    newlines = data.count(b"\n")
    if not at:
        return Survey(None, newlines, 0)
    before = data.count(b"\n", 0, at)
    return Survey(stretch.begin + at, before, newlines - before)


def _place(data: bytes, plan: Plan) -> int:
    """Where a record surely begins; 0 if nowhere. The first line began before, and the last one may go on."""
    return last_clean(data, data.find(b"\n") + 1, data.rfind(b"\n"), partial(clean_starts, plan)) if data else 0


def spans(surveys: Iterable[Survey]) -> Iterator[Span]:
    """The parts between the places that were found in all stretches of a file, in order: larger where none is found."""
    begin, first_line, lines = None, 1, 0
    for found in surveys:
        lines += found.before
        if found.cut is None:
            continue
        if begin is not None:
            yield Span(begin, found.cut, first_line)
            first_line += lines
        begin, lines = found.cut, found.behind
    if begin is not None:
        yield Span(begin, None, first_line)


def read_span(source: Source, reader: ChunkReader, span: Span) -> list[ChunkResult]:
    """Read a part of a file.

    Raises
    ------
    InputError
        If the file cannot be read, or has a line that no log has.
    """
    with source.open() as raw:
        blocks = _guarded(source.name, span.begin, _blocks(raw, span.begin, span.end))
        # A part is a chunk, unless its lines are so many that they take far more memory than their bytes.
        chunks = cut(blocks, partial(clean_starts, reader.plan), sys.maxsize, span.begin, span.first_line)
        return [reader(chunk) for chunk in chunks]


def _blocks(raw: BinaryIO, begin: int, end: int | None) -> Iterator[bytes]:
    raw.seek(begin)
    left = sys.maxsize if end is None else end - begin
    while left and (block := raw.read(min(left, READ_BYTES))):
        left -= len(block)
        yield block


def _guarded(name: str, begin: int, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks without a line that is longer than any that is held in memory."""
    at = begin
    for block in blocks:
        at += len(block)
        if (end := block.rfind(b"\n")) >= 0:
            begin = at - len(block) + end + 1
        elif at - begin > LONGEST_LINE:
            long = f"{name}: a line of over {LONGEST_LINE >> 20} MB begins at byte {begin}"
            raise InputError(f"{long}: read it without a cluster for what comes before it, or take it out")
        yield block
