"""Reading on a Dask cluster: the workers open the logs, and what travels is what is counted of them.

A source up to some size, and a packed one, is read by one worker from its beginning to its end: with gzip or tar
nothing else can be done, and many files keep all workers busy as well. A larger plain file is read in parts by many
(see `spans`). What no worker can read by itself, or not within its memory, is read here and sent in chunks: standard
input, large tables and documents, whose beginning says how the rest is read, and large packed files if there is no
folder.

With a folder that workers and this process share, records stay there, in Parquet files, and only what is counted
travels: shapes with their counts, kinds of lines with theirs, and of each record its time and hashes of its text and
its trace, by which sources are compared. A worker knows the shapes of a chunk by numbers of its own. When they are
counted here, a second task writes the file anew with the numbers that hold everywhere: to map them when records are
asked for would cost at each question, and a column of a Parquet file cannot be replaced. What is asked of an incident
later, time series first of all, is read from the folder by this process, a few columns at a time. Without a folder
records travel here.

What a worker had done when it died is done again by another: a task changes nothing that a second run needs. Results
are taken in the order of the sources and of their lines, so all is as it is serially.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from triage.errors import EngineError, UsageError
from triage.ingest.archives import HEAD_BYTES, kind_of
from triage.ingest.aside import Pending
from triage.ingest.at_worker import (
    Desk,
    Whole,
    read_chunk,
    read_part,
    read_whole,
    renumbered,
    survey_stretch,
)
from triage.ingest.chunk_reader import ChunkReader, ChunkResult
from triage.ingest.chunks import Chunk
from triage.ingest.compression import DamageError, codec_of
from triage.ingest.dask_tasks import PATIENCE, Task, Tasks, reason
from triage.ingest.engine import SerialEngine
from triage.ingest.engines import is_client
from triage.ingest.fingerprint import fingerprint
from triage.ingest.folders import Folder
from triage.ingest.keeping import Compared, Keep, Kept
from triage.ingest.options import Progress
from triage.ingest.parquet import MAGIC
from triage.ingest.sources import Source
from triage.ingest.spans import spans, stretches

T = TypeVar("T")
R = TypeVar("R")

#: Bytes of a source that one worker reads as a whole; of one that may be packed, if its records have to be held until
#: they travel.
WHOLE_BYTES, PACKED_BYTES = 32 << 20, 4 << 20
#: Files of records that are written anew at a time, for each task that may be under way.
BEHIND = 4


class DaskEngine:
    """Reads on the workers of a Dask cluster.

    Workers need the same versions of triage and polars as this process, and see the logs under the same absolute paths
    or URLs. Credentials for URLs travel with the tasks. Dask sends code: take a cluster that you trust.

    Parameters
    ----------
    client : distributed.Client
        Of the cluster; no asynchronous one. It stays open.
    folder : str or Path, optional
        A folder, the same for this process and all workers, in which records stay: an incident then works from there.
        What is written there is for one's own user alone, as whom workers have to run, and is removed with the
        incident. Without it records travel here.

    Raises
    ------
    UsageError
        For what is no client, an asynchronous one, or a folder that is none.
    """

    def __init__(self, client: Any, folder: str | Path | None = None) -> None:
        if not is_client(client):
            wanted = "wanted a distributed.Client; the address of a scheduler goes to engine= itself"
            raise UsageError(f"engine: got {type(client).__name__}, {wanted}")
        if folder is not None and not isinstance(folder, str | Path):
            raise UsageError(f"engine: folder: got {type(folder).__name__}, wanted a path, or None")
        if client.asynchronous:
            raise UsageError("engine: got an asynchronous Client, wanted one made with asynchronous=False")
        self._client, self._folder = client, Path(folder).absolute() if folder else None
        if self._folder and not self._folder.is_dir():
            raise UsageError(f"engine: {folder} is no folder here: name one that this process and all workers share")

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Results in the order of `items`, which are sent to the workers."""
        with Tasks(self._client) as tasks, tasks.shared(function) as shared:
            asked = (tasks.ask(f"item {number}", _call, shared, item) for number, item in enumerate(items, 1))
            for task in tasks.in_order(asked):
                yield tasks.answer(task)

    def read_sources(self, read: Any, sources: Iterable[Source], keep: Keep, used: set[str]) -> list[Compared]:
        """What a `SourceReader` gives of all sources, in their order.

        Raises
        ------
        TriageError
            For what cannot be read, as serially; an EngineError for a cluster that fails.
        """
        check_workers(self._client)
        folder = _folder_in(self._folder) if self._folder else None
        with Tasks(self._client) as tasks:
            return _Reading(tasks, folder, read).run(sources, keep, used)


def check_workers(client: Any) -> None:
    """Refuse a cluster whose workers would read otherwise than this process.

    Raises
    ------
    EngineError
        If a worker has not the same code, there is no worker, or the client is not connected.
    """

    def code() -> str | None:  # sent as it stands: a worker need not have the package for it
        try:
            from triage.ingest.fingerprint import fingerprint
        except ImportError:
            return None
        return fingerprint()

    if client.status != "running":
        raise EngineError(f"the client of the cluster is {client.status}: make a new one")
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise EngineError(f"the cluster has no worker, and got none within {PATIENCE:g} s: start some") from error
    try:
        found: dict[str, str | None] = client.run(code)
    except Exception as error:
        raise EngineError(f"the cluster does not answer: {reason(error)}") from error
    for worker, its in sorted(found.items()):
        if its is None:
            raise EngineError(f"{worker} has no triage of this version: install the same on all workers")
        if its != fingerprint():
            raise EngineError(
                f"{worker} runs other code ({its}) than this process ({fingerprint()}): install the same versions of "
                "triage and polars on both"
            )


def _folder_in(where: Path) -> Folder:
    try:
        return Folder(where)
    except OSError as error:
        raise UsageError(f"engine: nothing can be written to {where}: {error.strerror or error}") from error


def _call(function: Callable[[T], R], item: T) -> R:
    return function(item)


class _Reading:
    """One reading of logs: an engine for what is read here, and what workers are asked for.

    Parameters
    ----------
    folder : Folder or None
        Where records stay.
    read : SourceReader
        What reads a source, and its progress.
    """

    def __init__(self, tasks: Tasks, folder: Folder | None, read: Any) -> None:
        self._tasks, self._owner, self._read = tasks, folder, read
        self._progress: Progress | None = read.options.progress
        self._desk = Desk(fingerprint(), folder.path if folder else None)
        self._behind: deque[_Renumbered] = deque()

    def run(self, sources: Iterable[Source], keep: Keep, used: set[str]) -> list[Compared]:
        """Read all sources, small ones several at a time."""
        compared: list[Compared] = []
        here = self._read.on(self, self._progress)
        with self._tasks.shared(self._read.on(SerialEngine())) as read:
            asked = (self._asked(read, source) for source in sources)
            for source, size, task in self._tasks.in_order(asked):
                if task is None:
                    compared += here(source, lambda kept: keep(self._placed(kept)), used)
                    continue
                whole: Whole = self._tasks.answer(task)
                for kept in whole.kept:
                    keep(self._placed(kept))
                compared += whole.compared
                used |= whole.used
                if self._progress:
                    self._progress(source.name, size or 0, sum(one.row.lines for one in whole.compared))
        self._settle(0)
        return compared

    def map(self, reader: ChunkReader, chunks: Iterable[Chunk]) -> Iterator[ChunkResult]:
        """What comes of chunks that are cut here and sent to the workers."""
        with self._tasks.shared(reader) as shared:
            asked = (
                self._tasks.ask(f"{reader.source}, from line {chunk.first_line}", read_chunk, self._desk, shared, chunk)
                for chunk in chunks
            )
            for task in self._tasks.in_order(asked):
                yield self._tasks.answer(task)

    def spans(self, reader: ChunkReader, source: Source, begin: int, size: int) -> Iterator[ChunkResult]:
        """What comes of the parts of a plain file, which workers read."""
        tasks = self._tasks
        with tasks.shared(reader) as shared:
            what = (self._desk, shared, source, size)
            looked = (
                tasks.ask(f"{source.name}, from byte {part.begin}", survey_stretch, *what, part, priority=1)
                for part in stretches(begin, size, self._read.options.chunk_bytes)
            )
            found = (tasks.answer(task) for task in tasks.in_order(looked))
            asked = (
                (span, tasks.ask(f"{source.name}, from byte {span.begin}", read_part, *what, span))
                for span in spans(found)
            )
            lines = 0
            for span, task in tasks.in_order(asked):
                for result in tasks.answer(task):
                    lines += result.counts["lines"]
                    yield result
                if self._progress:
                    self._progress(source.name, span.end or size, lines)

    def _asked(self, read: Any, source: Source) -> tuple[Source, int | None, Task | None]:
        """A source, its size, and the task to read it as a whole; None for that if it is not to be read so."""
        if source.path:
            source = replace(source, path=source.path.absolute())
        size = source.size()
        if not self._as_a_whole(source, size):
            return source, size, None
        return source, size, self._tasks.ask(source.name, read_whole, self._desk, read, source, size)

    def _as_a_whole(self, source: Source, size: int | None) -> bool:
        if size is None:
            return source.remote is not None and self._owner is not None
        if size <= PACKED_BYTES:
            return True
        return self._owner is not None if _is_packed(source) else size <= WHOLE_BYTES

    def _placed(self, kept: Kept) -> Kept:
        """The same, as this process can hold it."""
        if not kept.aside:
            return kept
        return kept._replace(aside=replace(kept.aside, renumber=self._renumber, owner=self._owner))

    def _renumber(self, path: Path, numbers: pl.Series) -> Path | Pending:
        if numbers.equals(pl.int_range(len(numbers), dtype=pl.UInt32, eager=True)):
            return path
        asked = self._tasks.ask(f"records in {path.parent}", renumbered, self._desk, path, numbers, priority=2)
        self._behind.append(_Renumbered(self._tasks, asked, path))
        pending = self._behind[-1]
        self._settle(BEHIND * self._tasks.room)
        return pending

    def _settle(self, most: int) -> None:
        """Wait until at most so many files are still to be written anew."""
        while len(self._behind) > most:
            self._behind.popleft()()


class _Renumbered:
    """A file that is written anew; the old one goes when the new one is there, not before: the task may run again."""

    def __init__(self, tasks: Tasks, task: Task, old: Path) -> None:
        self._tasks, self._task, self._old = tasks, task, old
        self._new: Path | None = None

    def __call__(self) -> Path:
        if self._new is None:
            self._new = self._tasks.answer(self._task)
            self._old.unlink(missing_ok=True)
        return self._new


def _is_packed(source: Source) -> bool:
    """Whether a source can only be read from its beginning, and grows when it is."""
    try:
        with source.open() as raw:
            head = raw.read(HEAD_BYTES)
        return head.startswith(MAGIC) or codec_of(head) is not None or kind_of(head) is not None
    except (DamageError, OSError):  # what cannot be read is told by who reads it
        return True
