"""Candidates that the logs themselves suggest: special cases of "none of the recorded changes".

They share what is `unrecorded`'s, and take little of it (see `family_shares`): that a disk is full says what broke, and
seldom why. What the checks say of `unrecorded` they say of all of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.facts import Facts
from triage.hypotheses.signs import MOST, Sign, signs_told
from triage.hypotheses.signs_of_hosts import sign_of_one_host
from triage.hypotheses.signs_of_load import sign_of_load


def find_signs(facts: Facts) -> tuple[Sign, ...]:
    """The strongest sign of each kind, the strongest first, `MOST` at most; none where no trouble began."""
    return facts.remember("signs", lambda: _signs(facts))


def _signs(facts: Facts) -> tuple[Sign, ...]:
    if facts.sure_onset is None:
        return ()
    found = [*signs_told(facts), *filter(None, (sign_of_one_host(facts), sign_of_load(facts)))]
    best: dict[str, Sign] = {}
    for sign in found:
        if sign.kind not in best or sign.weight > best[sign.kind].weight:
            best[sign.kind] = sign
    return tuple(sorted(best.values(), key=lambda sign: (-sign.weight, sign.kind))[:MOST])


def find_suggestions(facts: Facts) -> tuple[Candidate, ...]:
    """A candidate for each sign."""
    return tuple(
        Candidate(
            f"{sign.kind}-{sign.service}" if sign.service else sign.kind,
            sign.kind,
            f"{sign.claim}, and no recorded change did that",
            sign=sign,
        )
        for sign in find_signs(facts)
    )


def family_shares(family: float, others: Sequence[float], scores: Sequence[float], most: float) -> list[float]:
    """What each of the family has of its probability: `unrecorded`, and then what is suggested.

    All suggestions together have at most the part `most`, and not so much that one of the changes that are less likely
    than the family comes to stand before `unrecorded`: whether a change did it is not decided by how many special cases
    of the contrary there are.

    Parameters
    ----------
    family : float
        The probability of none of the recorded changes.
    others : sequence of float
        Those of the changes.
    scores : sequence of float
        Log of prior and evidence of each of the family, `unrecorded` first.

    Examples
    --------
    >>> [round(share, 3) for share in family_shares(0.6, [0.3, 0.1], [0.0, 5.0], most=0.2)]
    [0.48, 0.12]
    >>> [round(share, 3) for share in family_shares(0.5, [0.48, 0.02], [0.0, 5.0], most=0.2)]
    [0.49, 0.01]
    """
    parts = [math.exp(score - max(scores)) for score in scores]
    wanted = [family * part / sum(parts) for part in parts[1:]]
    ahead = family - max((other for other in others if other <= family), default=0.0)
    given = min(sum(wanted), most * family, ahead / 2)
    shares = [given * part / sum(wanted) if sum(wanted) else 0.0 for part in wanted]
    return [family - sum(shares), *shares]
