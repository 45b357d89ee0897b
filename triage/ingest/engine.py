"""Where work on chunks runs: any object with `.map(function, items)` that gives results in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from triage.ingest.keeping import Compared, Keep
    from triage.ingest.sources import Source

T = TypeVar("T")
R = TypeVar("R")


class Engine(Protocol):
    """Maps a function over items, results in the items' order."""

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterable[R]:
        """Results in the order of `items`."""
        ...


@runtime_checkable
class Spans(Engine, Protocol):
    """An engine whose workers read parts of a file themselves: no bytes are sent to them."""

    def spans(self, reader: Any, source: Source, begin: int, size: int) -> Iterable[Any]:
        """What a `ChunkReader` gives of all parts of a plain file, in their order; its text begins at byte `begin`."""
        ...


@runtime_checkable
class Cluster(Engine, Protocol):
    """An engine whose workers read whole sources themselves, several at a time."""

    def read_sources(self, read: Any, sources: Iterable[Source], keep: Keep, used: set[str]) -> list[Compared]:
        """What a `SourceReader` gives of all sources, in their order."""
        ...


class SerialEngine:
    """One after the other, in this thread."""

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Results in the order of `items`."""
        return map(function, items)


class ThreadEngine:
    """A few threads: polars releases the interpreter's lock, and decompression does too.

    Parameters
    ----------
    workers : int
        Threads. At most twice as many chunks are in flight, so memory is bounded by chunks, not by the input.
    """

    def __init__(self, workers: int = 2) -> None:
        self.workers = workers

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Results in the order of `items`."""
        source = iter(items)
        with ThreadPoolExecutor(self.workers) as pool:
            waiting: list[Future[R]] = [pool.submit(function, item) for item in islice(source, 2 * self.workers)]
            while waiting:
                yield waiting.pop(0).result()
                waiting.extend(pool.submit(function, item) for item in islice(source, 1))


#: More threads than this gain little: decompressing and cutting are done by one.
MOST_WORKERS = 8


def default_engine() -> Engine:
    """As many threads as this process has processors, up to a few."""
    workers = min(
        MOST_WORKERS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return ThreadEngine(workers) if workers > 1 else SerialEngine()
