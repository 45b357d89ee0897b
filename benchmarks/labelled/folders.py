"""Incident folders: which there are, and what becomes of one that is ranked as a user would."""

from __future__ import annotations

import hashlib
import resource
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import polars as pl

import triage
from benchmarks.labelled.misses import short_name, why
from benchmarks.labelled.outcome import Row, candidate_row, jump, naive, outcome, without_suggestions
from benchmarks.labelled.truth import Truth, read_truth
from triage.errors import TriageError
from triage.hypotheses.candidates import name_of
from triage.incident import Incident
from triage.ingest.compression import FEED
from triage.ingest.levels import WARN
from triage.ingest.sources import find_sources
from triage.ingest.streams import open_streams

#: What an incident folder has, of which the logs must be there.
LOGS, CHANGES, SYMPTOM, TRUTH = "logs", "changes.json", "symptom.txt", "truth.json"
#: What differs between machines and runs.
OF_MACHINE = ("seconds", "cpu_s", "mib")
#: Digits that are kept of a number.
DIGITS = 4


def incident_folders(folders: Iterable[Path]) -> list[Path]:
    """The incidents among some folders and right below them, by name."""
    found = {}
    for folder in folders:
        for each in (folder, *(sorted(folder.iterdir()) if folder.is_dir() else [])):
            if (each / LOGS).is_dir() or (each / TRUTH).is_file():
                found[each.resolve()] = each
    return sorted(found.values(), key=lambda each: each.name)


def digest(folder: Path) -> str:
    """A number that differs where anything that a ranking or its truth is made of does."""
    whole = hashlib.sha256()
    files = [path for path in (folder / LOGS).rglob("*") if path.is_file()]
    for path in sorted([*files, *(folder / name for name in (CHANGES, SYMPTOM, TRUTH) if (folder / name).is_file())]):
        data = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode() + data)
    return whole.hexdigest()[:16]


def score_folder(folder: Path) -> Row:
    """Rank an incident from its files and compare with its truth; a row that says so where that cannot be done."""
    row: Row = {"name": folder.name, "digest": digest(folder), "problem": ""}
    try:
        truth = read_truth(folder / TRUTH)
        row |= {"variant": truth.variant, "visible": truth.visible}
        return row | _ranked(folder, truth)
    except (TriageError, OSError, ValueError) as error:
        return row | {"problem": " ".join(str(error).split())}


def _ranked(folder: Path, truth: Truth) -> Row:
    """What becomes of an incident with a known truth."""
    symptom = folder / SYMPTOM
    begin, busy = perf_counter(), process_time()
    incident = triage.load(
        folder / LOGS,
        folder / CHANGES if (folder / CHANGES).is_file() else None,
        symptom.read_text(encoding="utf-8").strip() if symptom.is_file() else None,
    )
    used = {
        "seconds": round(perf_counter() - begin, 2),
        "cpu_s": round(process_time() - busy, 2),
        "mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    return judged_row(incident, truth, marked_lines(folder / LOGS, truth.marks)) | used


def judged_row(incident: Incident, truth: Truth, marked: int | None = None) -> Row:
    """What an incident that was ranked is worth, with its candidates; numbers with as many digits as are worth reading.

    Raises
    ------
    ValueError
        If the truth blames a change that is not there.
    """
    changes = {change.id: change for change in incident.changes}
    if truth.change_id and truth.change_id not in changes:
        raise ValueError(f"{TRUTH} blames {truth.change_id!r}, which is not among the {len(changes)} changes read")
    ranked = without_suggestions(incident.hypotheses)
    candidates = [candidate_row(found, truth) for found in ranked]
    row: Row = {
        "lines": incident.ledger.lines, "changes": len(changes), "marked": marked,
        "truth": name_of(changes[truth.change_id]) if truth.change_id else "", "service": truth.service,
        "first": short_name(ranked[0]),
        "first_origin": incident.origins[0].service if incident.origins else None,
        "others": len(truth.others), "others_told": others_told(incident, truth),
    }  # fmt: skip
    row |= outcome(incident, truth, candidates)
    times = {name: change.time for name, change in changes.items()}
    row |= naive(truth, times, incident.window[0] + timedelta(seconds=_jump(incident)))
    kept = ("id", "probability", "right")
    row["why"] = why(incident, truth, ranked, row)
    return _rounded(row | {"candidates": [{key: each[key] for key in kept} for each in candidates]})


def others_told(incident: Incident, truth: Truth) -> int:
    """Of how many of the further problems an onset is told, be it as the incident's or as another's."""
    told = [each for each in (incident.incident_onset, *incident.other_onsets, *incident.linked_onsets) if each]
    return sum(any(other.meets(each.earliest, each.latest) for each in told) for other in truth.others)


def _jump(incident: Incident) -> float:
    """Seconds from the window's start to the largest jump of errors and warnings."""
    begin, end = incident.window
    bad = incident.scan().filter(pl.col("severity_number") >= WARN, pl.col("timestamp").is_not_null())
    at = bad.select((pl.col("timestamp") - pl.lit(begin)).dt.total_microseconds() / 1e6).collect().to_series()
    return jump(np.clip(at.to_numpy(), 0.0, None), (end - begin).total_seconds())


def marked_lines(logs: Path, marks: tuple[str, ...]) -> int | None:
    """How many lines show the fault; None where it is not known what shows it.

    Raises
    ------
    ValueError
        For a mark that is no regular expression.
    """
    if not marks:
        return None
    mark = pl.col("line").str.contains("|".join(f"(?:{each})" for each in marks))
    try:
        return sum(int(pl.DataFrame({"line": lines}).select(mark.sum()).item()) for lines in _texts(logs))
    except pl.exceptions.ComputeError as error:
        reason = next((line for line in str(error).splitlines() if line.startswith("error:")), str(error))
        raise ValueError(f"{TRUTH}: `marks` must be regular expressions: {reason.removeprefix('error: ')}") from error


def _texts(logs: Path) -> Iterator[list[str]]:
    """The lines of each file."""
    for source in find_sources(logs)[0]:
        for stream in open_streams(source, FEED):
            yield b"".join(stream.blocks).decode(errors="replace").split("\n")


def _rounded(value: Row) -> Row:
    return {key: _round(each) for key, each in value.items()}


def _round(value: object) -> object:
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return round(value, DIGITS) if isinstance(value, float) else value
