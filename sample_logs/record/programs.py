"""Starting programs, and stopping every one of them again."""

from __future__ import annotations

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from triage.errors import TriageError

NEEDED = {"nginx": "nginx", "redis-server": "redis-server", "initdb": "postgresql", "postgres": "postgresql"}
PATIENCE = 20.0
BELOW_EPHEMERAL = (20_000, 32_000)
PORT_TRIES = 100
_PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin")


class RecorderError(TriageError):
    """A recording that could not be made; the text is one line and says what to try."""


def find(name: str) -> str | None:
    """Give the path of a program, or None; Debian keeps PostgreSQL's apart, by version."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    places = os.pathsep.join([os.environ.get("PATH", ""), *map(str, versions), *_PLACES])
    return shutil.which(name, path=places)


def missing() -> list[str]:
    """Name the Debian packages that a recording needs and that are not installed."""
    return sorted({package for name, package in NEEDED.items() if find(name) is None})


def path_of(name: str) -> str:
    """Give the path of a program, or raise `RecorderError` that names its package."""
    found = find(name)
    if found is None:
        raise RecorderError(f"{name} is not installed; try: apt-get install {NEEDED[name]}")
    return found


def free_port() -> int:
    """Give a loopback port that nothing listens on, and that no outgoing connection will be given meanwhile."""
    for _ in range(PORT_TRIES):
        port = random.SystemRandom().randrange(*BELOW_EPHEMERAL)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RecorderError(f"no free port found in {PORT_TRIES} tries between {BELOW_EPHEMERAL}; stop what uses them")


def unprivileged() -> str | None:
    """Name the user for servers that refuse to run as root; None where this is not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@dataclass(frozen=True)
class Command:
    """How to start a program.

    Attributes
    ----------
    name : str
        What to call it in errors.
    arguments : sequence of str
        The program and its arguments.
    log : Path
        The file that gets what it prints; appended to.
    zone : str
        Its time zone (TZ).
    directory : Path
        Where it runs.
    user : str or None
        As whom it runs; None for the user of the recorder.
    stop_with : signal.Signals
        The signal that ends it in good order.
    """

    name: str
    arguments: Sequence[str]
    log: Path
    directory: Path
    zone: str = "UTC"
    user: str | None = None
    stop_with: signal.Signals = signal.SIGTERM


class Program:
    """A running program, the leader of its own process group."""

    def __init__(self, command: Command) -> None:
        self.command = command
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "TZ": command.zone}
        with command.log.open("ab") as log:
            self._process = subprocess.Popen(
                command.arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=command.directory,
                env=environment,
                start_new_session=True,  # Ctrl-C reaches the recorder alone, which stops its programs in order
                user=command.user,
                group=pwd.getpwnam(command.user).pw_gid if command.user else None,
                extra_groups=[] if command.user else None,
            )
        self.group = self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def wait(self, patience: float) -> int:
        """Wait for its end, at most `patience` seconds, and give its exit status."""
        return self._process.wait(patience)

    def stop(self, patience: float = 10.0) -> None:
        """Ask it to end, then end it and whatever it started."""
        if self.alive:
            self._process.send_signal(self.command.stop_with)
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
        if group_lives(self.group):
            self.kill()

    def kill(self) -> None:
        """End the whole group at once."""
        if group_lives(self.group):
            os.killpg(self.group, signal.SIGKILL)
        self._process.wait()


class Programs:
    """Every program that a recording started, stopped in the reverse order when it is over."""

    def __init__(self) -> None:
        self._started: list[Program] = []

    @property
    def groups(self) -> tuple[int, ...]:
        """The process groups that were started, also those of programs that have ended."""
        return tuple(program.group for program in self._started)

    def start(self, command: Command, ready: Callable[[], bool]) -> Program:
        """Start a program and wait until it is ready; raise `RecorderError` if it does not become so."""
        program = Program(command)
        self._started.append(program)
        deadline = time.monotonic() + PATIENCE
        while not ready():
            if not program.alive or time.monotonic() > deadline:
                raise RecorderError(f"{command.name} did not start; it printed: {_last_line(command.log)}")
            time.sleep(0.05)
        return program

    def __enter__(self) -> Programs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for program in reversed(self._started):
                program.stop()
        finally:  # a second Ctrl-C may have cut the loop short
            for program in self._started:
                program.kill()


def run(command: Command) -> None:
    """Run a program that ends by itself; raise `RecorderError` if it fails."""
    program = Program(command)
    try:
        status = program.wait(PATIENCE)
    finally:
        program.kill()
    if status:
        raise RecorderError(f"{command.name} failed; it printed: {_last_line(command.log)}")


def group_lives(group: int) -> bool:
    """Tell whether a process of this group still runs."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def listens(port: int) -> Callable[[], bool]:
    """Give a function that tells whether something listens on a loopback port."""

    def check() -> bool:
        with socket.socket() as probe:
            probe.settimeout(1.0)
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return check


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "nothing"
