"""Which events of Kubernetes are changes: roll-outs, scaling, nodes that come and go, pods that are moved.

A roll-out makes dozens of events, and none of its pods' is a change of its own: what happens to one workload or node
without a pause longer than `GAP` is one change. Reasons as the controllers, the kubelet and the scheduler give them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from triage.changes.exports import Object, filled, left_out
from triage.changes.loaders.kubernetes_moments import Moment, moments
from triage.changes.loaders.kubernetes_rollouts import split_image
from triage.changes.times import iso
from triage.changes.undoing import says_undone
from triage.changes.wording import count

GAP = timedelta(minutes=10)
#: Events of one moment are written by several controllers, and not in order.
SLACK = timedelta(seconds=5)

ROLLOUT = frozenset(
    ["ScalingReplicaSet", "DeploymentRollback", "RolloutUpdated", "RolloutAborted", "NewReplicaSetCreated"]
)
SCALE = frozenset(["SuccessfulRescale"])
#: Nodes that an autoscaler of the cluster adds or takes away.
NODES = frozenset(["ScaledUpGroup", "ScaleDown", "ScaleDownEmpty"])
NODE = frozenset(
    [
        "NodeReady", "NodeNotReady", "NodeSchedulable", "NodeNotSchedulable", "Rebooted", "Starting", "Shutdown",
        "RegisteredNode", "RemovingNode", "DeletingNode", "DeletingAllPods", "NodeHasDiskPressure",
        "NodeHasInsufficientMemory", "NodeHasInsufficientPID", "NodeOutOfDisk",
    ]
)  # fmt: skip
#: Pods that come and go; part of the roll-out or scaling of their workload where there is one.
PODS = frozenset(
    [
        "Scheduled", "Killing", "Evicted", "Preempted", "Preempting", "TaintManagerEviction", "NodeControllerEviction",
        "SuccessfulCreate", "SuccessfulDelete", "RecreatingFailedPod",
    ]
)  # fmt: skip
#: Tell the version of what is rolled out.
IMAGES = frozenset(["Pulling", "Pulled"])
#: A CronJob's Job, named after the minute it was due, and its pods.
_OF_CRON = re.compile(r".+-\d{8,10}(?:-[a-z0-9]{5})?", re.ASCII)
_OWN_FAULT = re.compile(r"fail(?:ed|ing)|will be restarted|unhealthy|oom|deadline", re.IGNORECASE)


@dataclass
class Happening:
    """What happened to one workload or node without a long pause."""

    what: str
    moments: list[Moment] = field(default_factory=list)
    pods: list[Moment] = field(default_factory=list)
    ups: set[str] = field(default_factory=set)
    downs: set[str] = field(default_factory=set)

    def has_room_for(self, moment: Moment) -> bool:
        """Whether a later moment belongs to it: soon enough, and not the way back to what it took down."""
        if moment.at - self.moments[-1].at > GAP:
            return False
        if moment.scaled is None or not moment.scaled[1]:
            return True
        name = moment.scaled[0]
        return name not in self.downs or self.ups <= {name}

    def take(self, moment: Moment) -> None:
        """Add a moment."""
        self.moments.append(moment)
        if moment.scaled:
            name, up, _, _ = moment.scaled
            (self.ups if up else self.downs).add(name)


Key = tuple[str, str, str]


def event_rows(events: Iterable[Object], source: str) -> tuple[list[dict[str, Any]], list[str]]:
    """A row for each happening, and notes on what was left out.

    Raises
    ------
    ChangesError
        If the time of an event cannot be read.
    """
    ordered = moments(events, source)
    if not ordered:
        return [], []
    found: dict[Key, list[Happening]] = defaultdict(list)
    others: dict[int, str] = {}
    pods: list[Moment] = []
    images: dict[tuple[str, str], list[Moment]] = defaultdict(list)
    of_jobs = {moment.pod for moment in ordered if moment.kind == "Job" and moment.pod}
    for moment in ordered:
        what = "" if moment.pod in of_jobs or _OF_CRON.fullmatch(moment.name) else _what(moment)
        if what == "pods":
            pods.append(moment)
        elif what == "image":
            images[moment.namespace, moment.name.rpartition("-")[0]].append(moment)  # by the pod's ReplicaSet
        elif what:
            _add(found[moment.namespace, moment.workload, what], what, moment)
        else:
            others[moment.event] = moment.reason or "no reason"
    starts = {key: [one.moments[0].at for one in happenings] for key, happenings in found.items()}
    for moment in pods:
        _place(moment, found, starts)
    versions = {key: _version(pulled) for key, pulled in images.items()}
    rows = [row for key, happenings in found.items() for row in _rows(happenings, key[0], versions)]
    told = {(row.get("namespace", ""), row.get("replica_set")) for row in rows}
    others |= {one.event: one.reason for key, pulled in images.items() if key not in told for one in pulled}
    seen = len({moment.event for moment in ordered})
    return sorted(rows, key=lambda row: (row["time"], row["id"])), _notes(seen, len(rows), [*others.values()])


def _notes(events: int, rows: int, others: list[str]) -> list[str]:
    minutes = int(GAP.total_seconds()) // 60
    told = (
        f"{count(events - len(others), 'event')} made into {count(rows, 'change')}: what happens to a workload or node "
        f"without a pause of {minutes} min is one, with what its pods do"
    )
    return [told, *left_out(others, "event", "no changes, but effects or everyday work")]


def _what(moment: Moment) -> str:
    """Which sort of happening a moment is part of; empty for none."""
    if moment.reason in NODES or (moment.kind == "Node" and moment.reason in NODE):
        return "node"
    if moment.reason in ROLLOUT or moment.reason in SCALE:
        return "rollout"  # an autoscaler is mostly named like what it scales, which then tells of the same
    if moment.reason in IMAGES and moment.kind == "Pod":
        return "image"
    if moment.reason in PODS and moment.kind not in ("Job", "CronJob"):
        return "" if moment.reason == "Killing" and _OWN_FAULT.search(moment.message) else "pods"
    return ""


def _add(happenings: list[Happening], what: str, moment: Moment) -> None:
    if not happenings or not happenings[-1].has_room_for(moment):
        happenings.append(Happening(what))
    happenings[-1].take(moment)


def _place(moment: Moment, found: dict[Key, list[Happening]], starts: dict[Key, list[datetime]]) -> None:
    """Put what a pod did to the roll-out or scaling of its workload, or else to what its pods did alone."""
    key = (moment.namespace, moment.workload, "rollout")
    place = bisect_right(starts.get(key, []), moment.at + SLACK) - 1
    if place >= 0 and moment.at <= found[key][place].moments[-1].at + GAP:
        found[key][place].pods.append(moment)
        return
    _add(found[moment.namespace, moment.workload, "pods"], "pods", moment)


def _rows(
    happenings: list[Happening], namespace: str, versions: Mapping[tuple[str, str], str]
) -> Iterator[dict[str, Any]]:
    gone: set[str] = set()
    for happening in happenings:
        kind, new = _kind(happening, gone)
        yield _row(happening, kind, filled(replica_set=new, version=versions.get((namespace, new))))
        gone |= happening.downs


def _row(happening: Happening, kind: str, more: dict[str, Any]) -> dict[str, Any]:
    first, last = happening.moments[0], happening.moments[-1]
    came = [m for m in (*happening.moments, *happening.pods) if m.reason in ("Scheduled", "SuccessfulCreate")]
    until = max([last.at, *(m.at for m in came)])
    node = happening.what == "node"
    name = f"{first.namespace}/{first.workload}" if first.namespace else first.workload
    row = filled(
        id=f"{name}@{iso(first.at)}" if happening.what == "rollout" else f"{name}@{iso(first.at)}-{happening.what}",
        time=iso(first.at),
        end=iso(until) if until > first.at else None,
        kind=kind,
        service=None if node else first.workload,
        summary=_summary(happening),
        instances=[first.workload] if node else sorted({m.pod for m in came if m.pod}),
        on_nodes=sorted({m.node for m in came if m.node}),
        namespace=first.namespace,
    )
    return row | more


def _kind(happening: Happening, gone: set[str]) -> tuple[str, str]:
    """The kind, and the ReplicaSet that a roll-out brought; `gone` are those that were taken down before."""
    if happening.what != "rollout":
        return "infrastructure", ""
    scaled = [moment.scaled for moment in happening.moments if moment.scaled]
    new = next((name for name, up, _, _ in reversed(scaled) if up), "")
    if any(says_undone(m.message) or m.reason in ("DeploymentRollback", "RolloutAborted") for m in happening.moments):
        return "rollback", new
    if not scaled:
        return ("deploy" if any(m.reason in ROLLOUT for m in happening.moments) else "scale"), ""
    if len(happening.ups | happening.downs) == 1 and not any(up and start == 0 for _, up, start, _ in scaled):
        return "scale", ""
    return ("rollback" if new in gone and len(happening.ups | happening.downs) > 1 else "deploy"), new


def _version(images: list[Moment]) -> str:
    """The tag of the image that the pods pulled last; of one that is named like the workload, if any is."""
    pulled = [m for m in images if m.image]
    named = [m for m in pulled if split_image(m.image)[0].rpartition("/")[2] == m.workload]
    return split_image((named or pulled)[-1].image)[1] if pulled else ""


def _summary(happening: Happening) -> str:
    if happening.what == "pods":
        pods = len({moment.pod or moment.name for moment in happening.moments})
        return f"{count(pods, 'pod')} moved: {_counted(m.reason for m in happening.moments)}"
    if happening.what == "node":
        return _counted(moment.reason for moment in happening.moments)
    messages = list(dict.fromkeys(moment.message for moment in happening.moments if moment.message))
    return messages[0] if len(messages) == 1 else f"{messages[0]}; … {messages[-1]}" if messages else ""


def _counted(reasons: Iterator[str]) -> str:
    return ", ".join(f"{number} {reason}" for reason, number in sorted(Counter(reasons).items()))
