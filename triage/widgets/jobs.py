"""Work of seconds and minutes, in a thread: the kernel stays free, the reader sees how far it is and can end it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, RLock, Thread
from time import monotonic
from typing import Any, TypeVar

from triage.errors import UsageError

T = TypeVar("T")
#: Seconds between two looks at how far a job is.
EVERY = 0.25


class Cancelled(Exception):  # noqa: N818  (no error: somebody asked for it)
    """The reader ended the job."""


@dataclass
class Job:
    """One piece of work.

    Attributes
    ----------
    what : str
        What is done, for the reader.
    cancellable : bool
        Whether it looks at `tick`, which ends it where the reader wants that.
    said : str
        How far it is, in words.
    share : float or None
        How far it is, between 0 and 1; None where nobody knows.
    """

    what: str
    cancellable: bool = False
    said: str = ""
    share: float | None = None
    begun: float = field(default_factory=monotonic)
    _end: Event = field(default_factory=Event)

    @property
    def seconds(self) -> float:
        """Since it began."""
        return monotonic() - self.begun

    def tick(self) -> None:
        """Go on, or raise `Cancelled`; for the work to call now and then."""
        if self._end.is_set():
            raise Cancelled

    def cancel(self) -> None:
        """Have it end at its next `tick`."""
        self._end.set()

    @property
    def ending(self) -> bool:
        """Whether it was told to end."""
        return self._end.is_set()


class Jobs:
    """One job at a time.

    Parameters
    ----------
    lock : RLock
        Held while a job ends and what it found is taken: nobody begins another from what was there before.
    shown : callable
        Called when a job begins, now and then while it runs, and when it is over; with the job, or None.
    failed : callable
        Called with the exception of a job that failed.
    """

    def __init__(
        self, lock: RLock, shown: Callable[[Job | None], None], failed: Callable[[BaseException], None]
    ) -> None:
        self._lock, self._shown, self._failed = lock, shown, failed
        self._thread: Thread | None = None
        self.job: Job | None = None

    def run(self, job: Job, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Do `work` in a thread, then `done` with what it gave.

        Raises
        ------
        UsageError
            While another job runs.
        """
        if self.job:
            raise UsageError(f"still at work ({self.job.what}): wait for its end, or cancel it")
        self.job = job
        self._thread = Thread(target=self._run, args=(job, work, done), name="triage-guide", daemon=True)
        self._shown(job)
        self._thread.start()
        Thread(target=self._watch, args=(job, self._thread), name="triage-guide-watch", daemon=True).start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end of the job, and of one that it led to, for scripts and tests; whether it came."""
        end = None if timeout is None else monotonic() + timeout
        waited: Thread | None = None
        while self._thread is not waited:
            waited = self._thread
            if waited is not None:
                waited.join(None if end is None else max(0.0, end - monotonic()))
        return self.job is None

    def _run(self, job: Job, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        try:
            found = work()
            with self._lock:
                job.tick()  # told to end at the last moment: what it found is dropped
                self.job = None
                done(found)
        except Cancelled:
            self.job = None
        except BaseException as error:  # shown to the reader: a thread has nobody else to tell
            self.job = None
            self._failed(error)
        finally:
            self._shown(None)

    def _watch(self, job: Job, thread: Thread) -> None:
        while True:
            thread.join(EVERY)
            if not thread.is_alive() or self.job is not job:
                return
            self._shown(job)
