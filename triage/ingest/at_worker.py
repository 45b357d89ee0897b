"""What the workers of a cluster are asked to do: functions and values that can be sent to another process.

Records stay in files of a folder that workers and the asking process share, if there is one. What a task wrote before
its worker died is not known to anyone and goes with the folder: a task that runs again writes files of other names, and
takes nothing away that it has read.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from triage.errors import EngineError, InputError
from triage.ingest.aside import Aside
from triage.ingest.chunk_reader import ChunkReader, ChunkResult
from triage.ingest.chunks import Chunk
from triage.ingest.fingerprint import fingerprint
from triage.ingest.held import NUMBER, write_parquet
from triage.ingest.keeping import Compared, Keep, Kept
from triage.ingest.sources import Source
from triage.ingest.spans import Span, Stretch, Survey, read_span, survey

#: Reads a source here: hands over what is kept of each chunk, notes the formats that lines have, and says the rest.
ReadSource = Callable[[Source, Keep, set[str]], Iterable[Compared]]


@dataclass(frozen=True)
class Desk:
    """What all tasks of one reading share.

    Attributes
    ----------
    code : str
        The `fingerprint` of the process that asks.
    folder : Path or None
        Where records stay.
    """

    code: str
    folder: Path | None = None

    def check(self, source: Source | None = None, size: int | None = None) -> None:
        """Refuse to work where the result would not be that of the process that asks.

        Parameters
        ----------
        source, size
            What is to be read, and its bytes there: here it may have grown.

        Raises
        ------
        EngineError
            For another version, and for a folder or a source that is not the one that is meant.
        """
        if self.code != fingerprint():
            raise EngineError(
                f"{here()} runs other code ({fingerprint()}) than the process that asks ({self.code}): install the "
                "same versions of triage and polars on both"
            )
        if self.folder and not self.folder.is_dir():
            raise EngineError(f"{here()} does not see the folder {self.folder}: name one that all workers share")
        if source is None or size is None:
            return
        found = source.size()
        hint = "name logs by absolute paths that all workers see, or by URLs"
        if found is None or (source.path and not os.access(source.path, os.R_OK)):
            what = "has no such file" if found is None else "may not read it"
            raise EngineError(f"{source.name}: {here()} {what}: {hint}")
        if found < size:
            raise EngineError(f"{source.name}: {here()} has {found:,} bytes of it, {size:,} are meant: {hint}")

    def kept(self, kept: Kept) -> Kept:
        """The same with its records in a file, where there is a folder for them."""
        if self.folder is None or not len(kept.records):
            return kept
        path = self._written(kept.records.lazy())
        return Kept(kept.records.clear(), kept.found, Aside(path, len(kept.records)))

    def _written(self, records: pl.LazyFrame) -> Path:
        assert self.folder
        path = self.folder / f"{secrets.token_hex(8)}.parquet"
        try:
            write_parquet(records, path, "lz4")
        except OSError as error:
            reason = error.strerror or error
            raise EngineError(
                f"{here()} cannot write records to {self.folder}: {reason}: see to it, or name another"
            ) from error
        return path


def here() -> str:
    """What this worker is called in an error."""
    return f"the worker on {socket.gethostname()} (process {os.getpid()})"


@dataclass(frozen=True)
class Whole:
    """All of a source: what is to be compared, what was kept of each chunk, and the formats that its lines have."""

    compared: tuple[Compared, ...]
    kept: tuple[Kept, ...]
    used: frozenset[str]


def read_whole(desk: Desk, read: ReadSource, source: Source, size: int | None) -> Whole:
    """Read a source from its beginning to its end."""
    desk.check(source, size)
    kept: list[Kept] = []
    used: set[str] = set()
    with _readable(source):
        compared = tuple(read(source, lambda one: kept.append(desk.kept(one)), used))
    return Whole(compared, tuple(kept), frozenset(used))


def survey_stretch(desk: Desk, reader: ChunkReader, source: Source, size: int, stretch: Stretch) -> Survey:
    """Find a place to cut in a stretch of a file."""
    desk.check(source, size)
    with _readable(source):
        return survey(source, reader.plan, stretch)


def read_part(desk: Desk, reader: ChunkReader, source: Source, size: int, span: Span) -> list[ChunkResult]:
    """Read a part of a file."""
    desk.check(source, size)
    with _readable(source):
        return [replace(one, kept=desk.kept(one.kept)) for one in read_span(source, reader, span)]


def read_chunk(desk: Desk, reader: ChunkReader, chunk: Chunk) -> ChunkResult:
    """Read a chunk that was sent."""
    desk.check()
    result = reader(chunk)
    return replace(result, kept=desk.kept(result.kept))


def renumbered(desk: Desk, path: Path, numbers: pl.Series) -> Path:
    """Write records anew, with other numbers of their shapes."""
    desk.check()
    own = pl.col(NUMBER).replace_strict(pl.int_range(len(numbers), dtype=pl.UInt32, eager=True), numbers)
    return desk._written(pl.scan_parquet(path).with_columns(own.cast(pl.UInt32)))


@contextmanager
def _readable(source: Source) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"{source.name}: cannot be read by {here()}: {error.strerror or error}") from error
