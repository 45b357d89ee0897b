"""A recording from beginning to end."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from . import folder, nginx, postgres, redis_server, truth
from .customers import plan
from .fleet import Counted, Fleet
from .load import Load
from .programs import Programs, RecorderError, free_port, missing
from .timeline import STEPS, Made, Shop, make

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


def record(out: Path, *, seed: int, minutes: float, say: Callable[[str], None]) -> Recording:
    """Record an incident.

    Parameters
    ----------
    out : Path
        The incident folder; one recorded before is replaced.
    seed : int
        Decides what the customers do.
    minutes : float
        Length of the window; the changes are spread over it in proportion.
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
    _check(out, minutes)
    say(f"recording {minutes:g} minutes; done in about {minutes + AROUND_SECONDS / 60:.1f} minutes")
    with _workplace() as place, Programs() as programs:
        logs = place / "logs"
        shop = _open_shop(programs, place, logs)
        say(f"the shop is open, in {place}")
        with Load(shop.nginx.config.port, plan(60 * minutes, seed)) as load:
            changes = tuple(_make_changes(shop, 60 * minutes, say))
            dump = shutil.copytree(logs, place / "dump")  # before anything is stopped: the trouble goes on
            counted = shop.fleet.counted()
        say("the window is over; stopping")
        told = truth.truth(changes, counted)
        folder.write(out, dump, [made.entry() for made in changes], told, truth.symptom(counted))
    say(f"{out}: cause {told['change_id']}, onset {told['onset']['earliest']} to {told['onset']['latest']}")
    return Recording(out, changes, counted, dict(load.outcomes), programs.groups, place)


def _check(out: Path, minutes: float) -> None:
    if minutes < SHORTEST_MINUTES:
        raise RecorderError(f"--minutes {minutes:g} leaves no time for the changes; try {SHORTEST_MINUTES} or more")
    absent = missing()
    if absent:
        raise RecorderError(f"not installed: {', '.join(absent)}; try: apt-get install {' '.join(absent)}")
    folder.check(out)
    out.parent.mkdir(parents=True, exist_ok=True)


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


def _open_shop(programs: Programs, place: Path, logs: Path) -> Shop:
    for name in LOGS:
        (logs / name).mkdir(parents=True)
    postgres_port = postgres.start(programs, place, logs / "postgresql" / "postgresql.log")
    redis_port = redis_server.start(programs, place, logs / "redis" / "redis.log")
    fleet = Fleet(programs, place, logs, postgres_port, redis_port)
    front = nginx.Nginx(programs, place, logs / "nginx", nginx.Config(free_port(), fleet.checkouts))
    return Shop(fleet, front, redis_port)


def _make_changes(shop: Shop, seconds: float, say: Callable[[str], None]) -> Iterator[Made]:
    began = time.monotonic()
    for number, step in enumerate(STEPS):
        time.sleep(max(0.0, began + step.at * seconds - time.monotonic()))
        made = make(step, number, shop)
        say(f"{dt.datetime.now(dt.UTC):%H:%M:%S} {made.id} {made.kind}: {made.summary}")
        yield made
    time.sleep(max(0.0, began + seconds - time.monotonic()))
