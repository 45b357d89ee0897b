"""Versions that lines name, held against the recorded changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from triage.changes import Change
from triage.hypotheses.elsewhere import here
from triage.hypotheses.facts import Facts
from triage.hypotheses.own_versions import same_version
from triage.hypotheses.restarts import EARLY, LATE
from triage.hypotheses.versions import Rollout, Seen, Versions
from triage.hypotheses.words import same_service, service_key

#: Kinds of changes that bring another version.
DEPLOYS = frozenset(("deploy", "rollback"))


def recorded_rollouts(facts: Facts) -> Mapping[str, Rollout]:
    """Rollouts by the id of the recorded deploy that each is: of its service and version, the nearest in time.

    A deploy without a version is one that came while it went on. Worked out once.
    """
    return facts.remember("rollouts", lambda: _recorded(facts))


def _recorded(facts: Facts) -> dict[str, Rollout]:
    deploys = [change for change in here(facts.near, facts) if change.kind in DEPLOYS]
    found: dict[str, Rollout] = {}
    for one in facts.versions.rollouts:
        own = [change for change in deploys if same_service(change.service, one.service) and _fits(change, one)]
        nearest = min(own, key=lambda change: (abs(change.time - one.at), change.id), default=None)
        if nearest and (nearest.id not in found or _apart(nearest, one) < _apart(nearest, found[nearest.id])):
            found[nearest.id] = one
    return found


def _apart(change: Change, rollout: Rollout) -> timedelta:
    return abs(change.time - rollout.at)


def _fits(change: Change, rollout: Rollout) -> bool:
    return same_version(change.version, rollout.version) if change.version else _during(change, rollout)


def _during(change: Change, rollout: Rollout) -> bool:
    return change.time - EARLY <= rollout.at <= (change.end or change.time) + LATE


def unexplained_rollouts(versions: Versions, changes: Sequence[Change]) -> tuple[Rollout, ...]:
    """Rollouts that no recorded change explains: of their service, by its version or its time; of none, by its time."""

    def explained(rollout: Rollout) -> bool:
        return any(
            _during(change, rollout)
            if not change.service
            else same_service(change.service, rollout.service)
            and (_during(change, rollout) or same_version(change.version, rollout.version))
            for change in changes
        )

    return tuple(rollout for rollout in versions.rollouts if not explained(rollout))


def still_running(change: Change, facts: Facts) -> Seen | None:
    """The version from before a deploy, where lines between it and the trouble name that one and no other.

    ``last`` is then the last of these lines before the trouble.
    """
    onset = facts.onset
    if onset is None or change.kind not in DEPLOYS or change.time > onset.latest:
        return None
    done = (change.end or change.time) + LATE
    own = facts.remember(
        ("versions", service_key(change.service)),
        lambda: [one for one in facts.versions.seen if same_service(one.service, change.service)],
    )
    before = [one for one in own if one.first < change.time - EARLY and one.last > done]
    # A line between the two shows it; a version that is seen before and after them does not.
    others = [one for one in own if one.first <= onset.latest and one.last >= change.time - EARLY and one not in before]
    if not before or others or any(same_version(one.version, change.version) for one in before):
        return None
    latest = max(before, key=lambda one: one.last)
    if len({one.version for one in before}) > 1 or latest.last < done:
        return None
    return replace(latest, last=min(latest.last, onset.earliest))
