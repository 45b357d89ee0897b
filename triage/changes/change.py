"""One change to the running system, and the kinds there are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from triage.changes.times import FIRST, LAST, iso
from triage.changes.wording import complaint, show

#: Each kind with other words that people and tools use for it. A word that is nowhere here means ``other``.
KINDS: dict[str, tuple[str, ...]] = {
    "deploy": (
        "deployment", "deployed", "release", "rollout", "roll_out", "upgrade", "canary", "promotion", "ship",
    ),
    "rollback": ("roll_back", "rolled_back", "revert", "reverted", "downgrade", "undo"),
    "flag": ("feature_flag", "featureflag", "feature", "toggle", "feature_toggle", "experiment"),
    "config": (
        "configuration", "config_change", "configmap", "config_map", "settings", "setting", "parameter",
    ),
    "scale": (
        "scaling", "autoscale", "autoscaling", "scale_up", "scale_down", "scale_out", "scale_in", "resize",
        "capacity", "replicas",
    ),
    "migration": (
        "migrate", "schema", "schema_change", "db_migration", "database_migration", "ddl", "backfill",
    ),
    "infrastructure": (
        "infra", "network", "dns", "host", "node", "cluster", "hardware", "maintenance", "failover",
        "certificate", "terraform",
    ),
    "other": ("misc", "unknown"),
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in (kind, *words)}


def kind_of(word: str) -> str | None:
    """The kind that a word names, in any case and with spaces or hyphens; None for an unknown word.

    Examples
    --------
    >>> kind_of("Feature Flag"), kind_of("roll-out"), kind_of("reboot")
    ('flag', 'deploy', None)
    """
    return _KIND_OF.get(re.sub(r"[-_\s]+", "_", word.strip()[:SHOWN_KIND].lower()))


#: Longer than every word known; a longer text is no kind.
SHOWN_KIND = 40


@dataclass(frozen=True)
class Change:
    """Something that people or machines changed.

    Parameters
    ----------
    id : str
        Unique among the changes of an incident.
    time : datetime
        When it began, aware; kept in UTC.
    end : datetime, optional
        When it was through, aware; kept in UTC; not before `time`.
    kind : str
        One of ``deploy``, ``rollback``, ``flag``, ``config``, ``scale``, ``migration``, ``infrastructure``,
        ``other``.
    service, version, summary : str, optional
        What was changed, to what, and why; texts that others wrote, to be escaped for where they are shown.
    attributes : mapping
        All other fields of the source, made of what JSON can hold. ``kind`` in it is a word that is none of
        the kinds; ``end`` in it is an end that could not be, being before the beginning.
    origin : str
        Where it was read, for people. Not part of equality.
    share : float, optional
        How much of the instances, the traffic or the users got it, from 0 to 1.
    instances : tuple of str
        The hosts or pods that got it, where only some did and their names are told.

    Raises
    ------
    ChangesError
        For an empty id, an unknown kind, a time without a zone, an end before the beginning, or a share that is none.
    """

    id: str
    time: datetime
    end: datetime | None = None
    kind: str = "other"
    service: str | None = None
    version: str | None = None
    summary: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict, hash=False)
    origin: str = field(default="", compare=False)
    share: float | None = None
    instances: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.id:
            raise complaint("change", "an empty id", "one that no other change has", "'deploy-1'")
        if self.kind not in KINDS:
            wanted = f"one of {', '.join(KINDS)}"
            raise complaint(f"change {show(self.id)}", f"kind {show(self.kind)}", wanted, "'other'")
        object.__setattr__(self, "time", _checked(self.time, self.id, "time"))
        if self.end is not None:
            object.__setattr__(self, "end", _checked(self.end, self.id, "end"))
            if self.end < self.time:
                got, wanted = f"end {iso(self.end)}", f"none before its time {iso(self.time)}"
                raise complaint(f"change {show(self.id)}", got, wanted, "end=None")
        if self.share is not None and not 0 <= self.share <= 1:
            raise complaint(f"change {show(self.id)}", f"share {show(self.share)}", "0 to 1", "0.1 for a tenth")
        object.__setattr__(self, "attributes", dict(self.attributes))
        object.__setattr__(self, "instances", tuple(self.instances))

    @property
    def kind_shown(self) -> str:
        """The kind, or the source's own word where it is none of the kinds."""
        own = self.attributes.get("kind")
        return own if self.kind == "other" and isinstance(own, str) and own.strip() else self.kind

    @property
    def canary(self) -> bool:
        """Whether it is called a canary."""
        return self.attributes.get("canary") is True

    def to_dict(self) -> dict[str, Any]:
        """Give an object of ``changes.json``: what is not known is left out, except the service.

        Examples
        --------
        >>> Change("c1", datetime(2024, 5, 1, 12, 30, tzinfo=UTC), attributes={"flag": "v2"}).to_dict()
        {'id': 'c1', 'time': '2024-05-01T12:30:00Z', 'kind': 'other', 'service': None, 'flag': 'v2'}
        """
        row: dict[str, Any] = {"id": self.id, "time": iso(self.time)}
        if self.end is not None:
            row["end"] = iso(self.end)
        row["kind"] = self.kind_shown
        row["service"] = self.service
        texts = {"version": self.version, "summary": self.summary}
        row.update({name: text for name, text in texts.items() if text is not None})
        if self.share is not None:
            row["share"] = self.share
        if self.instances:
            row["instances"] = list(self.instances)
        return row | {name: value for name, value in self.attributes.items() if name not in row}


def _checked(time: datetime, change_id: str, name: str) -> datetime:
    place, got = f"change {show(change_id)}", f"{name} {time.isoformat()}"
    if time.tzinfo is None:
        raise complaint(place, f"{got} without a zone", "an aware datetime", "datetime(..., tzinfo=UTC)")
    if not FIRST <= time < LAST:
        raise complaint(place, got, "one from 1990 to 2099", "its true year")
    return time.astimezone(UTC)
