"""Whether an incident folder holds what it should: everything that is wrong with it, not only the first."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from triage.changes import Changes, load_changes
from triage.changes.fit import fit_notes
from triage.errors import IncidentError, InputError, TriageError
from triage.ingest import Ledger, read_into
from triage.ingest.moments import moment
from triage.ingest.options import ReadOptions
from triage.ingest.sources import find_sources
from triage.ingest.zones import Zones
from triage.new_incident import readme, truth
from triage.new_incident.parts import CHANGES, LOGS, README, REDACTION, SYMPTOM, TRUTH, strangers
from triage.redaction import Redactor, own_patterns, redact_file
from triage.redaction.text import to_text
from triage.settings import one_zone

#: More lines without a time than this share make a log hard to place.
MOST_UNTIMED = 0.1


@dataclass
class Checked:
    """What was found.

    Attributes
    ----------
    problems, notes : list of str
        What has to be put right, and what a person should know; each begins with the file.
    ledger : Ledger or None
        Of the logs, where they could be read.
    """

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ledger: Ledger | None = None


def check_folder(folder: Path, tz: Zones = "UTC", scan: bool = True) -> Checked:
    """Check an incident folder.

    Parameters
    ----------
    tz : str or mapping
        Zone of times that carry none.
    scan : bool
        Whether to look for what is not redacted.

    Raises
    ------
    IncidentError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise IncidentError(
            f"{folder}: no such folder: give one that `triage new-incident` wrote, or --logs to write it"
        )
    checked = Checked()
    window = _check_logs(folder, tz, checked)
    changes = _check_changes(folder, one_zone(tz), window, checked)
    _check_symptom(folder, checked)
    _check_truth(folder, changes, window, checked)
    _check_readme(folder, checked)
    checked.notes += [f"{name}: is no part of an incident" for name in strangers(folder)]
    if scan:
        _check_redaction(folder, checked)
    return checked


def _check_logs(folder: Path, tz: Zones, checked: Checked) -> tuple[datetime, datetime] | None:
    if not (folder / LOGS).is_dir():
        checked.problems.append(f"{LOGS}: missing: a folder with the logs")
        return None
    try:
        ledger = read_into(lambda kept: None, folder / LOGS, ReadOptions(tz=tz))
    except InputError as error:
        checked.problems.append(f"{LOGS}: {error}")
        return None
    checked.ledger = ledger
    began = ledger.records + ledger.untimed
    if began and ledger.untimed > MOST_UNTIMED * began:
        share = f"{ledger.untimed:,} of {began:,} records ({ledger.untimed / began:.0%})"
        checked.problems.append(f"{LOGS}: {share} carry no time: see `triage records {folder / LOGS}`")
    for source in ledger.sources:
        if source.lines and not source.records:
            checked.notes.append(f"{source.source}: no line has a time")
    checked.notes += [f"{LOGS}: {note}" for note in ledger.assumptions]
    firsts = [found for source in ledger.sources if (found := moment(source.first, "first", "UTC"))]
    lasts = [found for source in ledger.sources if (found := moment(source.last, "last", "UTC"))]
    return (min(firsts), max(lasts)) if firsts else None


def _check_changes(
    folder: Path, zone: str, window: tuple[datetime, datetime] | None, checked: Checked
) -> Changes | None:
    path = folder / CHANGES
    if not path.is_file():
        checked.problems.append(f"{CHANGES}: missing: write [] if nothing was changed")
        return None
    try:
        changes = load_changes(path, tz=zone)
    except TriageError as error:
        checked.problems.append(f"{CHANGES}: {str(error).removeprefix(f'{path}: ')}")
        return None
    told = [*changes.notes, *(fit_notes(changes.changes, *window) if window else [])]
    checked.notes += [f"{CHANGES}: {note.removeprefix(f'{path}: ')}" for note in told]
    if not len(changes):
        checked.notes.append(f"{CHANGES}: holds no change: only “none of the recorded changes” can be ranked")
    return changes


def _check_symptom(folder: Path, checked: Checked) -> None:
    text = _text(folder / SYMPTOM)
    if text is None:
        checked.notes.append(f"{SYMPTOM}: missing: what was seen, in a sentence, helps the ranking")
    elif not text.strip():
        checked.problems.append(f"{SYMPTOM}: empty: write what was seen, or remove it")


def _check_truth(
    folder: Path, changes: Changes | None, window: tuple[datetime, datetime] | None, checked: Checked
) -> None:
    text = _text(folder / TRUTH)
    if text is None:
        checked.problems.append(f"{TRUTH}: missing: an object with {', '.join(truth.FIELDS)}")
        return
    try:
        told: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        checked.problems.append(f"{TRUTH}: no JSON: {str(error)[:120]}")
        return
    found = truth.complaints(told, changes.changes if changes is not None else None, window)
    checked.problems += [f"{TRUTH}: {one}" for one in found]


def _check_readme(folder: Path, checked: Checked) -> None:
    text = _text(folder / README)
    if text is None:
        checked.problems.append(f"{README}: missing: {readme.LEAST} lines: {', '.join(readme.HEADS).lower()}")
        return
    checked.problems += [f"{README}: {one}" for one in readme.complaints(text)]


def _check_redaction(folder: Path, checked: Checked) -> None:
    """What could be redacted is a problem in a folder that says it was, and worth knowing in another."""
    said = _text(folder / REDACTION)
    try:
        told: dict[str, Any] = json.loads(said) if said is not None else {}
        keep = own_patterns(keep=[str(one) for one in told.get("keep", [])])
        redactor = Redactor(keep, hosts=bool(told.get("hosts")))
    except (ValueError, RecursionError, TypeError, AttributeError, TriageError) as error:
        checked.problems.append(f"{REDACTION}: cannot be read: {str(error)[:120]}")
        redactor = Redactor()
    for path in _all_files(folder):
        try:
            with path.open("rb") as raw:
                redact_file(raw, path.relative_to(folder).as_posix(), redactor)
        except InputError as error:
            checked.notes.append(str(error).replace("cannot be redacted", "cannot be looked into for secrets"))
        except OSError as error:
            checked.problems.append(f"{path.relative_to(folder)}: cannot be read: {error.strerror or error}")
    lines = [f"not redacted: {line}" for line in redactor.tally.lines()]
    (checked.problems if said is not None else checked.notes).extend(lines)


def _all_files(folder: Path) -> list[Path]:
    logs: list[Path] = []
    if (folder / LOGS).is_dir():
        try:
            logs = [source.path for source in find_sources(folder / LOGS)[0] if source.path]
        except InputError:
            logs = []  # told by the look at the logs
    return [*logs, *(path for name in (CHANGES, SYMPTOM, TRUTH, README) if (path := folder / name).is_file())]


def _text(path: Path) -> str | None:
    """The text of a small file; None if there is none."""
    return to_text(path.read_bytes()) if path.is_file() else None
