"""Hypotheses: which recorded change, or none of them, fits what the logs show; with evidence for and against."""

from __future__ import annotations

from triage.hypotheses.conclusive import is_conclusive, undecided
from triage.hypotheses.evidence import Evidence, Line
from triage.hypotheses.facts import Facts
from triage.hypotheses.hypothesis import Hypotheses, Hypothesis
from triage.hypotheses.needs import Need, needs_of
from triage.hypotheses.origins import Origin, find_origins
from triage.hypotheses.ranking import rank_hypotheses

__all__ = [
    "Evidence",
    "Facts",
    "Hypotheses",
    "Hypothesis",
    "Line",
    "Need",
    "Origin",
    "find_origins",
    "is_conclusive",
    "needs_of",
    "rank_hypotheses",
    "undecided",
]
