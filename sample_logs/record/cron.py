"""Jobs that are run by the clock, as cron does."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import TracebackType

from .programs import Command, Program


class Cron:
    """Runs the report of the shop every so often in the background, for the length of a `with` block.

    Parameters
    ----------
    directory, log : Path
        Where the code of the shop is, and the file that gets what the job prints.
    postgres_port : int
    seconds : float or None
        From one run to the next; None for no run at all.
    """

    def __init__(self, directory: Path, log: Path, postgres_port: int, seconds: float | None) -> None:
        minutes = f"{(seconds or 0) / 60:g}"
        arguments = [sys.executable, "-m", "shop.report", "--port", str(postgres_port), "--minutes", minutes]
        self._command, self._seconds = Command("report", arguments, log, directory), seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cron")
        self.groups: list[int] = []

    def __enter__(self) -> Cron:
        if self._seconds is not None:
            self._command.log.parent.mkdir(exist_ok=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            program = Program(self._command)
            self.groups.append(program.group)
            while program.alive and not self._stop.wait(0.1):
                continue  # it takes as long as the database does
            program.stop()
