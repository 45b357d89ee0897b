"""How often does this service change anyway? A service that changes every hour is near every onset.

Each service that was changed has the same chance to be at fault, and its changes share it: a change of a service with
more changes than the average has less of it, by the log of the ratio.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from triage.changes import Change
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.history import history_of
from triage.hypotheses.moved import HERE, Floats, interval, rounded, seconds, upto, weights_here
from triage.hypotheses.words import duration, service_key


def base_rate(candidate: Candidate, facts: Facts) -> Evidence | None:
    """Against a change of a service that was changed more often than the others before the onset."""
    if candidate.change is None or facts.onset is None:
        return None
    (weight,) = weights_here("base_rate", base_rate_weights, [candidate.change], facts).tolist()
    if not weight:
        return None
    counts, usual = facts.remember(("counts of changes", HERE.tobytes()), lambda: _counts(facts, HERE))
    own = int(counts[service_key(candidate.service)][0])
    first = next(change.time for change in facts.near if service_key(change.service))
    span = duration(facts.onset.at - first)
    statement = f"{candidate.service} changes often ({own} times in the {span} before the trouble; the average service "
    statement += f"{usual[0]:.1f} times), so a change of it just before says less"
    return Evidence("base_rate", statement, weight)


def base_rate_weights(changes: Sequence[Change], facts: Facts, moves: Floats) -> Floats:
    """Weights of changes for the onset at many times (see `moved`)."""
    counts, usual = facts.remember(("counts of changes", moves.tobytes()), lambda: _counts(facts, moves))
    never = np.zeros(len(moves))
    own = np.array([counts.get(service_key(change.service), never) for change in changes])
    often = (own >= 2) & (own > usual)
    weights = np.where(often, -np.log(np.maximum(own, 1.0) / usual), 0.0)
    return rounded(weights)


def _counts(facts: Facts, moves: Floats) -> tuple[dict[str, Floats], Floats]:
    """How often each service was changed before the onset, and the average one of those that were."""
    latest = interval(facts)[1] + moves
    counts = {
        key: upto(seconds([change.time for change in changes], facts), latest).astype(np.float64)
        for key, changes in history_of(facts).changed.items()
    }
    table = np.array([np.zeros(len(moves)), *counts.values()])
    return counts, np.maximum(table.sum(axis=0) / np.maximum((table > 0).sum(axis=0), 1), 1.0)
