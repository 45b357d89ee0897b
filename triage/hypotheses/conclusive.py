"""Whether the data decides between the hypotheses; and if not, why not.

The evidence is thin where no hypothesis is well ahead of all others, where by chance a change would fit as well, where
little speaks of trouble at all, and where the onset's time is so vague that the leading change may have come after it.

The bounds come from 400 simulated incidents (`benchmarks/simulate.py`, its part for fitting, seed 71). Of 300 others
(seed 72) 178 have an onset and changes near it: the leading hypothesis is right in 78 % of the 105 that are decided by
these bounds, and in 40 % of the 73 that are not; of 105 that later onsets were found in, 72 % and 39 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from triage.hypotheses.facts import Facts
from triage.hypotheses.hypothesis import Hypothesis
from triage.hypotheses.words import duration

#: The leading hypothesis decides if it is this likely, and this many times likelier than the next.
DECIDES, AHEAD = 0.6, 2.0
#: Chance rate above which a change's score is nothing to go by.
BY_CHANCE = 0.2
#: Sum of trouble, in nats, below which a handful of lines makes the event (see `onset.incident_onset.ENOUGH`).
LITTLE = 8.0
#: An onset's interval longer than this is vague.
VAGUE = timedelta(minutes=10)


def is_conclusive(hypotheses: Sequence[Hypothesis], facts: Facts) -> bool:
    """Whether the data decides: there is an onset, changes to choose from, and one that stands well."""
    return not undecided(hypotheses, facts)


def undecided(hypotheses: Sequence[Hypothesis], facts: Facts) -> tuple[str, ...]:
    """Why the data does not decide, each reason as a clause, the plainest first; none where it does.

    Parameters
    ----------
    hypotheses : sequence of Hypothesis
        The likeliest first.
    facts : Facts
        What they were ranked from.
    """
    if facts.sure_onset is None:
        return ("the logs show no onset of trouble",)
    if len(hypotheses) < 2 or not any(h.kind == "change" for h in hypotheses):
        return ("no recorded change is within reach of the onset" if facts.changes else "no changes were given",)
    found = (_flat(hypotheses), _by_chance(hypotheses[0]), _little(facts), _vague(hypotheses[0], facts))
    return tuple(reason for reason in found if reason)


def _flat(hypotheses: Sequence[Hypothesis]) -> str:
    # What the logs suggest is a part of "none of the recorded changes".
    odds = [h.probability for h in hypotheses if h.kind == "change"]
    first, second = sorted([*odds, sum(h.probability for h in hypotheses if h.kind != "change")], reverse=True)[:2]
    if first < AHEAD * second:
        return f"the odds are flat: the first has {first:.0%}, the next {second:.0%}"
    return "" if first >= DECIDES else f"the likeliest has {first:.0%} only"


def _by_chance(first: Hypothesis) -> str:
    if first.chance is None or first.chance <= BY_CHANCE:
        return ""
    return f"had the trouble begun at another time, a change would fit as well in {first.chance:.0%} of cases"


def _little(facts: Facts) -> str:
    assert facts.sure_onset is not None
    return "few lines speak of trouble" if facts.sure_onset.trouble < LITTLE else ""


def _vague(first: Hypothesis, facts: Facts) -> str:
    """Where the onset's interval is long, and the leading change does not lie clear of it by as much."""
    onset = facts.sure_onset
    assert onset is not None
    width = onset.latest - onset.earliest
    if width < VAGUE or (first.change and onset.earliest - first.change.time > width):
        return ""
    return f"the onset is known to within {duration(width)} only"
