"""Runs of HCP Terraform and Terraform Enterprise that applied something.

Fields as in the HCP Terraform API reference, "Runs" (``data[].attributes``: ``status``, ``message``,
``status-timestamps`` with ``applying-at``, ``applied-at``, ``errored-at``; ``relationships.workspace``; workspaces that
are ``included``).
"""

from __future__ import annotations

from typing import Any

from triage.changes.environments import environment_named
from triage.changes.exports import Object, Told, dig, filled, left_out, numbered, objects, text
from triage.changes.undoing import says_undone


class TerraformRuns:
    """A run that went on to its apply is a change of infrastructure from ``applying-at`` to its end."""

    name = "HCP Terraform runs"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of an answer of the API, or of several pages."""
        found = objects(document, "data")
        if not found or not all(_is_run(item) for item in found):
            return None
        pages = document if isinstance(document, list) else [document]
        included = [one for page in pages for one in objects(dig(page, "included")) or []]
        names = {
            text(one, "id"): text(one, "attributes", "name") for one in included if text(one, "type") == "workspaces"
        }
        rows = [_row(item, names) for item in found if _times(item).get("applying-at")]
        others = [text(item, "attributes", "status") for item in found if not _times(item).get("applying-at")]
        notes = left_out(others, "run", "with nothing applied")
        if any("service" not in row for row in rows):
            notes += ("some runs do not name their workspace: ask the API for them with include=workspace",)
        return Told(numbered(rows), notes)


def _is_run(item: Object) -> bool:
    return text(item, "type") == "runs" and isinstance(dig(item, "attributes", "status-timestamps"), dict)


def _times(item: Object) -> dict[str, Any]:
    times = dig(item, "attributes", "status-timestamps")
    return times if isinstance(times, dict) else {}


def _row(item: Object, names: dict[str, str]) -> dict[str, Any]:
    times, message = _times(item), text(item, "attributes", "message")
    workspace = text(item, "relationships", "workspace", "data", "id")
    ends = ("applied-at", "errored-at", "canceled-at", "force-canceled-at")
    return filled(
        id=text(item, "id"),
        time=times["applying-at"],
        end=next((times[name] for name in ends if times.get(name)), None),
        kind="rollback" if says_undone(message) else "infrastructure",
        service=names.get(workspace),
        summary=message or "Terraform run",
        workspace=workspace,
        environment=environment_named(names.get(workspace, ""), loose=True),
        result=text(item, "attributes", "status"),
        destroys=True if dig(item, "attributes", "is-destroy") is True else None,
    )
