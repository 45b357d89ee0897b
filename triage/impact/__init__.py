"""Impact: which services and operations fail since the onset, how much more than before, and for how long."""

from __future__ import annotations

from triage.impact.find import find_impact
from triage.impact.impact import Failing, Impact, OperationImpact, ServiceImpact

__all__ = ["Failing", "Impact", "OperationImpact", "ServiceImpact", "find_impact"]
