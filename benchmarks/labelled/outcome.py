"""How well one incident was ranked: against its truth, and beside rules that look at nothing but time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.labelled.truth import Truth
from triage.hypotheses import Hypothesis
from triage.incident import Incident

Row = dict[str, Any]
#: Bins of the naive baseline that looks for the largest jump of errors, and how many of them on each side.
JUMP_SECONDS, JUMP_BINS = 5.0, 3
#: A change of the same second as the true onset counts as before it.
SECOND = timedelta(seconds=1)


def without_suggestions(hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
    """The changes and `unrecorded`, which has the odds of what the logs suggest: those are special cases of it."""
    none = [found for found in hypotheses if found.kind != "change"]
    odds, prior = sum(found.probability for found in none), sum(found.prior for found in none)
    kept = [found for found in hypotheses if found.kind in {"change", "unrecorded"}]
    return [replace(each, probability=odds, prior=prior) if each.kind == "unrecorded" else each for each in kept]


def candidate_row(found: Hypothesis, truth: Truth) -> Row:
    """A candidate, whether it is the truth, and a column ``check:NAME`` for each check that spoke."""
    return {
        "id": found.id, "kind": found.kind, "service": found.service, "rank": found.rank,
        "right": truth.is_right(found.kind, found.change_id),
        "prior": math.log(found.prior), "probability": found.probability, "chance": found.chance,
    } | {f"check:{e.check}": e.weight for e in found.evidence}  # fmt: skip


def outcome(incident: Incident, truth: Truth, candidates: Sequence[Row]) -> Row:
    """How well the ranking did; the candidates come in its order."""
    chance = min(1.0, sum(row["probability"] for row in candidates if row["right"]))
    changes = [row for row in candidates if row["kind"] == "change"]
    place = next((place for place, row in enumerate(changes, 1) if row["right"]), None)
    found: Row = {
        "conclusive": incident.conclusive,
        "leads": candidates[0]["kind"], "right": candidates[0]["right"], "said": candidates[0]["probability"],
        "p_truth": chance, "brier": (1 - chance) ** 2, "log_loss": -math.log(max(chance, 1e-12)),
        "rank": place if truth.change_id else None, "claimed": incident.incident_onset is not None,
    }  # fmt: skip
    if truth.service:
        places = [origin.service for origin in incident.origins]
        found["origin"] = places.index(truth.service) + 1 if truth.service in places else None
    return found | onset_of(incident, truth)


def onset_of(incident: Incident, truth: Truth) -> Row:
    """Whether the claimed onset meets the true one, and how wide it is.

    How far off it is, in seconds, more than 0 if it is late: ``off_s`` between the two intervals, and ``late_s`` from
    the likeliest time to the true interval.
    """
    true, claimed = truth.onset, incident.incident_onset
    if true is None or claimed is None:
        return {"covered": False if true else None, "width_s": None, "late_s": None, "off_s": None}
    return {
        "covered": truth.meets(claimed.earliest, claimed.latest),
        "width_s": (claimed.latest - claimed.earliest).total_seconds(),
        "late_s": _off((claimed.at, claimed.at), true),
        "off_s": _off((claimed.earliest, claimed.latest), true),
    }


def _off(claimed: tuple[datetime, datetime], true: tuple[datetime, datetime]) -> float:
    """Seconds from one interval to another, 0 if they meet."""
    late, early = claimed[0] - true[1], true[0] - claimed[1]
    return max(late.total_seconds(), 0.0) or 0.0 - max(early.total_seconds(), 0.0)  # 0, and not -0, where they meet


def naive(truth: Truth, times: Mapping[str, datetime], jump: datetime) -> Row:
    """Places of the true change by recency: before the largest jump of errors, and before the true onset.

    Parameters
    ----------
    truth : Truth
    times : mapping of str to datetime
        When each recorded change was, by its id.
    jump : datetime
    """
    change = truth.change_id
    if change is None or change not in times:
        return {}
    found = {"jump_rank": by_recency(times, jump).index(change) + 1}
    if truth.onset:
        found["oracle_rank"] = by_recency(times, truth.onset[0] + SECOND).index(change) + 1
    return found


def by_recency(times: Mapping[str, datetime], at: datetime) -> list[str]:
    """Changes before a time, the most recent first, and behind them those after it, the first first."""
    return sorted(times, key=lambda change: (times[change] > at, abs(at - times[change])))


def jump(bad: npt.NDArray[np.float64], seconds: float) -> float:
    """Time before which errors and warnings were fewest, and after which they were most; in seconds, as their times."""
    width = max(JUMP_SECONDS, seconds / 240)
    counts = np.bincount((bad / width).astype(np.int64), minlength=int(seconds / width) + 1)
    sums = np.concatenate([[0], np.cumsum(counts)])
    places = np.arange(JUMP_BINS, len(counts) - JUMP_BINS + 1)
    if not len(places):
        return seconds / 2
    rise = (sums[places + JUMP_BINS] - sums[places]) - (sums[places] - sums[places - JUMP_BINS])
    return float(places[np.argmax(rise)] * width)
