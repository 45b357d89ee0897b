"""Tasks on a Dask cluster: their results in order, a bounded number under way, and errors of one line."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from triage.errors import EngineError, TriageError, UsageError

T = TypeVar("T")

#: Tasks under way for each thread of the workers: one that runs and one that waits, so that no thread does.
A_THREAD, LEAST = 2, 4
#: Seconds after which it is looked again how many threads there are, and whether any.
POLL = 5.0
#: Seconds that a cluster may be without any worker: one that died is started anew, and more may be asked for.
PATIENCE = 60.0


@dataclass(frozen=True)
class Task:
    """Something that was asked of the cluster, and what it is about, for an error."""

    future: Any
    about: str


def same(value: T) -> T:
    """The value: as the result of a task it is sent to a worker once, and again if that worker dies."""
    return value


class Tasks:
    """Asks a cluster for things; what is not done yet in the end is called off.

    Parameters
    ----------
    client : distributed.Client
        Of the cluster.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._open: set[Any] = set()
        self._room, self._seen, self._alive = LEAST, -POLL, time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._client.status == "running":
            self._client.cancel(list(self._open))
        self._open.clear()

    @contextmanager
    def shared(self, value: Any) -> Iterator[Any]:
        """Something that many tasks take as an argument."""
        future = self._submitted(same, value)
        try:
            yield future
        finally:
            self._open.discard(future)

    def ask(self, about: str, function: Callable[..., Any], *arguments: Any, priority: int = 0) -> Task:
        """Call a function on some worker."""
        return Task(self._submitted(function, *arguments, priority=priority), about)

    def _submitted(self, function: Callable[..., Any], *arguments: Any, priority: int = 0) -> Any:
        import dask

        try:
            # A chunk that is sent may be large: by way of the scheduler it is still there when a worker dies.
            with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"}):
                future = self._client.submit(function, *arguments, pure=False, priority=priority)
        except Exception as error:
            raise EngineError(f"nothing can be asked of the cluster: {reason(error)}") from error
        self._open.add(future)
        return future

    def answer(self, task: Task) -> Any:
        """What came of a task.

        Raises
        ------
        TriageError
            What the task raised; or an EngineError that names what it is about, if the cluster did not do it.
        """
        try:
            return self._waited(task.future)
        except TriageError:
            raise
        except Exception as error:
            raise EngineError(f"{task.about}: {reason(error)}") from error
        finally:
            self._open.discard(task.future)

    def in_order(self, tasks: Iterable[T]) -> Iterator[T]:
        """The same tasks, with as many of the next ones asked for as workers can have in hand."""
        source = iter(tasks)
        waiting: deque[T] = deque()
        while True:
            while len(waiting) < self.room and (more := next(source, None)) is not None:
                waiting.append(more)
            if not waiting:
                return
            yield waiting.popleft()

    @property
    def room(self) -> int:
        """How many tasks may be under way."""
        self._look()
        return self._room

    def _look(self) -> None:
        """Note how many threads there are, from time to time.

        Raises
        ------
        EngineError
            If the scheduler is gone, or there has been no worker for long.
        """
        now = time.monotonic()
        if now - self._seen < POLL:
            return
        self._seen = now
        try:
            threads = sum(self._client.nthreads().values()) if self._client.status == "running" else None
        except Exception as error:
            raise EngineError(f"the scheduler does not answer: {reason(error)}") from error
        if threads is None:
            raise EngineError(f"the scheduler of the cluster is gone (the client is {self._client.status})")
        self._room = max(LEAST, A_THREAD * threads)
        if threads:
            self._alive = now
        elif now - self._alive > PATIENCE:
            raise EngineError(
                f"the cluster has had no worker for {PATIENCE:.0f} s: start some, or leave out the engine"
            )

    def _waited(self, future: Any) -> Any:
        while not future.done():
            try:
                return future.result(timeout=POLL)
            except TimeoutError:  # of the task, if it is done
                self._look()
        return future.result()


def reason(error: Exception) -> str:
    """Why the cluster did not do a task."""
    from distributed import KilledWorker

    if isinstance(error, KilledWorker):
        return (
            f"the cluster gave it up: {error.allowed_failures + 1} workers died over it, most often of too little "
            "memory: give workers more of it, or fewer threads each"
        )
    if isinstance(error, CancelledError):
        return "the scheduler knows nothing of it any more: it was closed or started anew, or the task was called off"
    first = (str(error).strip().splitlines() or [""])[0][:200]
    return f"the cluster failed: {type(error).__name__}: {first}".rstrip(": ")


@contextmanager
def connected(address: str, seconds: float) -> Iterator[Any]:
    """A client of the scheduler at an address, closed at the end.

    Raises
    ------
    UsageError
        If `distributed` is not installed.
    EngineError
        If no scheduler answers within so many seconds.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("engine: a Dask cluster needs the package distributed: install the extra 'dask'") from error
    try:
        client: Any = Client(address, timeout=seconds, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise EngineError(f"{address}: no Dask scheduler answers: check host and port, and that it runs") from error
    with client:
        yield client
