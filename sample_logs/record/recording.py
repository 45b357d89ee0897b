"""A recording from beginning to end."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from . import folder, nginx, postgres, redis_server
from .cron import Cron
from .customers import plan
from .fleet import Counted, Fleet
from .load import Load
from .programs import Command, Programs, RecorderError, free_port, missing
from .scenario import Scenario, Seen
from .timeline import Made, Shop, Step, make

SHORTEST_MINUTES = 0.3
AROUND_SECONDS = 20  # what starting, stopping and compressing take
LOGS = ("nginx", "postgresql", "redis")


@dataclass(frozen=True)
class Recording:
    """A finished recording.

    Attributes
    ----------
    folder : Path
        The incident folder.
    changes : tuple of Made
        The changes, in the order in which they were made.
    counted : tuple of Counted
        What every copy of every service had counted at its end.
    outcomes : dict
        How many requests ended with which status.
    groups : tuple of int
        The process groups that were started; all have ended.
    workplace : Path
        The temporary directory; removed.
    """

    folder: Path
    changes: tuple[Made, ...]
    counted: tuple[Counted, ...]
    outcomes: dict[str, int]
    groups: tuple[int, ...]
    workplace: Path


def record(scenario: Scenario, out: Path, *, say: Callable[[str], None]) -> Recording:
    """Record an incident.

    Parameters
    ----------
    scenario : Scenario
        What is recorded; what is done is spread over its minutes in proportion.
    out : Path
        The incident folder; one recorded before is replaced.
    say : callable
        Is told what happens, a line at a time.

    Returns
    -------
    Recording
        What was done; the logs are in the folder.

    Raises
    ------
    RecorderError
        If a program is missing or does not start, or if nothing went wrong in the window.
    """
    minutes = scenario.minutes
    _check(out, minutes)
    say(f"{scenario.name}: {minutes:g} minutes; done in about {minutes + AROUND_SECONDS / 60:.1f} minutes")
    with _workplace() as place, Programs() as programs:
        logs = place / "logs"
        shop, postgres_port = _open_shop(programs, place, logs, scenario)
        say(f"the shop is open, in {place}")
        errands = plan(60 * minutes, scenario.seed, scenario.customers)
        cron = Cron(place, logs / "report" / "report.log", postgres_port, scenario.report_every)
        with Load(shop.nginx.config.port, errands) as load, cron:
            made = tuple(_make_changes(shop, scenario.steps, 60 * minutes, say))
            dump = shutil.copytree(logs, place / "dump")  # before anything is stopped: the trouble goes on
            counted = shop.fleet.counted()
        say("the window is over; stopping")
        trouble = scenario.tell(Seen(made, counted))
        changes = [one.entry() for one in made if one.role != "hidden"]
        folder.write(out, dump, changes, trouble.entry(), trouble.said(), scenario.readme())
    told = trouble.entry()
    say(f"{out}: cause {told['change_id'] or told['cause']}, onset {told['onset'] or 'none'}")
    return Recording(out, made, counted, dict(load.outcomes), (*programs.groups, *cron.groups), place)


def _check(out: Path, minutes: float) -> None:
    if not math.isfinite(minutes):
        raise RecorderError(f"--minutes {minutes:g}: wanted a number, such as {SHORTEST_MINUTES} or more")
    if minutes < SHORTEST_MINUTES:
        raise RecorderError(f"--minutes {minutes:g} leaves no time for the changes; try {SHORTEST_MINUTES} or more")
    absent = missing()
    if absent:
        raise RecorderError(f"not installed: {', '.join(absent)}; try: apt-get install {' '.join(absent)}")
    folder.check(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecorderError(f"--out {out.parent}: {error.strerror}; try another folder") from error


@contextmanager
def _workplace() -> Iterator[Path]:
    """Make a temporary directory that servers under another user can enter; remove it at the end."""
    place = _first_free("/tmp/shop")
    try:
        yield place
    finally:
        shutil.rmtree(place)


def _first_free(stem: str) -> Path:
    """Make a directory of a name that is the same on every machine, for it stands in tracebacks."""
    for number in itertools.count(1):
        with suppress(FileExistsError):
            place = Path(f"{stem}-{number}")
            place.mkdir()
            place.chmod(0o755)  # whatever the umask
            return place
    raise AssertionError("counting does not end")


def _open_shop(programs: Programs, place: Path, logs: Path, scenario: Scenario) -> tuple[Shop, int]:
    """Start everything, and give the shop and the port of its database."""
    parts = scenario.parts
    for name in LOGS:
        (logs / name).mkdir(parents=True)
    postgres_port = postgres.start(programs, place, logs / "postgresql" / "postgresql.log", parts.sales)
    redis_port = redis_server.start(programs, place, logs / "redis" / "redis.log")
    fleet = Fleet(programs, place, logs, postgres_port, redis_port, parts)
    front = nginx.Nginx(programs, place, logs / "nginx", nginx.Config(free_port(), fleet.checkouts))
    if parts.room is not None:
        redis_server.leave_room(redis_port, parts.room)

    def migrate(pause: float) -> None:
        port, log = str(postgres_port), logs / "migrations" / "migrations.log"
        log.parent.mkdir(exist_ok=True)
        arguments = [sys.executable, "-m", "shop.migrations", "--port", port, "--pause", f"{pause:.3f}"]
        migration = programs.start(Command("migrations", arguments, log, place), lambda: True)
        while migration.alive:
            time.sleep(0.05)

    return Shop(fleet, front, redis_port, 60 * scenario.minutes, migrate), postgres_port


def _make_changes(shop: Shop, steps: Sequence[Step], seconds: float, say: Callable[[str], None]) -> Iterator[Made]:
    began = time.monotonic()
    number = 0
    for step in steps:
        time.sleep(max(0.0, began + step.at * seconds - time.monotonic()))
        made = make(step, number, shop)
        number += step.role != "hidden"  # a gap between the ids would tell of it
        say(f"{dt.datetime.now(dt.UTC):%H:%M:%S} {made.id} {made.kind}: {made.summary}")
        yield made
    time.sleep(max(0.0, began + seconds - time.monotonic()))
