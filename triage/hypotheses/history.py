"""The changes by service and in order of time, so that a question about one of thousands costs little."""

from __future__ import annotations

import re
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

#: Fields that name a flag, and a word that looks like the name of one, near the beginning of a summary.
FLAG_NAMES = ("flag", "flag_key", "feature_flag", "feature", "toggle", "key", "name")
HEAD = 200
_MARKED = re.compile(r"\b[A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)+\b")


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
    flipped : mapping
        Changes of flags by the flag's name, also those that are not in reach.
    restarted : mapping
        Restarts that no recorded change explains.
    """

    changed: Mapping[str, Sequence[Change]]
    replaced: Mapping[str, Sequence[Change]]
    undone: Mapping[str, Sequence[Change]]
    restarted: Mapping[str, Sequence[Restart]]
    flipped: Mapping[str, Sequence[Change]]

    def undoing(self, change: Change) -> Change | None:
        """The first rollback of the service after a change, or the next change of the same flag.

        Of a rollback there is none.
        """
        if flag := flag_of(change):
            later = self.flipped.get(flag, ())
            place = bisect_right(later, change.time, key=_begun)
            return later[place] if place < len(later) else None
        rollbacks = self.undone.get(service_key(change.service), ())
        place = bisect_right(rollbacks, change.time, key=_begun)
        return rollbacks[place] if change.kind != "rollback" and place < len(rollbacks) else None


def history_of(facts: Facts) -> History:
    """The history of the changes; worked out once."""
    return facts.remember("history", lambda: _history(facts))


def flag_of(change: Change) -> str | None:
    """The name of the flag that a change flips, if it says so: by a field of its own, or by a word with a mark in it.

    Examples
    --------
    >>> at = datetime.fromisoformat("2026-11-21T02:00:00Z")
    >>> flag_of(Change("a", at, kind="flag", attributes={"flag": "new-cart"}))
    'new-cart'
    >>> flag_of(Change("b", at, kind="flag", summary="new_cart off for 10% of users"))
    'new_cart'
    >>> flag_of(Change("c", at, kind="flag", summary="more users")), flag_of(Change("d", at, kind="deploy"))
    (None, None)
    """
    if change.kind != "flag":
        return None
    named = next((str(change.attributes[name]) for name in FLAG_NAMES if change.attributes.get(name)), "")
    found = _MARKED.search((change.summary or "")[:HEAD]) if not named else None
    return (found[0] if found else named).strip().lower() or None


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
    flipped: dict[str, list[Change]] = {}
    for change in sorted(facts.changes, key=_begun):
        if flag := flag_of(change):
            flipped.setdefault(flag, []).append(change)
    return History(_by_service(facts.near), replaced, undone, restarted, flipped)


def _by_service(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """Changes by service; those without one are left out, for no two of them are known to be of the same."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        if key := service_key(change.service):
            found.setdefault(key, []).append(change)
    return found
