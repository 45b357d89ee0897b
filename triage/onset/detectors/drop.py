"""A template that has fewer lines than before, for good or for a while; dated as a surge is."""

from __future__ import annotations

from triage.onset.bins import Booleans
from triage.onset.detector import Claims, Detector
from triage.onset.steps import date_step


def _claims(changes: Claims) -> Booleans:
    return ~changes.rise


DROP = Detector("drop", _claims, date_step)
