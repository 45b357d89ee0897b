"""Save and open an incident: Parquet and JSON in a directory. No pickle.

The tables are written first, under names that hold their digest; `STATE` names them and is replaced last, in one step.
So a reader finds the old incident or the new one, whole, and damage to a table is noticed. The state holds a digest of
itself: damage and edits by hand are noticed too. It is no signature: who means to forge one can.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from triage.changes import load_changes
from triage.errors import IncidentError, TriageError
from triage.filelock import locked
from triage.hypotheses.own_checks import MISSING
from triage.incident import Incident
from triage.ingest import Ledger, SourceLedger
from triage.ingest.formats import LineFormat
from triage.ingest.held import Records, write_parquet
from triage.patterns import Outcome, check_corrections
from triage.pipeline import analyse
from triage.remarks import Remarks
from triage.settings import Settings
from triage.verdicts import Verdicts

FORMAT = "triage.incident/3"
STATE, LOCK = "incident.json", ".lock"
#: How often a reader begins anew when somebody saves under its hands.
TRIES = 5
TABLES = ("records", "templates")
#: What a damaged or foreign state makes the readers below raise.
DAMAGE = (
    OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OverflowError,
    TriageError, pl.exceptions.PolarsError,
)  # fmt: skip


def save(incident: Incident, path: Path) -> Path:
    """Write `incident` to the directory `path`; the same incident saved there before is replaced.

    Decisions that somebody else saved there in the meantime are kept.

    Raises
    ------
    IncidentError
        If `path` holds something else, or decisions about another incident, or cannot be written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        if foreign := sorted(f.name for f in path.iterdir() if not _ours(f.name)):
            raise IncidentError(f"{path}: holds {foreign[0]!r} and is no saved incident: give a new directory")
        with locked(path / LOCK):
            _write(incident, path)
    except OSError as error:
        raise IncidentError(f"{path}: cannot be written: {error.strerror or error}") from error
    return path


def _ours(name: str) -> bool:
    return name in (STATE, LOCK) or name.startswith(tuple(f"{table}-" for table in TABLES)) or name.endswith(".part")


def _write(incident: Incident, folder: Path) -> None:
    state = {"format": FORMAT, **_state(_merged(incident, folder))}
    frames = (incident.scan(), incident.templates.lazy().select("template_id", "template"))
    state["tables"] = {name: _write_table(frame, name, folder) for name, frame in zip(TABLES, frames, strict=True)}
    state["digest"] = _mark(state)
    text = json.dumps(state, indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace")
    with _part(folder) as part:
        part.write_bytes(text)
        _put(part, folder / STATE)
    kept = {STATE, LOCK, *state["tables"].values()}
    for old in folder.iterdir():
        if old.name not in kept:
            old.unlink()


def _mark(state: dict[str, Any]) -> str:
    """The digest of a state: of all that it holds but the digest."""
    rest = {name: value for name, value in state.items() if name != "digest"}
    return hashlib.blake2b(json.dumps(rest, sort_keys=True).encode(), digest_size=10).hexdigest()


def _write_table(frame: pl.LazyFrame, name: str, folder: Path) -> str:
    with _part(folder) as part:
        write_parquet(frame, part)
        made = f"{name}-{_digest(part)}.parquet"
        _put(part, folder / made)
    return made


@contextmanager
def _part(folder: Path) -> Iterator[Path]:
    """A name to write to, gone in the end if it was not put in its place."""
    part = folder / f".{secrets.token_hex(6)}.part"
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _put(part: Path, place: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(place)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=10)).hexdigest()


def _merged(incident: Incident, folder: Path) -> Incident:
    """The incident with decisions and remarks saved here by others, in order of time."""
    if not (folder / STATE).is_file():
        return incident
    held = _checked_state(folder)
    verdicts, remarks = Verdicts.from_json(held["verdicts"]), _remarks(held)
    names = {row["source"] for row in held["ledger"]} & {row.source for row in incident.ledger.sources}
    if (count := len(verdicts) + len(remarks)) and not names:
        other = held["ledger"][0]["source"] if held["ledger"] else "other logs"
        raise IncidentError(
            f"{folder}: holds {count} decisions about another incident (of {other}): give a new directory"
        )
    return replace(incident, verdicts=incident.verdicts.merge(verdicts), remarks=incident.remarks.merge(remarks))


def _remarks(state: dict[str, Any]) -> Remarks:
    """What people wrote; saved before there was such a record, an incident has nothing."""
    return Remarks.from_json(state.get("remarks") or ())


def _state(incident: Incident) -> dict[str, Any]:
    return {
        "settings": {**_plain(asdict(incident.settings)), "corrections": incident.corrections.to_dict()},
        "corrected": [outcome.to_dict() for outcome in incident.corrected],
        "symptom": incident.symptom,
        "ledger": [asdict(row) for row in incident.ledger.sources],
        "ledger_notes": [n for n in incident.ledger.notes if n not in incident.changes.notes],
        "notes": list(incident.notes),
        "changes": [change.to_dict() for change in incident.changes],
        "change_notes": list(incident.changes.notes),
        "verdicts": incident.verdicts.to_json(),
        "remarks": incident.remarks.to_json(),
        "own_checks": list(incident.own_checks),
    }


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
    for _ in range(TRIES):
        with suppress(FileNotFoundError):  # saved anew between reading the state and the tables
            return _opened(folder)
    raise IncidentError(f"{folder}: a table that {STATE} names is not there: fetch the whole directory again")


def _opened(folder: Path) -> Incident:
    state = _checked_state(folder)
    try:
        records, texts = (_checked_table(folder, name, state["tables"][name]) for name in TABLES)
        return _restore(state, Records.of(records), pl.read_parquet(texts))
    except FileNotFoundError:
        raise
    except IncidentError as error:
        raise IncidentError(f"{folder}: {error}") from error
    except DAMAGE as error:
        raise _damaged(folder, error) from error


def _checked_table(folder: Path, name: str, file: str) -> Path:
    path = folder / Path(file).name
    if file != f"{name}-{_digest(path)}.parquet":
        raise IncidentError(f"{file} is not what was saved: fetch it again, or load the logs anew")
    return path


def _checked_state(folder: Path) -> dict[str, Any]:
    """The state of a saved incident, known to be an object of this format."""
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
        found = state["format"]
        if not all(isinstance(state[name], list) for name in ("ledger", "changes", "verdicts")):
            raise TypeError("wanted lists")
    except DAMAGE as error:
        raise _damaged(folder, error) from error
    if found != FORMAT:
        raise IncidentError(f"{folder}: saved as {found!r}, wanted {FORMAT!r}: use the version that wrote it")
    if state.get("digest") != _mark(state):
        raise IncidentError(
            f"{folder}: {STATE} is not what was saved, so its decisions cannot be relied on: fetch it again, or load "
            "the logs anew"
        )
    return dict(state)


def _damaged(folder: Path, error: BaseException) -> IncidentError:
    what = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:120]}"
    return IncidentError(f"{folder}: damaged ({what}): load the logs anew, or fetch the directory again")


def _restore(state: dict[str, Any], records: Records, texts: pl.DataFrame) -> Incident:
    rows = tuple(SourceLedger(**{**row, "notes": tuple(row["notes"])}) for row in state["ledger"])
    ledger = Ledger(rows, tuple(state["ledger_notes"]))
    if ledger.unaccounted or len(records) > ledger.records or not isinstance(state["symptom"], str | None):
        raise ValueError("wanted a ledger that adds up and a symptom that is text or null")
    changes = replace(load_changes(state["changes"]), notes=tuple(state["change_notes"]))
    incident = analyse(ledger, records, texts, changes, state["symptom"], _settings(state["settings"]), [])
    corrected = tuple(Outcome.from_dict(one) for one in state.get("corrected") or ())
    # The ledger's notes hold those of the changes already.
    notes, verdicts = (*state["notes"], *_without(state)), Verdicts.from_json(state["verdicts"])
    return replace(incident, notes=notes, verdicts=verdicts, remarks=_remarks(state), corrected=corrected)


def _without(state: dict[str, Any]) -> list[str]:
    """A note on own checks that the incident was saved with: what they do is nothing that a file holds."""
    names = [name for name in state.get("own_checks") or () if isinstance(name, str)]
    told = f"{MISSING} ({', '.join(names)}), ranked here without: with_checks asks them again"
    return [told] if names else []


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
    # Saved before there were such settings, an incident has none.
    others = {name: state.get(name) or {} for name in ("services", "clock", "read_as")}
    own = tuple(LineFormat(**one) for one in state.get("formats") or ())
    right = check_corrections(state.get("corrections") or None)
    begin, end, columns = moments["since"], moments["until"], state.get("columns")
    whole = (begin, end, baseline, others["services"], others["clock"], columns, own, right, others["read_as"])
    return Settings(tuple(state["logs"]), state["tz"], *whole)
