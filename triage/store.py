"""Save and open an incident: Parquet and JSON in a directory, written aside and put in place at once. No pickle."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from triage.changes import load_changes
from triage.errors import IncidentError
from triage.incident import Incident
from triage.ingest import Ingested, Ledger, SourceLedger
from triage.pipeline import analyse
from triage.settings import Settings
from triage.verdicts import Verdicts

FORMAT = "triage.incident/1"
RECORDS, TEMPLATES, STATE = "records.parquet", "templates.parquet", "incident.json"


def save(incident: Incident, path: Path) -> Path:
    """Write `incident` to the directory `path`; an incident that is there already is replaced.

    Raises
    ------
    IncidentError
        If `path` is something else than a saved incident, or cannot be written.
    """
    if path.exists() and not (path / STATE).is_file() and not (path.is_dir() and not any(path.iterdir())):
        raise IncidentError(f"{path}: exists and is no saved incident: give a new directory")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
        _write(incident, aside)
        _put_in_place(aside, path)
    except OSError as error:
        raise IncidentError(f"{path}: cannot be written: {error.strerror or error}") from error
    return path


def _write(incident: Incident, folder: Path) -> None:
    incident.records.write_parquet(folder / RECORDS)
    incident.templates.select("template_id", "template").write_parquet(folder / TEMPLATES)
    state = {
        "format": FORMAT,
        "settings": _plain(asdict(incident.settings)),
        "symptom": incident.symptom,
        "ledger": [asdict(row) for row in incident.ledger.sources],
        "ledger_notes": [n for n in incident.ledger.notes if n not in incident.changes.notes],
        "notes": list(incident.notes),
        "changes": [change.to_dict() for change in incident.changes],
        "change_notes": list(incident.changes.notes),
        "verdicts": incident.verdicts.to_json(),
    }
    (folder / STATE).write_text(json.dumps(state, indent=1, ensure_ascii=False), encoding="utf-8")


def _put_in_place(aside: Path, path: Path) -> None:
    """Rename; what stood there before goes only when the new one stands."""
    aside.chmod(0o755)
    if not path.exists():
        aside.replace(path)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{path.name}-old-", dir=path.parent))
    path.replace(old / "it")
    aside.replace(path)
    shutil.rmtree(old)


def open_incident(path: str | Path) -> Incident:
    """Open a saved incident. Onsets and hypotheses are worked out anew from its records.

    Raises
    ------
    IncidentError
        If the directory is no saved incident, or a part of it is damaged.
    """
    folder = Path(path)
    if not (folder / STATE).is_file():
        raise IncidentError(f"{folder}: no saved incident (no {STATE} in it): give what Incident.save wrote")
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
        records, texts = pl.read_parquet(folder / RECORDS), pl.read_parquet(folder / TEMPLATES)
        if state["format"] != FORMAT:
            raise IncidentError(
                f"{folder}: saved as {state['format']!r}, wanted {FORMAT!r}: use the version that wrote it"
            )
        return _restore(state, records, texts)
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        raise IncidentError(
            f"{folder}: damaged ({type(error).__name__}: {str(error).splitlines()[0][:120]}): save it again"
        ) from error


def _restore(state: dict[str, Any], records: pl.DataFrame, texts: pl.DataFrame) -> Incident:
    rows = tuple(SourceLedger(**{**row, "notes": tuple(row["notes"])}) for row in state["ledger"])
    changes = replace(load_changes(state["changes"]), notes=tuple(state["change_notes"]))
    found = Ingested(records, Ledger(rows, tuple(state["ledger_notes"])))
    incident = analyse(found, records, texts, changes, state["symptom"], _settings(state["settings"]), [])
    return replace(incident, notes=tuple(state["notes"]), verdicts=Verdicts.from_json(state["verdicts"]))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _settings(state: dict[str, Any]) -> Settings:
    moments = {name: datetime.fromisoformat(state[name]) if state[name] else None for name in ("since", "until")}
    low_high = state["baseline"]
    baseline = (datetime.fromisoformat(low_high[0]), datetime.fromisoformat(low_high[1])) if low_high else None
    return Settings(tuple(state["logs"]), state["tz"], moments["since"], moments["until"], baseline)
