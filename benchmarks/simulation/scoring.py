"""What a ranking of simulated incidents is worth: one row an incident, one row a candidate."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import polars as pl

import triage
from benchmarks.labelled.outcome import Row, candidate_row, jump, naive, outcome, without_suggestions
from benchmarks.labelled.truth import Truth, parse_truth
from benchmarks.simulation.folder import change_rows, log_frame, write_folder
from benchmarks.simulation.folder import truth as truth_row
from benchmarks.simulation.incident import Simulated, draw_incident
from triage.errors import TriageError
from triage.hypotheses.weights import known_weights
from triage.incident import Incident


@dataclass(frozen=True)
class Case:
    """Which incident to draw and how to read it."""

    part: str
    seed: int
    number: int
    files: bool = False


def score(case: Case) -> tuple[Row, list[Row]]:
    """Draw an incident, rank it, and compare with the truth.

    Returns
    -------
    dict
        What became of the incident.
    list of dict
        A row a candidate: the weight of every check, and ``right``, whether it is the truth.
    """
    begin = perf_counter()
    drawn = draw_incident(case.part, case.seed, case.number)
    middle = perf_counter()
    about = facts_of(drawn) | {"drawn_s": middle - begin}
    try:
        incident = rank(drawn, case.files)
    except TriageError as error:
        return about | {"problem": str(error)}, []
    about["ranked_s"] = perf_counter() - middle
    candidates = terms(drawn, incident, about)
    return about | result(drawn, incident, candidates), candidates


def rank(drawn: Simulated, files: bool) -> Incident:
    """Rank an incident from its records, or from files as a user would."""
    if not files:
        return triage.load(log_frame(drawn), change_rows(drawn), drawn.symptom)
    with tempfile.TemporaryDirectory() as name:
        folder = write_folder(drawn, Path(name))
        return triage.load(folder / "logs", folder / "changes.json", drawn.symptom)


def facts_of(drawn: Simulated) -> Row:
    """What is true of an incident."""
    sight, cause = drawn.sight, drawn.cause
    return {
        "name": drawn.name, "fault": drawn.fault, "variant": drawn.variant, "baseline": drawn.baseline,
        "brought_by": cause.kind if cause else "none", "visible": sight is not None and sight.visible,
        "strength": sight.strength if sight else 0.0, "window_s": drawn.seconds, "lines": len(drawn.lines),
        "services": len(drawn.services), "changes": len(drawn.changes), "service": drawn.service,
        "delay_s": sight.earliest - cause.time if sight and cause else None, "problem": "",
    }  # fmt: skip


def terms(drawn: Simulated, incident: Incident, about: Row) -> list[Row]:
    """A row a candidate, with a column ``check:NAME`` for each check that spoke."""
    truth, roles = truth_of(drawn), {step.id: step for step in drawn.changes}
    kept = {key: about[key] for key in ("name", "fault", "variant", "baseline", "visible", "strength")}
    ranked = without_suggestions(incident.hypotheses)
    whole = {"onset_found": incident.incident_onset is not None, "candidates": len(ranked)}
    rows = []
    for found in ranked:
        step = roles.get(found.change_id or "")
        role = {"change_kind": step.kind if step else None, "role": step.role if step else "unrecorded"}
        rows.append(kept | whole | role | {"weights": known_weights().mark} | candidate_row(found, truth))
    return rows


def truth_of(drawn: Simulated) -> Truth:
    """What is true of an incident, as its folder tells it."""
    return parse_truth(truth_row(drawn))


def result(drawn: Simulated, incident: Incident, candidates: Sequence[Row]) -> Row:
    """How well the ranking did, beside the naive baselines; the candidates come in its order."""
    truth, begin = truth_of(drawn), datetime.fromtimestamp(drawn.epoch, UTC)
    times = {step.id: begin + timedelta(seconds=step.time) for step in drawn.changes}
    bad = drawn.lines.filter(pl.col("level").is_in(["ERROR", "WARN"]))["time"].to_numpy()
    about = {
        "templates": len(incident.templates),
        "suggested": next((h.kind for h in incident.hypotheses if h.kind not in {"change", "unrecorded"}), ""),
    }
    steps = naive(truth, times, begin + timedelta(seconds=jump(bad, drawn.seconds)))
    return about | outcome(incident, truth, candidates) | steps
