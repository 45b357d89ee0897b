"""Reading logs for the guide: in the background, with how far it is, and with what people said carried over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from triage.errors import InputError
from triage.hypotheses.words import duration
from triage.incident import Incident
from triage.ingest.sources import find_sources
from triage.pipeline import load
from triage.settings import Settings
from triage.widgets.jobs import Job

#: How many bytes a packed one becomes, until some were read.
UNPACKED = 8.0
PACKED = (".gz", ".bz2", ".xz", ".lzma", ".zst", ".zip", ".tgz")
#: What follows when all is read; how far that is, nobody knows.
AFTER = "all lines are read; now templates, onsets and hypotheses"


@dataclass
class Meter:
    """How far reading is, from what is read of each source.

    Parameters
    ----------
    job : Job
        Told of it, and asked whether to go on.
    logs : list of str
        As `triage.load` takes them.
    """

    job: Job
    logs: list[str]
    _sizes: dict[str, float] = field(default_factory=dict)
    _read: dict[str, int] = field(default_factory=dict)
    _lines: dict[str, int] = field(default_factory=dict)
    _guessed: bool = False

    def __post_init__(self) -> None:
        for source in find_sources(self.logs)[0]:
            size = _size(source)
            packed = source.name.lower().endswith(PACKED)
            self._sizes[source.name] = size * (UNPACKED if packed else 1.0)
            self._guessed = self._guessed or packed

    def __call__(self, name: str, read: int, lines: int) -> None:
        """Take in that so many bytes and lines of a source are read; raises where the reader ended the job."""
        self.job.tick()
        self._read[name], self._lines[name] = read, lines
        done, total = sum(self._read.values()), self._total()
        seconds, count = max(self.job.seconds, 1e-3), sum(self._lines.values())
        self.job.share = min(1.0, done / total) if total else None
        said = f"{done / 1e6:,.0f} MB, {count:,} lines, {count / seconds:,.0f} lines/s"
        left = seconds * (total - done) / done if done and total else 0.0
        self.job.said = f"{said}, about {duration(timedelta(seconds=left))} left" if left >= 1 else said
        if 0 < total <= done and not self._guessed:
            self.job.share, self.job.said = None, f"{count:,} lines; {AFTER}"

    def _total(self) -> float:
        """Bytes in all, as far as anyone knows: of a source that is read further than was thought, what is read."""
        return sum(max(size, self._of(name)) for name, size in self._sizes.items())

    def _of(self, name: str) -> int:
        """What is read of a source and of what lies in it."""
        return sum(read for other, read in self._read.items() if other == name or other.startswith(f"{name}!"))


def _size(source: Any) -> int:
    try:
        return source.size() or 0
    except InputError:
        return 0  # gone since it was listed: reading says so


def read_again(incident: Incident, settings: Settings, job: Job) -> Callable[[], Incident]:
    """What reads the logs of an incident under other settings; changes, symptom and what people said stay."""

    def work() -> Incident:
        return carried(read(list(settings.logs), incident.changes, incident.symptom, settings, job), incident)

    return work


def read(logs: list[str], changes: Any, symptom: str | None, settings: Settings, job: Job) -> Incident:
    """Read logs, telling `job` how far it is."""
    found = load(logs, changes, symptom, **settings.given, progress=Meter(job, logs))
    job.tick()
    return found


def warmed(incident: Incident) -> Incident:
    """The incident, with what its summary needs found already."""
    incident.summary()
    return incident


def carried(found: Incident, before: Incident) -> Incident:
    """An incident with what people said of the one before, in the meantime included, and ranked with their checks."""
    if before.own_checks and not found.own_checks:
        found = found.with_checks(before.own_checks)
    if before.symptom != found.symptom:
        found = found.with_symptom(before.symptom)
    return found.carry_over(before)
