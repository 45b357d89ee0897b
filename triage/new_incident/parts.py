"""The files of an incident folder, and how their text is written."""

from __future__ import annotations

import json
from pathlib import Path

from triage.errors import IncidentError

LOGS, CHANGES, SYMPTOM, TRUTH, README, REDACTION = (
    "logs", "changes.json", "symptom.txt", "truth.json", "README.md", "redaction.json",
)  # fmt: skip
PARTS = (LOGS, CHANGES, SYMPTOM, TRUTH, README, REDACTION)


def as_json(value: object) -> str:
    """JSON as people read and edit it."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def strangers(folder: Path) -> list[str]:
    """What lies in a folder and is no part of an incident."""
    return sorted(path.name for path in folder.iterdir() if path.name not in PARTS)


def check_place(folder: Path, force: bool) -> None:
    """Raise an IncidentError if writing there would take the place of something else.

    An incident that is there is only replaced if `force` says so.
    """
    if Path.cwd().is_relative_to(folder.resolve()):
        raise IncidentError(f"{folder}: is put in its place as a whole, and you are in it: go elsewhere, and name it")
    if not folder.is_dir():
        if folder.exists() or folder.is_symlink():
            raise IncidentError(f"{folder}: is no folder; give one that does not exist yet")
        return
    if others := strangers(folder):
        raise IncidentError(
            f"{folder}: holds {others[0]!r} and is no incident folder: give a folder that does not exist"
        )
    if any(folder.iterdir()) and not force:
        raise IncidentError(
            f"{folder}: an incident is there already: give another folder, --force to replace its logs and changes, or "
            "--check to look at it"
        )
