"""How often a ranking would show a change that fits as well, had the trouble begun at any other time: the placebo.

Where changes are many, one of them is near every onset. So the onset, with the lines that came with it, is moved around
the time in which changes are listed, out at its end and in at its beginning, and all changes are scored again: checks
of time anew, all others as they are, for which service fails and what it says stays the same. A hypothesis' chance
rate is the share of these onsets at which some change scores at least as high as it does (a permutation test with the
largest score as its statistic, so that the choice among many changes is in it: Westfall and Young, Resampling-Based
Multiple Testing, 1993). The onset as it was found counts as one of them, so that no rate is 0.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from triage.changes import Change
from triage.hypotheses.checks.base_rate import base_rate_weights
from triage.hypotheses.checks.rollback import rollback_weights
from triage.hypotheses.checks.superseded import superseded_weights
from triage.hypotheses.checks.timing import timing_weights
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.moved import Floats, Moving, rounded, seconds
from triage.hypotheses.weights import CERTAIN, Factor, Weights

#: Other times that the onset is moved to.
MOVES = 200
#: Steps of this part of the whole fill it evenly, and never fall in with changes that come at regular times.
GOLDEN = (5**0.5 - 1) / 2
#: Changes that are scored at a time: bounds memory.
BLOCK = 1_000
#: Scores that differ by less are alike.
SAME = 1e-6
#: The checks that are worked out anew for each time, by name.
OF_TIME: Mapping[str, Moving] = {
    "timing": timing_weights,
    "base_rate": base_rate_weights,
    "superseded": superseded_weights,
    "rollback": rollback_weights,
}


def moves_of(facts: Facts) -> Floats:
    """Seconds by which the onset is moved, so that it goes around the time in which changes are listed."""
    reach = facts.reach.total_seconds()
    place = reach - float(seconds([facts.end], facts)[0])  # of the onset, from where changes are listed
    turns = np.modf(GOLDEN * np.arange(1, MOVES + 1))[0] * reach
    found: Floats = np.mod(place + turns, reach) - place
    return found


def chance_rates(
    changes: Sequence[Change],
    evidence: Sequence[Sequence[Evidence]],
    facts: Facts,
    weights: Weights,
    asked: Collection[str] = tuple(OF_TIME),
) -> list[float]:
    """The chance rate of each change, between 0 and 1; all 1 where there is no onset.

    Parameters
    ----------
    changes : sequence of Change
        Those that are candidates.
    evidence : sequence of sequence of Evidence
        What was found for each, its weights counted.
    facts : Facts
        With the onset as it was found.
    weights : Weights
        What of each check counts.
    asked : collection of str
        Names of the checks that `evidence` is from; those of time are scored anew.
    """
    if facts.onset is None or not changes:
        return [1.0] * len(changes)
    names = [name for name in OF_TIME if name in asked]
    lasting = np.array([sum(e.weight for e in found if e.check not in names) for found in evidence])
    scores = np.array([sum(e.weight for e in found) for found in evidence])
    moves = moves_of(facts)
    best = np.full(len(moves), -np.inf)
    for low in range(0, len(changes), BLOCK):
        part = changes[low : low + BLOCK]
        block = lasting[low : low + BLOCK, None] + np.zeros(len(moves))
        for name in names:
            block += _counted(OF_TIME[name](part, facts, moves), weights.factors.get(name, Factor()))
        best = np.maximum(best, block.max(axis=0))
    as_high = len(moves) - np.searchsorted(np.sort(best), scores - SAME, side="left")
    rates: list[float] = ((1 + as_high) / (1 + len(moves))).tolist()
    return rates


def _counted(found: Floats, factor: Factor) -> Floats:
    """What counts of weights (see `Weights.counted`)."""
    counted = rounded(found * np.where(found > 0, factor.pro, factor.con))
    return np.where(np.abs(found) >= CERTAIN, found, counted)
