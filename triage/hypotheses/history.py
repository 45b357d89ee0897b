"""The changes by service and in order of time, so that a question about one of thousands costs little."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage.changes import Change
from triage.hypotheses.facts import Facts
from triage.hypotheses.restarts import Restart, unexplained
from triage.hypotheses.words import service_key

#: Kinds of changes that put another version in place.
REPLACING = frozenset({"deploy", "rollback"})


@dataclass(frozen=True)
class History:
    """What was changed, and what started anew, by service key; each in order of time.

    Attributes
    ----------
    changed : mapping
        Changes in reach.
    replaced : mapping
        Those of them that put another version in place.
    undone : mapping
        Rollbacks, also those that are not in reach.
    restarted : mapping
        Restarts that no recorded change explains.
    """

    changed: Mapping[str, Sequence[Change]]
    replaced: Mapping[str, Sequence[Change]]
    undone: Mapping[str, Sequence[Change]]
    restarted: Mapping[str, Sequence[Restart]]

    def undoing(self, change: Change) -> Change | None:
        """The first rollback of the service after a change; of a rollback there is none."""
        rollbacks = self.undone.get(service_key(change.service), ())
        place = bisect_right(rollbacks, change.time, key=_begun)
        return rollbacks[place] if change.kind != "rollback" and place < len(rollbacks) else None


def history_of(facts: Facts) -> History:
    """The history of the changes; worked out once."""
    return facts.remember("history", lambda: _history(facts))


def last_until(changes: Sequence[Change], at: datetime) -> Change | None:
    """The last of some changes, which are in order of time, that had begun by then."""
    place = bisect_right(changes, at, key=_begun)
    return changes[place - 1] if place else None


def _begun(change: Change) -> datetime:
    return change.time


def _history(facts: Facts) -> History:
    replaced = _by_service(change for change in facts.near if change.kind in REPLACING)
    undone = _by_service(sorted((c for c in facts.changes if c.kind == "rollback"), key=_begun))
    restarted: dict[str, list[Restart]] = {}
    for restart in unexplained(facts.restarts, facts.changes):
        restarted.setdefault(service_key(restart.service), []).append(restart)
    return History(_by_service(facts.near), replaced, undone, restarted)


def _by_service(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """Changes by service; those without one are left out, for no two of them are known to be of the same."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        if key := service_key(change.service):
            found.setdefault(key, []).append(change)
    return found
