"""Reports: one summary of an incident, set as JSON, Markdown, HTML, or for a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triage.incident import Incident


def write_incident_report(incident: Incident, path: str | Path) -> Path:
    """Write the report of an incident: ``.html``, ``.md`` or ``.json`` by the path's suffix.

    Raises
    ------
    UsageError
        If the suffix is another, or the file cannot be written.
    """
    from triage.report.summary import summarise
    from triage.report.write import check_suffix, write_report

    check_suffix(Path(path))
    return write_report(summarise(incident), path)
