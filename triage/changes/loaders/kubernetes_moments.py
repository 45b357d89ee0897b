"""Events of Kubernetes, of both of its APIs, as moments: what happened when to which workload.

Fields as in the Kubernetes API reference, "Event" of ``v1`` (``involvedObject``, ``message``, ``firstTimestamp``,
``lastTimestamp``) and of ``events.k8s.io/v1`` (``regarding``, ``note``, ``eventTime``, ``series``,
``deprecatedFirstTimestamp``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from triage.changes.exports import Object, text
from triage.changes.times import HINT, WANTED, read_time
from triage.changes.wording import complaint, one_line, show

#: What Kubernetes makes random parts of names from: no vowels and no 0, 1 and 3, so that no words come about.
_RANDOM = "[bcdfghjklmnpqrstvwxz2456789]"
_SUFFIXES = (
    re.compile(rf"(?P<workload>.+)-{_RANDOM}{{6,10}}-{_RANDOM}{{5}}", re.ASCII),  # Deployment, ReplicaSet, pod
    re.compile(rf"(?P<workload>.+)-{_RANDOM}{{5}}", re.ASCII),  # DaemonSet, pod
    re.compile(r"(?P<workload>.+)-\d{1,5}", re.ASCII),  # StatefulSet, pod
)
_OF_SET = re.compile(rf"(?P<workload>.+)-{_RANDOM}{{6,10}}", re.ASCII)
_SCALED = re.compile(
    r"Scaled (?P<way>up|down) replica set (?P<set>\S{1,253})(?: from (?P<before>\d{1,9}))? to (?P<to>\d{1,9})"
    r"(?: from (?P<from>\d{1,9}))?",
    re.ASCII,
)
_MADE = re.compile(r"(?:Created|Deleted) pod: (?P<pod>\S{1,253})|(?:create|delete) Pod (?P<other>\S{1,253})", re.ASCII)
_IMAGE = re.compile(r"image \"(?P<image>[^\"\s]{1,500})\"", re.ASCII)
_TO_NODE = re.compile(r"Successfully assigned \S{1,600} to (?P<node>\S{1,253})", re.ASCII)


@dataclass(frozen=True, order=True)
class Moment:
    """One event (by its number) at one time, and what its message tells."""

    at: datetime
    reason: str
    kind: str
    namespace: str
    name: str
    message: str
    event: int

    @property
    def workload(self) -> str:
        """The Deployment, StatefulSet or other that the object belongs to, by its name."""
        if self.kind == "Pod":
            return workload_of(self.name)
        if self.kind == "ReplicaSet":
            match = _OF_SET.fullmatch(self.name)
            return match["workload"] if match else self.name
        return self.name

    @property
    def scaled(self) -> tuple[str, bool, int | None, int] | None:
        """Of a scaling: the ReplicaSet, whether up, from how many (if told) and to how many."""
        match = _SCALED.match(self.message)
        if match is None:
            return None
        before = match["before"] or match["from"]
        return match["set"], match["way"] == "up", int(before) if before else None, int(match["to"])

    @property
    def pod(self) -> str:
        """The pod that it is about; empty if none."""
        if self.kind == "Pod":
            return self.name
        match = _MADE.match(self.message)
        return (match["pod"] or match["other"]) if match else ""

    @property
    def image(self) -> str:
        """The container's image in the message; empty if none."""
        match = _IMAGE.search(self.message)
        return match["image"] if match else ""

    @property
    def node(self) -> str:
        """The node that a pod was given; empty if none is told."""
        match = _TO_NODE.match(self.message)
        return match["node"] if match else ""


def workload_of(pod: str) -> str:
    """The workload that a pod belongs to, by the usual names.

    Examples
    --------
    >>> workload_of("checkout-7d9f8c6b5d-x2x4q"), workload_of("kafka-2"), workload_of("node-exporter-x2x4q")
    ('checkout', 'kafka', 'node-exporter')
    """
    match = next((found for suffix in _SUFFIXES if (found := suffix.fullmatch(pod[:300]))), None)
    return match["workload"] if match else pod


def moments(events: Iterable[Object], source: str) -> list[Moment]:
    """The first and, of an event that came again, the last time of each, in order.

    Raises
    ------
    ChangesError
        Names the event (from 1) whose time cannot be read.
    """
    return sorted(moment for number, item in enumerate(events, 1) for moment in _of(number, item, source))


def _of(number: int, item: Object, source: str) -> Iterator[Moment]:
    about = "involvedObject" if "involvedObject" in item else "regarding"
    first = (
        text(item, "firstTimestamp") or text(item, "deprecatedFirstTimestamp") or text(item, "eventTime")
        or text(item, "metadata", "creationTimestamp")
    )  # fmt: skip
    last = (
        text(item, "series", "lastObservedTime") or text(item, "lastTimestamp")
        or text(item, "deprecatedLastTimestamp") or first
    )  # fmt: skip
    for at in dict.fromkeys((first, last)):
        try:
            time = read_time(at, UTC).time
        except ValueError:
            place = f"{one_line(source)}, event {number}, field 'firstTimestamp'"
            raise complaint(place, show(at) if at else "nothing", WANTED, HINT) from None
        kind, name = text(item, about, "kind"), text(item, about, "name")[:300]  # they have 253 characters at most
        message = (text(item, "message") or text(item, "note"))[:2000]
        yield Moment(time, text(item, "reason"), kind, text(item, about, "namespace"), name, message, number)
