"""What a ranking of simulated incidents is worth: one row an incident, one row a candidate."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl

import triage
from benchmarks.simulation.folder import change_rows, log_frame, true_onset, write_folder
from benchmarks.simulation.incident import Simulated, draw_incident
from triage.errors import TriageError
from triage.hypotheses import Hypothesis
from triage.hypotheses.weights import known_weights
from triage.incident import Incident

#: Bins of the naive baseline that looks for the largest jump of errors, and how many of them on each side.
JUMP_SECONDS, JUMP_BINS = 5.0, 3
Row = dict[str, Any]


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
    return about | outcome(drawn, incident, candidates), candidates


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
    cause = drawn.recorded_cause
    roles = {step.id: step for step in drawn.changes}
    rows = []
    ranked = without_suggestions(incident.hypotheses)
    for found in ranked:
        step = roles.get(found.change_id or "")
        kept = ("name", "fault", "variant", "baseline", "visible", "strength")
        rows.append(
            {key: about[key] for key in kept}
            | {
                "onset_found": incident.incident_onset is not None, "candidates": len(ranked),
                "id": found.id, "kind": found.kind, "change_kind": step.kind if step else None,
                "role": step.role if step else "unrecorded", "service": found.service,
                "right": (found.change_id == cause.id) if cause else found.kind == "unrecorded",
                "weights": known_weights().mark,
                "rank": found.rank, "prior": math.log(found.prior), "probability": found.probability,
                "chance": found.chance,
            }
            | {f"check:{e.check}": e.weight for e in found.evidence}
        )  # fmt: skip
    return rows


def without_suggestions(hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
    """The changes and `unrecorded`, which has the odds of what the logs suggest: those are special cases of it."""
    none = [found for found in hypotheses if found.kind != "change"]
    odds, prior = sum(found.probability for found in none), sum(found.prior for found in none)
    kept = [found for found in hypotheses if found.kind in {"change", "unrecorded"}]
    return [replace(each, probability=odds, prior=prior) if each.kind == "unrecorded" else each for each in kept]


def outcome(drawn: Simulated, incident: Incident, candidates: Sequence[Row]) -> Row:
    """How well the ranking did; the candidates come in its order."""
    chance = sum(row["probability"] for row in candidates if row["right"])
    changes = [row for row in candidates if row["kind"] == "change"]
    truth = next((place for place, row in enumerate(changes, 1) if row["right"]), None)
    found: Row = {
        "conclusive": incident.conclusive,
        "leads": candidates[0]["kind"], "right": candidates[0]["right"], "said": candidates[0]["probability"],
        "p_truth": chance, "brier": (1 - chance) ** 2, "log_loss": -math.log(max(chance, 1e-12)),
        "rank": truth if drawn.recorded_cause else None, "claimed": incident.incident_onset is not None,
        "templates": len(incident.templates),
        "suggested": next((h.kind for h in incident.hypotheses if h.kind not in {"change", "unrecorded"}), ""),
    }  # fmt: skip
    if drawn.service:
        places = [origin.service for origin in incident.origins]
        found["origin"] = places.index(drawn.service) + 1 if drawn.service in places else None
    return found | onset_of(drawn, incident) | naive(drawn)


def onset_of(drawn: Simulated, incident: Incident) -> Row:
    """Whether the claimed onset meets the true one, how wide it is, and how far off."""
    true, claimed = true_onset(drawn), incident.incident_onset
    if true is None or claimed is None:
        return {"covered": False if true else None, "width_s": None, "late_s": None}
    base = datetime.fromtimestamp(drawn.epoch, UTC)
    low, at, high = ((time - base) / timedelta(seconds=1) for time in (claimed.earliest, claimed.at, claimed.latest))
    late = at - true[1] if at > true[1] else min(0.0, at - true[0])
    return {"covered": low <= true[1] and high >= true[0], "width_s": high - low, "late_s": late}


def naive(drawn: Simulated) -> Row:
    """Places of the true change by recency: before the largest jump of errors, before the true onset, by chance."""
    cause, true = drawn.recorded_cause, true_onset(drawn)
    if cause is None or true is None:
        return {}
    ids: dict[str, int | None] = {}
    for name, at in (("jump", jump(drawn)), ("oracle", true[0] + 1)):
        order = sorted(drawn.changes, key=lambda step: (step.time > at, abs(at - step.time)))
        ids[f"{name}_rank"] = [step.id for step in order].index(cause.id) + 1
    return ids


def jump(drawn: Simulated) -> float:
    """Time before which errors and warnings were fewest, and after which they were most."""
    width = max(JUMP_SECONDS, drawn.seconds / 240)
    bad = drawn.lines.filter(pl.col("level").is_in(["ERROR", "WARN"]))["time"].to_numpy()
    counts = np.bincount((bad / width).astype(np.int64), minlength=int(drawn.seconds / width) + 1)
    sums = np.concatenate([[0], np.cumsum(counts)])
    places = np.arange(JUMP_BINS, len(counts) - JUMP_BINS + 1)
    if not len(places):
        return drawn.seconds / 2
    rise = (sums[places + JUMP_BINS] - sums[places]) - (sums[places] - sums[places - JUMP_BINS])
    return float(places[np.argmax(rise)] * width)
