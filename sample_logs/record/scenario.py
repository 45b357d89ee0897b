"""What is recorded as one incident: the parts of the shop, what is done to it, and what is true of it afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .customers import Customers
from .fleet import Counted, Parts
from .programs import RecorderError
from .timeline import Made, Role, Step, stamp

Span = tuple[dt.datetime, dt.datetime]
NOTICED = dt.timedelta(seconds=90)  # how long it takes until somebody writes to the support


@dataclass(frozen=True)
class Seen:
    """What was done, and what the services had counted at the end of the window.

    Attributes
    ----------
    made : tuple of Made
        Also what is in no list of changes.
    counted : tuple of Counted
        Of every copy of every service that ever ran.
    """

    made: Sequence[Made]
    counted: Sequence[Counted]

    def step(self, role: Role) -> Made:
        """Give what was made in a role."""
        return next(made for made in self.made if made.role == role)

    def first(self, service: str, what: str, name: str, since: dt.datetime) -> Span:
        """Give when the first answer of a kind was asked for and given, over all copies that ran since then.

        Parameters
        ----------
        service : str
        what : str
            ``failed`` or ``slow``.
        name : str
            The type of the error, or the first word of the path.
        since : datetime

        Raises
        ------
        RecorderError
            If there was none: then nothing went wrong.
        """
        entries = [one.counters.get(what, {}).get(name) for one in self.counted if one.service == service]
        spans = [
            tuple(dt.datetime.fromisoformat(entry[key]) for key in ("began", "answered")) for entry in entries if entry
        ]
        late = sorted(span for span in spans if span[1] >= since)
        if not late:
            raise RecorderError(
                f"no {name} in {service}, so there is no incident; try another --seed or more --minutes"
            )
        return late[0][0], late[0][1]

    def count(self, service: str, what: str, name: str) -> int:
        """Count the answers of a kind."""
        return sum(
            one.counters.get(what, {}).get(name, {}).get("count", 0) for one in self.counted if one.service == service
        )


@dataclass(frozen=True)
class Trouble:
    """What is true of an incident.

    Attributes
    ----------
    service : str or None
        Where the fault is; None for a quiet window.
    onset : pair of datetime or None
        From when to when its first visible effect was.
    change : Made or None
        The recorded change that brought it.
    marks : tuple of str
        Regular expressions: lines with one of them show the trouble, and others do not.
    notes : str
        What happened, and how the onset is known.
    symptom : str
        What the support heard; ``{time}`` is when.
    others : tuple of Trouble
        Further problems in the same window.
    """

    service: str | None
    onset: Span | None
    change: Made | None
    marks: tuple[str, ...]
    notes: str
    symptom: str
    others: tuple[Trouble, ...] = ()

    def entry(self) -> dict[str, Any]:
        """Give it as it stands in `truth.json`."""
        onset = {"earliest": stamp(self.onset[0]), "latest": stamp(self.onset[1])} if self.onset else None
        cause = {
            "cause": "change" if self.change else "unrecorded",
            "change_id": self.change.id if self.change else None,
        }
        what = {"service": self.service, "onset": onset, "marks": list(self.marks), "notes": self.notes}
        others = {"others": [other.entry() for other in self.others]} if self.others else {}
        return cause | what | others

    def said(self) -> str:
        """Give what the support heard."""
        return self.symptom.format(time=f"{self.onset[1] + NOTICED:%H:%M} UTC") if self.onset else self.symptom


@dataclass(frozen=True)
class Scenario:
    """An incident that can be recorded.

    Attributes
    ----------
    name : str
        Of its folder.
    minutes : float
        Length of the window.
    seed : int
        Decides what the customers do.
    steps : tuple of Step
        In order of time.
    tell : callable
        Given `Seen`, what is true.
    done, conclude, hard : str
        What was done, what a person would conclude, and what makes it hard; one line each.
    parts : Parts
    customers : Customers
    report_every : float or None
        Seconds from one run of the report to the next.
    """

    name: str
    minutes: float
    seed: int
    steps: tuple[Step, ...]
    tell: Callable[[Seen], Trouble]
    done: str
    conclude: str
    hard: str
    parts: Parts = field(default_factory=Parts)
    customers: Customers = field(default_factory=Customers)
    report_every: float | None = None

    def readme(self) -> str:
        """Give the five lines that stand beside the logs."""
        lines = (
            f"# {self.name}: {self.minutes:g} minutes, seed {self.seed}",
            f"- Done: {self.done}",
            f"- A person would conclude: {self.conclude}",
            f"- Hard: {self.hard}",
            f"- Again: `make incidents NAMES={self.name}`; the forms and zones of the logs are in ../README.md",
        )
        return "\n".join(lines) + "\n"
