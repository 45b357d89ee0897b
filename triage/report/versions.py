"""Versions of services that the logs show: in the summary, and as rows of a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from triage.escape import clip
from triage.hypotheses.version_facts import recorded_rollouts
from triage.report.page import VersionRow
from triage.report.words import change_name, clock, lag

if TYPE_CHECKING:
    from triage.incident import Incident

#: Characters of a version or a service in a table.
CELL = 100


def version_rows(incident: Incident) -> list[dict[str, Any]]:
    """A row for each time that lines show another version of a service, with the recorded change that it is."""
    recorded = {rollout: change for change, rollout in recorded_rollouts(incident.facts).items()}
    return [
        {
            "service": one.service, "version": one.version, "before": one.before, "at": _text(one.at),
            "after": _text(one.after), "until": _text(one.until), "instances": one.instances, "of": one.of,
            "change_id": recorded.get(one),
            "line": {"source": one.line.source, "line": one.line.line, "text": one.line.text} if one.line else None,
        }
        for one in incident.facts.versions.rollouts
    ]  # fmt: skip


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def version_row(row: Mapping[str, Any], summary: Mapping[str, Any], day: str, folder: str) -> VersionRow:
    """One of them in words; sources without the folder that they all lie in."""
    change = next((one for one in summary["changes"] if one["id"] == row["change_id"]), None)
    part = f", on {row['instances']} of {row['of']} instances" if row["instances"] < row["of"] else ""
    return VersionRow(
        time=clock(row["at"], day),
        when=lag(row["at"], summary["incident_onset"]),
        name=clip(f"{row['service']} {row['version']}", CELL) + part,
        before=clip(row["before"] or "", CELL),
        change=clip(change_name(change), CELL) if change else "none recorded",
        place=f"{row['line']['source'].removeprefix(folder)}:{row['line']['line']}" if row["line"] else "",
    )
