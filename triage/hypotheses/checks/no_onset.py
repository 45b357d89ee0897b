"""Without a sure onset there is nothing for a change to have set off; a mild word: logs do not show every trouble."""

from __future__ import annotations

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.words import clock

WEIGHT = -1.2


def no_onset(candidate: Candidate, facts: Facts) -> Evidence | None:
    """Against every change where the logs show no sure onset of trouble."""
    if candidate.change is None or facts.sure_onset:
        return None
    if facts.onset is None:
        return Evidence("no_onset", "The logs show no onset of trouble after it", WEIGHT)
    statement = f"The logs show no sure onset of trouble; the likeliest sign of one is at {clock(facts.onset.at)}"
    return Evidence("no_onset", statement, WEIGHT, facts.trouble_lines(facts.onset.units[0][1], 1))
