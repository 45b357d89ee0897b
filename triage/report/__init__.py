"""Reports: one summary of an incident, set as JSON, Markdown, HTML, a notebook, or for a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triage.incident import Incident


def write_incident_report(incident: Incident, path: str | Path, redact: bool | None = None) -> Path:
    """Write the report of an incident: ``.html``, ``.md``, ``.ipynb`` or ``.json`` by the path's suffix.

    Parameters
    ----------
    redact : bool, optional
        Whether secrets and personal data are replaced: in all but JSON, if not given.

    Raises
    ------
    UsageError
        If the suffix is another, or the file cannot be written.
    """
    from triage.report.summary import summarise
    from triage.report.write import check_suffix, for_path, write_report

    check_suffix(Path(path))
    return write_report(for_path(summarise(incident), Path(path), redact), path)
