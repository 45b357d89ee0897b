"""What people chose, decided and wrote, kept in a folder: a kernel that dies takes none of it along."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from triage.errors import IncidentError, TriageError
from triage.filelock import locked
from triage.incident import Incident
from triage.patterns import check_corrections
from triage.remarks import Remarks
from triage.settings import Settings
from triage.verdicts import Verdicts
from triage.whole_file import write_whole
from triage.widgets.state import State

FORMAT = "triage.guide/1"
#: What is kept as it is.
PLAIN = ("asked", "corrections", "reading", "base", "zone", "by", "step", "script")
#: Kept choices that are offered to go on with.
MOST = 10
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
    """What is kept of an incident; `asked` is what was filled in where its logs were read in the guide."""

    asked: dict[str, str] = field(default_factory=dict)
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
        self._written: int | None = None
        self.told = "" if folder else "choices are not kept: no folder was given"

    def begin(self, incident: Incident) -> None:
        """Keep the choices about this incident from now on."""
        self._path = self._folder / f"{key_of(incident)}.json" if self._folder else None
        self._base = base_of(incident)
        self._written = None

    def read(self) -> Kept | None:
        """What was kept; None where nothing was.

        Raises
        ------
        IncidentError
            If the file is damaged, or of another version.
        """
        if self._path is None or not self._path.is_file():
            return None
        self._written = _stamp(self._path)
        return _read(self._path)

    def keep(self, state: State) -> None:
        """Write the choices; that they could not be written is told, and stops nobody.

        Decisions and remarks that another kernel wrote there in the meantime stay.
        """
        if self._path is None or state.incident is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self._path.with_suffix(".lock")):
                other = self.read() if _stamp(self._path) not in (None, self._written) else None
                write_whole(self._path, json.dumps(self._row(state, other), indent=1))
                self._written = _stamp(self._path)
            self.told = f"kept in {self._path}"
        except OSError as error:
            self.told = f"not kept: {self._path}: {error.strerror or error}"
        except IncidentError as error:
            self.told = f"not kept: {error}"

    def _row(self, state: State, other: Kept | None) -> dict[str, Any]:
        kept = kept_of(state, self._base)
        verdicts, remarks = kept.verdicts, kept.remarks
        if other:
            verdicts, remarks = verdicts.merge(other.verdicts), remarks.merge(other.remarks)
        return {
            "format": FORMAT,
            "logs": list(state.now.settings.logs),
            "symptom": kept.symptom,
            "verdicts": verdicts.to_json(),
            "remarks": remarks.to_json(),
            "window": [one.isoformat() for one in kept.window] if kept.window else None,
            **{name: getattr(kept, name) for name in PLAIN},
        }

    def others(self) -> list[Kept]:
        """What was kept of logs that were read in the guide, the latest first; what cannot be read is told."""
        if self._folder is None or not self._folder.is_dir():
            return []
        found, self.told = [], ""
        for path in sorted(self._folder.glob("*.json"), key=lambda path: _stamp(path) or 0, reverse=True)[:MOST]:
            try:
                found.append(_read(path))
            except IncidentError as error:
                self.told = str(error)
        return [kept for kept in found if kept.asked.get("logs")]


def _stamp(path: Path) -> int | None:
    """When a file was last written; None of one that is not there."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def _read(path: Path) -> Kept:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise ValueError(f"of the format {found['format']!r:.40}")
        window = found["window"] and tuple(datetime.fromisoformat(one) for one in found["window"])
        check_corrections(found["corrections"] or None)
        return Kept(
            symptom=found["symptom"],
            verdicts=Verdicts.from_json(found["verdicts"]),
            remarks=Remarks.from_json(found["remarks"]),
            window=window,
            **{name: found[name] for name in PLAIN},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, TriageError) as error:
        reason = f"{type(error).__name__}: {str(error)[:120]}"
        raise IncidentError(f"{path}: choices kept there cannot be read ({reason}): move it away") from error


def kept_of(state: State, base: dict[str, Any]) -> Kept:
    """What is to be kept of what was chosen; `base` is how the caller gave the incident."""
    incident = state.now
    return Kept(
        asked=state.asked,
        symptom=incident.symptom,
        verdicts=incident.verdicts,
        remarks=incident.remarks,
        corrections=incident.corrections.to_dict(),
        reading=reading_of(incident.settings),
        base=base,
        window=state.window,
        zone=state.zone,
        by=state.by,
        step=state.step,
        script=state.script,
    )


def reading_of(settings: Settings) -> dict[str, Any]:
    """The settings that change how logs are read, as plain values."""
    formats = [asdict(one) for one in settings.formats]
    since, until = (at.isoformat() if at else None for at in (settings.since, settings.until))
    return {
        "since": since,
        "until": until,
        "tz": settings.tz if isinstance(settings.tz, str) else dict(settings.tz),
        "services": dict(settings.services),
        "clock": dict(settings.clock),
        "read_as": dict(settings.read_as),
        "formats": formats,
    }


def base_of(incident: Incident) -> dict[str, Any]:
    """How the caller gave the incident: what is given the same again stays as it was chosen since."""
    return {
        "symptom": incident.symptom,
        "reading": reading_of(incident.settings),
        "corrections": incident.corrections.to_dict(),
        "changes": [change.id for change in incident.changes],
        "lines": incident.ledger.lines,
    }
