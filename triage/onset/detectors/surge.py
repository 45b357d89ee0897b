"""A template that has more lines than before, for good or for a while.

The time is that of the steepest rise. Where the lines had begun to grow before it (a ramp, or one step after another),
the interval reaches back to the first of it.
"""

from __future__ import annotations

from triage.onset.bins import Booleans
from triage.onset.detector import Claims, Detector
from triage.onset.steps import date_step


def _claims(changes: Claims) -> Booleans:
    return changes.rise


SURGE = Detector("surge", _claims, date_step)
