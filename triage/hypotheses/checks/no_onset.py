"""Without an onset there is nothing for a change to have set off; a mild word, as logs do not show every trouble."""

from __future__ import annotations

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts

WEIGHT = -1.2


def no_onset(candidate: Candidate, facts: Facts) -> Evidence | None:
    """Against every change where the logs show no onset of trouble."""
    if candidate.change is None or facts.onset is not None:
        return None
    return Evidence("no_onset", "The logs show no onset of trouble after it", WEIGHT)
