"""The changes by service and in order of time, so that a question about one of thousands costs little."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage.changes import Change
from triage.changes.environments import environment_of
from triage.changes.flags import flag_of, taken_back
from triage.hypotheses.elsewhere import here
from triage.hypotheses.facts import Facts
from triage.hypotheses.restarts import Restart, unexplained
from triage.hypotheses.words import service_key

#: Kinds of changes that put another version in place.
REPLACING = frozenset({"deploy", "rollback"})


@dataclass(frozen=True)
class History:
    """What was changed, and what started anew, by service key; each in order of time.

    Changes of another environment (see `elsewhere`) have no part in it, but for those of flags.

    Attributes
    ----------
    changed : mapping
        Changes in reach.
    replaced : mapping
        Those of them that put another version in place.
    undone : mapping
        Rollbacks, also those that are not in reach.
    taken_back : mapping
        From changes of flags, also those that are not in reach, to the later one that takes each back.
    restarted : mapping
        Restarts that no recorded change explains.
    """

    changed: Mapping[str, Sequence[Change]]
    replaced: Mapping[str, Sequence[Change]]
    undone: Mapping[str, Sequence[Change]]
    restarted: Mapping[str, Sequence[Restart]]
    taken_back: Mapping[Change, Change]

    def undoing(self, change: Change) -> Change | None:
        """The first rollback of the service after a change, or the change of the same flag that takes it back.

        Of a rollback there is none.
        """
        if flag_of(change):
            return self.taken_back.get(change)
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
    own, near = here(facts.changes, facts), here(facts.near, facts)
    replaced = _by_service(change for change in near if change.kind in REPLACING)
    undone = _by_service(sorted((c for c in own if c.kind == "rollback"), key=_begun))
    restarted: dict[str, list[Restart]] = {}
    for restart in unexplained(facts.restarts, own):
        restarted.setdefault(service_key(restart.service), []).append(restart)
    return History(_by_service(near), replaced, undone, restarted, _taken_back(facts.changes))


def _taken_back(changes: Sequence[Change]) -> dict[Change, Change]:
    """Of changes that are of one flag, for one service, in one environment."""
    flags: dict[tuple[str, str, str | None], list[Change]] = {}
    for change in sorted(changes, key=_begun):
        if flag := flag_of(change):
            flags.setdefault((flag, service_key(change.service), environment_of(change)), []).append(change)
    pairs = (pair for found in flags.values() for pair in zip(found, taken_back(found), strict=True))
    return {change: back for change, back in pairs if back}


def _by_service(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """Changes by service; those without one are left out, for no two of them are known to be of the same."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        if key := service_key(change.service):
            found.setdefault(key, []).append(change)
    return found
