"""The history of an Argo CD application: ``status.history`` of its JSON, or what ``argocd app history`` prints.

Fields as in Argo CD's Application resource (``RevisionHistory``: ``deployStartedAt``, ``deployedAt``, ``revision``,
``source``, ``initiatedBy``; ``OperationState``: ``startedAt``, ``finishedAt``, ``phase``), as given by
``argocd app get APP -o json`` and ``kubectl get applications.argoproj.io -o json``; ``argocd app history`` has no JSON.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from triage.changes.contract import LoadedChanges
from triage.changes.exports import Object, Told, dig, filled, listed, numbered, objects, text
from triage.changes.loaders.tables import cells_under, load_rows
from triage.changes.loaders.text import beginning, read_text
from triage.changes.wording import one_line

_HEADER = re.compile(r"(?:SOURCE[^\n]*\n)?\s*ID\s+DATE\s+REVISION\s*\r?\n", re.ASCII)
_SHORT = re.compile(r"(?P<target>.*?) ?\((?P<revision>[0-9a-f]{7,40})\)", re.ASCII)
_SHA = re.compile(r"[0-9a-f]{40}", re.ASCII)
NO_NAME = "the application's name is not in its history, so the changes name no service"


class ArgoHistory:
    """A list taken out of ``status.history``: the application is not known then."""

    name = "Argo CD"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of the list."""
        found = listed(document, "deployedAt")
        if found is None or not all("revision" in item or "revisions" in item for item in found):
            return None
        return Told(numbered(_history(found, "")), (NO_NAME,))


class ArgoTable:
    """The table that ``argocd app history`` prints."""

    name = "Argo CD"

    def accepts(self, spec: str) -> bool:
        """By its header."""
        return bool(_HEADER.match(beginning(spec)))

    def load(self, spec: str, tz: tzinfo) -> LoadedChanges:
        """All lines of the table.

        Raises
        ------
        ChangesError
            Names the line, from 1.
        """
        body, source = read_text(spec), one_line(spec)
        # An application of several sources has a table for each, in which the same ids and dates come again.
        rows = [
            (line, cells)
            for line, cells in cells_under(body, ("ID", "DATE", "REVISION"))
            if not text(cells, "ID").startswith("SOURCE") and text(cells, "ID") != "ID"
        ]
        found = [_of_cells(cells) for _, cells in rows]
        first = {text(item, "id"): place for place, item in reversed(list(enumerate(found)))}
        kept = sorted(first.values())
        told = Told(numbered(_history([found[place] for place in kept], "")), (NO_NAME,))
        return load_rows(told, [rows[place][0] for place in kept], self.name, source, tz)


def _of_cells(cells: Object) -> dict[str, Any]:
    revision = text(cells, "REVISION")
    match = _SHORT.fullmatch(revision[:500])
    return {
        "id": text(cells, "ID"),
        "deployedAt": text(cells, "DATE"),
        "revision": match["revision"] if match else revision,
        "source": {"targetRevision": match["target"] if match else revision},
    }


def is_application(item: Object) -> bool:
    """Whether an object is an application; ``argocd app get`` leaves out its ``kind``."""
    if text(item, "kind") not in ("", "Application"):
        return False
    return isinstance(dig(item, "status", "history"), list) or isinstance(dig(item, "status", "operationState"), dict)


def application_rows(item: Object) -> list[dict[str, Any]]:
    """The history of an application, and its last operation where that is not in the history, since it failed."""
    name = text(item, "metadata", "name")
    history = [one for one in objects(dig(item, "status", "history")) or [] if one]
    where = filled(
        namespace=text(item, "spec", "destination", "namespace"), cluster=text(item, "spec", "destination", "name")
    )
    rows = [row | where for row in _history(history, name)]
    last = dig(item, "status", "operationState")
    phase, started = text(last, "phase"), text(last, "startedAt")
    if started and phase in ("Failed", "Error", "Running"):
        revision = text(last, "syncResult", "revision") or text(last, "operation", "sync", "revision")
        row = filled(
            id=f"argocd-{name}-{started}", time=started, end=text(last, "finishedAt"), kind="deploy", service=name,
            version=_version(revision, text(item, "spec", "source", "targetRevision")),
            summary=text(last, "message"), result=phase.lower(), revision_deployed=revision, tool="Argo CD",
        )  # fmt: skip
        rows.append(row | where)
    return rows


def _history(history: Sequence[Object], name: str) -> list[dict[str, Any]]:
    """The rows of a history; a rollback is what goes back to a revision from before the last."""
    rows: list[dict[str, Any]] = []
    seen: list[object] = []
    ordered = sorted(history, key=lambda one: (len(text(one, "id")), text(one, "id")))
    for one in ordered:
        revisions = [text(one, "revision")] if text(one, "revision") else dig(one, "revisions")
        deployed = (revisions, dig(one, "source", "helm"), dig(one, "source", "kustomize"))
        back = deployed in seen and deployed != seen[-1]
        rows.append(_row(one, name, revisions, "rollback" if back else "deploy"))
        seen.append(deployed)
    return rows


def _row(one: Object, name: str, revisions: Any, kind: str) -> dict[str, Any]:
    started, deployed = text(one, "deployStartedAt"), text(one, "deployedAt")
    first = revisions[0] if isinstance(revisions, list) and revisions and isinstance(revisions[0], str) else ""
    target = text(one, "source", "targetRevision") or text(one, "sources", 0, "targetRevision")
    where = text(one, "source", "path") or text(one, "source", "chart")
    return filled(
        id=f"argocd-{name}-{text(one, 'id')}" if name else f"argocd-{text(one, 'id')}-{(started or deployed)[:19]}",
        time=started or deployed,
        end=deployed if started else None,
        kind=kind,
        service=name,
        version=_version(first, target),
        tool="Argo CD",
        summary="back to a revision that was deployed before" if kind == "rollback" else None,
        history_id=text(one, "id"),
        repository=text(one, "source", "repoURL"),
        path=where,
        revision_deployed=first,
        by=text(one, "initiatedBy", "username"),
        automated=True if dig(one, "initiatedBy", "automated") is True else None,
    )


def _version(revision: str, target: str) -> str:
    """The target where it is a tag or a chart's version, else the beginning of the commit."""
    if target and any(char.isdigit() for char in target) and not _SHA.fullmatch(target):
        return target
    return revision[:7] if _SHA.fullmatch(revision) else revision
