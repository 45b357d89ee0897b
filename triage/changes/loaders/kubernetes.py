"""Objects of Kubernetes as ``kubectl get -o json`` prints them: those that have a history, told apart by their kind."""

from __future__ import annotations

from typing import Any

from triage.changes.exports import Object, Told, left_out, numbered, objects, text
from triage.changes.loaders import argocd
from triage.changes.loaders.kubernetes_events import event_rows
from triage.changes.loaders.kubernetes_rollouts import REVISIONS, rollout_rows
from triage.changes.wording import complaint, one_line, show, some

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
        rows = [row for item in applications for row in argocd.application_rows(item)]
        notes = (*rollout_notes, *event_notes, *left_out(others, "object", "having no history"))
        return Told(numbered([*rows, *rollouts, *happened]), notes)


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
