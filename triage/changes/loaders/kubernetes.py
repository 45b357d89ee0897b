"""Objects of Kubernetes as ``kubectl get -o json`` prints them: those that have a history, told apart by their kind."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from triage.changes.exports import Object, Told, left_out, numbered, objects, text
from triage.changes.loaders import argocd
from triage.changes.loaders.kubernetes_events import GAP, event_rows
from triage.changes.loaders.kubernetes_rollouts import REVISIONS, rollout_rows
from triage.changes.times import read_time
from triage.changes.wording import complaint, count, one_line, show, some

TRY = "kubectl get replicasets -o json, or kubectl get events -o json"


class Kubernetes:
    """ReplicaSets and ControllerRevisions (roll-outs), Events, and applications of Argo CD."""

    name = "Kubernetes"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of a List, of several objects or of one.

        Raises
        ------
        ChangesError
            If there are objects, and none of a kind that has a history.
        """
        found = _objects(document)
        if found is None:
            return None
        applications = [item for item in found if argocd.is_application(item)]
        revisions = [item for item in found if text(item, "kind") in REVISIONS]
        events = [item for item in found if text(item, "kind") == "Event"]
        known = len(applications) + len(revisions) + len(events)
        others = [text(item, "kind") or "no kind" for item in found if not _is_known(item)]
        if found and not known:
            kinds = some([show(kind) for kind in dict.fromkeys(others)])
            raise complaint(one_line(source), f"objects of kind {kinds}, which have no history", "a history", TRY)
        rollouts, rollout_notes = rollout_rows(revisions)
        happened, event_notes = event_rows(events, source)
        rollouts, joined = _joined(rollouts, happened)
        rows = [row for item in applications for row in argocd.application_rows(item)]
        notes = (*rollout_notes, *event_notes, *joined, *left_out(others, "object", "having no history"))
        return Told(numbered([*rows, *rollouts, *happened]), notes)


def _joined(rollouts: list[dict[str, Any]], happened: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """The roll-outs that no event tells of; those of events get the version and the images of their ReplicaSet."""
    by_name = {row["id"]: row for row in rollouts if "id" in row and "time" in row}
    told = set()
    for row in happened:
        own = by_name.get(f"{row.get('namespace', '')}/{row.get('replica_set', '')}".removeprefix("/"))
        if own is None:
            continue
        row.update({name: own[name] for name in ("version", "images") if name in own and name not in row})
        if abs(_seconds(row["time"]) - _seconds(own["time"])) <= GAP.total_seconds():
            told.add(own["id"])
    notes = [f"{count(len(told), 'ReplicaSet')} told of by events as well, made into one change each"] if told else []
    return [row for row in rollouts if row.get("id") not in told], notes


def _seconds(time: object) -> float:
    """Seconds since 1970; far away for what is no time, of which reading the row will complain."""
    try:
        return read_time(time, UTC).time.timestamp()
    except ValueError:
        return float("inf")


def _is_known(item: Object) -> bool:
    return text(item, "kind") in (*REVISIONS, "Event") or argocd.is_application(item)


def _objects(document: Any) -> list[Object] | None:
    if isinstance(document, dict) and text(document, "kind").endswith("List") and "apiVersion" in document:
        return objects(document, "items")
    single = isinstance(document, dict)
    found = [document] if single else objects(document)
    if found and all(text(item, "kind") == "List" for item in found):
        return objects(document, "items")
    if not found or not all(_is_object(item) for item in found):
        return None
    return found


def _is_object(item: Object) -> bool:
    if not isinstance(item.get("metadata"), dict):
        return False
    return ("apiVersion" in item and "kind" in item) or argocd.is_application(item)
