"""The kinds of onset: one file each, and the registry of those that are used.

A detector has a kind, says which changes are its own, and dates one of them. A change belongs to the first detector
in the registry that claims it.
"""

from __future__ import annotations

from triage.onset.detector import Claims, Context, Dating, Detector
from triage.onset.detectors.drop import DROP
from triage.onset.detectors.gone import GONE
from triage.onset.detectors.new import NEW
from triage.onset.detectors.surge import SURGE

DETECTORS: tuple[Detector, ...] = (NEW, GONE, SURGE, DROP)

__all__ = ["DETECTORS", "Claims", "Context", "Dating", "Detector"]
