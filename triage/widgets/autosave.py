"""What people chose, decided and wrote, kept in a folder: a kernel that dies takes none of it along."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from triage.errors import IncidentError, TriageError, UsageError
from triage.incident import Incident
from triage.patterns import check_corrections
from triage.remarks import Remarks
from triage.settings import Settings
from triage.verdicts import Verdicts
from triage.widgets.state import State

FORMAT = "triage.guide/1"
#: Where choices are kept unless the caller says otherwise, beside the notebook.
FOLDER = "triage-autosave"


def key_of(incident: Incident) -> str:
    """What names the logs of an incident, however they are read: a hash of their paths, or of a table's records.

    Growing logs keep theirs, and so do those that are read in another zone.
    """
    logs = incident.settings.logs
    named = [str(Path(one).absolute()) if "://" not in one else one for one in logs]
    if logs == ("frame",):
        named = [str(incident.ledger.lines), *(str(time) for time in incident.window)]
    return blake2b("\n".join(sorted(named)).encode("utf-8", "replace"), digest_size=8).hexdigest()


@dataclass
class Kept:
    """What was kept of an incident."""

    symptom: str | None = None
    verdicts: Verdicts = field(default_factory=Verdicts)
    remarks: Remarks = field(default_factory=Remarks)
    corrections: dict[str, Any] = field(default_factory=dict)
    reading: dict[str, Any] = field(default_factory=dict)
    base: dict[str, Any] = field(default_factory=dict)
    window: tuple[datetime, datetime] | None = None
    zone: str = "UTC"
    by: str = ""
    step: str = ""
    script: list[str] = field(default_factory=list)


class Autosave:
    """The file in which the choices about one incident are kept.

    Parameters
    ----------
    folder : Path or None
        None keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._base: dict[str, Any] = {}
        self.told = "" if folder else "choices are not kept: no folder was given"

    def begin(self, incident: Incident) -> None:
        """Keep the choices about this incident from now on."""
        self._path = self._folder / f"{key_of(incident)}.json" if self._folder else None
        self._base = base_of(incident)

    def read(self) -> Kept | None:
        """What was kept; None where nothing was.

        Raises
        ------
        IncidentError
            If the file is damaged, or of another version.
        """
        if self._path is None or not self._path.is_file():
            return None
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            if found["format"] != FORMAT:
                raise ValueError(f"of the format {found['format']!r:.40}")
            window = found["window"] and tuple(datetime.fromisoformat(one) for one in found["window"])
            check_corrections(found["corrections"] or None)
            return Kept(
                symptom=found["symptom"],
                verdicts=Verdicts.from_json(found["verdicts"]),
                remarks=Remarks.from_json(found["remarks"]),
                window=window,
                **{name: found[name] for name in ("corrections", "reading", "base", "zone", "by", "step", "script")},
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, TriageError) as error:
            reason = f"{type(error).__name__}: {str(error)[:120]}"
            raise IncidentError(f"{self._path}: choices kept there cannot be read ({reason}): move it away") from error

    def keep(self, state: State) -> None:
        """Write the choices; that they could not be written is told, and stops nobody."""
        if self._path is None or state.incident is None:
            return
        try:
            self._write(json.dumps(self._row(state), indent=1, ensure_ascii=False))
            self.told = f"kept in {self._path}"
        except OSError as error:
            self.told = f"not kept: {self._path}: {error.strerror or error}"

    def _row(self, state: State) -> dict[str, Any]:
        incident = state.now
        return {
            "format": FORMAT,
            "logs": list(incident.settings.logs),
            "symptom": incident.symptom,
            "verdicts": incident.verdicts.to_json(),
            "remarks": incident.remarks.to_json(),
            "corrections": incident.corrections.to_dict(),
            "reading": reading_of(incident.settings),
            "base": self._base,
            "window": [one.isoformat() for one in state.window] if state.window else None,
            "zone": state.zone,
            "by": state.by,
            "step": state.step,
            "script": state.script,
        }

    def _write(self, text: str) -> None:
        path = self._path
        if path is None:
            raise UsageError("autosave: begin was not called")
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{secrets.token_hex(4)}.part")
        try:
            beside.write_text(text, encoding="utf-8", errors="backslashreplace")
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def reading_of(settings: Settings) -> dict[str, Any]:
    """The settings that change how logs are read, as plain values."""
    formats = [asdict(one) for one in settings.formats]
    return {
        "tz": settings.tz if isinstance(settings.tz, str) else dict(settings.tz),
        "services": dict(settings.services),
        "clock": dict(settings.clock),
        "read_as": dict(settings.read_as),
        "formats": formats,
    }


def base_of(incident: Incident) -> dict[str, Any]:
    """How the caller gave the incident: given the same again, the choices made since are taken up."""
    return {
        "symptom": incident.symptom,
        "reading": reading_of(incident.settings),
        "corrections": incident.corrections.to_dict(),
        "changes": [change.id for change in incident.changes],
        "lines": incident.ledger.lines,
        "span": [str(one) for one in (incident.settings.since, incident.settings.until)],
    }
