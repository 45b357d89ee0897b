"""What in the logs suggests this hypothesis? It speaks of suggestions only, and only for them."""

from __future__ import annotations

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts


def suggested(candidate: Candidate, facts: Facts) -> Evidence | None:
    """The sign for which it is a candidate."""
    sign = candidate.sign
    return Evidence("suggested", sign.statement, sign.weight, sign.lines) if sign and facts.onset else None
